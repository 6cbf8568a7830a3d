//! The tools: from Debian, and from `PyPI` in an environment of their own. Each runs for a bounded time.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{Outcome, command::command, machine, pypi};

const PACKAGES: [(&str, &str); 6] = [
    ("curl", "curl"),
    ("sqlmap", "sqlmap"),
    ("slowhttptest", "slowhttptest"),
    ("ffuf", "ffuf"),
    // Its lists of names: common ones, and those of known holes in other products.
    ("dirb", "dirb"),
    ("timeout", "coreutils"),
];

const WAPITI: &str = "wapiti3==3.2.3";

pub struct Tools {
    pub wapiti: PathBuf,
    pub word_lists: PathBuf,
}

impl Tools {
    pub fn install() -> Outcome<Self> {
        let missing: Vec<&str> = PACKAGES
            .into_iter()
            .filter(|(program, _)| machine::find(program).is_none())
            .map(|(_, package)| package)
            .collect();
        if !missing.is_empty() {
            machine::install(&missing, "Attacking")?;
        }
        Ok(Self {
            wapiti: pypi::program(WAPITI, "wapiti")?,
            word_lists: PathBuf::from("/usr/share/dirb/wordlists"),
        })
    }
}

/// The program, ended after so long; what it says goes into a file, which is returned with its
/// exit status. A tool that was ended has attacked as long as it was meant to.
pub fn bounded(
    program: &Path,
    limit: Duration,
    log: &Path,
    arguments: impl FnOnce(&mut Command),
) -> Outcome<String> {
    let mut timeout = command("timeout");
    timeout.args(["--kill-after=10", &limit.as_secs().to_string()]).arg(program);
    arguments(&mut timeout);
    let file = File::create(log)?;
    timeout.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    timeout.status()?;
    Ok(String::from_utf8_lossy(&std::fs::read(log)?).into_owned())
}
