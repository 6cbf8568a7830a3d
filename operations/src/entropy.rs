//! The one place that draws random numbers: tokens and one-time codes.

use roster::hexadecimal;
use roster::secret::Secret;
use sha2::{Digest as _, Sha256};

use crate::{Error, Result};

/// Without the letters and digits that people confuse.
const CODE_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

#[expect(clippy::disallowed_methods, reason = "this is the room that draws random numbers")]
fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(bytes)
}

/// For a secret of two-step verification, or a starting password.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    random()
}

/// So many at once.
#[expect(clippy::disallowed_methods, reason = "this is the room that draws random numbers")]
pub fn many<const N: usize>(count: usize) -> Result<Vec<[u8; N]>> {
    let mut all = vec![[0; N]; count];
    getrandom::fill(all.as_flattened_mut()).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(all)
}

/// 256 bits, for a session.
pub fn token() -> Result<Secret> {
    Ok(Secret::new(hexadecimal::of(&random::<32>()?)))
}

/// 60 bits in a form that is read from a console and typed: `K7QM-2XPA-9RTF`.
pub fn code() -> Result<Secret> {
    typed::<12>()
}

/// 80 bits in the same form: `K7QM-2XPA-9RTF-HDW4`.
pub fn long_code() -> Result<Secret> {
    typed::<16>()
}

fn typed<const CHARS: usize>() -> Result<Secret> {
    let mut code = String::new();
    for (place, byte) in random::<CHARS>()?.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(CODE_ALPHABET[usize::from(byte % 32)]));
    }
    Ok(Secret::new(code))
}

/// How tokens and codes are stored: they are random, so that one round of SHA-256 is enough.
#[must_use]
pub fn digest(secret: &Secret) -> String {
    hexadecimal::of(&Sha256::digest(secret.reveal().as_bytes()))
}
