//! The check of a whole file: every row by itself, and what only the whole shows: addresses and
//! single sign-on IDs that stand twice, addresses that look alike. Findings are numbers; sentences
//! are made for the rows that somebody looks at.

mod lookalikes;
mod result;

use super::Rules;
use super::arena::{narrow, wide};
use super::first_seen::FirstSeen;
use super::read::part;
use super::sheet::Sheet;
use super::values::Hidden;
use crate::email;
use crate::fields::{self, Field};
use crate::problem::Code;

pub use result::{Checked, Counts, Filter, RowStatus};

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    Row,
    Field(Field),
    /// A column by its number; not every column is a field's.
    Column(u8),
}

impl Place {
    pub(super) fn column(column: usize) -> Self {
        // A row may have more cells than a file may have columns.
        u8::try_from(column).map_or(Self::Row, Self::Column)
    }
}

/// One problem of one row, as a number; the sentence is made by `Checked::problems_of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub row: u32,
    /// The other row, of duplicates; how many cells there are, of rows of a wrong length.
    pub other: u32,
    pub code: Code,
    pub place: Place,
}

impl Finding {
    pub(super) fn new(row: usize, code: Code, place: Place, other: usize) -> Self {
        Self { row: narrow(row), other: narrow(other), code, place }
    }

    /// Those of the row, out of all in the order of rows.
    pub(super) fn of_row(findings: &[Self], row: usize) -> &[Self] {
        let start = findings.partition_point(|finding| wide(finding.row) < row);
        let len = findings[start..].partition_point(|finding| wide(finding.row) == row);
        &findings[start..start + len]
    }
}

/// The rows' problems. `progress` is told the part that is done, from 0 to 1.
pub fn check(sheet: &Sheet, rules: &Rules, progress: &mut dyn FnMut(f32)) -> Checked {
    const STEP: usize = 1024;
    let rows = sheet.row_count();
    let mut findings = sheet.findings.clone();
    let mut uniques = Uniques::new(sheet);
    for row in 0..rows {
        if row.is_multiple_of(STEP) {
            progress(part(row, rows));
            uniques.settle(&mut findings);
        }
        uniques.check_row(row, rules, &mut findings);
    }
    uniques.settle(&mut findings);
    lookalikes::find(sheet, &uniques.international, &mut findings);
    findings.sort_by_key(|finding| finding.row);
    progress(1.0);
    Checked::new(rows, findings, rules.clone())
}

/// What was seen in the rows so far.
struct Uniques<'a> {
    sheet: &'a Sheet,
    emails: FirstSeen,
    sso_ids: FirstSeen,
    /// The rows whose address is not ASCII.
    international: Vec<u32>,
    group_seen: bool,
    key: String,
}

impl<'a> Uniques<'a> {
    fn new(sheet: &'a Sheet) -> Self {
        let rows = sheet.row_count();
        Self {
            sheet,
            emails: FirstSeen::with_capacity(rows),
            sso_ids: FirstSeen::with_capacity(rows),
            international: Vec::new(),
            group_seen: false,
            key: String::new(),
        }
    }

    fn check_row(&mut self, row: usize, rules: &Rules, findings: &mut Vec<Finding>) {
        let sheet = self.sheet;
        let hidden = hidden(sheet, row);
        if hidden.all() {
            return;
        }
        let values = sheet.values(row);
        values.check(rules, hidden, &mut self.key, |field, code| {
            findings.push(Finding::new(row, code, Place::Field(field), 0));
        });
        if !self.key.is_empty() {
            if email::is_international(&self.key) {
                self.international.push(narrow(row));
            }
            self.emails.add(&self.key, row);
        }
        if !hidden.contains(Field::SsoId)
            && let Ok(id) = fields::sso_id(values.get(Field::SsoId))
            && !id.value.is_empty()
        {
            self.sso_ids.add(&id.value, row);
        }
        if rules.group_chosen && !self.group_seen && !values.get(Field::Group).is_empty() {
            self.group_seen = true;
            findings.push(Finding::new(row, Code::GroupIgnored, Place::Field(Field::Group), 0));
        }
    }

    fn settle(&mut self, findings: &mut Vec<Finding>) {
        let sheet = self.sheet;
        let mut find = |code, field, row, first| {
            findings.push(Finding::new(row, code, Place::Field(field), first));
        };
        let (mut one_key, mut other_key) = (String::new(), String::new());
        let same_email = |one, other| {
            email_key(sheet, one, &mut one_key);
            email_key(sheet, other, &mut other_key);
            one_key == other_key
        };
        let same_sso_id = |one, other| {
            let ids = [one, other].map(|row| sheet.value(row, Field::SsoId));
            let [one, other] = ids.each_ref().map(|id| fields::sso_id(id).map(|id| id.value));
            one == other
        };
        self.emails.settle(same_email, |row, first| {
            find(Code::EmailDuplicateInFile, Field::Email, row, first);
        });
        self.sso_ids.settle(same_sso_id, |row, first| {
            find(Code::SsoIdDuplicateInFile, Field::SsoId, row, first);
        });
    }
}

fn hidden(sheet: &Sheet, row: usize) -> Hidden {
    if sheet.findings.is_empty() {
        return Hidden::default();
    }
    Hidden::by(sheet.findings_of(row).iter().map(|finding| {
        let field = match finding.place {
            Place::Row => None,
            Place::Field(field) => Some(field),
            Place::Column(column) => sheet.heading.field_of(usize::from(column)),
        };
        (finding.code, field)
    }))
}

/// Writes the row's key over `key`; empty where the row has no valid address.
fn email_key(sheet: &Sheet, row: usize, key: &mut String) {
    let text = sheet.value(row, Field::Email);
    if hidden(sheet, row).contains(Field::Email) || email::examine(&text, key).is_err() {
        key.clear();
    }
}
