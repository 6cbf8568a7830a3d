#![no_main]

use libfuzzer_sys::fuzz_target;
use roster::import::{Encoding, decode};

fuzz_target!(|data: &[u8]| {
    for encoding in [None].into_iter().chain(Encoding::ALL.map(Some)) {
        if let Ok((text, found)) = decode(data, encoding) {
            assert!(encoding.is_none_or(|chosen| chosen == found));
            assert!(!text.contains('\0'));
        }
    }
});
