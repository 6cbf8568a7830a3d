//! What is computed with the keys. Each purpose has a subkey of its own (HKDF-SHA-256), so that nothing
//! that is written for one is ever taken for another's.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use roster::audit::chain::ChainKey;
use roster::hexadecimal;
use sha2::Sha256;
use store::StoredKey;

use super::KeyError;
use super::file::{Bytes, KeyFile};
use crate::{Error, Result, entropy};

const NONCE_BYTES: usize = 24;

/// What is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What an app makes codes of; the owner is the account.
    AppSecret,
    /// What the starting passwords of a batch are made from; the owner is the batch.
    StartingSeed,
    /// What is needed of an earlier key; the owner is that key's number.
    EarlierKey,
    /// What is asked for a passkey of anybody; it has no owner.
    PasskeyQuestion,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::AppSecret => "muster app secret 1",
            Self::StartingSeed => "muster starting seed 1",
            Self::EarlierKey => "muster earlier key 1",
            Self::PasskeyQuestion => "muster passkey question 1",
        }
    }
}

/// One key.
struct Key {
    /// As the file has it; `None`: it is no longer there, and nothing is sealed with it.
    whole: Option<Bytes>,
    codes: Bytes,
    chain: Bytes,
}

impl Key {
    fn of(whole: &Bytes) -> Self {
        Self {
            whole: Some(*whole),
            codes: derived(whole, "muster recovery codes 1"),
            chain: derived(whole, "muster audit trail 1"),
        }
    }
}

fn derived(whole: &Bytes, label: &str) -> Bytes {
    let mut subkey = Bytes::default();
    // It fails for more than 255 times as many bytes alone.
    let _ = Hkdf::<Sha256>::new(None, whole).expand(label.as_bytes(), &mut subkey);
    subkey
}

/// Proves that a key is the one, and tells nothing of it.
pub(super) fn proof(whole: &Bytes) -> String {
    hexadecimal::of(&derived(whole, "muster proof of the key 1"))
}

/// All keys that there are, by their numbers.
#[derive(Default)]
pub(super) struct Ring {
    keys: BTreeMap<i64, std::sync::Arc<Key>>,
}

impl Ring {
    /// The file's keys, and what the database keeps of earlier ones; the file must be the
    /// database's.
    pub fn of(
        file: &KeyFile,
        stored: &[StoredKey],
        path: &std::path::Path,
    ) -> std::result::Result<Self, KeyError> {
        for key in stored {
            match file.keys.get(&key.id) {
                Some(whole) if proof(whole) != key.proof => {
                    return Err(KeyError::Wrong { file: path.to_owned(), key: key.id });
                }
                None if key.kept.is_none() => {
                    return Err(KeyError::Lacks { file: path.to_owned(), key: key.id });
                }
                _ => {}
            }
        }
        let mut ring = Self::default().and(file);
        for key in stored {
            if let Some(kept) = key.kept.as_ref().filter(|_| !ring.has(key.id)) {
                let earlier = ring.open(Purpose::EarlierKey, key.id, kept)?;
                let (codes, chain) = earlier.split_at_checked(32).ok_or_else(unreadable)?;
                let bytes = |part: &[u8]| Bytes::try_from(part).map_err(|_| unreadable());
                let key = (key.id, Key { whole: None, codes: bytes(codes)?, chain: bytes(chain)? });
                ring.keys.insert(key.0, key.1.into());
            }
        }
        Ok(ring)
    }

    /// With those of the file that are new.
    pub fn and(&self, file: &KeyFile) -> Self {
        let mut keys = self.keys.clone();
        for (id, whole) in &file.keys {
            keys.entry(*id).or_insert_with(|| Key::of(whole).into());
        }
        Self { keys }
    }

    pub fn has(&self, id: i64) -> bool {
        self.keys.contains_key(&id)
    }

    pub fn chain_key(&self, id: i64) -> Option<ChainKey> {
        self.keys.get(&id).map(|key| ChainKey::new(id, &key.chain))
    }

