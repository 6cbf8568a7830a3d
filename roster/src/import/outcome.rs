//! What became of the rows, and its files: all rows as CSV or JSON. Passwords are in none.

use serde::{Deserialize, Serialize};

use super::formula::guard;
use crate::fields::Field;
use crate::history::Reversal;
use crate::id::AccountId;
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Created,
    Updated,
    /// The account is as the row says already.
    Unchanged,
    /// The account exists, and existing ones were to be left alone.
    Skipped,
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 5] =
        [Self::Created, Self::Updated, Self::Unchanged, Self::Skipped, Self::Failed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Updated => "Updated",
            Self::Unchanged => "Unchanged",
            Self::Skipped => "Skipped",
            Self::Failed => "Failed",
        }
    }
}

/// A word that is no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no outcome “{0}”")]
pub struct UnknownOutcome(pub String);

impl std::str::FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(word: &str) -> Result<Self, UnknownOutcome> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
            .ok_or_else(|| UnknownOutcome(word.to_owned()))
    }
}

/// One line of the Import Summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowResult {
    pub line: u32,
    pub outcome: Outcome,
    pub name: String,
    pub email: String,
    pub account: Option<AccountId>,
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// Its place among the rows of its import; what edits and retries name it by.
    #[serde(default)]
    pub place: i64,
    /// Of an updated row: what was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The import was undone, and this became of the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal: Option<Reversal>,
}

/// A field that an import changed, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: Field,
    pub before: String,
    pub after: String,
}

/// All rows, as UTF-8 with a byte order mark, so that a spreadsheet opens it.
#[must_use]
pub fn results_csv(rows: &[RowResult]) -> Vec<u8> {
    let mut csv = Table::new(b',');
    csv.row([
        "Line",
        "Outcome",
        "Name",
        "Email",
        "Account ID",
        "Codes",
        "Messages",
        "Changes",
        "Undone",
    ]);
    for row in rows {
        csv.row([
            row.line.to_string().as_str(),
            row.outcome.as_str(),
            &guard(&row.name),
            &guard(&row.email),
            &row.account.map_or_else(String::new, |account| account.to_string()),
            &codes(&row.problems),
            &guard(&messages(&row.problems)),
            &changes(&row.changes),
            &row.reversal.as_ref().map_or_else(String::new, reversal),
        ]);
    }
    csv.into_bytes()
}

/// Starting passwords, each with whose it is.
#[must_use]
pub fn starting_csv(rows: &[[String; 3]]) -> Vec<u8> {
    let mut csv = Table::new(b',');
    csv.row(["Name", "Email", "Starting password"]);
    for [name, email, password] in rows {
        csv.row([&*guard(name), &*guard(email), password.as_str()]);
    }
    csv.into_bytes()
}

/// "Name: “Anna” becomes “Anne”."
fn changes(changes: &[Change]) -> String {
    let change = |Change { field, before, after }: &Change| {
        format!("{}: “{before}” becomes “{after}”.", field.header())
    };
    changes.iter().map(change).collect::<Vec<_>>().join(" ")
}

fn reversal(reversal: &Reversal) -> String {
    match reversal {
        Reversal::Reversed => "reversed".to_owned(),
        Reversal::Kept(why) => format!("kept: {why}"),
        Reversal::Failed(why) => format!("failed: {why}"),
    }
}

/// All rows, as a list of objects.
#[must_use]
pub fn results_json(rows: &[RowResult]) -> Vec<u8> {
    let mut json = serde_json::to_vec_pretty(rows).unwrap_or_default();
    json.push(b'\n');
    json
}

pub(super) fn codes(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn messages(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// A CSV file in memory, where writing can't fail.
pub(super) struct Table(csv::Writer<Vec<u8>>);

impl Table {
    pub fn new(delimiter: u8) -> Self {
        let writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        Self(writer)
    }

    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let written = self.0.write_record(cells);
        debug_assert!(written.is_ok(), "memory takes every record");
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    fn rows() -> [RowResult; 2] {
        let problem = Problem::on(Field::Email, Code::EmailInUse, "“=b@x.test” is in use, twice.");
        [
            RowResult {
                line: 2,
                outcome: Outcome::Created,
                name: "Anna".into(),
                email: "anna@x.test".into(),
                account: Some(AccountId(7)),
                problems: vec![],
                place: 0,
                changes: vec![Change {
                    field: Field::Name,
                    before: "Ann".into(),
                    after: "Anna".into(),
                }],
                reversal: Some(Reversal::Kept("Signed in.".into())),
            },
            RowResult {
                line: 3,
                outcome: Outcome::Failed,
                name: "=cmd|x".into(),
                email: "=b@x.test".into(),
                account: None,
                problems: vec![problem],
                place: 1,
                changes: vec![],
                reversal: None,
            },
        ]
    }

    #[test]
    fn all_rows_as_csv() {
        let csv = String::from_utf8(results_csv(&rows())).unwrap();
        expect_test::expect![[r#"
            Line,Outcome,Name,Email,Account ID,Codes,Messages,Changes,Undone
            2,created,Anna,anna@x.test,7,,,Name: “Ann” becomes “Anna”.,kept: Signed in.
            3,failed,'=cmd|x,'=b@x.test,,email.in_use,"“=b@x.test” is in use, twice.",,
        "#]]
        .assert_eq(&csv.replace(['\r', '\u{feff}'], ""));
        assert!(csv.starts_with('\u{feff}'));
    }

    #[test]
    fn all_rows_as_json() {
        let json = results_json(&rows());
        let back: Vec<RowResult> = serde_json::from_slice(&json).unwrap();
        assert_eq!(back, rows());
    }

    #[test]
    fn an_outcome_is_its_word() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.as_str().parse(), Ok(outcome));
            assert_eq!(
                serde_json::to_string(&outcome).unwrap(),
                format!("\"{}\"", outcome.as_str())
            );
        }
    }
}
