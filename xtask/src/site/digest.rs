//! Digests of contents: they name the assets, and they tell which steps need not be done again.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};

use crate::{Outcome, place};

/// 64 bits of SHA-256, in hexadecimal: enough to tell the versions of a file apart.
pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_le_bytes());
        sha.update(part);
    }
    let first =
        sha.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:016x}")
}

/// Does the work unless it was done for the same inputs before; the stamp remembers for which.
pub fn once(stamp: &Path, inputs: &str, work: impl FnOnce() -> Outcome) -> Outcome {
    if fs::read_to_string(stamp).is_ok_and(|done| done == inputs) {
        return Ok(());
    }
    // Whatever happens in the middle, half a result is never taken for a whole one.
    if stamp.exists() {
        fs::remove_file(stamp)?;
    }
    work()?;
    Ok(fs::write(stamp, inputs)?)
}

/// How assets are made: this program and the versions of npm's tools. A change makes them anew.
pub fn recipe() -> Outcome<String> {
    let mut parts = vec![fs::read(place::end2end().join("package-lock.json"))?];
    for file in super::files(&place::root().join("xtask/src/site"))? {
        parts.push(fs::read(file)?);
    }
    Ok(of(parts.iter().map(Vec::as_slice)))
}
