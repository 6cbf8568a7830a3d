//! Technician Groups: the tree as it is kept. The way to a group is in `path`, levels of the
//! tree in `tree`, finding by name in `search`; what changes them is in `change`, `arrange` and
//! `count`.

mod arrange;
mod change;
mod count;
mod path;
mod rules;
mod search;
mod tree;

use roster::group::Content;

/// What the page of a group says beside its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFacts {
    pub name: String,
    pub version: i64,
    /// Technicians in this group itself.
    pub technicians: u64,
    /// Technicians in this group and all below it.
    pub technicians_below: u64,
    /// Groups directly below.
    pub groups: u64,
}

/// Why a group can't be written: what the database holds stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupConflict {
    #[error("another group beside it has this name")]
    NameTaken,
    #[error("the group above is not there any more")]
    ParentGone,
    #[error("it was changed since it was read")]
    Stale,
    #[error("it is not there any more")]
    Gone,
    #[error("it would lie below itself")]
    Cycle,
    #[error("the groups below it would nest too deep")]
    TooDeep,
    #[error("there is somebody or something in it")]
    NotEmpty(Content),
    #[error("there are too many groups below it")]
    TooMany,
}
