//! The check of a whole file: every row by itself, and what only the whole shows: addresses and
//! single sign-on IDs that stand twice, addresses that look alike. Findings are numbers; sentences
//! are made for the rows that somebody looks at.

mod again;
mod keys;
mod lookalikes;
mod result;

use super::Rules;
use super::arena::{narrow, wide};
use super::read::part;
use super::sheet::Sheet;
use super::values::Hidden;
use crate::email;
use crate::fields::Field;
use crate::problem::Code;

pub(super) use again::{Before, recheck};
pub(super) use keys::Keys;
pub use result::{Checked, Counts, Filter, RowStatus};

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub row: u32,
    pub code: Code,
    pub place: Place,
    /// The other row, of duplicates; how many cells there are, of rows of a wrong length.
    pub other: u32,
}

impl Finding {
    pub(super) fn new(row: usize, code: Code, place: Place, other: usize) -> Self {
        Self { row: narrow(row), other: narrow(other), code, place }
    }

    /// Those of the row, out of all in the order of rows.
    pub(super) fn of_row(findings: &[Self], row: usize) -> &[Self] {
        let start = findings.partition_point(|finding| wide(finding.row) < row);
        let len = findings[start..].iter().take_while(|finding| wide(finding.row) == row).count();
        &findings[start..start + len]
    }
}

/// The rows' problems. `progress` is told the part that is done, from 0 to 1.
pub fn check(sheet: &Sheet, rules: &Rules, progress: &mut dyn FnMut(f32)) -> Checked {
    inspect(sheet, rules.clone(), progress).0
}

/// As `check`, with what it takes to look at single rows again.
pub(super) fn inspect(
    sheet: &Sheet,
    rules: Rules,
    progress: &mut dyn FnMut(f32),
) -> (Checked, Keys) {
    const STEP: usize = 1024;
    let rows = sheet.row_count();
    let mut findings = Vec::new();
    let mut keys = Keys::new(rows);
    for row in 0..rows {
        if row.is_multiple_of(STEP) {
            progress(part(row, rows));
        }
        let names_group = keys.check_row(sheet, row, &rules, &mut findings);
        if names_group && keys.group_row.is_none() {
            keys.group_row = Some(narrow(row));
        }
    }
    keys.find_duplicates(sheet, &mut findings);
    keys.find_lookalikes(sheet, &mut findings);
    findings.extend(keys.group_ignored(&rules));
    // What the rows have by themselves is in order already, nearly always all there is.
    if !findings.is_sorted() {
        findings.sort();
    }
    progress(1.0);
    (Checked::new(sheet, findings, rules), keys)
}

/// The fields that can't be looked at: their cells aren't what they should be, or the file has no
/// column for them, which is said once.
pub(super) fn hidden(sheet: &Sheet, row: usize) -> Hidden {
    let absent = sheet.heading.absent;
    if sheet.findings.is_empty() {
        return absent;
    }
    absent.and(Hidden::by(sheet.findings_of(row).iter().map(|finding| {
        let field = match finding.place {
            Place::Row => None,
            Place::Field(field) => Some(field),
            Place::Column(column) => sheet.heading.field_of(usize::from(column)),
        };
        (finding.code, field)
    })))
}

/// Writes the row's key over `key`; empty where the row has no valid address.
fn email_key(sheet: &Sheet, row: usize, key: &mut String) {
    let text = sheet.value(row, Field::Email);
    if sheet.is_left_out(row)
        || hidden(sheet, row).contains(Field::Email)
        || email::examine(&text, key).is_err()
    {
        key.clear();
    }
}
