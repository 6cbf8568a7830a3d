//! The one place that draws random numbers: tokens and one-time codes.

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
    Ok(Secret::new(hex(&random::<32>()?)))
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
    hex(&Sha256::digest(secret.reveal().as_bytes()))
}

/// As secrets are kept.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    write_hex(&mut text, bytes);
    text
}

/// The same behind what is there.
pub fn write_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The bytes of [`hex`].
pub fn unhex(text: &str) -> Result<Vec<u8>> {
    let byte = |place| text.get(place..place + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    bytes.ok_or_else(|| Error::internal("a secret is not hexadecimal"))
}
