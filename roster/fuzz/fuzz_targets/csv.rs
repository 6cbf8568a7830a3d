#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut file = b"Name,Email,Password,Enabled,Single Sign-On ID\n".to_vec();
    file.extend_from_slice(data);
    roster_fuzz::use_file(&file);
    roster_fuzz::use_file(data);
});
