//! What the tree asks the server for.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::account::{Role, TechnicianHit};
use roster::authority::Actor;
use roster::group::{GroupMove, GroupNode, GroupPath};
use roster::id::{AccountId, GroupId};
use roster::many::{Change, Step};
use roster::page::Page;
use serde::{Deserialize, Serialize};

use super::super::place::Place;
use super::acts::Target;
use crate::error::AppError;

/// A technician as a line of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    pub id: AccountId,
    pub name: String,
    pub enabled: bool,
    pub role: Role,
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

/// The tops of the tree, the way to what is selected, and what else was shown already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub tops: Vec<GroupNode>,
    /// The groups on the way to what is selected.
    pub steps: Vec<GroupId>,
    pub branches: Vec<Branch>,
    /// Who looks: what they may do is decided where they do it, and again on the server.
    pub actor: Option<Actor>,
}

/// What was done with some of the tree's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub technicians: u32,
    pub groups: u32,
    /// Who stays as they are, and why: the name, empty for who isn't there, and a sentence.
    pub left: Vec<(String, String)>,
    pub undo: Undo,
}

/// What takes it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub steps: Vec<Step>,
    pub groups: Vec<GroupMove>,
}

impl Undo {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.groups.is_empty()
    }
}

/// What a search found, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub technicians: Vec<TechnicianHit>,
    pub groups: Vec<GroupPath>,
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

/// Moves, enables, disables or deletes what the lines stand for.
#[server(prefix = "/api/fn", endpoint = "tree_change", input = Json)]
pub async fn change_places(places: Vec<Place>, change: Change) -> Result<Done, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(super::changing::change(&operations, &caller, &places, change).await?)
}

/// Takes back what was done.
#[server(prefix = "/api/fn", endpoint = "tree_take_back", input = Json)]
pub async fn take_back(undo: Undo) -> Result<Done, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(super::changing::take_back(&operations, &caller, &undo).await?)
}

/// Makes a copy of a group beside it.
#[server(prefix = "/api/fn", endpoint = "tree_copy", input = Json)]
pub async fn copy_group(id: GroupId) -> Result<GroupId, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::groups::copy(&operations, &caller, id).await?)
}

/// What a dialog must know of the lines that it is about.
#[server(prefix = "/api/fn", endpoint = "tree_targets", input = Json)]
pub async fn see_targets(places: Vec<Place>) -> Result<Vec<Target>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(super::reading::targets(&operations, &caller, &places).await?)
}

/// People and groups that the text means.
#[server(prefix = "/api/fn", endpoint = "tree_find", input = Json)]
pub async fn find_anything(text: String) -> Result<Found, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(Found {
        technicians: operations::technicians::search(&operations, &caller, &text).await?,
        groups: operations::groups::search(&operations, &caller, &text).await?,
    })
}
