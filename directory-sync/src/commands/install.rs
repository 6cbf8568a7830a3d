//! `muster-sync install` and `uninstall`.

use super::said;
use crate::configuration::{Files, Setting};
use crate::failure::{Exit, Result};
use crate::system;

pub fn install(files: &Files) -> Result<Exit> {
    // A service with an unreadable configuration would not start.
    Setting::read(files.clone())?;
    said(system::this().install(files)?)?;
    Ok(Exit::Done)
}

pub fn uninstall() -> Result<Exit> {
    said(system::this().uninstall()?)?;
    Ok(Exit::Done)
}
