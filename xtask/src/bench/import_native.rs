//! What an import costs: `muster import` of 100,000 rows held against the bare insert of the same
//! rows, and its dry run against a million accounts held against the import of those rows. On both
//! databases, without passwords: hashing those takes what it takes.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use super::Figure;
use crate::{
    Outcome, build,
    command::{cargo, command, read, show},
    place,
    postgres::{self, Cluster},
    say,
};

const ROWS: usize = 100_000;
/// The file's people so many times: a million accounts.
const TIMES: &str = "10";
const RATIO_OF_WRITING: f64 = 2.0;
const RATIO_OF_COMPARING: f64 = 0.3;

pub fn bench() -> Outcome<Vec<Figure>> {
    build::programs()?;
    let mut examples = cargo(&["build", "--release", "-p", "store", "-p", "operations"]);
    examples.args(["--example", "bare_insert", "--example", "compare_rows"]);
    say::loud("compiling what it is held against", || show(&mut examples))?;
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
    for (names, kind) in [
        (["import-native-sqlite", "compare-sqlite"], "sqlite"),
        (["import-native-postgres", "compare-postgres"], "postgres"),
    ] {
        let fresh = |name: &str| database(folder, &cluster, kind, name);
        let bare = bare(&fresh("bare")?, &file, "1")?;
        let import = import(&fresh("import")?, &file, "skip")?;
        figures.push(figure(names[0], import, bare, "the bare insert of the same rows"));
        let large = fresh("large")?;
        self::bare(&large, &file, TIMES)?;
        let compare = milliseconds(large.example("compare_rows")?.arg(&half))?;
        let import = self::import(&large, &half, "update")?;
        figures.push(figure(names[1], compare, import, "the import of the same rows"));
    }
    for (figure, limit) in figures.iter().zip([RATIO_OF_WRITING, RATIO_OF_COMPARING].iter().cycle())
    {
        if figure.ratio > *limit {
            say::progress(&format!("{} is to be {limit} at most", figure.name));
        }
    }
    Ok(figures)
}

fn figure(name: &'static str, value: f64, against: f64, what: &str) -> Figure {
    let against_words = format!("{what}, {against} ms");
    Figure {
        name: name.to_owned(),
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

fn database(folder: &Path, cluster: &Cluster, kind: &str, name: &str) -> Outcome<Database> {
    let url = if kind == "sqlite" {
        format!("sqlite:{}", folder.join(name).display())
    } else {
        let create = format!("CREATE DATABASE {name}");
        read(command(postgres::client("psql")?).arg(&cluster.url).args(["-qc", &create]))?;
        format!("{}/{name}", cluster.url.trim_end_matches("/postgres"))
    };
    let group = read(muster()?.args(["group", "add", "Support", "--database", &url]))?;
    Ok(Database { url, group: group.trim().to_owned() })
}

impl Database {
    fn example(&self, name: &str) -> Outcome<std::process::Command> {
        let mut example = command(example(name)?);
        example.args([&self.url, &self.group]);
        Ok(example)
    }
}

fn example(name: &str) -> Outcome<PathBuf> {
    let program = Path::new("release/examples").join(name);
    Ok(place::target()?.join(program).with_extension(env::consts::EXE_EXTENSION))
}

fn muster() -> Outcome<std::process::Command> {
    Ok(command(place::muster("release")?))
}

fn bare(database: &Database, file: &Path, times: &str) -> Outcome<f64> {
    milliseconds(database.example("bare_insert")?.arg(file).arg(times))
}

fn milliseconds(command: &mut std::process::Command) -> Outcome<f64> {
    Ok(read(command)?.trim().parse()?)
}

/// From the start of the program to its end: reading and checking the file, too.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn import(database: &Database, file: &Path, existing: &str) -> Outcome<f64> {
    let start = Instant::now();
    let mut import = muster()?;
    import.arg("import").arg(file).args(["--group", &database.group, "--existing", existing]);
    read(import.args(["--database", &database.url]))?;
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
