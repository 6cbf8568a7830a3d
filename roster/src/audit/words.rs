//! The trail in people's words: what was done as a sentence, and each field as it was and is.

use serde_json::{Map, Value};

use super::{Action, Line, RUN};
use crate::id::Timestamp;

/// Fields that a sentence names at most.
const NAMED: usize = 3;

/// "Moved to Europe / Tier 2", "Changed the email".
#[must_use]
pub fn what(line: &Line) -> String {
    let Some(action) = Action::of_word(&line.action) else { return line.action.clone() };
    let label = action.label();
    let (before, after) = (field(&line.before, "group"), field(&line.after, "group"));
    let named = |key| field(&line.after, key).map(shown);
    if line.is_part() {
        return by_many(action, line);
    }
    match action {
        Action::TechnicianEdited | Action::SettingsChanged | Action::DirectorySettingsChanged => {
            changed(&line.before, &line.after).unwrap_or_else(|| label.to_owned())
        }
        Action::TechnicianCreated => match after {
            Some(group) => ["Created in ", &shown(group)].concat(),
            None => "Created".to_owned(),
        },
        Action::GroupCreated => match named("path") {
            Some(path) => ["Created below ", &path].concat(),
            None => "Created".to_owned(),
        },
        Action::AdministratorAssigned => match after {
            Some(group) => ["Assigned to ", &shown(group)].concat(),
            None => label.to_owned(),
        },
        Action::AdministratorUnassigned => match before {
            Some(group) => ["Unassigned from ", &shown(group)].concat(),
            None => label.to_owned(),
        },
        Action::GroupMoved => match named("path") {
            Some(path) => ["Moved to ", &path].concat(),
            None => label.to_owned(),
        },
        Action::GroupRenamed => match named("name") {
            Some(name) => ["Renamed to “", &name, "”"].concat(),
            None => "Renamed".to_owned(),
        },
        _ if before.is_some() && after.is_some() && before != after => {
            [label, " to ", &after.map(shown).unwrap_or_default()].concat()
        }
        _ => label.to_owned(),
    }
}

/// What an import or a run did to one person: "Changed email by an import".
fn by_many(action: Action, line: &Line) -> String {
    let (otherwise, by) = match action {
        Action::DirectoryRun => ("Created", " by a directory run"),
        Action::ImportUndone => ("Changed", " back by undoing an import"),
        _ => ("Created", " by an import"),
    };
    let done = changed(&line.before, &line.after);
    [done.as_deref().unwrap_or(otherwise), by].concat()
}

fn changed(before: &Value, after: &Value) -> Option<String> {
    let differences = differences(before, after);
    let names: Vec<String> =
        differences.iter().map(|difference| lower_first(&difference.field)).collect();
    let (last, others) = names.split_last()?;
    let sentence = match names.len() {
        1 => last.clone(),
        0..=NAMED => [&others.join(", "), " and ", last].concat(),
        count => {
            let more = (count - NAMED + 1).to_string();
            [&names[..NAMED - 1].join(", "), " and ", &more, " more fields"].concat()
        }
    };
    Some(["Changed ", &sentence].concat())
}

/// One field of an entry, in people's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: String,
    /// `None`: it was not there.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Each field of an entry, as it was and as it became; the run by which it was done is no field.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let empty = Map::new();
    let fields = |value: &'_ Value| value.as_object().cloned().unwrap_or_else(|| empty.clone());
    let (old, new) = (fields(before), fields(after));
    let added = new.keys().filter(|key| !old.contains_key(*key));
    old.keys()
        .chain(added)
        .filter(|key| *key != RUN)
        .map(|key| Difference {
            field: label(key),
            before: old.get(key).map(|value| of_field(key, value)),
            after: new.get(key).map(|value| of_field(key, value)),
        })
        .collect()
}

fn field<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.as_object()?.get(key).filter(|value| !value.is_null())
}

/// A value; moments, which are numbers, are told by their field's name.
fn of_field(key: &str, value: &Value) -> String {
    match value.as_i64() {
        Some(number) if key.ends_with("At") => Timestamp(number).rfc3339(),
        _ => shown(value),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| {
                [&label(key), ": ", &of_field(key, value)].concat()
            };
            fields.iter().map(field).collect::<Vec<_>>().join("; ")
        }
    }
}

