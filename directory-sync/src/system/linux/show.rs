//! Opens an address in the desktop's browser. All users of the machine can read a program's arguments, so the
//! browser gets a file with the address that only this user can read.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Shown, is_root};

pub fn show(address: &str) -> io::Result<Shown> {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|it| env::var_os(it).is_some());
    // Root has no desktop of its own, and browsers refuse to run as root.
    if is_root() || !desktop {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no desktop"));
    }
    let folder = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    let shown = handed_over(&folder, address)?;
    Command::new("xdg-open")
        .args(&shown.file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(shown)
}

fn handed_over(folder: &Path, address: &str) -> io::Result<Shown> {
    let path = folder.join(format!("muster-sync-{}.html", std::process::id()));
    let _leftover = std::fs::remove_file(&path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    let shown = Shown { file: Some(path) };
    let page = maud::html! {
        (maud::DOCTYPE)
        meta charset="utf-8";
        title { "Muster" }
        meta http-equiv="refresh" content={ "0; url=" (address) };
        a href=(address) { "Set up directory synchronization" }
    };
    file.write_all(page.into_string().as_bytes())?;
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_address_is_in_a_private_file_that_is_deleted_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let shown = handed_over(folder.path(), "http://127.0.0.1:5/begin/a&b").unwrap();
        let path = shown.file.clone().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("0; url=http://127.0.0.1:5/begin/a&amp;b"), "{text}");
        drop(shown);
        assert!(!path.exists());
    }
}
