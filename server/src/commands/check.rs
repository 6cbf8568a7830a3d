//! `muster check FILE`: the import's check, without a server and without a database.

use std::process::ExitCode;

use roster::import::Rules;

use super::file;
use crate::arguments::Check;
use crate::failure::Result;

pub fn run(wish: &Check) -> Result<ExitCode> {
    let contents = file::contents(&wish.file)?;
    let rules = Rules { group_chosen: !wish.groups_in_file, ..Rules::default() };
    let (sheet, checked) = file::check(&contents, &rules, wish.json)?;
    if wish.json {
        file::write_json(&sheet, &checked)?;
    } else {
        file::write_table(&sheet, &checked)?;
    }
    Ok(exit_code(checked.counts().errors > 0))
}

/// 1 where some row has an error.
pub fn exit_code(errors: bool) -> ExitCode {
    if errors { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
