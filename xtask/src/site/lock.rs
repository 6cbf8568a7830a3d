//! One xtask at a time where something is built: a second one (a test beside `watch`, say) waits until the first is done,
//! as cargo does. Without it one would read what the other is still writing.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::{Outcome, say};

/// Held until it is dropped, or the process ends.
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

pub fn lock(file: &Path) -> Outcome<Lock> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(file)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            say::progress("  waiting for another xtask …");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(Lock(file))
}
