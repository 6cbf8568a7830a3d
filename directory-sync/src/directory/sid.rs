//! Security identifiers (SIDs) of the domain, and the relative identifiers (RIDs) of primary groups.

use std::fmt;

/// Bytes of revision, count and authority, and of each part.
const HEAD: usize = 8;
const PART: usize = 4;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sid {
    revision: u8,
    authority: u64,
    parts: Vec<u32>,
}

impl Sid {
    /// `objectSid`: revision, count, authority big-endian in six bytes, parts little-endian.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let count = usize::from(*bytes.get(1)?);
        (bytes.len() == HEAD + PART * count).then(|| Self::first(bytes))?
    }

    /// The SID at the beginning of `bytes`, which may continue.
    #[must_use]
    pub fn first(bytes: &[u8]) -> Option<Self> {
        let (&[revision, count], rest) = bytes.split_first_chunk::<2>()?;
        let (authority, parts) = rest.split_first_chunk::<6>()?;
        let (parts, _) = parts.get(..PART * usize::from(count))?.as_chunks::<PART>();
        let authority = authority.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Some(Self {
            revision,
            authority,
            parts: parts.iter().map(|it| u32::from_le_bytes(*it)).collect(),
        })
    }

    /// The SID of the object of this domain with this RID.
    #[must_use]
    pub fn with(&self, rid: u32) -> Self {
        let parts = self.parts.iter().copied().chain([rid]).collect();
        Self { parts, ..self.clone() }
    }

    /// The format of `objectSid`.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // A SID has at most 15 parts.
        let count = u8::try_from(self.parts.len()).unwrap_or(u8::MAX);
        let authority = self.authority.to_be_bytes();
        let parts = self.parts.iter().flat_map(|part| part.to_le_bytes());
        [self.revision, count]
            .into_iter()
            .chain(authority.into_iter().skip(2))
            .chain(parts)
            .collect()
    }

    /// The RID, if this SID belongs to that domain.
    #[must_use]
    pub fn within(&self, domain: &Self) -> Option<u32> {
        let (rid, rest) = self.parts.split_last()?;
        let of_domain = self.authority == domain.authority && rest == domain.parts;
        of_domain.then_some(*rid)
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S-{}-{}", self.revision, self.authority)?;
        self.parts.iter().try_for_each(|part| write!(f, "-{part}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(parts: &[u32]) -> Vec<u8> {
        let mut bytes = vec![1, u8::try_from(parts.len()).unwrap(), 0, 0, 0, 0, 0, 5];
        bytes.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_sid_is_written_as_windows_writes_it() {
        let sid = Sid::parse(&bytes(&[21, 1, 2_000_000_000, 4_294_967_295])).unwrap();
        assert_eq!(sid.to_string(), "S-1-5-21-1-2000000000-4294967295");
        assert_eq!(Sid::parse(&bytes(&[21, 1])[..14]), None);
        assert_eq!(Sid::parse(&[]), None);
    }

    #[test]
    fn a_group_of_another_domain_has_no_rid_in_this_one() {
        let domain = Sid::parse(&bytes(&[21, 1, 2, 3])).unwrap();
        let check = |parts: &[u32], expected: Option<u32>| {
            assert_eq!(Sid::parse(&bytes(parts)).unwrap().within(&domain), expected);
        };
        check(&[21, 1, 2, 3, 513], Some(513));
        check(&[21, 1, 2, 4, 513], None);
        check(&[32, 544], None);
    }
}
