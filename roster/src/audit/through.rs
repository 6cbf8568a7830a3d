//! Imports and runs of a directory change many people at once: the one that an entry came through,
//! and the part of an entry about many that is about one of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Action, Line};
use crate::directory::protocol::RunId;
use crate::fields::Field;
use crate::id::{AccountId, ImportId};

/// Entries that name many people, none of whom is their subject.
pub const ABOUT_MANY: [Action; 4] =
    [Action::ImportChunk, Action::ImportRetried, Action::ImportUndone, Action::DirectoryRun];

/// The key under which an entry names its run.
pub const RUN: &str = "run";

/// The import or the run of a directory by which something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    Import {
        id: ImportId,
        file: String,
    },
    Run {
        id: RunId,
    },
    /// A run that is not kept any more. Entries of earlier versions don't say which it was.
    RunGone {
        id: Option<RunId>,
    },
    /// An import that whoever reads may not see.
    ImportUnseen,
    /// A run that whoever reads may not see.
    RunUnseen,
}

impl Through {
    /// What the entry itself says. Whether a run is still kept it can't say.
    #[must_use]
    pub fn told(line: &Line) -> Option<Self> {
        if line.subject_kind == "import" {
            let id = line.subject_id.parse().ok()?;
            return Some(Self::Import { id, file: line.subject_name.clone() });
        }
        let id = line.after.get(RUN)?.as_str()?.parse().ok()?;
        Some(Self::Run { id })
    }

    /// For whoever may see neither imports nor runs.
    #[must_use]
    pub fn unseen(&self) -> Self {
        match self {
            Self::Import { .. } | Self::ImportUnseen => Self::ImportUnseen,
            Self::Run { .. } | Self::RunGone { .. } | Self::RunUnseen => Self::RunUnseen,
        }
    }

    /// "import 0189…", "run 0189…, no longer kept": for files.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Import { id, .. } => ["import ", &id.to_string()].concat(),
            Self::Run { id } => ["run ", &id.to_string()].concat(),
            Self::RunGone { id: Some(id) } => {
                ["run ", &id.to_string(), ", no longer kept"].concat()
            }
            Self::RunGone { id: None } => "run, no longer kept".to_owned(),
            Self::ImportUnseen => "import".to_owned(),
            Self::RunUnseen => "run".to_owned(),
        }
    }
}

impl Line {
    /// It is a [`part`]: the entry itself is about others, too.
    #[must_use]
    pub fn is_part(&self) -> bool {
        let action = Action::of_word(&self.action);
        self.subject_kind == "account" && action.is_some_and(|it| ABOUT_MANY.contains(&it))
    }
}

/// What an entry about many says of one account, as an entry about that account; `None`: nothing.
#[must_use]
pub fn part(line: Line, account: AccountId, name: &str) -> Option<Line> {
    let (before, after) = values(&line.after, account)?;
    Some(Line {
        subject_kind: "account".to_owned(),
        subject_id: account.to_string(),
        subject_name: name.to_owned(),
        before,
        after,
        ..line
    })
}

/// The account's fields before and after; of one that was created nothing but that it was.
fn values(entry: &Value, account: AccountId) -> Option<(Value, Value)> {
    let id = Value::from(account.0);
    let list = |key: &str| entry.get(key).and_then(Value::as_array).into_iter().flatten();
    if list("created").any(|it| *it == id) {
        return Some((Value::Null, Value::Null));
    }
    let of_account = |it: &&Value| it.get("account") == Some(&id);
    if let Some(restored) = list("restored").find(of_account) {
        return Some((restored["before"].clone(), restored["after"].clone()));
    }
    list("updated").find(of_account).map(|it| sides(&it["changes"]))
}

/// `{"name": {"before": …, "after": …}}` as the two sides of an entry about one person.
fn sides(changes: &Value) -> (Value, Value) {
    let side = |which: &str| {
        let fields = changes.as_object().into_iter().flatten();
        let field = |(key, change): (&String, &Value)| (key_of(key), change[which].clone());
        Value::Object(fields.map(field).collect::<Map<_, _>>())
    };
    (side("before"), side("after"))
}

