//! Who may read a file: SYSTEM, as which the service runs, and Administrators. By Windows's own
//! `icacls`, which takes both by their SIDs: their names are translated.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::place;
use crate::configuration::Kept;

const SYSTEM: &str = "*S-1-5-18";
const ADMINISTRATORS: &str = "*S-1-5-32-544";

/// A file that was just made, and has no rights but those of its folder.
pub fn restrict(file: &Path) -> io::Result<()> {
    let [system, administrators] = [SYSTEM, ADMINISTRATORS].map(|who| format!("{who}:F"));
    icacls(file, &["/setowner", ADMINISTRATORS])?;
    icacls(file, &["/inheritance:r", "/grant:r", &system, &administrators])
}

/// The default folder: anybody may have made it, and files in it, before the service was set up.
pub fn own(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let [system, administrators] = [SYSTEM, ADMINISTRATORS].map(|who| format!("{who}:(OI)(CI)F"));
    icacls(folder, &["/setowner", ADMINISTRATORS])?;
    icacls(folder, &["/reset"])?;
    icacls(folder, &["/inheritance:r", "/grant:r", &system, &administrators])?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // A secret has rights of its own, which say less than its folder's ever did.
        if !Kept::ALL.iter().any(|kept| path.extension() == Some(OsStr::new(kept.name()))) {
            icacls(&path, &["/setowner", ADMINISTRATORS])?;
            icacls(&path, &["/reset"])?;
        }
    }
    Ok(())
}

fn icacls(path: &Path, wish: &[&str]) -> io::Result<()> {
    // By its whole path: another program of this name must not be found before it.
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
    let why = "the rights to it can't be set. Open the terminal as an administrator";
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}
