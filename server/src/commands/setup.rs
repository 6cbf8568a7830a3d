//! `muster setup`: creates the Master Account Holder without the one-time code, since who runs this
//! holds the database.

use std::io::{self, BufRead, Read};
use std::process::ExitCode;

use operations::set_up::SetUp;
use roster::authority::Caller;
use roster::secret::Secret;

use super::open;
use crate::arguments::Setup;
use crate::configuration::Database;
use crate::failure::{Failure, Result};
use crate::say;

/// More than any password has.
const MAX_BYTES: u64 = 4096;

pub async fn run(database: Database, setup: Setup) -> Result<ExitCode> {
    let password = read_password()?;
    let operations = open(&database).await?;
    let wish = SetUp {
        code: None,
        organization: setup.organization,
        name: setup.name,
        email: setup.email.clone(),
        password,
    };
    operations::set_up::set_up(&operations, &Caller::operator(), wish).await?;
    operations.close().await;
    say::line(format_args!(
        "Muster is set up. The Master Account Holder signs in as {}.",
        setup.email
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input, without its end.
pub fn read_password() -> Result<Secret> {
    let mut line = String::new();
    io::stdin().lock().take(MAX_BYTES).read_line(&mut line).map_err(|error| {
        Failure::Usage(format!("--password-stdin: The password can't be read: {error}."))
    })?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::usage(
            "--password-stdin: Standard input has no password. Write it there, such as: muster … \
             --password-stdin < password-file",
        ));
    }
    Ok(Secret::new(password))
}
