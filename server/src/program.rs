//! The programs of directory synchronization that lie beside this one, and their digests.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use roster::directory::view::{Download, System};
use roster::hexadecimal;
use sha2::{Digest, Sha256};

/// Where the program for this system is, or would be.
pub fn beside(system: System) -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.with_file_name(system.program()))
}

/// Those that are there.
pub fn offered() -> Vec<Download> {
    let offered = System::ALL.iter().filter_map(|system| {
        let file = beside(*system).filter(|file| file.is_file())?;
        match digest(&file) {
            Ok(sha256) => Some(Download { system: *system, sha256 }),
            Err(error) => {
                tracing::warn!(file = %file.display(), %error, "this program can't be read");
                None
            }
        }
    });
    offered.collect()
}

/// A file's digest, and in which state of the file it was made.
type Known = ((Option<SystemTime>, u64), String);

/// Digests that were made before; a file that changed is read anew.
static KNOWN: Mutex<BTreeMap<PathBuf, Known>> = Mutex::new(BTreeMap::new());

fn digest(file: &Path) -> io::Result<String> {
    let state = state(&fs::metadata(file)?);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((read, digest)) = known.get(file)
        && *read == state
    {
        return Ok(digest.clone());
    }
    let mut opened = fs::File::open(file)?;
    let mut hasher = Sha256::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        match opened.read(&mut part)? {
            0 => break,
            length => hasher.update(&part[..length]),
        }
    }
    let digest = hexadecimal::of(&hasher.finalize());
    known.insert(file.to_owned(), (state, digest.clone()));
    Ok(digest)
}

fn state(about: &Metadata) -> (Option<SystemTime>, u64) {
    (about.modified().ok(), about.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_changed_has_another_digest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("muster-sync");
        let check = |content: &str, expected: &str| {
            fs::write(&file, content).unwrap();
            assert_eq!(digest(&file).unwrap(), expected);
        };
        check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
