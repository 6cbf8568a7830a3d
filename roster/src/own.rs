//! What a person sees of their own account.

use serde::{Deserialize, Serialize};

use crate::account::AccountPage;
use crate::id::Timestamp;
use crate::permission::{Effective, Seen};
use crate::secret::Secret;
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
    pub may_change_email: bool,
}

/// What a change of one's own credentials asks again, so that a session that was left open is no way
/// in for good: with a second factor it is asked for, else the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub password: bool,
    /// Of the app, or a recovery code.
    pub code: bool,
    /// May be given in place of the code.
    pub passkey: bool,
}

/// What is given for [`Asked`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Again {
    pub current_password: Secret,
    pub code: Secret,
    /// Of the question to the browser, and its answer; empty: no passkey is given.
    pub passkey_token: Secret,
    pub passkey_answer: String,
}

impl Again {
    #[must_use]
    pub fn password(password: impl Into<String>) -> Self {
        Self { current_password: Secret::new(password), ..Self::default() }
    }

    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self { code: Secret::new(code), ..Self::default() }
    }
}
