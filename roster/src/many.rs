//! Acts on many technicians at once: whom they mean, what is done, what became of it.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, GroupId};
use crate::listing::Filter;

/// Technicians in one act, at most.
pub const MOST: usize = 10_000;

/// Which technicians are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    Ids(Vec<AccountId>),
    /// All of a group itself that match the filter of its list.
    Matching {
        group: GroupId,
        filter: Filter,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum License {
    Standard,
    Mobile,
}

/// What is done with each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    MoveTo(GroupId),
    Enable,
    Disable,
    Give(License),
    Take(License),
    Delete,
}

/// One act: who, and what is done with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub who: Selection,
    pub change: Change,
}

/// Somebody with whom it was not done, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    pub id: AccountId,
    /// Empty for who isn't there.
    pub name: String,
    /// A sentence.
    pub reason: String,
}

/// What became of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub changed: u32,
    pub left: Vec<LeftAlone>,
    /// What takes it back, step by step; empty where nothing does.
    pub undo: Vec<Step>,
}

impl Change {
    /// What takes it back for somebody who was in this group.
    #[must_use]
    pub fn inverse(self, was_in: Option<GroupId>) -> Option<Self> {
        match self {
            Self::MoveTo(_) => was_in.map(Self::MoveTo),
            Self::Enable => Some(Self::Disable),
            Self::Disable => Some(Self::Enable),
            Self::Give(license) => Some(Self::Take(license)),
            Self::Take(license) => Some(Self::Give(license)),
            Self::Delete => None,
        }
    }
}
