//! A locked file with the run that is under way on this machine. A run in an unlocked file was interrupted, by a
//! power failure or a killed process.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use roster::directory::protocol::RunId;

/// The locked file. The lock ends with the process, however that ends.
#[derive(Debug)]
pub struct Mark(File);

impl Mark {
    /// Locks the file, and returns the interrupted run, if there is one. `None`: another process has a run
    /// under way, or the file can't be written; the server then ends an interrupted run after an hour.
    #[must_use]
    pub fn take(path: &Path) -> Option<(Self, Option<RunId>)> {
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(path).ok()?;
        file.try_lock().ok()?;
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        Some((Self(file), text.trim().parse().ok()))
    }

    pub fn set(&mut self, run: RunId) {
        self.keep(&run.to_string());
    }

    pub fn clear(&mut self) {
        self.keep("");
    }

    fn keep(&mut self, text: &str) {
        let kept = self
            .0
            .set_len(0)
            .and_then(|()| self.0.seek(SeekFrom::Start(0)))
            .and_then(|_| self.0.write_all(text.as_bytes()));
        if let Err(error) = kept {
            tracing::debug!(%error, "the run under way can't be saved");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn an_interrupted_run_is_found_and_a_running_one_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("muster-sync.state.run");
        let run = clock::run_id();
        let (mut mark, found) = Mark::take(&path).unwrap();
        assert_eq!(found, None);
        mark.set(run);
        assert!(Mark::take(&path).is_none(), "it goes on");
        drop(mark);
        let (mut mark, found) = Mark::take(&path).unwrap();
        assert_eq!(found, Some(run));
        mark.clear();
        drop(mark);
        assert_eq!(Mark::take(&path).unwrap().1, None);
    }
}
