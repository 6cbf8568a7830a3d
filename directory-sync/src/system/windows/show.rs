//! An address in the browser that Windows opens addresses with, and whether it was Windows's own list of
//! files in which this program was clicked.

use std::io;
use std::process::{Command, Stdio};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate};

use super::{Shown, place};

/// By a program of Windows that takes the address as it is. What a program was started with, only its user
/// and administrators can read here.
pub fn show(address: &str) -> io::Result<Shown> {
    Command::new(place("SystemRoot", r"C:\Windows").join(r"System32\rundll32.exe"))
        .args(["url.dll,FileProtocolHandler", address])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Shown::default())
}

/// The Explorer is the parent: a command at a terminal has the terminal's.
pub fn is_double_clicked() -> bool {
    let Ok(mut processes) = sysinfo::System::new() else { return false };
    let mut look = |pid: Pid| {
        let only = ProcessesToUpdate::Some(&[pid]);
        processes.refresh_processes_specifics(only, true, ProcessRefreshKind::nothing());
        let process = processes.process(pid)?;
        Some((process.name().to_owned(), process.parent()))
    };
    let own = sysinfo::get_current_pid().ok();
    let parent = own.and_then(|own| look(own)?.1);
    parent.and_then(look).is_some_and(|(name, _)| name.eq_ignore_ascii_case("explorer.exe"))
}
