//! Makes one folder like another. Names carry digests, so a name that is there has the right contents;
//! the manifest comes after the files that it names, and what nothing names goes last.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::Outcome;

const MANIFEST: &str = "assets.json";

pub fn publish(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to)?;
    let (wanted, there) = (names(from)?, names(to)?);
    for name in wanted.difference(&there).filter(|name| *name != MANIFEST) {
        copy(&from.join(name), &to.join(name))?;
    }
    let manifest = fs::read(from.join(MANIFEST))?;
    if fs::read(to.join(MANIFEST)).ok().as_ref() != Some(&manifest) {
        copy(&from.join(MANIFEST), &to.join(MANIFEST))?;
    }
    for name in there.difference(&wanted) {
        fs::remove_file(to.join(name))?;
    }
    Ok(())
}

fn names(folder: &Path) -> Outcome<BTreeSet<OsString>> {
    let files: Vec<PathBuf> = super::files(folder)?;
    Ok(files.iter().filter_map(|file| file.file_name()).map(ToOwned::to_owned).collect())
}

/// In one move, so that a server never reads half a file.
fn copy(from: &Path, to: &Path) -> Outcome {
    let part = to.with_extension("part");
    fs::copy(from, &part)?;
    Ok(fs::rename(part, to)?)
}
