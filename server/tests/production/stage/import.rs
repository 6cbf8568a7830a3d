//! An import as the browser sends it: chunk by chunk, and again what got no good answer.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Load, Session};

const CHUNK: u32 = 50;
/// In which others write: an import holds the locks of all writing.
const PAUSE: Duration = Duration::from_millis(50);

pub struct Import {
    id: String,
    rows: u32,
}

impl Import {
    /// Each import of a test has a number of its own.
    pub fn new(number: u32, rows: u32) -> Self {
        Self { id: format!("01890a5d-ac96-774b-bcce-{number:012x}"), rows }
    }

    /// The rows' emails.
    pub fn emails(&self) -> impl Iterator<Item = String> {
        (0..self.rows).map(|row| self.email(row))
    }

    fn email(&self, row: u32) -> String {
        format!("i{}-{row}@x.example", self.id.trim_start_matches(|it| it != 'c'))
    }

    /// In the background, until it is finished.
    pub fn send(&self, session: &Session) -> Load {
        let session = session.clone();
        let mut steps = self.steps(session.group()).into_iter().peekable();
        Load::of([move || {
            let (method, path, body) = steps.peek()?;
            let sample = session.json(method, path, body);
            if sample.is_good() {
                steps.next();
                sleep(PAUSE);
            }
            Some(sample)
        }])
    }

    fn steps(&self, group: i64) -> Vec<(&'static str, String, Value)> {
        let address = format!("/api/imports/{}", self.id);
        let begin = json!({
            "id": self.id, "file_name": "people.csv", "file_sha256": "ab".repeat(32), "rows": self.rows,
            "group": group, "columns": ["Name", "Email"], "delimiter": ",",
        });
        let mut steps = vec![("POST", "/api/imports".to_owned(), begin)];
        for (number, first) in (0..self.rows).step_by(CHUNK as usize).enumerate() {
            let rows: Vec<Value> = (first..self.rows.min(first + CHUNK))
                .map(|row| json!({ "line": row + 2, "values": { "name": format!("Person {row}"), "email": self.email(row) } }))
                .collect();
            steps.push(("PUT", format!("{address}/chunks/{number}"), json!({ "rows": rows })));
        }
        steps.push(("POST", format!("{address}/finish"), json!({})));
        steps
    }

    /// Every row is there; that none is there twice, [`super::Answers::assert_kept`] says.
    pub fn assert_whole(&self, there: &[String]) {
        let missing = self.emails().filter(|email| !there.contains(email)).count();
        assert_eq!(missing, 0, "rows of the import are missing");
    }
}
