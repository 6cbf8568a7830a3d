//! The SHA-256 of the file's bytes: it tells an unfinished import of the same file. Computed in
//! slices after the check, so that rows are answered meanwhile; only sending waits for it.

use std::time::Duration;

use roster::worker::Report;
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::spawn_local;

use crate::{Shared, answer_waiting, post, timer};

/// Some milliseconds' work.
const SLICE: usize = 1024 * 1024;

pub fn begin(shared: &Shared, bytes: Vec<u8>) {
    let shared = shared.clone();
    let file = shared.borrow().file.clone();
    spawn_local(async move {
        let mut hasher = Sha256::new();
        for slice in bytes.chunks(SLICE) {
            hasher.update(slice);
            // Whatever was asked meanwhile comes first.
            timer::sleep(Duration::ZERO).await;
            if shared.borrow().file != file {
                return;
            }
        }
        let digest = hexadecimal(&hasher.finalize());
        shared.borrow_mut().digest = Some(digest.clone());
        post::report(&Report::Digest(digest));
        answer_waiting(&shared);
    });
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_in_digits() {
        assert_eq!(super::hexadecimal(&[0, 0x0f, 0xa9]), "000fa9");
    }
}
