//! What the benchmarks without a browser share: programs built as they are shipped, and databases.

use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::{
    Outcome,
    command::{cargo, command, read, show},
    place,
    postgres::{self, Cluster},
    say,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Builds examples of these packages, optimized.
pub fn build(packages: &[&str], examples: &[&str]) -> Outcome {
    let mut build = cargo(&["build", "--release"]);
    build.args(packages.iter().flat_map(|package| ["-p", package]));
    build.args(examples.iter().flat_map(|example| ["--example", example]));
    say::loud("compiling what is measured", || show(&mut build))
}

/// What an example printed.
pub fn run(example: &str, arguments: &[&str]) -> Outcome<String> {
    let program: PathBuf = Path::new("release/examples").join(example);
    let program = place::target()?.join(program).with_extension(env::consts::EXE_EXTENSION);
    read(command(program).args(arguments))
}

/// The keys of the databases on PostgreSQL, where `operations/examples/open` looks for them, too.
pub fn key_file() -> PathBuf {
    env::temp_dir().join("muster-bench.key")
}

/// A key that is no secret, since what is measured is none.
fn write_key_file() -> Outcome {
    let written = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(key_file());
    match written {
        Ok(mut file) => Ok(writeln!(file, "1 {}", "5a".repeat(32))?),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(cause.into()),
    }
}

/// The address of a database that is empty, or not there yet.
pub fn database(folder: &Path, cluster: &Cluster, kind: Kind, name: &str) -> Outcome<String> {
    if kind == Kind::Sqlite {
        return Ok(format!("sqlite:{}", folder.join(name).display()));
    }
    write_key_file()?;
    postgres::sql(&cluster.url, &format!("CREATE DATABASE {name}"))?;
    Ok(format!("{}/{name}", cluster.url.trim_end_matches("/postgres")))
}
