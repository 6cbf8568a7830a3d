//! `muster holder`: lets the Master Account Holder in again. Who runs this holds the database.

use std::process::ExitCode;

use operations::holder;
use roster::authority::Caller;

use super::open_existing;
use super::setup::read_password;
use crate::arguments::Holder;
use crate::configuration::Database;
use crate::failure::Result;
use crate::say;

pub async fn run(database: Database, verb: Holder) -> Result<ExitCode> {
    let given = match verb {
        Holder::ResetPassword { password_stdin: true } => Some(read_password()?),
        Holder::ResetPassword { .. } | Holder::Unlock | Holder::ResetTwoStep => None,
    };
    let operations = open_existing(&database).await?;
    let operator = Caller::operator();
    match verb {
        Holder::Unlock => match holder::unlock(&operations, &operator).await? {
            0 => say::line("Nothing was locked: no sign-in of the holder failed lately.")?,
            _ => say::line("The holder can sign in again.")?,
        },
        Holder::ResetPassword { .. } => {
            match holder::reset_password(&operations, &operator, given).await? {
                Some(made) => say::line(made.reveal())?,
                None => say::line("The holder signs in with the password that was given.")?,
            }
            say::aside("All sessions of the holder have ended.");
        }
        Holder::ResetTwoStep => {
            holder::reset_two_step(&operations, &operator).await?;
            say::line("The holder signs in with the password alone. All sessions have ended.")?;
        }
    }
    operations.close().await;
    Ok(ExitCode::SUCCESS)
}
