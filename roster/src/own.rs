//! What a person sees of their own account.

use serde::{Deserialize, Serialize};

use crate::account::AccountPage;
use crate::id::Timestamp;
use crate::permission::{Effective, Seen};
use crate::session::SessionLine;

/// My Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub page: AccountPage,
    /// Empty for who is in no Technician Group.
    pub permissions: Vec<Effective<Seen>>,
    pub sessions: Vec<SessionLine>,
    /// When the password must be changed, if that is soon.
    pub password_expires_at: Option<Timestamp>,
    pub may_import: bool,
    pub may_see_tree: bool,
    pub may_see_settings: bool,
}
