//! Random tokens. They are compared by their digests, so that the comparison's time tells nothing about the
//! token.

use roster::hexadecimal;
use roster::secret::Secret;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};

const BYTES: usize = 32;

#[expect(clippy::disallowed_methods, reason = "this is the room that draws random numbers")]
pub fn random() -> Result<Secret> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Usage {
        why: format!("This machine can't generate random numbers: {error}."),
    })?;
    Ok(Secret::new(hexadecimal::of(&bytes)))
}

pub fn same(token: &Secret, given: &str) -> bool {
    Sha256::digest(token.reveal()) == Sha256::digest(given)
}