    /// What is needed of a key when it is gone from the file: for [`Self::of`].
    pub fn earlier(&self, id: i64) -> Option<Vec<u8>> {
        self.keys.get(&id).map(|key| [key.codes, key.chain].concat())
    }

    /// `KEY-NONCE AND CIPHERTEXT`, in hexadecimal.
    pub fn seal(&self, id: i64, purpose: Purpose, owner: i64, secret: &[u8]) -> Result<String> {
        let cipher = self.cipher(id, purpose)?;
        let nonce = entropy::bytes::<NONCE_BYTES>()?;
        let owner = owner.to_be_bytes();
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &owner })
            .map_err(|_| Error::internal("a secret can’t be sealed"))?;
        Ok(format!("{id}-{}{}", hexadecimal::of(&nonce), hexadecimal::of(&sealed)))
    }

    pub fn open(&self, purpose: Purpose, owner: i64, sealed: &str) -> Result<Vec<u8>> {
        let (id, text) = sealed.split_once('-').ok_or_else(unreadable)?;
        let bytes = unhex(text)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(unreadable)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| unreadable())?;
        let cipher = self.cipher(id.parse().map_err(|_| unreadable())?, purpose)?;
        let owner = owner.to_be_bytes();
        cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &owner })
            .map_err(|_| unreadable())
    }

    fn cipher(&self, id: i64, purpose: Purpose) -> Result<XChaCha20Poly1305> {
        let whole = self.keys.get(&id).and_then(|key| key.whole.as_ref());
        let whole = whole.ok_or(store::Error::NoKey(id))?;
        Ok(XChaCha20Poly1305::new(&derived(whole, purpose.label()).into()))
    }

    /// `KEYS-HMAC`, in hexadecimal: the keys' numbers, the newest first, with a dot between them,
    /// since what was computed with an earlier key goes into the next one's.
    pub fn code_hash(&self, id: i64, digest: &str) -> Result<String> {
        let hash = self.mac(id, digest).ok_or(store::Error::NoKey(id))?;
        Ok(format!("{id}-{hash}"))
    }

    /// The same code under this key as well.
    pub fn code_hash_anew(&self, id: i64, kept: &str) -> Result<String> {
        let Some((keys, hash)) = kept.split_once('-') else { return self.code_hash(id, kept) };
        let hash = self.mac(id, hash).ok_or(store::Error::NoKey(id))?;
        Ok(format!("{id}.{keys}-{hash}"))
    }

    pub fn is_code(&self, kept: &str, digest: &str) -> bool {
        let Some((keys, kept)) = kept.split_once('-') else { return false };
        let computed = keys.rsplit('.').try_fold(digest.to_owned(), |hash, key| {
            key.parse().ok().and_then(|key| self.mac(key, &hash))
        });
        computed.is_some_and(|computed| computed == kept)
    }

    /// `KEY-HMAC`, in hexadecimal. A name has no NUL in it.
    pub fn asset_mac(
        &self,
        id: i64,
        name: &str,
        compressed: bool,
        contents: &[u8],
    ) -> Result<String> {
        let whole = self.keys.get(&id).and_then(|key| key.whole.as_ref());
        let whole = whole.ok_or(store::Error::NoKey(id))?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&derived(whole, "muster assets 1"))
            .map_err(|_| Error::internal("an asset can’t be vouched for"))?;
        mac.update(name.as_bytes());
        mac.update(&[0, u8::from(compressed)]);
        mac.update(contents);
        Ok(format!("{id}-{}", hexadecimal::of(&mac.finalize().into_bytes())))
    }

    fn mac(&self, id: i64, text: &str) -> Option<String> {
        let key = self.keys.get(&id)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.codes).ok()?;
        mac.update(text.as_bytes());
        Some(hexadecimal::of(&mac.finalize().into_bytes()))
    }
}

/// The number of the key with which something is sealed or hashed; `None`: with none yet.
pub(super) fn newest_of(text: &str) -> Option<i64> {
    text.split_once('-')?.0.split('.').next()?.parse().ok()
}

fn unreadable() -> Error {
    Error::internal("a secret is not as it was sealed")
}

