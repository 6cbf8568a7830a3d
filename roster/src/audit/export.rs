//! The trail as a file, entry by entry: CSV whose cells no spreadsheet runs, and JSON.

use serde_json::json;

use super::{Line, Through, what};
use crate::import::guard;

const COLUMNS: [&str; 13] = [
    "Entry",
    "When",
    "Who",
    "Account ID",
    "From",
    "What",
    "Action",
    "Subject",
    "Subject ID",
    "Subject name",
    "Before",
    "After",
    "Import or run",
];

/// The first line of a CSV file, after the mark by which spreadsheets know UTF-8.
#[must_use]
pub fn csv_head() -> Vec<u8> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(row(&COLUMNS.map(str::to_owned)));
    bytes
}

/// One entry's line of a CSV file.
#[must_use]
pub fn csv_line(line: &Line) -> Vec<u8> {
    row(&[
        line.id.to_string(),
        line.at.rfc3339(),
        line.actor.clone(),
        line.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        line.address.clone(),
        what(line),
        line.action.clone(),
        line.subject_kind.clone(),
        line.subject_id.clone(),
        line.subject_name.clone(),
        value(&line.before),
        value(&line.after),
        line.through.as_ref().map(Through::label).unwrap_or_default(),
    ])
}

fn value(value: &serde_json::Value) -> String {
    if value.is_null() { String::new() } else { value.to_string() }
}

fn row(cells: &[String; 13]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record(cells.iter().map(|cell| guard(cell).into_owned()));
    writer.into_inner().unwrap_or_default()
}

/// One entry as JSON.
#[must_use]
pub fn json_line(line: &Line) -> Vec<u8> {
    json!({
        "entry": line.id,
        "when": line.at.rfc3339(),
        "who": line.actor,
        "accountId": line.actor_id,
        "from": line.address,
        "what": what(line),
        "action": line.action,
        "subject": { "kind": line.subject_kind, "id": line.subject_id, "name": line.subject_name },
        "before": line.before,
        "after": line.after,
        "through": line.through,
    })
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{AccountId, Timestamp};

    #[test]
    fn a_spreadsheet_runs_no_cell() {
        let line = Line {
            id: 3,
            at: Timestamp(0),
            actor_id: Some(AccountId(7)),
            actor: "=1+1".to_owned(),
            address: "192.0.2.1".to_owned(),
            agent: String::new(),
            action: "sign_in".to_owned(),
            subject_kind: "account".to_owned(),
            subject_id: "7".to_owned(),
            subject_name: "A, \"B\"".to_owned(),
            before: serde_json::Value::Null,
            after: json!({"name": "x"}),
            through: Some(Through::RunUnseen),
        };
        let text = String::from_utf8(csv_line(&line)).unwrap();
        assert_eq!(
            text,
            "3,1970-01-01T00:00:00Z,'=1+1,7,192.0.2.1,Signed in,sign_in,account,7,\
             \"A, \"\"B\"\"\",,\"{\"\"name\"\":\"\"x\"\"}\",run\r\n"
        );
        assert!(String::from_utf8(csv_head()).unwrap().ends_with("Before,After,Import or run\r\n"));
        let json = String::from_utf8(json_line(&line)).unwrap();
        assert!(json.contains("\"who\":\"=1+1\""), "{json}");
        assert!(json.contains("\"through\":\"run_unseen\""), "{json}");
    }
}
