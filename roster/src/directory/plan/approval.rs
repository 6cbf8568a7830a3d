//! What a Master Administrator approved.

use serde::{Deserialize, Serialize};

use super::step::Step;

/// The approved list, as it was in [`super::Held::waiting`]; empty without an approval. It releases a
/// held step only if the step is still exactly the same, including the account's version. A step that
/// differs by now waits again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Approval {
    pub steps: Vec<Step>,
}
