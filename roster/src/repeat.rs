//! Requests that may be sent again, as when their answer was lost: a client gives each a key of its own,
//! and what was done under a key is not done again.

/// The header that carries the key, a UUID.
pub const HEADER: &str = "idempotency-key";

/// For how long a key is known.
pub const HOURS: i64 = 24;

/// So many keys of one account are known, the newest.
pub const MOST: u32 = 1_000;

/// By what a request is known again. The key itself is not here: who reads the database can't try out
/// passwords against the digest without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The key's SHA-256, in hexadecimal.
    pub key: String,
    /// An HMAC of the address and the body by the key, in hexadecimal: the same key for something else is
    /// refused.
    pub digest: String,
    /// Tells each time that the request arrives from the others.
    pub arrival: String,
}
