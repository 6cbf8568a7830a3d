//! The audit trail: who, when, from where, what, before, after. Every change writes its entry in
//! the same transaction. Secrets never reach it.

pub mod chain;
pub mod export;
pub mod scope;
mod through;
mod trail;
mod wish;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use through::{ABOUT_MANY, RUN, Through, part};
pub use trail::{Cursor, Filter, Line, Subjects, TrailPage};
pub use wish::Wish;
pub use words::{Difference, differences, what};

macro_rules! actions {
    ($($name:ident $word:literal $label:literal,)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $($name,)+
        }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// As it is stored, sent and filtered by.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// As people read it.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)+
                }
            }

            /// The action that this word stands for.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.as_str() == word)
            }
        }
    };
}

actions! {
    SetUp "set_up" "Set Muster up",
    SignIn "sign_in" "Signed in",
    SignInFailed "sign_in_failed" "Failed to sign in",
    SignInLocked "sign_in_locked" "Locked sign-in after too many failures",
    SignInUnlocked "sign_in_unlocked" "Unlocked sign-in",
    SecretRefused "secret_refused" "Gave a wrong password or code",
    TokenRefused "token_refused" "Gave a token that doesn’t work",
    SignOut "sign_out" "Signed out",
    SessionsEnded "sessions_ended" "Ended sessions",
    PasswordChanged "password_changed" "Changed the password",
    PasswordReset "password_reset" "Reset the password",
    TwoStepSetUp "two_step_set_up" "Set up two-step verification",
    TwoStepEnded "two_step_ended" "Ended two-step verification",
    TwoStepReset "two_step_reset" "Reset two-step verification",
    PasskeyAdded "passkey_added" "Added a passkey",
    PasskeyRemoved "passkey_removed" "Removed a passkey",
    RecoveryCodesRenewed "recovery_codes_renewed" "Made new recovery codes",
    GroupCreated "group_created" "Created a group",
    GroupRenamed "group_renamed" "Renamed a group",
    GroupPermissionsChanged "group_permissions_changed" "Changed permissions",
    GroupMoved "group_moved" "Moved",
    GroupCopied "group_copied" "Copied",
    GroupDeleted "group_deleted" "Deleted a group",
    GroupTwoStepChanged "group_two_step_changed" "Changed who must have two-step verification",
    TechnicianCreated "technician_created" "Created a technician",
    TechnicianEdited "technician_edited" "Changed a technician",
    TechnicianMoved "technician_moved" "Moved",
    TechnicianEnabled "technician_enabled" "Enabled",
    TechnicianDisabled "technician_disabled" "Disabled",
    TechnicianDeleted "technician_deleted" "Deleted",
    AdministratorCreated "administrator_created" "Created an administrator",
    RoleChanged "role_changed" "Changed the role",
    AdministratorAssigned "administrator_assigned" "Assigned an administrator",
    AdministratorUnassigned "administrator_unassigned" "Unassigned an administrator",
    SettingsChanged "settings_changed" "Changed Global Settings",
    ImportStarted "import_started" "Started an import",
    ImportChunk "import_chunk" "Imported rows",
    ImportFinished "import_finished" "Finished an import",
    ImportCanceled "import_canceled" "Cancelled an import",
    ImportRetried "import_retried" "Tried failed rows again",
    ImportUndone "import_undone" "Undid an import",
    StartingPasswordsTaken "starting_passwords_taken" "Downloaded starting passwords",
    TechnicianLinked "technician_linked" "Linked with the directory",
    DirectoryLinkAgreed "directory_link_agreed" "Agreed to link with the directory",
    DirectoryTokenCreated "directory_token_created" "Made a synchronization token",
    DirectoryTokenRotated "directory_token_rotated" "Renewed a synchronization token",
    DirectoryTokenRevoked "directory_token_revoked" "Revoked a synchronization token",
    EnrollmentCodeMade "enrollment_code_made" "Made an enrollment code",
    DirectoryEnrolled "directory_enrolled" "Enrolled a directory",
    DirectoryMapped "directory_mapped" "Changed which directory groups are kept in step",
    DirectorySettingsChanged "directory_settings_changed" "Changed Active Directory Synchronization",
    DirectoryRun "directory_run" "Kept people in step with the directory",
    DirectoryRunHeld "directory_run_held" "Held a run of the directory",
    DirectoryRunApproved "directory_run_approved" "Approved a run of the directory",
    DirectoryRunDropped "directory_run_dropped" "Dropped a run of the directory",
    DirectoryRunAsked "directory_run_asked" "Asked for a run of the directory",
    Exported "exported" "Exported",
    BackedUp "backed_up" "Copied the database",
    DatabaseMoved "database_moved" "Moved the database",
    DatabaseRestored "database_restored" "Restored the database from a backup",
    KeyTaken "key_taken" "Took a key into use",
    KeyReplaced "key_replaced" "Replaced the lost key file",
}

/// To whom or what it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// "account", "group", "import", "directory", "settings", "database".
    pub kind: &'static str,
    /// Its id as text; empty where there is only one.
    pub id: String,
    /// Its name at that time.
    pub name: String,
}

/// One entry, before the store adds who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub action: Action,
    pub subject: Subject,
    /// The fields that changed, as they were; null for what is new.
    pub before: Value,
    /// The same fields, as they are now; null for what is gone.
    pub after: Value,
}

/// Leaves only the fields in which two JSON objects differ.
#[must_use]
pub fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before.clone(), after.clone());
    };
    let changed = |mine: &serde_json::Map<String, Value>,
                   other: &serde_json::Map<String, Value>| {
        mine.iter()
            .filter(|(key, value)| other.get(*key) != Some(value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    (Value::Object(changed(old, new)), Value::Object(changed(new, old)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_names_changed_fields_alone() {
        let check = |before: Value, after: Value, expected: (Value, Value)| {
            assert_eq!(difference(&before, &after), expected);
        };
        check(json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3}), (json!({"b": 2}), json!({"b": 3})));
        check(json!({"a": 1}), json!({"a": 1}), (json!({}), json!({})));
        check(json!(null), json!({"a": 1}), (json!(null), json!({"a": 1})));
    }
}
