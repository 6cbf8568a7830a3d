//! What a person sees of their own account.

use serde::{Deserialize, Serialize};

use crate::account::AccountPage;
use crate::permission::Permission;
use crate::session::SessionLine;

/// My Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub page: AccountPage,
    /// Empty for who is in no Technician Group.
    pub permissions: Vec<EffectiveLine>,
    pub sessions: Vec<SessionLine>,
    pub may_import: bool,
    pub may_see_tree: bool,
    pub may_see_settings: bool,
}

/// One effective permission and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveLine {
    pub permission: Permission,
    pub allowed: bool,
    /// The name of the group whose setting this is.
    pub from: String,
    pub locked: bool,
}
