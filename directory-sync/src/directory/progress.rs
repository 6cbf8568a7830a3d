//! A controller's replication state: the last change that it has from each controller. A run on another
//! controller than the last one may see an older state of the domain, without recent people and
//! memberships.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identity::Domain;
use crate::failure::Result;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, Entry};

/// The number of the last change (USN) from each controller, by its `invocationId`, or by its name if that
/// can't be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Progress(BTreeMap<String, u64>);

impl Progress {
    /// Also brings `earlier` up to date with the controller's `invocationId`.
    pub async fn read(
        connection: &mut Connection,
        domain: &Domain,
        earlier: &mut Self,
    ) -> Result<Self> {
        let root = one(connection, "", &["dsServiceName", "highestCommittedUSN"]).await?;
        let text = |name: &str| root.as_ref().and_then(|root| root.text(name));
        let own = match text("dsservicename") {
            Some(settings) => one(connection, settings, &["invocationId"]).await?,
            None => None,
        };
        let name = domain.controller.to_lowercase();
        let id = own.as_ref().and_then(|own| own.bytes("invocationid")).and_then(uuid);
        if let Some(id) = &id {
            earlier.rename(&name, id);
        }
        let name = id.unwrap_or(name);
        let usn = text("highestcommittedusn").and_then(|usn| usn.parse().ok());
        let mut progress = Self(BTreeMap::from([(name, usn.unwrap_or_default())]));
        let head = one(connection, &domain.name, &["replUpToDateVector"]).await?;
        if let Some(vector) = head.as_ref().and_then(|head| head.bytes("repluptodatevector")) {
            progress.add(&Self::parse(vector).unwrap_or_default());
        }
        Ok(progress)
    }

    /// Whether everything in `earlier` is included.
    #[must_use]
    pub fn includes(&self, earlier: &Self) -> bool {
        earlier.0.iter().all(|(name, usn)| self.0.get(name).is_some_and(|own| own >= usn))
    }

    /// Moves what is known by a name to the `invocationId`, which has become readable: no later run would find
    /// the name again.
    fn rename(&mut self, name: &str, id: &str) {
        if let Some(usn) = self.0.remove(name) {
            self.add(&Self(BTreeMap::from([(id.to_owned(), usn)])));
        }
    }

    pub fn add(&mut self, other: &Self) {
        for (name, usn) in &other.0 {
            let own = self.0.entry(name.clone()).or_default();
            *own = (*own).max(*usn);
        }
    }

    /// `replUpToDateVector` (MS-DRSR, `UPTODATE_VECTOR_V1_EXT` and `UPTODATE_VECTOR_V2_EXT`): version, count, and
    /// for each controller its `invocationId` and USN, in version 2 also a time. `None`: it is not valid.
    fn parse(vector: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(*vector.get(at..)?.first_chunk()?));
        let size = match number(0)? {
            1 => 24,
            2 => 32,
            _ => return None,
        };
        let cursors = vector.get(16..)?.chunks_exact(size);
        let whole = cursors.remainder().is_empty();
        let count = usize::try_from(number(8)?).ok()?;
        let cursor = |bytes: &[u8]| {
            Some((uuid(bytes.get(..16)?)?, u64::from_le_bytes(*bytes.get(16..)?.first_chunk()?)))
        };
        if !whole || cursors.len() != count {
            return None;
        }
        cursors.map(cursor).collect::<Option<_>>().map(Self)
    }
}

fn uuid(bytes: &[u8]) -> Option<String> {
    Some(Uuid::from_bytes_le(bytes.try_into().ok()?).to_string())
}

/// `None`: the account may not see it.
async fn one(
    connection: &mut Connection,
    base: &str,
    attributes: &[&str],
) -> Result<Option<Entry>> {
    let what = "its replication state";
    let query = Query { what, base, filter: "(objectClass=*)", attributes };
    Ok(match connection.read(query, Values::Plain).await? {
        Found::Entry(entry) => Some(entry),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn progress(known: &[(&str, u64)]) -> Progress {
        Progress(known.iter().map(|(name, usn)| ((*name).to_owned(), *usn)).collect())
    }

    #[test]
    fn a_controller_is_up_to_date_once_it_has_all_changes_of_each() {
        let check = |here: &[(&str, u64)], earlier: &[(&str, u64)], expected: bool| {
            let found = progress(here).includes(&progress(earlier));
            assert_eq!(found, expected, "{here:?} {earlier:?}");
        };
        check(&[("a", 5)], &[], true);
        check(&[("a", 5)], &[("a", 5)], true);
        check(&[("a", 6)], &[("a", 5)], true);
        // Restored, lagging, unknown.
        check(&[("a", 4)], &[("a", 5)], false);
        check(&[("b", 90), ("a", 4)], &[("a", 5)], false);
        check(&[("b", 90), ("a", 5)], &[("a", 5)], true);
        check(&[("b", 90)], &[("a", 5)], false);
        check(&[("b", 90), ("a", 9)], &[("a", 5), ("c", 1)], false);
    }

    #[test]
    fn what_two_runs_have_seen_is_the_later_of_each() {
        let mut seen = progress(&[("a", 5), ("b", 1)]);
        seen.add(&progress(&[("a", 4), ("b", 2), ("c", 3)]));
        assert_eq!(seen, progress(&[("a", 5), ("b", 2), ("c", 3)]));
    }

    #[test]
    fn what_was_known_by_name_is_of_the_id_once_that_is_readable() {
        let check = |earlier: &[(&str, u64)], expected: &[(&str, u64)]| {
            let mut earlier = progress(earlier);
            earlier.rename("dc1", "a");
            assert_eq!(earlier, progress(expected));
        };
        check(&[("dc1", 5), ("b", 1)], &[("a", 5), ("b", 1)]);
        check(&[("dc1", 5), ("a", 4)], &[("a", 5)]);
        check(&[("dc1", 5), ("a", 6)], &[("a", 6)]);
        check(&[("dc2", 5), ("a", 6)], &[("dc2", 5), ("a", 6)]);
    }

    fn vector(version: u32, cursors: &[(u8, u64)]) -> Vec<u8> {
        let count = u32::try_from(cursors.len()).unwrap();
        let mut bytes: Vec<u8> =
            [version, 0, count, 0].iter().flat_map(|it| it.to_le_bytes()).collect();
        for (name, usn) in cursors {
            bytes.extend([*name; 16]);
            bytes.extend(usn.to_le_bytes());
            bytes.extend([0; 8].iter().filter(|_| version == 2));
        }
        bytes
    }

    #[test]
    fn a_vector_is_read_in_both_versions_and_a_torn_one_is_none() {
        let expected = progress(&[
            ("01010101-0101-0101-0101-010101010101", 7),
            ("02020202-0202-0202-0202-020202020202", 1 << 40),
        ]);
        for version in [1, 2] {
            let bytes = vector(version, &[(1, 7), (2, 1 << 40)]);
            assert_eq!(Progress::parse(&bytes), Some(expected.clone()));
            assert_eq!(Progress::parse(&bytes[..bytes.len() - 1]), None);
            assert_eq!(Progress::parse(&vector(version, &[])), Some(Progress::default()));
        }
        assert_eq!(Progress::parse(&vector(3, &[(1, 7)])), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _either = Progress::parse(&bytes);
        }
    }
}
