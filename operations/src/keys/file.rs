//! The key file: a line for each key, its number and 64 hexadecimal digits. It is replaced whole, so
//! that no interruption leaves half of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use roster::hexadecimal;

use super::KeyError;
use crate::entropy;

const HEAD: &str = "\
# The keys of Muster. With them and the database the codes of two-step verification can be made:
# keep a copy of this file, and keep it apart from backups of the database. Without it the database
# can't be used.
";

/// More than any file of keys has.
const MAX_BYTES: u64 = 64 * 1024;

/// 256 random bits.
pub(super) type Bytes = [u8; 32];

/// The keys by their numbers.
pub(super) struct KeyFile {
    pub keys: BTreeMap<i64, Bytes>,
}

impl KeyFile {
    /// With a first key.
    pub fn first() -> Result<Self, KeyError> {
        Self::after(0)
    }

    /// With one key, the number of which is the next after this.
    pub fn after(newest: i64) -> Result<Self, KeyError> {
        Ok(Self { keys: BTreeMap::from([(newest + 1, entropy::bytes()?)]) })
    }

    /// Of those in the file the newest; the file has one at least.
    pub fn newest(&self) -> i64 {
        self.keys.last_key_value().map_or(0, |(id, _)| *id)
    }

    pub fn add(&mut self) -> Result<i64, KeyError> {
        let id = self.newest() + 1;
        self.keys.insert(id, entropy::bytes()?);
        Ok(id)
    }

    /// Refuses a file that others can read.
    pub fn read(file: &Path) -> Result<Self, KeyError> {
        let fault = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => KeyError::Missing(file.to_owned()),
            _ => failed(file, &cause),
        };
        let about = fs::metadata(file).map_err(fault)?;
        let mode = about.permissions().mode() & 0o777;
        // A service manager hands root's file to a group that the server alone is in.
        let others = if about.uid() == 0 { 0o037 } else { 0o077 };
        if about.is_file() && mode & others != 0 {
            return Err(KeyError::Open { file: file.to_owned(), mode });
        }
        if !about.is_file() || about.len() > MAX_BYTES {
            return Err(KeyError::NotAKeyFile { file: file.to_owned(), line: 1 });
        }
        let text = fs::read(file).map_err(fault)?;
        let text = String::from_utf8_lossy(&text);
        let keys =
            parse(&text).map_err(|line| KeyError::NotAKeyFile { file: file.to_owned(), line })?;
        Ok(Self { keys })
    }

    /// Refuses where a file is.
    pub fn write_new(&self, file: &Path) -> Result<(), KeyError> {
        let whole = self.write_beside(file)?;
        let made = fs::hard_link(&whole, file);
        let _ = fs::remove_file(&whole);
        made.map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists(file.to_owned()),
            _ => failed(file, &cause),
        })
    }

    /// In place of what is there.
    pub fn replace(&self, file: &Path) -> Result<(), KeyError> {
        let whole = self.write_beside(file)?;
        fs::rename(&whole, file).map_err(|cause| {
            let _ = fs::remove_file(&whole);
            failed(file, &cause)
        })
    }

    /// Another file in the same folder, surely on the disk.
    fn write_beside(&self, file: &Path) -> Result<PathBuf, KeyError> {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{}", hexadecimal::of(&entropy::bytes::<8>()?)));
        let beside = PathBuf::from(name);
        let written = || {
            let mut new =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
            new.write_all(self.text().as_bytes())?;
            new.sync_all()
        };
        written().map_err(|cause| {
            let _ = fs::remove_file(&beside);
            failed(file, &cause)
        })?;
        Ok(beside)
    }

    fn text(&self) -> String {
        self.keys.iter().fold(HEAD.to_owned(), |mut text, (id, bytes)| {
            // Writing to a String can't fail.
            let _ = writeln!(text, "{id} {}", hexadecimal::of(bytes));
            text
        })
    }
}

fn failed(file: &Path, cause: &io::Error) -> KeyError {
    KeyError::File { file: file.to_owned(), why: cause.to_string() }
}

/// The keys, or the number of the line that is none.
fn parse(text: &str) -> Result<BTreeMap<i64, Bytes>, usize> {
    let mut keys = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (id, bytes) = key(line).ok_or(number)?;
        if keys.insert(id, bytes).is_some() {
            return Err(number);
        }
    }
    if keys.is_empty() { Err(text.lines().count().max(1)) } else { Ok(keys) }
}

fn key(line: &str) -> Option<(i64, Bytes)> {
    let (id, bytes) = line.split_once(' ')?;
    let id = id.parse().ok().filter(|id| *id > 0)?;
    let bytes = hexadecimal::parse(bytes.trim())?;
    Some((id, Bytes::try_from(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_no_key_is_refused_by_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("muster.key");
        let mut keys = KeyFile::first().unwrap();
        keys.write_new(&file).unwrap();
        assert!(matches!(keys.write_new(&file), Err(KeyError::Exists(_))));
        assert_eq!(keys.add().unwrap(), 2);
        keys.replace(&file).unwrap();
        assert_eq!(KeyFile::read(&file).unwrap().keys, keys.keys);
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

        let digits = "0".repeat(64);
        let check = |text: &str, line| assert_eq!(parse(text).map(drop), Err(line), "{text}");
        check("", 1);
        check("# nothing\n\n", 2);
        check(&format!("1 {digits}\n1 {digits}"), 2);
        check(&format!("0 {digits}"), 1);
        check("1 00", 1);
        check("-----BEGIN PRIVATE KEY-----", 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("muster.key");
        KeyFile::first().unwrap().write_new(&file).unwrap();
        for mode in [0o644, 0o604, 0o660, 0o602] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let refused = KeyFile::read(&file).map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains(&format!("its mode is {mode:o}")), "{refused}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
        KeyFile::read(&file).unwrap();
    }
}
