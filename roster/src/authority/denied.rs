//! Refusals, each with the sentence that who asks reads.

use serde::{Deserialize, Serialize};

/// Why something may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Denied {
    #[error("Sign in first.")]
    NotSignedIn,
    #[error("This is for the synchronization service of an enrolled directory, with its token.")]
    NotThatDirectory,
    #[error("Choose a new password first.")]
    PasswordDue,
    #[error("Set up two-step verification first.")]
    TwoStepDue,
    #[error("Your role may not do this.")]
    Role,
    /// What lies outside one's areas is as if it didn't exist.
    #[error("There is no such thing, or not within the groups that are assigned to you.")]
    OutsideArea,
    #[error("The Master Account Holder can be changed by nobody else.")]
    Holder,
    #[error("An administrator can be changed only by a Master Administrator.")]
    Administrator,
    #[error("A Master Administrator requires it here; only a Master Administrator can lift it.")]
    MasterDuty,
    #[error("Nobody changes their own role. Ask another Master Administrator.")]
    OwnRole,
    #[error("There is exactly one Master Account Holder, and it stays who it is.")]
    OneHolder,
    #[error("Nobody is at the root of the tree: choose a Technician Group.")]
    AtRoot,
    #[error("The Master Account Holder can’t be disabled, moved or deleted.")]
    HolderStays,
    #[error("Nobody can disable or delete their own account. Ask another administrator.")]
    Oneself,
    #[error("The root of the tree stays where it is.")]
    Root,
    #[error(
        "This group is assigned to you as a whole: only who is above it can move, copy or delete it."
    )]
    TopOfArea,
}
