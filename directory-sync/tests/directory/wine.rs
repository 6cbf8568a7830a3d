//! The program for Windows, under Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::samba::variable;

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
}

impl Wine {
    /// `None`: no program for Windows was named.
    pub fn start(folder: &Path) -> Option<Self> {
        let program = PathBuf::from(variable("MUSTER_TEST_WINE")?);
        let wine = Self { program, prefix: folder.join("wine") };
        let made = wine.wine().args(["wineboot", "--init"]).status().unwrap();
        assert!(made.success(), "Wine makes no Windows");
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

    fn wine(&self) -> Command {
        let wine = PROGRAMS.iter().find(|it| Path::new(it).is_file()).expect("Wine is there");
        let mut command = Command::new(wine);
        command.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all").stdin(Stdio::null());
        command
    }

    /// `muster-sync.exe`.
    pub fn command(&self) -> Command {
        let mut command = self.wine();
        command.arg(&self.program);
        command
    }

    /// On drive C.
    pub fn file(&self, path: &str) -> PathBuf {
        self.prefix.join("drive_c").join(path)
    }
}
