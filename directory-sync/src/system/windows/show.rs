//! Opens an address in the default browser, and detects a start by a double click.

use std::io;
use std::process::{Command, Stdio};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate};

use super::{Shown, place};

/// Uses a program of Windows that takes the address as an argument. On Windows, only the same user and
/// administrators can read a program's arguments.
pub fn show(address: &str) -> io::Result<Shown> {
    Command::new(place("SystemRoot", r"C:\Windows").join(r"System32\rundll32.exe"))
        .args(["url.dll,FileProtocolHandler", address])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Shown::default())
}

/// Whether the parent process is the Explorer, not a terminal.
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
