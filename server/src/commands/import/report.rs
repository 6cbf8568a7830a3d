//! What is said of an import: how far it is, what became of each row, the summary.

use std::process::ExitCode;

use operations::{Clock, SystemClock};
use roster::history::Counts;
use roster::id::{ImportId, Timestamp};
use roster::import::{Change, Delimiter, Encoding, Format, RowResult, Sheet};
use roster::problem::Problem;
use serde::Serialize;

use crate::commands::check::exit_code;
use crate::commands::file;
use crate::commands::table::Table;
use crate::failure::Result;
use crate::say::{Progress, Results};

/// `{"summary":{…}}`
#[derive(Serialize)]
struct SummaryLine {
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    /// `None`: a dry run.
    import: Option<ImportId>,
    rows: u32,
    #[serde(flatten)]
    counts: Counts,
    /// When the same file was imported before, where everybody in it is there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    imported_before: Option<String>,
    encoding: Encoding,
    delimiter: Option<Delimiter>,
    format: Format,
}

pub struct Report {
    results: Results,
    /// `None` with `--json`.
    table: Option<Table<4>>,
    /// It only says what would be.
    dry_run: bool,
    errors: bool,
    counts: Counts,
    progress: Progress,
    started: Timestamp,
    done: u64,
    all: u64,
    encoding: Encoding,
    delimiter: Option<Delimiter>,
    format: Format,
}

impl Report {
    pub fn new(sheet: &Sheet, json: bool, dry_run: bool) -> Self {
        Self {
            results: Results::new(),
            table: (!json).then(file::problem_table),
            dry_run,
            errors: false,
            counts: Counts::default(),
            progress: Progress::new(),
            started: SystemClock.now(),
            done: 0,
            all: sheet.row_count() as u64,
            encoding: sheet.encoding(),
            delimiter: sheet.delimiter(),
            format: sheet.format(),
        }
    }

    /// So many rows more are on their way; what becomes of them is said at the end.
    pub fn sent(&mut self, rows: usize) {
        self.done += rows as u64;
        let elapsed = SystemClock.now().seconds_since(self.started);
        let left = left(elapsed, self.done, self.all);
        let doing = if self.dry_run { "Comparing" } else { "Importing" };
        self.progress.at(doing, self.done.min(self.all), self.all, &left);
    }

    /// A chunk's rows, in the file's order.
    pub fn rows(&mut self, rows: Vec<RowResult>) -> Result<()> {
        self.sent(rows.len());
        for row in rows {
            self.errors |= row.problems.iter().any(Problem::is_error);
            self.counts.add(row.outcome);
            match &mut self.table {
                Some(table) => {
                    file::add_problems(table, row.line, &row.problems);
                    if self.dry_run {
                        add_changes(table, row.line, &row.changes);
                    }
                }
                None => self.results.json(&row)?,
            }
        }
        Ok(())
    }

    /// Everybody in the file was there already.
    pub fn all_skipped(&self) -> bool {
        let skipped = Counts { skipped: self.counts.skipped, ..Counts::default() };
        self.counts == skipped && skipped.skipped > 0
    }

    /// `import` is the one that was made; `None`: it was a dry run. `before`: the same file was
    /// imported then, which is why nothing was to be done.
    pub fn finish(
        mut self,
        import: Option<ImportId>,
        before: Option<Timestamp>,
    ) -> Result<ExitCode> {
        self.progress.clear();
        let counts = self.counts;
        let imported_before = before.map(Timestamp::rfc3339);
        match self.table {
            None => self.results.json(&SummaryLine {
                summary: Summary {
                    import,
                    rows: counts.done(),
                    counts,
                    imported_before,
                    encoding: self.encoding,
                    delimiter: self.delimiter,
                    format: self.format,
                },
            })?,
            Some(table) => {
                if !table.is_empty() && before.is_none() {
                    table.write(&mut self.results)?;
                    self.results.line("")?;
                }
                self.results.line(sentence(counts.done(), counts))?;
                if let Some(before) = imported_before {
                    self.results.line(format_args!(
                        "This file was imported already, on {before}: everybody in it is there, and \
                         nothing was changed."
                    ))?;
                }
                if self.dry_run {
                    self.results.line("This was a dry run: nothing was imported.")?;
                }
            }
        }
        self.results.finish()?;
        Ok(exit_code(self.errors && before.is_none()))
    }
}

fn add_changes(table: &mut Table<4>, line: u32, changes: &[Change]) {
    for Change { field, before, after } in changes {
        let message = format!("“{before}” becomes “{after}”");
        table.row([line.to_string(), "update".to_owned(), field.header().to_owned(), message]);
    }
}

fn sentence(rows: u32, counts: Counts) -> String {
    let parts = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.skipped, "skipped"),
        (counts.failed, "failed"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!("{}: {}.", file::counted(rows), parts.join(", "))
}

/// The remaining time, as far as the time so far tells.
fn left(elapsed: i64, done: u64, all: u64) -> String {
    let (Ok(done), Ok(all)) = (i64::try_from(done), i64::try_from(all)) else {
        return String::new();
    };
    match (elapsed * (all - done)).checked_div(done) {
        None | Some(0) => String::new(),
        Some(seconds @ 1..=99) => format!(", about {seconds} s left"),
        Some(seconds) => format!(", about {} min left", (seconds + 59) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_time_follows_the_time_so_far() {
        let check = |elapsed, done, all, expected: &str| {
            assert_eq!(left(elapsed, done, all), expected);
        };
        check(0, 0, 100, "");
        check(10, 50, 100, ", about 10 s left");
        check(100, 10, 100, ", about 15 min left");
        check(10, 100, 100, "");
    }

    #[test]
    fn the_sentence_leaves_out_what_did_not_happen() {
        let counts = Counts { created: 3, failed: 1, ..Counts::default() };
        assert_eq!(sentence(4, counts), "4 rows: 3 created, 1 failed.");
    }
}
