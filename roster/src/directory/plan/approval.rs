//! What a Master Administrator approved.

use serde::{Deserialize, Serialize};

use super::step::Step;

/// The list that a person saw and approved, as it was in [`super::Held::waiting`]; empty: nobody
/// approved anything. It releases a step that is exactly as they saw it, in the same version of the
/// account, and nothing else that is held: what differs by now waits anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Approval {
    pub steps: Vec<Step>,
}
