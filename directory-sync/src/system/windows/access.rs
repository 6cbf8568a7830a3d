//! Restricts files to SYSTEM, as which the service runs, and Administrators. Uses Windows's `icacls` with SIDs,
//! because the names depend on the language.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::place;
use crate::configuration::Kept;

const SYSTEM: &str = "*S-1-5-18";
const ADMINISTRATORS: &str = "*S-1-5-32-544";

/// Restricts a new file, which inherited its folder's permissions.
pub fn restrict(file: &Path) -> io::Result<()> {
    let [system, administrators] = [SYSTEM, ADMINISTRATORS].map(|who| format!("{who}:F"));
    icacls(file, &["/setowner", ADMINISTRATORS])?;
    icacls(file, &["/inheritance:r", "/grant:r", &system, &administrators])
}

/// Restricts the default folder and its files, which any user may have created before set-up.
pub fn own(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let [system, administrators] = [SYSTEM, ADMINISTRATORS].map(|who| format!("{who}:(OI)(CI)F"));
    icacls(folder, &["/setowner", ADMINISTRATORS])?;
    icacls(folder, &["/reset"])?;
    icacls(folder, &["/inheritance:r", "/grant:r", &system, &administrators])?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // A secret has stricter permissions of its own.
        if !Kept::ALL.iter().any(|kept| path.extension() == Some(OsStr::new(kept.name()))) {
            icacls(&path, &["/setowner", ADMINISTRATORS])?;
            icacls(&path, &["/reset"])?;
        }
    }
    Ok(())
}

fn icacls(path: &Path, wish: &[&str]) -> io::Result<()> {
    // The full path, so that no other program of this name is run.
    let program = place("SystemRoot", r"C:\Windows").join(r"System32\icacls.exe");
    let said = Command::new(program)
        .arg(path)
        .args(wish)
        .arg("/Q")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    if said.status.success() {
        return Ok(());
    }
    let why = "its permissions can't be set. Open the terminal as an administrator";
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}
