//! What the tree asks the server for.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::group::GroupNode;
use roster::id::{AccountId, GroupId};
use roster::page::Page;
use serde::{Deserialize, Serialize};

use super::super::place::Place;
use crate::error::AppError;

/// A technician as a line of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    pub id: AccountId,
    pub name: String,
    pub enabled: bool,
}

/// What is directly below a group, as far as it was asked for. What is selected further down the
/// list is pinned below it, so that it can be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub group: GroupId,
    pub groups: Page<GroupNode>,
    pub leaves: Page<Leaf>,
    pub pinned_group: Option<GroupNode>,
    pub pinned_leaf: Option<Leaf>,
}

/// How much of a group's branch is shown already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    pub group: GroupId,
    pub groups: u32,
    pub leaves: u32,
}

/// The tops of the tree and the opened way to what is selected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub tops: Vec<GroupNode>,
    pub branches: Vec<Branch>,
}

/// More of what is below a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    pub groups: Page<GroupNode>,
    pub leaves: Page<Leaf>,
}

/// The tops, and what is below each group on the way to `selected`. Nothing selected: below the
/// first top.
#[server(prefix = "/api/fn", endpoint = "tree_way", input = Json)]
pub async fn tree_way(selected: Option<Place>, shown: Vec<Extent>) -> Result<Way, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(super::reading::way(&operations, &caller, selected, &shown).await?)
}

/// The next lines below a group: of groups and of technicians, as many as are asked for.
#[server(prefix = "/api/fn", endpoint = "tree_more", input = Json)]
pub async fn tree_more(from: Extent, wanted: Extent) -> Result<More, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(super::reading::more(&operations, &caller, from, wanted).await?)
}