/// A key such as `standardLicense` or `remote_control` as people read it.
fn label(key: &str) -> String {
    match key {
        "singleSignOnId" => return "Single Sign-On ID".to_owned(),
        "standardLicense" => return "Standard licence".to_owned(),
        "mobileLicense" => return "Mobile licence".to_owned(),
        "group" => return "Technician Group".to_owned(),
        _ => {}
    }
    let mut label = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        match c {
            '_' => label.push(' '),
            c if c.is_uppercase() => {
                label.push(' ');
                label.extend(c.to_lowercase());
            }
            c if label.is_empty() => label.extend(c.to_uppercase()),
            c => label.push(c),
        }
    }
    label
}

fn lower_first(label: &str) -> String {
    // Names keep their capitals.
    if label.starts_with("Single") || label.starts_with("Technician") {
        return label.to_owned();
    }
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_done_is_a_sentence() {
        let check = |action: &str, before: Value, after: Value, expected: &str| {
            let line = Line {
                id: 1,
                at: Timestamp(0),
                actor_id: None,
                actor: String::new(),
                address: String::new(),
                agent: String::new(),
                action: action.to_owned(),
                subject_kind: "account".to_owned(),
                subject_id: "7".to_owned(),
                subject_name: "Ada".to_owned(),
                before,
                after,
                through: None,
            };
            assert_eq!(what(&line), expected);
        };
        let none = || Value::Null;
        check("sign_in", none(), none(), "Signed in");
        check(
            "technician_created",
            none(),
            json!({"group": "Europe / Tier 2"}),
            "Created in Europe / Tier 2",
        );
        check("group_renamed", json!({"name": "A"}), json!({"name": "B"}), "Renamed to “B”");
        check("group_created", none(), json!({"path": "Europe"}), "Created below Europe");
        check("technician_edited", json!({"email": "a"}), json!({"email": "b"}), "Changed email");
        check(
            "technician_edited",
            json!({"email": "a", "singleSignOnId": null}),
            json!({"email": "b", "singleSignOnId": "c"}),
            "Changed email and Single Sign-On ID",
        );
        check(
            "settings_changed",
            json!({"a": 1, "b": 1, "c": 1, "d": 1}),
            json!({"a": 2, "b": 2, "c": 2, "d": 2}),
            "Changed a, b and 2 more fields",
        );
        check(
            "import_undone",
            json!({"group": "A"}),
            json!({"group": "B"}),
            "Changed Technician Group back by undoing an import",
        );
        check(
            "import_chunk",
            json!({"email": "a", "name": "A"}),
            json!({"email": "b", "name": "B"}),
            "Changed email and name by an import",
        );
        check("import_retried", none(), none(), "Created by an import");
        check("directory_run", none(), none(), "Created by a directory run");
        check(
            "technician_edited",
            json!({"email": "a"}),
            json!({"email": "b", "run": "01890000-0000-7000-8000-000000000001"}),
            "Changed email",
        );
        check("group_moved", json!({"path": "A / C"}), json!({"path": "B / C"}), "Moved to B / C");
        check("technician_moved", json!({"group": "A"}), json!({"group": "B"}), "Moved to B");
        let europe = || json!({"group": "Europe", "id": 7});
        check("administrator_assigned", none(), europe(), "Assigned to Europe");
        check("administrator_unassigned", europe(), none(), "Unassigned from Europe");
        check("of_a_later_time", none(), none(), "of_a_later_time");
    }

    #[test]
    fn fields_are_told_as_they_were_and_are() {
        let check = |key: &str, before: Value, after: Value, expected: (&str, &str, &str)| {
            let found = differences(&json!({key: before}), &json!({key: after}));
            let Difference { field, before, after } = &found[0];
            let found = (field.as_str(), before.as_deref(), after.as_deref());
            assert_eq!(found, (expected.0, Some(expected.1), Some(expected.2)));
        };
        check("enabled", json!(true), json!(false), ("Enabled", "yes", "no"));
        check("standardLicense", json!(null), json!(""), ("Standard licence", "none", "empty"));
        check("standardSeats", json!(3), json!(["a", "b"]), ("Standard seats", "3", "a, b"));
        check("remote_control", json!("allow"), json!("deny"), ("Remote control", "allow", "deny"));
        check(
            "defaultPasswordSetAt",
            json!(null),
            json!(0),
            ("Default password set at", "none", "1970-01-01T00:00:00Z"),
        );
        let created = differences(&Value::Null, &json!({"name": "Ada"}));
        assert_eq!(
            (created[0].before.as_deref(), created[0].after.as_deref()),
            (None, Some("Ada"))
        );
    }
}
