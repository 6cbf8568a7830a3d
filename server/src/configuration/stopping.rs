//! How long the server still takes connections after it was told to stop.

use std::time::Duration;

use super::given::Given;
use super::listening::Exposure;
use crate::failure::Result;

/// A proxy that asks twice a second has noticed by then.
const BEHIND_A_PROXY: Duration = Duration::from_secs(5);
const MOST: u64 = 600;

pub fn delay(exposure: &Exposure, given: Option<Given>) -> Result<Duration> {
    let Some(given) = given else {
        return Ok(match exposure {
            Exposure::Proxy(_) => BEHIND_A_PROXY,
            Exposure::Loopback | Exposure::Tls { .. } => Duration::ZERO,
        });
    };
    match given.text.parse() {
        Ok(seconds @ 0..=MOST) => Ok(Duration::from_secs(seconds)),
        _ => Err(given.refuse(format_args!(
            "“{}” is no number of seconds. Give a whole number from 0 to {MOST}.",
            given.text
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_given_time_to_notice() {
        let check = |exposure, given: Option<&str>, seconds| {
            let given = given.map(|text| Given::flag("stop_delay", text));
            assert_eq!(delay(&exposure, given).unwrap().as_secs(), seconds);
        };
        check(Exposure::Proxy(Vec::new()), None, 5);
        check(Exposure::Proxy(Vec::new()), Some("0"), 0);
        check(Exposure::Loopback, None, 0);
        check(Exposure::Loopback, Some("600"), 600);
    }

    #[test]
    fn what_is_no_number_of_seconds_is_refused() {
        for text in ["-1", "601", "5s", ""] {
            let given = Given::flag("stop_delay", text);
            assert!(delay(&Exposure::Loopback, Some(given)).is_err(), "{text}");
        }
    }
}
