#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut file = b"[{\"name\":\"x\",\"email\":\"x@x.test\"},".to_vec();
    file.extend_from_slice(data);
    roster_fuzz::use_file(&file);
    let mut lines = b"{\"name\":\"x\",\"email\":\"x@x.test\"}\n".to_vec();
    lines.extend_from_slice(data);
    roster_fuzz::use_file(&lines);
});
