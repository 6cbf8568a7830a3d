//! An import file on the command line: read, checked, and what is wrong with its rows shown.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use roster::fields::Field;
use roster::import::{
    self, Checked, Choices, FileError, FileErrorLine, Rules, Sheet, Summary, checked_row, limit,
};
use roster::problem::Problem;

use super::table::Table;
use crate::failure::{Failure, Result};
use crate::say::{Progress, Results};

/// The file's bytes and what it is called.
pub struct Contents {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Reads a file, or standard input for `-`; of one that is too large no more than shows it.
pub fn contents(path: &Path) -> Result<Contents> {
    let most = limit::BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let (read, name) = if path == Path::new("-") {
        (io::stdin().lock().take(most).read_to_end(&mut bytes), PathBuf::from("standard input"))
    } else {
        let name = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
        (File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)), name)
    };
    read.map_err(|error| Failure::Usage(format!("{} can't be read: {error}.", path.display())))?;
    Ok(Contents { name: name.to_string_lossy().into_owned(), bytes })
}

/// The file as a sheet with its problems. One that can't be read at all is said to be so: on
/// standard output with `--json`, as the contract has it.
pub fn check(contents: &Contents, rules: &Rules, json: bool) -> Result<(Sheet, Checked)> {
    let mut progress = Progress::new();
    let sheet = import::read(&contents.bytes, &Choices::default(), &mut |part| {
        progress.part("Reading", part);
    });
    let sheet = match sheet {
        Ok(sheet) => sheet,
        Err(error) => {
            progress.clear();
            return Err(unreadable(contents, error, json)?);
        }
    };
    let checked = import::check(&sheet, rules, &mut |part| progress.part("Checking", part));
    Ok((sheet, checked))
}

fn unreadable(contents: &Contents, error: FileError, json: bool) -> Result<Failure> {
    let place = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let sentence = format!("{}{place}: {} ({})", contents.name, error.message, error.code);
    if json {
        let mut results = Results::new();
        results.json(&FileErrorLine { file_error: error })?;
        results.finish()?;
    }
    Ok(Failure::Usage(sentence))
}

/// Every row as a line of JSON, then the summary.
pub fn write_json(sheet: &Sheet, checked: &Checked) -> Result<()> {
    let mut results = Results::new();
    for row in 0..sheet.row_count() {
        results.json(&checked_row(sheet, checked, row))?;
    }
    results.json(&import::summary(sheet, checked))?;
    results.finish()
}

/// The rows with problems, then a sentence.
pub fn write_table(sheet: &Sheet, checked: &Checked) -> Result<()> {
    let mut results = Results::new();
    let mut table = problem_table();
    for row in 0..sheet.row_count() {
        add_problems(&mut table, sheet.line(row), &checked.problems_of(sheet, row));
    }
    if !table.is_empty() {
        table.write(&mut results)?;
        results.line("")?;
    }
    let ignored: Vec<&str> = sheet.ignored().map(|header| header.text.as_str()).collect();
    if !ignored.is_empty() {
        results.line(format_args!("Ignored columns: {}.", ignored.join(", ")))?;
    }
    results.line(sentence(&import::summary(sheet, checked)))?;
    results.finish()
}

pub fn problem_table() -> Table<4> {
    Table::new(["LINE", "", "COLUMN", "MESSAGE"])
}

pub fn add_problems(table: &mut Table<4>, line: u32, problems: &[Problem]) {
    for problem in problems {
        let kind = if problem.is_error() { "error" } else { "warning" };
        let column = problem.field().map_or("", Field::header);
        let message = format!("{} ({})", problem.message, problem.code);
        table.row([line.to_string(), kind.to_owned(), column.to_owned(), message]);
    }
}

/// "1 row", "2 rows"
pub fn counted(rows: u32) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn sentence(summary: &Summary) -> String {
    let Summary { rows, ok, warnings, errors, .. } = summary;
    let delimiter = match summary.delimiter {
        Some(delimiter) => format!(", {} between the columns", delimiter.as_str()),
        None => String::new(),
    };
    format!(
        "{}: {ok} fine, {warnings} with warnings, {errors} with errors. Read as {}, \
         {}{delimiter}.",
        counted(*rows),
        summary.format.label(),
        summary.encoding.label(),
    )
}
