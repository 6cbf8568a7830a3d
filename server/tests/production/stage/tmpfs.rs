//! A disk of few megabytes that can be filled.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::read;

pub struct Tmpfs {
    folder: TempDir,
}

impl Tmpfs {
    pub fn mount(mebibytes: u32) -> Self {
        let folder = TempDir::with_prefix("muster-production-").unwrap();
        let size = format!("size={mebibytes}m");
        read(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()));
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room that is left.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        let block = [0_u8; 4096];
        while ballast.write_all(&block).is_ok() {}
    }

    pub fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open there keeps nobody from cleaning up.
        let _status = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
