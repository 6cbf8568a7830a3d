//! What holds only because all was read. That somebody is gone, and that somebody new is in no group which
//! counts before the one they were seen in, both say that they are *not* somewhere: they need a proof,
//! and nothing outside of here can make one.

use super::known::{KnownMapping, KnownPerson};
use super::seen::Run;
use super::step::Reason;
use crate::directory::protocol::{Absent, Finding, PersonSeen};

/// It was read to its end, and found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proven<T>(T);

impl<T> Proven<T> {
    pub fn get(self) -> T {
        self.0
    }
}

/// Somebody is in no mapped group any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    LeftGroups,
    Deleted,
}

impl Proven<Departure> {
    /// `None`: a group in which they may be was not read to its end, they were seen after all, or they
    /// can't be read themselves.
    pub fn departure(absent: &Absent, known: &KnownPerson, run: &Run<'_>) -> Option<Self> {
        let departure = match absent.finding {
            Finding::LeftGroups => Departure::LeftGroups,
            Finding::NoSuchObject => Departure::Deleted,
            Finding::Unreadable => return None,
        };
        run.misses(known).then_some(Self(departure))
    }
}

/// The mapping that counts for somebody new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placement<'a>(pub &'a KnownMapping);

/// They were seen in the group of `mapping`, and may also be in that of `before`, which counts before it, leads
/// to another Technician Group, and was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unplaced<'a> {
    pub mapping: &'a KnownMapping,
    pub before: &'a KnownMapping,
}

impl<'a> Proven<Placement<'a>> {
    /// `mapping`: the first of those whose groups they were seen in.
    pub fn placement(
        person: &PersonSeen,
        mapping: &'a KnownMapping,
        run: &Run<'a>,
    ) -> Result<Self, Unplaced<'a>> {
        match run.unread_before(person).find(|before| before.group != mapping.group) {
            Some(before) => Err(Unplaced { mapping, before }),
            None => Ok(Self(Placement(mapping))),
        }
    }
}

/// On what a change of somebody's status rests: what the directory says of them, or the proof that they
/// are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    Disabled,
    Expired,
    CameBack,
    Departed(Proven<Departure>),
}

impl Ground {
    pub fn reason(self) -> Reason {
        match self {
            Self::Disabled => Reason::Disabled,
            Self::Expired => Reason::Expired,
            Self::CameBack => Reason::CameBack,
            Self::Departed(departure) => match departure.get() {
                Departure::LeftGroups => Reason::LeftGroups,
                Departure::Deleted => Reason::Deleted,
            },
        }
    }
}
