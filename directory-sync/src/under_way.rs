//! Which run is under way on this machine, in a file of its own. Who finds one there that no program
//! holds any more has found a run that was cut off: the power, or somebody with `kill`.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use roster::directory::protocol::RunId;

/// Held as long as the program goes on: the file's lock ends with it, however it ends.
#[derive(Debug)]
pub struct Mark(File);

impl Mark {
    /// With the run that was cut off, if there is one. `None`: another program has a run under way, or
    /// the file can't be kept; a run that is cut off then gives way after its hour.
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
            tracing::debug!(%error, "the run under way can't be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn a_run_that_was_cut_off_is_found_and_one_that_goes_on_is_left() {
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
