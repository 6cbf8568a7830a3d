//! Whether a database holds together: what SQLite finds in its file, and counts that are kept with every
//! change and must add up. The audit trail has its own check.

use sqlx::AssertSqlSafe;

use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::Columns;

/// So many faults of a kind are told, at most.
const MOST: u32 = 20;

/// A count that was kept and is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miscount {
    pub what: Counted,
    pub kept: i64,
    pub counted: i64,
}

/// What is counted; of a group, by its ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Technicians(i64),
    TechniciansBelow(i64),
    ChildGroups(i64),
    StandardSeats,
    MobileSeats,
}

/// What is counted of a group, and the SQL that finds the kept number and the right one.
type CountOfGroup = (fn(i64) -> Counted, &'static str);

const OF_GROUPS: [CountOfGroup; 3] = [
    (
        Counted::Technicians,
        "SELECT id, technicians AS kept, \
                (SELECT COUNT(*) FROM accounts WHERE accounts.group_id = technician_groups.id) \
                    AS counted \
         FROM technician_groups",
    ),
    (
        Counted::TechniciansBelow,
        "SELECT id, technicians_below AS kept, \
                technicians + (SELECT CAST(COALESCE(SUM(child.technicians_below), 0) AS BIGINT) \
                               FROM technician_groups child \
                               WHERE child.parent_id = technician_groups.id) AS counted \
         FROM technician_groups",
    ),
    (
        Counted::ChildGroups,
        "SELECT id, child_groups AS kept, \
                (SELECT COUNT(*) FROM technician_groups child \
                 WHERE child.parent_id = technician_groups.id) AS counted \
         FROM technician_groups",
    ),
];

const SEATS: &str = "SELECT standard_used, mobile_used, \
           (SELECT COUNT(*) FROM accounts \
            WHERE group_id IS NOT NULL AND enabled AND standard_license) AS standard, \
           (SELECT COUNT(*) FROM accounts \
            WHERE group_id IS NOT NULL AND enabled AND mobile_license) AS mobile \
    FROM settings WHERE id = 1";

impl Reader {
    /// What is wrong with an SQLite file: its pages and indexes, rows that refer to none.
    pub async fn damage(&mut self) -> Result<Vec<String>, Error> {
        if self.kind == Kind::Postgres {
            return Ok(Vec::new());
        }
        let pages = format!(
            "SELECT CAST(integrity_check AS TEXT) AS fault FROM pragma_integrity_check \
             WHERE integrity_check <> 'ok' LIMIT {MOST}"
        );
        let references = format!(
            "SELECT 'a row of ' || \"table\" || ' refers to a row of ' || parent \
                    || ' that is not there' AS fault \
             FROM pragma_foreign_key_check LIMIT {MOST}"
        );
        let mut faults = Vec::new();
        for sql in [pages, references] {
            match sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await {
                Ok(rows) => {
                    for row in &rows {
                        faults.push(row.text("fault")?);
                    }
                }
                // Damage may stand in the way of looking for it.
                Err(sqlx::Error::Database(cause)) if is_damage(cause.code().as_deref()) => {
                    faults.push(cause.message().to_owned());
                }
                Err(cause) => return Err(cause.into()),
            }
        }
        Ok(faults)
    }

    /// The counts that don't add up: of groups, and of seats.
    pub async fn miscounts(&mut self) -> Result<Vec<Miscount>, Error> {
        let mut miscounts = Vec::new();
        for (what, counts) in OF_GROUPS {
            let sql = format!(
                "SELECT id, kept, counted FROM ({counts}) counts WHERE kept <> counted \
                 ORDER BY id LIMIT {MOST}"
            );
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await?;
            for row in &rows {
                let (kept, counted) = (row.number("kept")?, row.number("counted")?);
                miscounts.push(Miscount { what: what(row.number("id")?), kept, counted });
            }
        }
        let row = sqlx::query(SEATS).fetch_one(self.connection()).await?;
        for (what, kept, counted) in [
            (Counted::StandardSeats, "standard_used", "standard"),
            (Counted::MobileSeats, "mobile_used", "mobile"),
        ] {
            let (kept, counted) = (row.number(kept)?, row.number(counted)?);
            if kept != counted {
                miscounts.push(Miscount { what, kept, counted });
            }
        }
        Ok(miscounts)
    }
}

fn is_damage(code: Option<&str>) -> bool {
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    let primary = code.and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff);
    matches!(primary, Some(CORRUPT | NOT_A_DATABASE))
}
