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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_becomes_like_the_other() {
        let folder = std::env::temp_dir().join(format!("muster-publish-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(&from).unwrap();
        fs::create_dir_all(&to).unwrap();
        for (file, text) in [
            ("from/assets.json", "new"),
            ("from/a-1.js", "a"),
            ("to/assets.json", "old"),
            ("to/b-2.js", "b"),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
        publish(&from, &to).unwrap();
        assert_eq!(names(&from).unwrap(), names(&to).unwrap());
        assert_eq!(fs::read_to_string(to.join("assets.json")).unwrap(), "new");
        fs::remove_dir_all(folder).unwrap();
    }
}
