//! Sizes and times in words.

use crate::text::grouped;

/// `3.1 MB`, by thousands.
#[must_use]
pub fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (step, unit) in STEPS {
        if bytes >= step {
            let tenths = bytes / (step / 10);
            return format!("{}.{} {unit}", grouped(tenths / 10), tenths % 10);
        }
    }
    format!("{bytes} bytes")
}

/// `about 2 min left`; rough, as an estimate is.
#[must_use]
pub fn time_left(seconds: u32) -> String {
    match seconds {
        0..=4 => "a few seconds left".to_owned(),
        5..=90 => format!("about {} s left", seconds.div_ceil(5) * 5),
        91..=5400 => format!("about {} min left", seconds.div_ceil(60)),
        _ => format!("about {} h left", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(3_149_999), "3.1 MB");
        assert_eq!(size(1_000), "1.0 kB");
        assert_eq!(size(268_435_456), "268.4 MB");
    }

    #[test]
    fn times() {
        assert_eq!(time_left(3), "a few seconds left");
        assert_eq!(time_left(41), "about 45 s left");
        assert_eq!(time_left(600), "about 10 min left");
        assert_eq!(time_left(7201), "about 3 h left");
    }
}
