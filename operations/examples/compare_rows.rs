//! For `cargo xtask bench import-native`: the dry run of a file's rows, as the server does it.
//!
//! `compare_rows DATABASE GROUP FILE` prints the milliseconds.

mod open;

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use operations::imports;
use roster::authority::Caller;
use roster::id::GroupId;
use roster::import::{
    COMPARE_ROWS, Choices, CompareRow, Comparison, Existing, Rules, Verdict, check, read,
};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, group, file] = arguments.as_slice() else {
        return Err("compare_rows DATABASE GROUP FILE".into());
    };
    let group = Some(GroupId(group.parse()?));
    let rules = Rules { group_chosen: true, ..Rules::default() };
    let sheet = read(&std::fs::read(file)?, &Choices::default(), &mut |_| {})
        .map_err(|error| error.message)?;
    let checked = check(&sheet, &rules, &mut |_| {});
    let rows: Vec<CompareRow> = (0..sheet.row_count())
        .filter_map(|row| CompareRow::of(&sheet.submitted(row, &checked).values, true))
        .collect();
    let operations = open::open(database).await?;
    let caller = Caller::operator();
    let mut updates = 0;
    let start = Instant::now();
    for rows in rows.chunks(COMPARE_ROWS) {
        let wish = Comparison { existing: Existing::Update, group, rows: rows.to_vec() };
        let answer = imports::compare(&operations, &caller, wish).await?;
        updates += answer.verdicts.iter().filter(|it| matches!(it, Verdict::Update(_))).count();
    }
    let milliseconds = start.elapsed().as_millis();
    writeln!(std::io::stderr(), "{} rows, {updates} of them updates", rows.len())?;
    writeln!(std::io::stdout(), "{milliseconds}")?;
    Ok(())
}
