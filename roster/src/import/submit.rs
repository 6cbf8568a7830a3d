//! A row as it goes to the server, and the check that the server makes anew.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::check::{self, Checked};
use super::compare::Expected;
use super::sheet::Sheet;
use super::values::{Hidden, Values};
use super::{Rules, limit, message};
use crate::fields::{self, Field, Person};
use crate::id::GroupId;
use crate::problem::{Code, Problem};

/// The canonical row: never the file, but what was understood of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedRow {
    /// The line on which the row begins.
    pub line: u32,
    pub values: SubmittedValues,
    /// Those alone that only the whole file shows; the server finds the others itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What the dry run said of it; what has changed since is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
    /// Somebody took the row out: it is skipped without a problem.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

/// The texts of a row by field; `None` where the file says nothing. Trimmed and in normal form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SubmittedValues {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(rename = "singleSignOnId", skip_serializing_if = "Option::is_none")]
    pub sso_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_license: Option<String>,
    #[serde(rename = "technicianGroupId", skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The path of that group, where the file tells it: on another server the ID may be another
    /// group's. It goes when somebody gives the row another group.
    #[serde(rename = "technicianGroupPath", skip_serializing_if = "Option::is_none")]
    pub group_path: Option<String>,
}

impl fmt::Debug for SubmittedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmittedValues")
            .field("name", &self.name)
            .field("email", &self.email)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .finish_non_exhaustive()
    }
}

impl SubmittedValues {
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => &self.name,
            Field::Nickname => &self.nickname,
            Field::Email => &self.email,
            Field::Password => &self.password,
            Field::SsoId => &self.sso_id,
            Field::Description => &self.description,
            Field::Enabled => &self.enabled,
            Field::StandardLicense => &self.standard_license,
            Field::MobileLicense => &self.mobile_license,
            Field::Group => &self.group,
        }
        .as_deref()
    }

    /// An empty text is none.
    pub fn set(&mut self, field: Field, text: &str) {
        if field == Field::Group {
            self.group_path = None;
        }
        let slot = match field {
            Field::Name => &mut self.name,
            Field::Nickname => &mut self.nickname,
            Field::Email => &mut self.email,
            Field::Password => &mut self.password,
            Field::SsoId => &mut self.sso_id,
            Field::Description => &mut self.description,
            Field::Enabled => &mut self.enabled,
            Field::StandardLicense => &mut self.standard_license,
            Field::MobileLicense => &mut self.mobile_license,
            Field::Group => &mut self.group,
        };
        *slot = (!text.is_empty()).then(|| text.to_owned());
    }

    fn values(&self) -> Values<'_> {
        Values(Field::ALL.map(|field| Cow::Borrowed(self.get(field).unwrap_or_default())))
    }
}

/// A row without an error.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadyRow {
    pub line: u32,
    pub person: Person,
    /// `None`: the organization's default.
    pub password: Option<String>,
    /// `None` where a group was chosen for the whole file.
    pub group: Option<GroupId>,
    /// What the file says beside the group's number.
    pub group_path: Option<String>,
}

impl fmt::Debug for ReadyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadyRow")
            .field("line", &self.line)
            .field("person", &self.person)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .field("group", &self.group)
            .field("group_path", &self.group_path)
            .finish()
    }
}

impl Sheet {
    /// The row for the server. `checked` is this sheet's.
    #[must_use]
    pub fn submitted(&self, row: usize, checked: &Checked) -> SubmittedRow {
        let mut values = SubmittedValues::default();
        let mut problems = checked.problems_of(self, row);
        problems.retain(|problem| problem.code.needs_whole_file());
        let hidden = check::hidden(self, row);
        let left_out = self.is_left_out(row);
        for field in Field::ALL {
            // Of a row whose cells are shifted, nothing goes that may be a password.
            let shifted = hidden.all()
                && self.column_of(field).is_none_or(|column| self.is_secret(row, column));
            let needless = left_out && field == Field::Password;
            if !shifted && !needless && (hidden.all() || !hidden.contains(field)) {
                values.set(field, &self.value(row, field));
            }
        }
        values.group_path = self.group_path(row).filter(|_| values.group.is_some());
        SubmittedRow { line: self.line(row), values, problems, expected: None, left_out }
    }
}

impl Sheet {
    /// Of a group that somebody put there the file knows nothing.
    fn group_path(&self, row: usize) -> Option<String> {
        let column = self.heading.group_path?;
        let number = self.column_of(Field::Group)?;
        let path = self.understood(row, column);
        let told = !path.is_empty() && !self.arena.is_edited(row, number);
        told.then(|| path.chars().take(limit::GROUP_PATH).collect())
    }
}

fn hidden(problems: &[Problem]) -> Hidden {
    Hidden::by(problems.iter().map(|problem| (problem.code, problem.field())))
}

/// The row with all of its problems, those among them that it brought along; ready iff none of
/// them is an error. The same check as in the preview; what is in use only the server knows.
#[must_use]
pub fn check_submitted(row: &SubmittedRow, rules: &Rules) -> (Option<ReadyRow>, Vec<Problem>) {
    let submitted = row.values.values();
    let values = submitted.cleaned();
    let brought = row.problems.iter().filter(|problem| problem.code.needs_whole_file());
    let mut problems: Vec<Problem> = brought.cloned().collect();
    problems.extend(values.problems(rules, hidden(&problems)));
    problems.sort_by_key(Problem::place);
    if problems.iter().any(Problem::is_error) {
        return (None, problems);
    }
    match ready(row.line, &values, rules) {
        Ok(ready) => {
            let group_path = row.values.group_path.clone().filter(|_| ready.group.is_some());
            (Some(ReadyRow { group_path, ..ready }), problems)
        }
        Err((field, code)) => {
            problems.push(message::of_field(field, code, &values, rules));
            (None, problems)
        }
    }
}

fn ready(line: u32, values: &Values<'_>, rules: &Rules) -> Result<ReadyRow, (Field, Code)> {
    let password = values.get(Field::Password);
    let group = if rules.group_chosen {
        None
    } else {
        fields::group(values.get(Field::Group)).map_err(|code| (Field::Group, code))?
    };
    Ok(ReadyRow {
        line,
        person: values.build()?,
        password: (!password.is_empty()).then(|| password.to_owned()),
        group,
        group_path: None,
    })
}
