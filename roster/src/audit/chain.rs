//! The chain that makes a change of the trail show: each entry carries a hash of itself and of the
//! entry before it, and the head of the chain says which entry is the last. Since there are keys
//! outside the database the hash is an HMAC, which nobody computes who hasn't got the key; what was
//! written before carries a SHA-256 still.

mod walk;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::hexadecimal;

pub use walk::{Broken, Fault, Noted, Terms, Walk};

/// What an entry's hash is over, as it is kept: all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// One more than that of the entry before.
    pub id: i64,
    pub at: i64,
    pub actor_id: Option<i64>,
    pub actor: String,
    pub address: String,
    pub agent: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: String,
    /// JSON, letter by letter.
    pub before: String,
    pub after: String,
}

/// What an entry is found by, kept beside it. An HMAC is over it, too; of an entry from before the
/// keys it is compared with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    /// The account or group that the entry is about.
    pub subject_number: Option<i64>,
    pub actor_key: String,
    pub subject_key: String,
    /// The address and the values.
    pub value_key: String,
}

impl FoundBy {
    #[must_use]
    pub fn of(content: &Content) -> Self {
        Self::folded(content, crate::text::unaccented)
    }

    /// Texts were searched with regard to accents once.
    fn is_of(&self, content: &Content) -> bool {
        *self == Self::of(content) || *self == Self::folded(content, crate::group::name_key)
    }

    fn folded(content: &Content, fold: impl Fn(&str) -> String) -> Self {
        let folded = |text: &str| {
            let mut key = fold(text);
            // PostgreSQL keeps no NUL.
            key.retain(|c| c != '\0');
            key
        };
        let subject_number = match content.subject_kind.as_str() {
            "account" | "group" => content.subject_id.parse().ok(),
            _ => None,
        };
        let values = [&*content.address, &content.before, &content.after].join(" ");
        Self {
            subject_number,
            actor_key: folded(&content.actor),
            subject_key: folded(&content.subject_name),
            value_key: folded(&values),
        }
    }
}

/// The key of the HMACs, and its number: later keys have greater ones.
#[derive(Clone)]
pub struct ChainKey {
    id: i64,
    /// Before the first byte, so that the key is set up once.
    mac: Hmac<Sha256>,
}

impl ChainKey {
    #[must_use]
    pub fn new(id: i64, bytes: &[u8; 32]) -> Self {
        // By its definition HMAC fills a key that is shorter than the hash's block with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(bytes);
        Self { id, mac: <Hmac<Sha256> as KeyInit>::new(&block.into()) }
    }

    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where a chain begins and ends. It is kept apart from the entries, so that it shows when the
/// newest of them are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The id of the last entry from before there was a chain; 0: there is none.
    pub begins_after: i64,
    /// The id of the newest entry.
    pub last: i64,
    /// The hash of the newest entry, as [`hash`] writes it; empty before the first one.
    pub hash: String,
}

/// The hash of an entry: an HMAC is the key's number, `-`, and 64 hexadecimal digits; without a key
/// it is the SHA-256 of the content alone, 64 digits. Each field goes in with its length before it, so
/// that nothing can pass from one field into the next.
#[must_use]
pub fn hash(
    previous: &str,
    content: &Content,
    found_by: &FoundBy,
    key: Option<&ChainKey>,
) -> String {
    match key {
        None => {
            let mut digest = Sha256::new();
            fields("muster audit 1", previous, content, &mut |bytes| digest.update(bytes));
            hexadecimal::of(&digest.finalize())
        }
        Some(key) => {
            let mut mac = key.mac.clone();
            fields("muster audit 2", previous, content, &mut |bytes| mac.update(bytes));
            let mut field = |bytes: &[u8]| with_length(&mut |bytes| mac.update(bytes), bytes);
            field(maybe(found_by.subject_number).as_slice());
            for text in [&found_by.actor_key, &found_by.subject_key, &found_by.value_key] {
                field(text.as_bytes());
            }
            format!("{}-{}", key.id, hexadecimal::of(&mac.finalize().into_bytes()))
        }
    }
}

fn fields(version: &str, previous: &str, content: &Content, write: &mut dyn FnMut(&[u8])) {
    let mut field = |bytes: &[u8]| with_length(write, bytes);
    field(version.as_bytes());
    field(previous.as_bytes());
    field(&content.id.to_be_bytes());
    field(&content.at.to_be_bytes());
    field(maybe(content.actor_id).as_slice());
    for text in [
        &content.actor,
        &content.address,
        &content.agent,
        &content.action,
        &content.subject_kind,
        &content.subject_id,
        &content.subject_name,
        &content.before,
        &content.after,
    ] {
        field(text.as_bytes());
    }
}

fn with_length(write: &mut dyn FnMut(&[u8]), bytes: &[u8]) {
    write(&(bytes.len() as u64).to_be_bytes());
    write(bytes);
}

/// Nobody is no bytes: other than account 0.
fn maybe(number: Option<i64>) -> Vec<u8> {
    number.map(|number| number.to_be_bytes().to_vec()).unwrap_or_default()
}
