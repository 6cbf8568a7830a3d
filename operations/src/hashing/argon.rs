//! What is computed: Argon2id in the PHC string format. Nothing about who waits for it.

use std::cell::RefCell;

use argon2::password_hash::Error;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use roster::secret::Secret;

use crate::starting;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of a password that nobody has: verified where there is no account, so that the answer
/// takes as long as for one that exists.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bXVzdGVybm9ib2R5Li4uLg$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

thread_local! {
    /// What the thread computes in. Taken from the system anew for each hash, it would have all other
    /// threads wait while its pages come and go.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// What comparing a password with a hash finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Right, and hashed with parameters of another time: to be hashed anew.
    RightButOld,
    Wrong,
}

/// Under a new salt.
pub fn hash(password: &Secret) -> Result<String, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let (algorithm, version, salt) = (Algorithm::Argon2id, Version::V0x13, Salt::generate());
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(salt),
        hash: Some(compute(
            &Argon2::new(algorithm, version, params),
            password,
            &salt,
            Params::DEFAULT_OUTPUT_LEN,
        )?),
    };
    Ok(hash.to_string())
}

/// `None` compares with nobody's password: always wrong, in the same time. So is a starting password
/// compared, which has a hash of another kind.
pub fn verify(password: &Secret, hash: Option<&str>) -> Verdict {
    let starting = hash.filter(|hash| starting::is_one(hash));
    let compared = hash.filter(|_| starting.is_none()).unwrap_or(NOBODY);
    let right = is_of(password, compared).unwrap_or(false);
    match hash {
        Some(hash) if starting.is_some() => {
            if starting::is_of(password, hash) {
                Verdict::Right
            } else {
                Verdict::Wrong
            }
        }
        Some(hash) if right && is_current(hash) => Verdict::Right,
        Some(_) if right => Verdict::RightButOld,
        _ => Verdict::Wrong,
    }
}

/// It is of the parameters of this time.
pub fn is_current(hash: &str) -> bool {
    hash.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

fn is_of(password: &Secret, hash: &str) -> Result<bool, Error> {
    let parsed = PasswordHash::new(hash)?;
    let (Some(salt), Some(expected)) = (&parsed.salt, &parsed.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(parsed.algorithm.as_str())?;
    let version = parsed.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&parsed)?);
    // In the same time wherever they differ: `Output` sees to it.
    Ok(compute(&argon2, password, salt, expected.len())? == *expected)
}

fn compute(
    argon2: &Argon2<'_>,
    password: &Secret,
    salt: &Salt,
    length: usize,
) -> Result<Output, Error> {
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length).ok_or(Error::OutputSize)?;
    MEMORY.with_borrow_mut(|memory| {
        if memory.len() < argon2.params().block_count() {
            memory.resize(argon2.params().block_count(), Block::new());
        }
        let password = password.reveal().as_bytes();
        argon2.hash_password_into_with_memory(password, salt, output, memory)
    })?;
    Ok(Output::new(output)?)
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[test]
    fn hashes_are_those_of_the_library() {
        let (password, text) = (Secret::new("Vq7!mReXb2"), b"Vq7!mReXb2");
        let library = Argon2::default();
        library.verify_password(text, hash(&password).unwrap().as_str()).unwrap();
        let check = |algorithm, version, (memory, passes, lanes, length), expected| {
            let params = Params::new(memory, passes, lanes, length).unwrap();
            let theirs = Argon2::new(algorithm, version, params).hash_password(text).unwrap();
            assert_eq!(verify(&password, Some(&theirs.to_string())), expected, "{theirs}");
            let other = Secret::new("Vq7!mReXb3");
            assert_eq!(verify(&other, Some(&theirs.to_string())), Verdict::Wrong, "{theirs}");
        };
        let ours = (MEMORY_KIB, PASSES, LANES, None);
        check(Algorithm::Argon2id, Version::V0x13, ours, Verdict::Right);
        for (algorithm, version, size) in [
            (Algorithm::Argon2id, Version::V0x13, (8, 1, 1, None)),
            (Algorithm::Argon2id, Version::V0x10, (64, 3, 2, Some(48))),
            (Algorithm::Argon2i, Version::V0x13, (MEMORY_KIB + 512, 1, 4, Some(16))),
            (Algorithm::Argon2d, Version::V0x13, ours),
        ] {
            check(algorithm, version, size, Verdict::RightButOld);
        }
    }

    #[test]
    fn what_is_no_hash_is_of_no_password() {
        for text in [
            "",
            "Vq7!mReXb2",
            "$argon2id$v=19$m=19456,t=2,p=1",
            "$scrypt$ln=16$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD",
        ] {
            assert_eq!(verify(&Secret::new("Vq7!mReXb2"), Some(text)), Verdict::Wrong, "{text}");
        }
    }

    #[test]
    fn nobodys_hash_can_be_parsed() {
        assert!(is_current(NOBODY));
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
