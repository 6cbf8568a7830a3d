//! The audit trail's words for what was changed.

use roster::audit::Subject;
use roster::directory::protocol::SourceId;
use roster::directory::view::caller_name;
use roster::fields::Person;
use roster::id::{AccountId, GroupId, ImportId, TokenId};
use serde_json::{Value, json};

pub fn account(id: AccountId, name: &str) -> Subject {
    Subject { kind: "account", id: id.to_string(), name: name.to_owned() }
}

pub fn group(id: GroupId, name: &str) -> Subject {
    Subject { kind: "group", id: id.to_string(), name: name.to_owned() }
}

pub fn import(id: ImportId, file_name: &str) -> Subject {
    Subject { kind: "import", id: id.to_string(), name: file_name.to_owned() }
}

pub fn directory(id: SourceId, domain: &str) -> Subject {
    Subject { kind: "directory", id: id.to_string(), name: caller_name(domain) }
}

pub fn directory_settings() -> Subject {
    let name = "Active Directory Synchronization".to_owned();
    Subject { kind: "directory", id: String::new(), name }
}

pub fn directory_token(id: TokenId) -> Subject {
    Subject { kind: "token", id: id.to_string(), name: ["Token ", &id.to_string()].concat() }
}

pub fn settings() -> Subject {
    Subject { kind: "settings", id: String::new(), name: "Global Settings".to_owned() }
}

pub fn audit() -> Subject {
    Subject { kind: "audit", id: String::new(), name: "Audit trail".to_owned() }
}

pub fn database() -> Subject {
    Subject { kind: "database", id: String::new(), name: "Database".to_owned() }
}

/// A person's fields as the trail shows them; never a password.
pub fn person_fields(person: &Person) -> Value {
    json!({
        "name": person.name,
        "nickname": person.nickname,
        "email": person.email.as_typed,
        "singleSignOnId": person.sso_id,
        "description": person.description,
        "enabled": person.enabled,
        "standardLicense": person.standard_license,
        "mobileLicense": person.mobile_license,
    })
}