/// The bytes of what is kept.
pub(super) fn unhex(text: &str) -> Result<Vec<u8>> {
    hexadecimal::parse(text).ok_or_else(|| Error::internal("a secret is not hexadecimal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(keys: &[i64]) -> KeyFile {
        let key = |id: &i64| (*id, [u8::try_from(*id).unwrap(); 32]);
        KeyFile { keys: keys.iter().map(key).collect() }
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_and_purpose_alone() {
        let ring = Ring::default().and(&file(&[1, 2]));
        let sealed = ring.seal(1, Purpose::AppSecret, 7, b"secret").unwrap();
        assert_ne!(sealed, ring.seal(1, Purpose::AppSecret, 7, b"secret").unwrap());
        let opened = |ring: &Ring, purpose, owner, sealed: &str| ring.open(purpose, owner, sealed);
        assert_eq!(opened(&ring, Purpose::AppSecret, 7, &sealed).unwrap(), b"secret");
        assert!(opened(&ring, Purpose::AppSecret, 8, &sealed).is_err());
        assert!(opened(&ring, Purpose::EarlierKey, 7, &sealed).is_err());
        let other_key = sealed.replacen("1-", "2-", 1);
        let unsealed = hexadecimal::of(b"secret");
        let mut changed = sealed.clone();
        changed.replace_range(60..62, if &sealed[60..62] == "00" { "01" } else { "00" });
        for forged in [&other_key, &unsealed, &changed, &"1-00".to_owned(), &"1-é€".to_owned()] {
            assert!(opened(&ring, Purpose::AppSecret, 7, forged).is_err(), "{forged}");
        }
        let other = Ring::default().and(&KeyFile { keys: [(1, [9; 32])].into() });
        assert!(opened(&other, Purpose::AppSecret, 7, &sealed).is_err());
    }

    #[test]
    fn a_code_is_found_under_each_key_and_none_is_computed_without_one() {
        let ring = Ring::default().and(&file(&[1, 2, 3]));
        let digest = "ab".repeat(32);
        let first = ring.code_hash(1, &digest).unwrap();
        let second = ring.code_hash_anew(2, &first).unwrap();
        let third = ring.code_hash_anew(3, &second).unwrap();
        assert!(third.starts_with("3.2.1-"), "{third}");
        let converted = ring.code_hash_anew(1, &digest).unwrap();
        assert_eq!(converted, first, "a hash from before the keys");
        for hash in [&first, &second, &third] {
            assert!(ring.is_code(hash, &digest));
            assert!(!ring.is_code(hash, &"cd".repeat(32)));
            assert!(!Ring::default().is_code(hash, &digest));
        }
        assert!(!ring.is_code(&digest, &digest), "what needs no key is no code");
        assert_eq!(newest_of(&third), Some(3));
        assert_eq!(newest_of(&digest), None);
    }

    #[test]
    fn an_earlier_key_can_leave_the_file() {
        let both = Ring::default().and(&file(&[1, 2]));
        let digest = "ab".repeat(32);
        let code = both.code_hash(1, &digest).unwrap();
        let kept = both.seal(2, Purpose::EarlierKey, 1, &both.earlier(1).unwrap()).unwrap();
        let stored = |kept: Option<String>| {
            [1, 2].map(|id| StoredKey {
                id,
                proof: proof(&file(&[id]).keys[&id]),
                settled: true,
                kept: kept.clone().filter(|_| id == 1),
            })
        };
        let path = std::path::Path::new("muster.key");
        let ring = Ring::of(&file(&[2]), &stored(Some(kept)), path).unwrap();
        assert!(ring.is_code(&code, &digest));
        assert!(ring.chain_key(1).is_some());
        let refused = |file: &KeyFile| Ring::of(file, &stored(None), path).map(drop).unwrap_err();
        assert!(matches!(refused(&file(&[2])), KeyError::Lacks { key: 1, .. }));
        let other = KeyFile { keys: [(1, [9; 32]), (2, [2; 32])].into() };
        assert!(matches!(refused(&other), KeyError::Wrong { key: 1, .. }));
    }
}
