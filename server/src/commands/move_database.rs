//! `muster move --from URL --to URL`: the whole database into another one, compared by checksums.

use std::process::ExitCode;

use operations::moving::{Move, MovedTable, Step};
use operations::{Clock as _, SystemClock};
use roster::authority::Caller;

use super::counted;
use super::table::Table;
use crate::configuration::Moving;
use crate::failure::{Failure, Result};
use crate::say::{self, Progress, Results};

pub async fn run(wish: Moving) -> Result<ExitCode> {
    let caller = Caller::operator();
    let started = SystemClock.now();
    let opened = Move::open(&caller, &wish.from, &wish.to, wish.key_file.as_deref()).await;
    let opened = opened.map_err(|error| Failure::failed(error.to_string()))?;
    let mut progress = Progress::new();
    let moved = opened
        .run(&caller, |step| {
            let (doing, table, rows, all) = match step {
                Step::Copied { table, rows, all } => ("Copying", table, rows, all),
                Step::Compared { table, rows, all } => ("Comparing", table, rows, all),
            };
            progress.at(&format!("{doing} {table}"), rows, all, &format!(", {rows} rows"));
        })
        .await;
    progress.clear();
    let key_file = opened.key_file().display().to_string();
    opened.close().await;
    report(&moved?)?;
    let seconds = SystemClock.now().seconds_since(started);
    say::line(format_args!(
        "The database is moved, and both sides are the same: it took {}.\nThe new one needs the same \
         key file: give --key-file {key_file}, or a copy of it.\nPeople sign in again. Don’t serve the \
         old one any more.",
        counted(u64::try_from(seconds).unwrap_or(0), "second", "seconds")
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn report(moved: &[MovedTable]) -> Result<()> {
    let mut results = Results::new();
    let mut table = Table::new(["TABLE", "ROWS", "SHA-256"]);
    for MovedTable { table: name, sum } in moved {
        table.row([(*name).to_owned(), sum.rows.to_string(), sum.sha256.clone()]);
    }
    table.write(&mut results)?;
    results.finish()
}
