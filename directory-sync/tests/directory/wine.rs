//! The program for Windows, under Wine.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::samba::{Ticket, variable};

/// Debian's Wine lacks this library's one function that Rust's own needs.
const LIBRARY: &str = "bcryptprimitives.dll";
const RANDOM: &str = "
    #include <windows.h>
    BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
    __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
        return SystemFunction036(data, (ULONG)size);
    }";

const PROGRAMS: [&str; 3] = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];

/// A Windows of its own, in a folder.
pub struct Wine {
    program: PathBuf,
    prefix: PathBuf,
    prompt: Child,
    /// The ticket of who runs the programs.
    ticket: Option<Ticket>,
}

impl Wine {
    /// `None`: no program for Windows was named.
    pub fn start(folder: &Path) -> Option<Self> {
        let program = PathBuf::from(variable("MUSTER_TEST_WINE")?);
        let prefix = folder.join("wine");
        let prompt = wait_at_a_prompt(&prefix);
        let wine = Self { program, prefix, prompt, ticket: None };
        let source = folder.join("random.c");
        fs::write(&source, RANDOM).unwrap();
        let made = Command::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-o"])
            .arg(wine.file("windows/system32").join(LIBRARY))
            .arg(source)
            .arg("-ladvapi32")
            .status();
        assert!(made.unwrap().success(), "{LIBRARY} can't be made");
        Some(wine)
    }

    /// `muster-sync.exe`.
    pub fn command(&self) -> Command {
        let mut command = command(&self.prefix);
        command.arg(&self.program).stdin(Stdio::null());
        if let Some(Ticket { configuration, cache }) = &self.ticket {
            command.env("KRB5_CONFIG", configuration).env("KRB5CCNAME", cache);
        }
        command
    }

    pub fn sign_in(&mut self, ticket: Ticket) {
        self.ticket = Some(ticket);
    }

    /// On drive C.
    pub fn file(&self, path: &str) -> PathBuf {
        self.prefix.join("drive_c").join(path)
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ended = self.prompt.kill().and_then(|()| self.prompt.wait());
    }
}

fn command(prefix: &Path) -> Command {
    let wine = PROGRAMS.iter().find(|it| Path::new(it).is_file()).expect("Wine is there");
    let mut command = Command::new(wine);
    command.env("WINEPREFIX", prefix).env("WINEDEBUG", "-all");
    command
}

/// As long as somebody is there, Windows stays up. Wine would shut it down after each command, and the next
/// one would find two service managers, of which one is on its way out.
fn wait_at_a_prompt(prefix: &Path) -> Child {
    let mut prompt =
        command(prefix).arg("cmd").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut greeting = BufReader::new(prompt.stdout.take().unwrap());
    let said = greeting.read_line(&mut String::new()).unwrap();
    assert!(said > 0, "Wine makes no Windows");
    prompt
}
