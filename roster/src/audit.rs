//! The audit trail: who, when, from where, what, before, after. Every change writes its entry in
//! the same transaction. Secrets never reach it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    SetUp,
    SignIn,
    SignInFailed,
    SignOut,
    SessionsEnded,
    PasswordChanged,
    PasswordReset,
    GroupCreated,
    GroupRenamed,
    GroupPermissionsChanged,
    TechnicianCreated,
    TechnicianEdited,
    AdministratorCreated,
    RoleChanged,
    AdministratorAssigned,
    AdministratorUnassigned,
    GroupMoved,
    GroupCopied,
    GroupDeleted,
    TechnicianMoved,
    TechnicianEnabled,
    TechnicianDisabled,
    TechnicianDeleted,
    SettingsChanged,
    ImportStarted,
    ImportChunk,
    ImportFinished,
    ImportCanceled,
    ImportRetried,
    ImportUndone,
    Exported,
    BackedUp,
}

impl Action {
    /// As it is stored, sent and filtered by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignOut => "sign_out",
            Self::SessionsEnded => "sessions_ended",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::GroupCreated => "group_created",
            Self::GroupRenamed => "group_renamed",
            Self::GroupPermissionsChanged => "group_permissions_changed",
            Self::TechnicianCreated => "technician_created",
            Self::TechnicianEdited => "technician_edited",
            Self::AdministratorCreated => "administrator_created",
            Self::RoleChanged => "role_changed",
            Self::AdministratorAssigned => "administrator_assigned",
            Self::AdministratorUnassigned => "administrator_unassigned",
            Self::GroupMoved => "group_moved",
            Self::GroupCopied => "group_copied",
            Self::GroupDeleted => "group_deleted",
            Self::TechnicianMoved => "technician_moved",
            Self::TechnicianEnabled => "technician_enabled",
            Self::TechnicianDisabled => "technician_disabled",
            Self::TechnicianDeleted => "technician_deleted",
            Self::SettingsChanged => "settings_changed",
            Self::ImportStarted => "import_started",
            Self::ImportChunk => "import_chunk",
            Self::ImportFinished => "import_finished",
            Self::ImportCanceled => "import_canceled",
            Self::ImportRetried => "import_retried",
            Self::ImportUndone => "import_undone",
            Self::Exported => "exported",
            Self::BackedUp => "backed_up",
        }
    }
}

/// To whom or what it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// "account", "group", "import", "settings", "database".
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