/// A column's key as the trail has it: of the group it names the path there.
fn key_of(column: &str) -> String {
    if column == Field::Group.key() { "group".to_owned() } else { column.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Timestamp;
    use serde_json::json;

    const RUN_ID: &str = "01890000-0000-7000-8000-000000000001";

    fn line(action: &str, kind: &str, after: Value) -> Line {
        Line {
            id: 1,
            at: Timestamp(0),
            actor_id: None,
            actor: "Mara".to_owned(),
            address: String::new(),
            agent: String::new(),
            action: action.to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: RUN_ID.to_owned(),
            subject_name: "people.csv".to_owned(),
            before: Value::Null,
            after,
            through: None,
        }
    }

    #[test]
    fn an_entry_says_of_one_person_what_is_theirs() {
        let check = |action: &str, after: Value, expected: Option<(Value, Value)>| {
            let part = part(line(action, "import", after), AccountId(7), "Anna");
            assert!(part.as_ref().is_none_or(Line::is_part));
            assert!(part.as_ref().is_none_or(|it| it.subject_name == "Anna"));
            assert_eq!(part.map(|it| (it.before, it.after)), expected, "{action}");
        };
        let created = json!({"rows": 2, "created": [6, 7], "chunk": 0});
        check("import_chunk", created.clone(), Some((Value::Null, Value::Null)));
        check("directory_run", created, Some((Value::Null, Value::Null)));
        check("import_chunk", json!({"rows": 7, "created": [70, 17], "chunk": 7}), None);
        let changes = |before: &str, after: &str| json!({"technicianGroupId": {"before": before, "after": after}});
        let updated = json!({"created": [], "updated": [
            {"account": 6, "changes": changes("Secret", "Secret 2")},
            {"account": 7, "changes": changes("A / B", "C")},
        ]});
        let expected = (json!({"group": "A / B"}), json!({"group": "C"}));
        check("import_retried", updated, Some(expected));
        let undone = json!({"removed": [{"account": 7, "email": "a@x.test"}], "restored": [
            {"account": 70, "before": {"name": "X"}, "after": {"name": "Y"}},
        ]});
        check("import_undone", undone.clone(), None);
        let mut undone = undone;
        undone["restored"][0]["account"] = json!(7);
        let expected = (json!({"name": "X"}), json!({"name": "Y"}));
        check("import_undone", undone, Some(expected));
        for entry in [Value::Null, json!([7]), json!({"created": 7}), json!({"updated": [7]})] {
            check("import_finished", entry, None);
        }
    }

    #[test]
    fn an_entry_says_through_what_it_came() {
        let check = |line: &Line, expected: Option<Through>, label: &str, unseen: &str| {
            let found = Through::told(line);
            assert_eq!(found, expected);
            assert_eq!(found.as_ref().map(Through::label).unwrap_or_default(), label);
            let hidden = found.map(|it| it.unseen().label()).unwrap_or_default();
            assert_eq!(hidden, unseen);
        };
        let id = || RUN_ID.parse().unwrap();
        let file = "people.csv".to_owned();
        check(
            &line("import_chunk", "import", Value::Null),
            Some(Through::Import { id: RUN_ID.parse().unwrap(), file }),
            &["import ", RUN_ID].concat(),
            "import",
        );
        let run = [("technician_disabled", "account"), ("directory_run_held", "directory")];
        for (action, kind) in run {
            let line = line(action, kind, json!({"run": RUN_ID}));
            let expected = Some(Through::Run { id: id() });
            check(&line, expected, &["run ", RUN_ID].concat(), "run");
        }
        for after in [Value::Null, json!({"run": 7}), json!({"run": "no run"}), json!("run")] {
            check(&line("technician_disabled", "account", after), None, "", "");
        }
        let gone = Through::RunGone { id: Some(id()) };
        assert_eq!(gone.label(), ["run ", RUN_ID, ", no longer kept"].concat());
        assert_eq!(gone.unseen(), Through::RunUnseen);
    }
}
