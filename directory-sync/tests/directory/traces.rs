//! Where a secret has left a trace: in files, and in what every process was called with.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use reqwest::Url;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As it is, and as it would look in a form, an address, a header, or for those who write bytes as hex.
pub fn is_in(secret: &str, place: &[u8]) -> bool {
    let place = String::from_utf8_lossy(place);
    spellings(secret).iter().any(|spelling| place.contains(spelling))
}

fn spellings(secret: &str) -> Vec<String> {
    let form = Url::parse_with_params("http://x", [("", secret)]).unwrap();
    let form = form.query().unwrap_or_default().trim_start_matches('=').to_owned();
    let percent = form.replace('+', "%20");
    // Of JavaScript, which leaves some signs alone.
    let component = secret.replace('%', "%25").replace(' ', "%20");
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut all = vec![secret.to_owned(), form, percent, component, hex];
    for before in 0..3 {
        let plain = base64(secret.as_bytes(), before);
        all.push(plain.replace('+', "-").replace('/', "_"));
        all.push(plain);
    }
    all
}

/// What is the same whatever stands before it, so many bytes, and behind.
fn base64(secret: &[u8], before: usize) -> String {
    let bytes = [&vec![0; before], secret].concat();
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let (whole, _) = bits.as_chunks::<6>();
    let sign = |bits: &[u8; 6]| {
        char::from(BASE64[bits.iter().fold(0, |sum, bit| sum * 2 + usize::from(*bit))])
    };
    whole.iter().skip((before * 8).div_ceil(6)).map(sign).collect()
}

/// All below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Each word of the command lines and each variable of the environments of all processes, as long as
/// somebody watches.
pub struct Processes {
    watched: Arc<AtomicBool>,
    seen: JoinHandle<BTreeSet<Vec<u8>>>,
}

impl Processes {
    pub fn watch() -> Self {
        let watched = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&watched);
        let seen = thread::spawn(move || {
            let mut seen = BTreeSet::new();
            while still.load(Ordering::Relaxed) {
                look(&mut seen);
                thread::yield_now();
            }
            seen
        });
        Self { watched, seen }
    }

    pub fn seen(self) -> BTreeSet<Vec<u8>> {
        self.watched.store(false, Ordering::Relaxed);
        self.seen.join().unwrap()
    }
}

fn look(seen: &mut BTreeSet<Vec<u8>>) {
    for process in fs::read_dir("/proc").unwrap().flatten() {
        for what in ["cmdline", "environ"] {
            // Not every folder is a process, and a process may have ended.
            if let Ok(text) = fs::read(process.path().join(what)) {
                seen.extend(text.split(|it| *it == 0).map(<[u8]>::to_vec));
            }
        }
    }
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let secret = "Passw0rd!of Ada";
    let check = |place: &str, expected: bool| {
        assert_eq!(is_in(secret, place.as_bytes()), expected, "{place}");
    };
    check("password = Passw0rd!of Ada.", true);
    check("?password=Passw0rd%21of+Ada&x", true);
    check("?password=Passw0rd!of%20Ada&x", true);
    check("5061737377307264216f6620416461", true);
    // Of "ada:Passw0rd!of Ada", "ab:…" and "a:…", each with a full stop behind it.
    check("YWRhOlBhc3N3MHJkIW9mIEFkYS4=", true);
    check("YWI6UGFzc3cwcmQhb2YgQWRhLg==", true);
    check("YTpQYXNzdzByZCFvZiBBZGEu", true);
    check("Passw0rd!of somebody else", false);
}
