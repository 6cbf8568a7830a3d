//! For `cargo xtask bench import-native`: an import file's rows put into the accounts by nothing
//! but multi-row inserts, 500 rows a statement and a transaction; what an import is held against.
//!
//! `bare_insert DATABASE GROUP FILE` prints the milliseconds; with a number after it the file's
//! people so many times, each under an address of its own: that fills a database.

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use roster::email;
use roster::group::name_key;
use roster::import::{Choices, Rules, check, check_submitted, read};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

const ROWS: usize = 500;
const COLUMNS: usize = 20;
const HEAD: &str = "INSERT INTO accounts (role, group_id, name, name_key, nickname, email, email_key, \
         email_skeleton, sso_id, description, enabled, standard_license, mobile_license, \
         password_state, password_hash, password_chosen_at, source, import_id, created_at, search) \
     VALUES ";

#[derive(Clone)]
struct Row {
    name: String,
    name_key: String,
    nickname: String,
    email: String,
    email_key: String,
    skeleton: String,
    sso_id: Option<String>,
    description: String,
    flags: [bool; 3],
    search: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, group, file, times @ ..] = arguments.as_slice() else {
        return Err("bare_insert DATABASE GROUP FILE [TIMES]".into());
    };
    let group: i64 = group.parse()?;
    let rows = rows(file)?;
    let times: usize = times.first().map_or(Ok(1), |times| times.parse())?;
    let mut milliseconds = 0;
    for time in 0..times {
        let rows: Vec<Row> = if times == 1 {
            rows.clone()
        } else {
            rows.iter().map(|row| other(row, time)).collect()
        };
        // Filling is not measured: there the transactions are large.
        let together = if times == 1 { ROWS } else { rows.len() };
        milliseconds += insert(database, group, &rows, together).await?;
    }
    writeln!(std::io::stdout(), "{milliseconds}")?;
    Ok(())
}

fn rows(file: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let rules = Rules { group_chosen: true, ..Rules::default() };
    let sheet = read(&std::fs::read(file)?, &Choices::default(), &mut |_| {})
        .map_err(|error| error.message)?;
    let checked = check(&sheet, &rules, &mut |_| {});
    let ready = |row| check_submitted(&sheet.submitted(row, &checked), &rules).0;
    let row = |ready: roster::import::ReadyRow| {
        let person = ready.person;
        let name_key = name_key(&person.name);
        Row {
            search: format!("{name_key}\u{1f}{}", person.email.key),
            name_key,
            skeleton: email::skeleton(&person.email.key),
            name: person.name,
            nickname: person.nickname,
            email: person.email.as_typed,
            email_key: person.email.key,
            sso_id: person.sso_id,
            description: person.description,
            flags: [person.enabled, person.standard_license, person.mobile_license],
        }
    };
    Ok((0..sheet.row_count()).filter_map(ready).map(row).collect())
}

/// Another person with the same fields. The first time they are the file's own.
fn other(row: &Row, time: usize) -> Row {
    if time == 0 {
        return row.clone();
    }
    let with = |text: &str| format!("x{time}.{text}");
    Row {
        email: with(&row.email),
        email_key: with(&row.email_key),
        skeleton: with(&row.skeleton),
        search: with(&row.search),
        sso_id: row.sso_id.as_deref().map(with),
        ..row.clone()
    }
}

macro_rules! insert {
    ($connection:expr, $group:expr, $rows:expr, $sql:expr, $together:expr) => {{
        for part in $rows.chunks($together) {
            let mut transaction = $connection.begin().await?;
            for part in part.chunks(ROWS) {
                let mut query = sqlx::query(AssertSqlSafe($sql(part.len())));
                for row in part {
                    query = query
                        .bind("technician")
                        .bind($group)
                        .bind(&row.name)
                        .bind(&row.name_key)
                        .bind(&row.nickname)
                        .bind(&row.email)
                        .bind(&row.email_key)
                        .bind(&row.skeleton)
                        .bind(&row.sso_id)
                        .bind(&row.description)
                        .bind(row.flags[0])
                        .bind(row.flags[1])
                        .bind(row.flags[2])
                        .bind("default")
                        .bind(None::<String>)
                        .bind(None::<i64>)
                        .bind("import")
                        .bind("01890a5d-ac96-774b-bcce-b302099a8057")
                        .bind(1_795_000_000_000_i64)
                        .bind(&row.search);
                }
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        }
    }};
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn insert(
    database: &str,
    group: i64,
    rows: &[Row],
    together: usize,
) -> Result<u128, Box<dyn Error>> {
    if let Some(file) = database.strip_prefix("sqlite:") {
        let mut connection = SqliteConnection::connect(&format!("sqlite://{file}")).await?;
        // As `store` opens it.
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                        PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; \
                        PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON";
        sqlx::raw_sql(settings).execute(&mut connection).await?;
        let row = format!("({})", ["?"; COLUMNS].join(","));
        let sql = |rows: usize| format!("{HEAD}{}", vec![row.as_str(); rows].join(","));
        let start = Instant::now();
        insert!(connection, group, rows, sql, together);
        Ok(start.elapsed().as_millis())
    } else {
        let mut connection = PgConnection::connect(database).await?;
        let sql = |rows: usize| {
            let row = |row: usize| {
                let numbers = (1..=COLUMNS).map(|column| format!("${}", row * COLUMNS + column));
                format!("({})", numbers.collect::<Vec<_>>().join(","))
            };
            format!("{HEAD}{}", (0..rows).map(row).collect::<Vec<_>>().join(","))
        };
        let start = Instant::now();
        insert!(connection, group, rows, sql, together);
        Ok(start.elapsed().as_millis())
    }
}
