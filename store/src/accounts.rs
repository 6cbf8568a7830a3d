//! Accounts: what is kept of a person. Reading one is in `read`, how it came to be in `origin`, lists
//! are in `list`, finding somebody in `search`; what changes them is in `create` and `edit`, for many
//! at once in `people`. Who administers what is in `administrators`.

/// In SQL over `accounts`: when the password stops opening the account, as
/// [`Password::ends_at`] says it. The default password opens technicians alone; a starting password
/// without the moment at which it was given was used.
macro_rules! password_ends_at {
    () => {
        "CASE password_state \
             WHEN 'default' THEN CASE role WHEN 'technician' THEN \
                 (SELECT COALESCE(default_password_set_at + default_password_days * 86400000, 0) \
                  FROM settings WHERE id = 1) ELSE 0 END \
             WHEN 'starting' THEN COALESCE(password_given_at + \
                 (SELECT default_password_days * 86400000 FROM settings WHERE id = 1), 0) \
             WHEN 'temporary' THEN password_given_at + \
                 (SELECT default_password_days * 86400000 FROM settings WHERE id = 1) END"
    };
}

mod administrators;
mod create;
mod edit;
mod list;
mod origin;
mod people;
mod read;
mod search;
mod starting;

use crate::sql::unaccented;
use roster::account::{Password, PasswordState, Role, Source};
use roster::fields::Person;
use roster::id::{AccountId, GroupId, ImportId, Timestamp};

pub use people::{PersonEdit, StoredPerson};
pub use starting::{Batch, Given};

/// In SQL over `accounts`: a new password must be chosen at the next sign-in, as
/// `roster::policy::Policies::must_change` says it.
const PASSWORD_DUE: &str = "(password_state IN ('default', 'starting') OR (password_state = \
                             'temporary' AND (SELECT change_after_reset FROM settings WHERE id = 1)))";

const PASSWORD_ENDS_AT: &str = password_ends_at!();

/// Before the hash of a starting password that was used, so that it is the hash of nothing; earlier
/// programs kept this alone.
const USED: &str = "$used";

/// What a sign-in needs to know of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
    pub enabled: bool,
    pub password: PasswordState,
    /// As in [`Password`].
    pub password_ends_at: Option<Timestamp>,
    /// `None`: the organization's default password holds.
    pub hash: Option<String>,
    /// When the person chose it; `None`: it was given to them.
    pub chosen_at: Option<Timestamp>,
}

impl Credentials {
    /// The password opens the account at this moment.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> bool {
        Password { state: self.password, ends_at: self.password_ends_at }.opens(now)
    }

    /// The hash of a starting password whose one sign-in is over, until another is chosen.
    #[must_use]
    pub fn used_hash(&self) -> Option<&str> {
        let kept = self.hash.as_deref().filter(|_| self.password == PasswordState::Starting)?;
        kept.strip_prefix(USED).filter(|hash| !hash.is_empty())
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("enabled", &self.enabled)
            .field("password", &self.password)
            .finish_non_exhaustive()
    }
}

/// An account that is to be.
#[derive(Clone)]
pub struct NewAccount {
    pub role: Role,
    pub group: Option<GroupId>,
    pub person: Person,
    pub password: PasswordState,
    /// `None` exactly when the password is the organization's default.
    pub hash: Option<String>,
    pub source: Source,
    pub created_at: Timestamp,
    pub import: Option<ImportId>,
}

/// Why an account can't be written: what the database holds stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteConflict {
    #[error("the email is another account’s")]
    EmailInUse,
    #[error("the single sign-on ID is another account’s")]
    SsoIdInUse,
    #[error("there is no standard seat left")]
    NoStandardSeat,
    #[error("there is no mobile seat left")]
    NoMobileSeat,
    #[error("there is a Master Account Holder already")]
    HolderExists,
    #[error("it was changed since it was read")]
    Stale,
    /// The account, or the group that it is to be in.
    #[error("it is not there any more")]
    Gone,
}

/// Of a person, what can be searched.
pub(crate) struct Searched<'a> {
    pub name: &'a str,
    pub nickname: &'a str,
    /// As typed, and as it is compared.
    pub email: &'a str,
    pub email_key: &'a str,
    pub sso_id: Option<&'a str>,
}

impl<'a> From<&'a Person> for Searched<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            name: &person.name,
            nickname: &person.nickname,
            email: &person.email.as_typed,
            email_key: &person.email.key,
            sso_id: person.sso_id.as_deref(),
        }
    }
}

/// Names, addresses, the single sign-on ID: what lists are filtered by and searches look through.
/// The name is first, so that who is looked for by the beginning of it is found along an index.
pub(crate) fn search_text(person: &Searched<'_>) -> String {
    // The separator is in no filter, so that none matches across two fields.
    let mut search = unaccented(person.name);
    let mut add = |text: &str| {
        search.push('\u{1f}');
        search.push_str(text);
    };
    if person.nickname != person.name {
        add(&unaccented(person.nickname));
    }
    let [email, key] = [person.email, person.email_key].map(unaccented);
    if email != key {
        add(&email);
    }
    add(&key);
    let sso_id = person.sso_id.map(unaccented);
    if let Some(sso_id) = sso_id.filter(|sso_id| *sso_id != key) {
        add(&sso_id);
    }
    search
}
