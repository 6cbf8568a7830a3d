//! The SHA-256 of the file's bytes: it tells an unfinished import of the same file. Computed in
//! slices after the check, so that rows are answered meanwhile; only sending waits for it.

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use roster::worker::Report;
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::spawn_local;

use crate::{Shared, answer_waiting, post};

/// Some milliseconds' work.
const SLICE: u64 = 1024 * 1024;

pub fn begin(shared: &Shared) {
    let shared = shared.clone();
    let Some(file) = shared.borrow().file.clone() else { return };
    spawn_local(async move {
        let blob = Blob::from(file.clone());
        let (mut hasher, size) = (Sha256::new(), blob.size());
        let mut at = 0;
        while at < size {
            let end = size.min(at + SLICE);
            // Whatever was asked meanwhile comes first.
            let slice = read_as_bytes(&blob.slice(at, end)).await;
            if shared.borrow().file.as_ref() != Some(&file) {
                return;
            }
            let Ok(slice) = slice else { return post::report(&Report::Gone) };
            hasher.update(&slice);
            at = end;
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
