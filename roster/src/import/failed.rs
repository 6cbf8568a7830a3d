//! The failed rows alone, in the file's own columns, order and delimiter: once repaired, the file
//! imports as it is. Cells that hold a password, or may, are empty.

use super::formula::guard;
use super::header::{is_group_path, likeliest_field, may_hold_passwords};
use super::outcome::{Table, codes, messages};
use super::sheet::Sheet;
use super::submit::SubmittedValues;
use crate::fields::Field;
use crate::problem::Problem;

const APPENDED: [&str; 3] = ["_line", "_error_code", "_error"];

/// From the file itself: each row by its number, with its problems.
#[must_use]
pub fn failed_csv(sheet: &Sheet, rows: &[(usize, Vec<Problem>)]) -> Vec<u8> {
    let delimiter = sheet.delimiter().map_or(b',', super::Delimiter::byte);
    let mut csv = Table::new(delimiter);
    let headers = sheet.headers().iter().map(|header| header.text.as_str());
    // A file of failed rows that failed again has the three already.
    let kept: Vec<bool> = headers.clone().map(|text| !is_appended(text)).collect();
    let of_file = headers.zip(&kept).filter(|(_, kept)| **kept).map(|(text, _)| text);
    csv.row(of_file.map(|text| guard(text).into_owned()).chain(APPENDED.map(str::to_owned)));
    for (row, problems) in rows {
        // Surplus cells stay: without them the row would come back as if it were whole.
        let width = sheet.width(*row).max(kept.len());
        let cells = (0..width).filter(|column| kept.get(*column).copied().unwrap_or(true));
        let cells = cells.map(|column| {
            if sheet.is_secret(*row, column) {
                String::new()
            } else {
                guard(&sheet.understood(*row, column)).into_owned()
            }
        });
        csv.row(cells.chain(appended(sheet.line(*row), problems)));
    }
    csv.into_bytes()
}

/// A failed row of which only the canonical values are known.
#[derive(Clone, Debug)]
pub struct FailedRow {
    pub line: u32,
    pub values: SubmittedValues,
    pub problems: Vec<Problem>,
}

/// As `failed_csv`, for the server, which never saw the file. `columns` are the file's; those that
/// name no field are empty. A name that was made of two columns stands in one of its own.
#[must_use]
pub fn failed_csv_from<'a>(
    columns: &[String],
    delimiter: char,
    rows: impl IntoIterator<Item = &'a FailedRow>,
) -> Vec<u8> {
    let mut csv = Table::new(u8::try_from(delimiter).unwrap_or(b','));
    let mut columns: Vec<(&str, Option<Field>)> = columns
        .iter()
        .filter(|column| !is_appended(column))
        .map(|column| (column.as_str(), likeliest_field(column)))
        .collect();
    if !columns.iter().any(|(_, field)| *field == Some(Field::Name)) {
        columns.insert(0, (Field::Name.header(), Some(Field::Name)));
    }
    let header = columns.iter().map(|(text, _)| guard(text).into_owned());
    csv.row(header.chain(APPENDED.map(str::to_owned)));
    for row in rows {
        let cells = columns.iter().map(|(text, field)| match field {
            None if is_group_path(text) => {
                guard(row.values.group_path.as_deref().unwrap_or_default()).into_owned()
            }
            Some(Field::Password) | None => String::new(),
            Some(_) if may_hold_passwords(text) => String::new(),
            Some(field) => guard(row.values.get(*field).unwrap_or_default()).into_owned(),
        });
        csv.row(cells.chain(appended(row.line, &row.problems)));
    }
    csv.into_bytes()
}

fn is_appended(header: &str) -> bool {
    APPENDED.contains(&header)
}

fn appended(line: u32, problems: &[Problem]) -> [String; 3] {
    let errors: Vec<Problem> = problems.iter().filter(|of| of.is_error()).cloned().collect();
    // Whoever calls a row failed without an error has a reason, too.
    let shown = if errors.is_empty() { problems } else { &errors };
    [line.to_string(), codes(shown), guard(&messages(shown)).into_owned()]
}
