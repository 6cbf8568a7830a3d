//! A row on its way into the database: ready until something speaks against it, and how it ended.

use roster::fields::Field;
use roster::id::{AccountId, GroupId};
use roster::import::{
    Change, CompareRow, Expected, Outcome, ReadyRow, RowResult, Rules, SubmittedRow,
    SubmittedValues, check_submitted,
};
use roster::problem::{Code, Problem};
use roster::text;
use serde::{Deserialize, Serialize};
use store::{Before, PersonEdit, SeatCount, StoredRow};

pub(super) struct Row {
    pub place: i64,
    line: u32,
    /// Without the password.
    pub values: SubmittedValues,
    pub had_password: bool,
    /// Came with it now, so that it has a hash if it is to create somebody.
    wants_hash: bool,
    pub hash: Option<String>,
    pub expected: Option<Expected>,
    pub ready: Option<ReadyRow>,
    pub group: Option<GroupId>,
    /// Whom the row changes, and how; `None`: it creates somebody.
    pub edit: Option<(PersonEdit, Vec<Change>)>,
    pub end: Option<End>,
    pub problems: Vec<Problem>,
}

/// How a row ended that did not fail.
pub(super) enum End {
    Created(AccountId),
    Updated,
    Unchanged(AccountId),
    Skipped,
}

/// A row that waits for the end of an import of all rows or none.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedRow {
    row: SubmittedRow,
    had_password: bool,
    hash: Option<String>,
    problems: Vec<Problem>,
}

impl Row {
    pub fn check(mut submitted: SubmittedRow, place: i64, rules: &Rules) -> Self {
        // What says nothing keeps what is there.
        for field in Field::ALL {
            if submitted.values.get(field) == Some("") {
                submitted.values.set(field, "");
            }
        }
        let (ready, problems) = if submitted.left_out {
            (None, Vec::new())
        } else {
            check_submitted(&submitted, rules)
        };
        let mut row = Self::of(submitted, place);
        row.ready = ready;
        row.problems = problems;
        row
    }

    /// Without a check: it isn't ready.
    fn of(submitted: SubmittedRow, place: i64) -> Self {
        let mut values = submitted.values;
        let had_password = values.password.take().is_some();
        Self {
            place,
            line: submitted.line,
            values,
            had_password,
            wants_hash: had_password,
            hash: None,
            expected: submitted.expected,
            ready: None,
            group: None,
            edit: None,
            end: submitted.left_out.then_some(End::Skipped),
            problems: Vec::new(),
        }
    }

    /// As it was staged; what was found wrong with it then still is.
    pub fn from_staged(staged: StagedRow, place: i64, rules: &Rules) -> Self {
        let StagedRow { row, had_password, hash, problems } = staged;
        let failed = problems.iter().any(Problem::is_error);
        // Its password was looked at when it was staged.
        let ready = if failed || row.left_out { None } else { check_submitted(&row, rules).0 };
        let of = Self::of(row, place);
        Self { had_password, wants_hash: had_password, hash, problems, ready, ..of }
    }

    pub fn to_staged(&self) -> StagedRow {
        StagedRow {
            row: SubmittedRow {
                line: self.line,
                values: self.values.clone(),
                problems: Vec::new(),
                expected: self.expected,
                left_out: matches!(self.end, Some(End::Skipped)) && self.problems.is_empty(),
            },
            had_password: self.had_password,
            hash: self.hash.clone(),
            problems: self.problems.clone(),
        }
    }

    /// What is still to be done.
    pub fn open(&self) -> Option<&ReadyRow> {
        self.ready.as_ref().filter(|_| self.end.is_none())
    }

    pub fn to_create(&self) -> Option<&ReadyRow> {
        self.open().filter(|_| self.edit.is_none())
    }

    pub fn to_update(&self) -> Option<&PersonEdit> {
        self.open().and(self.edit.as_ref()).map(|(edit, _)| edit)
    }

    /// Its password was not hashed, since somebody had its email.
    pub fn lacks_hash(&self) -> bool {
        self.to_create().is_some() && self.wants_hash && self.hash.is_none()
    }

    pub fn fail(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.ready = None;
    }

    pub fn skip(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.end = Some(End::Skipped);
    }

    /// The row is about somebody, whom it changes.
    pub fn change(&mut self, edit: PersonEdit, changes: Vec<Change>) {
        self.edit = Some((edit, changes));
        self.forget_password();
    }

    /// The row is about somebody, who is as it says.
    pub fn stay(&mut self, account: AccountId) {
        self.end = Some(End::Unchanged(account));
        self.forget_password();
    }

    /// Whoever is there keeps their own: that the row has none is no reason to warn.
    fn forget_password(&mut self) {
        self.problems.retain(|problem| problem.code != Code::PasswordNone);
    }

    /// What the row says, for comparing it with somebody.
    pub fn given(&self, group_chosen: bool) -> CompareRow {
        CompareRow::of(&self.values, group_chosen).unwrap_or_default()
    }

    /// From which seats the row goes to which.
    pub fn seats(&self) -> Option<(SeatCount, SeatCount)> {
        let person = &self.open()?.person;
        Some(match &self.edit {
            Some((edit, _)) => (edit.before.seats(), edit.seats()),
            None => (
                SeatCount::default(),
                SeatCount::of(person.enabled, person.standard_license, person.mobile_license),
            ),
        })
    }

    pub fn outcome(&self) -> Outcome {
        match self.end {
            Some(End::Created(_)) => Outcome::Created,
            Some(End::Updated) => Outcome::Updated,
            Some(End::Unchanged(_)) => Outcome::Unchanged,
            Some(End::Skipped) => Outcome::Skipped,
            None => Outcome::Failed,
        }
    }

    pub fn into_stored(self) -> StoredRow {
        let outcome = self.outcome();
        let updated = outcome == Outcome::Updated;
        let (edit, changes) = self.edit.filter(|_| updated).unzip();
        let (account, version) = match self.end {
            // A new account is in its first version.
            Some(End::Created(id)) => (Some(id), Some(1)),
            Some(End::Unchanged(id)) => (Some(id), None),
            Some(End::Updated) => edit
                .as_ref()
                .map(|edit: &PersonEdit| (edit.before.id, edit.before.version + 1))
                .unzip(),
            Some(End::Skipped) | None => (None, None),
        };
        let to_mend = matches!(outcome, Outcome::Skipped | Outcome::Failed);
        let (name, email) = match &self.ready {
            // As it was imported.
            Some(ready) => (ready.person.name.clone(), ready.person.email.as_typed.clone()),
            None => (seen(self.values.name.as_deref()), seen(self.values.email.as_deref())),
        };
        StoredRow {
            values: to_mend.then(|| serde_json::json!(self.values).to_string()),
            had_password: self.had_password,
            version,
            before: edit
                .map(|edit| Before { person: edit.before.person, group: edit.before.group }),
            result: RowResult {
                line: self.line,
                outcome,
                name,
                email,
                account,
                problems: self.problems,
                place: self.place,
                changes: changes.unwrap_or_default(),
                reversal: None,
            },
        }
    }
}

/// A text that was refused, as the summary shows it: nothing in it turns the writing direction. What
/// was sent is kept beside it, to be mended.
fn seen(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    text::without_invisible(text).unwrap_or_else(|| text.to_owned())
}
