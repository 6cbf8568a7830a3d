//! What an import costs: `muster import` of 100,000 rows held against the bare insert of the same
//! rows, and its dry run against a million accounts held against the import of those rows. On both
//! databases, without passwords: hashing those takes what it takes.

use std::{env, ffi::OsString, fmt::Write as _, fs, path::Path, time::Instant};

use super::{
    Figure,
    native::{self, Kind},
};
use crate::{
    Outcome, build,
    command::{command, read},
    place,
    postgres::Cluster,
    say,
};

const ROWS: usize = 100_000;
/// The file's people so many times: a million accounts.
const TIMES: &str = "10";
const RATIO_OF_WRITING: f64 = 2.0;
const RATIO_OF_COMPARING: f64 = 0.3;

pub fn bench() -> Outcome<Vec<Figure>> {
    build::shipped()?;
    native::build(&["store", "operations"], &["bare_insert", "compare_rows"])?;
    let folder = env::temp_dir().join(format!("muster-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let figures = figures(&folder);
    fs::remove_dir_all(&folder)?;
    figures
}

fn figures(folder: &Path) -> Outcome<Vec<Figure>> {
    let file = folder.join("people.csv");
    fs::write(&file, people(0..ROWS))?;
    // Half of them are there, under another name; half are new.
    let half = folder.join("half.csv");
    fs::write(&half, people(ROWS / 2..ROWS + ROWS / 2).replace("Person", "Personne"))?;
    let cluster = Cluster::start()?;
    let mut figures = Vec::new();
    for kind in Kind::ALL {
        let fresh = |name: &str| database(folder, &cluster, kind, name);
        let bare = fresh("bare")?.time("bare_insert", &file, &["1"])?;
        let written = import(&fresh("import")?, &file, "skip")?;
        figures.push(figure(
            "import-native",
            kind,
            written,
            bare,
            "the bare insert of the same rows",
        ));
        let large = fresh("large")?;
        large.time("bare_insert", &file, &[TIMES])?;
        let compare = large.time("compare_rows", &half, &[])?;
        let written = import(&large, &half, "update")?;
        figures.push(figure("compare", kind, compare, written, "the import of the same rows"));
    }
    for (figure, limit) in figures.iter().zip([RATIO_OF_WRITING, RATIO_OF_COMPARING].iter().cycle())
    {
        if figure.ratio > *limit {
            say::progress(&format!("{} is to be {limit} at most", figure.name));
        }
    }
    Ok(figures)
}

fn figure(name: &str, kind: Kind, value: f64, against: f64, what: &str) -> Figure {
    let against_words = format!("{what}, {against} ms");
    Figure {
        name: format!("{name}-{}", kind.name()),
        value,
        unit: "ms".to_owned(),
        against: against_words,
        ratio: value / against,
    }
}

/// A database with one group.
struct Database {
    url: String,
    group: String,
}

fn database(folder: &Path, cluster: &Cluster, kind: Kind, name: &str) -> Outcome<Database> {
    let url = native::database(folder, cluster, kind, name)?;
    let mut add = muster()?;
    add.args(["group", "add", "Support", "--database", &url]).args(key_file(&url));
    let group = read(&mut add)?;
    Ok(Database { url, group: group.trim().to_owned() })
}

impl Database {
    /// The milliseconds that an example printed.
    fn time(&self, example: &str, file: &Path, more: &[&str]) -> Outcome<f64> {
        let file = file.display().to_string();
        let arguments = [&[self.url.as_str(), &self.group, &file], more].concat();
        Ok(native::run(example, &arguments)?.trim().parse()?)
    }
}

fn key_file(url: &str) -> Vec<OsString> {
    if url.starts_with("sqlite:") {
        return Vec::new();
    }
    vec!["--key-file".into(), native::key_file().into()]
}

fn muster() -> Outcome<std::process::Command> {
    Ok(command(place::muster("release")?))
}

/// From the start of the program to its end: reading and checking the file, too.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn import(database: &Database, file: &Path, existing: &str) -> Outcome<f64> {
    let start = Instant::now();
    let mut import = muster()?;
    import.arg("import").arg(file).args(["--group", &database.group, "--existing", existing]);
    read(import.args(["--database", &database.url]).args(key_file(&database.url)))?;
    Ok((start.elapsed().as_secs_f64() * 1000.0).round())
}

/// Ten columns, each time the same.
fn people(numbers: std::ops::Range<usize>) -> String {
    let mut file = String::from(
        "Name,Nickname,Email,Password,Single Sign-On ID,Description,Enabled,Standard License,\
         Mobile License,Technician Group ID\r\n",
    );
    for n in numbers {
        // A fixed stride through the numbers: emails come in no order, as in a real file.
        let key = n.wrapping_mul(7_368_787) % 9_999_991;
        let _never_fails = write!(
            file,
            "Person Müller {n},Nick {n},person.{key}@example.com,,sso-{key},\
             \"Second shift, Berlin {n}\",true,true,false,\r\n"
        );
    }
    file
}
