//! What the repositories share: rows of many values, lists as one value, columns read by type.

use std::fmt::Write as _;
use std::str::FromStr;

use roster::id::Timestamp;
use roster::page::Window;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::connection::Kind;
use crate::error::Error;

/// Rows in one statement, at most.
pub(crate) const MAX_ROWS: usize = 500;

/// So many rows a statement may have: few lengths, so that prepared statements are used again,
/// and any number of rows needs few statements.
const LENGTHS: [usize; 9] = [MAX_ROWS, 250, 125, 62, 31, 15, 7, 3, 1];

/// The rows in runs of these lengths.
pub(crate) fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= rows.len())?;
        let (run, rest) = rows.split_at(length);
        rows = rest;
        Some(run)
    })
}

/// `head VALUES (…),(…) tail`.
pub(crate) fn insert(kind: Kind, head: &str, columns: usize, rows: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * columns * 6 + 16);
    sql.push_str(head);
    sql.push_str(" VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            if column > 0 {
                sql.push(',');
            }
            match kind {
                // sqlx looks every numbered parameter up by its name, and SQLite walks all names
                // for each: with 8,000 of them that takes ten times as long as the insert.
                Kind::Sqlite => sql.push('?'),
                Kind::Postgres => {
                    // Writing to a string can't fail.
                    let _ = write!(sql, "${}", row * columns + column + 1);
                }
            }
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}

impl Kind {
    /// A JSON list of texts in one parameter, as rows: one statement for any length.
    pub(crate) fn texts(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({parameter}))"),
            Self::Postgres => format!("(SELECT json_array_elements_text({parameter}::json))"),
        }
    }

    /// The same with whole numbers.
    pub(crate) fn numbers(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({parameter}))"),
            Self::Postgres => {
                format!("(SELECT json_array_elements_text({parameter}::json)::bigint)")
            }
        }
    }
}

/// A list of texts as one parameter.
pub(crate) fn text_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    serde_json::Value::from_iter(texts).to_string()
}

/// A list of ids as one parameter.
pub(crate) fn number_list(numbers: impl IntoIterator<Item = i64>) -> String {
    serde_json::Value::from_iter(numbers).to_string()
}

/// The form in which texts are searched: without regard to case. PostgreSQL keeps no NUL.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = roster::group::name_key(text);
    folded.retain(|c| c != '\0');
    folded
}

/// The `LIKE … ESCAPE '\'` pattern for texts that contain this one, both folded.
pub(crate) fn containing(text: &str) -> String {
    format!("%{}%", escaped(&folded(text)))
}

/// The pattern for texts that begin with this one, both folded.
pub(crate) fn beginning_with(text: &str) -> String {
    format!("{}%", escaped(&folded(text)))
}

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

pub(crate) fn limit(window: Window) -> i64 {
    i64::from(window.limit)
}

pub(crate) fn offset(window: Window) -> i64 {
    i64::try_from(window.offset).unwrap_or(i64::MAX)
}

/// Columns by name and type.
pub(crate) trait Columns {
    fn text(&self, name: &str) -> Result<String, Error>;
    fn maybe_text(&self, name: &str) -> Result<Option<String>, Error>;
    fn number(&self, name: &str) -> Result<i64, Error>;
    fn maybe_number(&self, name: &str) -> Result<Option<i64>, Error>;
    fn flag(&self, name: &str) -> Result<bool, Error>;
    fn maybe_flag(&self, name: &str) -> Result<Option<bool>, Error>;

    fn count(&self, name: &str) -> Result<u64, Error> {
        let number = self.number(name)?;
        u64::try_from(number).map_err(|_| Error::Corrupt(format!("{name} is {number}")))
    }

    /// A count of what never goes into the billions: rows of an import, seats.
    fn small(&self, name: &str) -> Result<u32, Error> {
        let number = self.number(name)?;
        u32::try_from(number).map_err(|_| Error::Corrupt(format!("{name} is {number}")))
    }

    fn moment(&self, name: &str) -> Result<Timestamp, Error> {
        Ok(Timestamp(self.number(name)?))
    }

    fn maybe_moment(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        Ok(self.maybe_number(name)?.map(Timestamp))
    }

    /// A word of a closed list.
    fn word<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        let word = self.text(name)?;
        word.parse().map_err(|_| Error::Corrupt(format!("{name} is “{word}”")))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        serde_json::from_str(&self.text(name)?)
            .map_err(|cause| Error::Corrupt(format!("{name} is no such JSON: {cause}")))
    }
}

impl Columns for AnyRow {
    fn text(&self, name: &str) -> Result<String, Error> {
        Ok(self.try_get(name)?)
    }

    fn maybe_text(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.try_get(name)?)
    }

    fn number(&self, name: &str) -> Result<i64, Error> {
        Ok(self.try_get(name)?)
    }

    fn maybe_number(&self, name: &str) -> Result<Option<i64>, Error> {
        Ok(self.try_get(name)?)
    }

    fn flag(&self, name: &str) -> Result<bool, Error> {
        self.maybe_flag(name)?.ok_or_else(|| Error::Corrupt(format!("{name} is null")))
    }

    /// SQLite has no type for yes and no: there it is a number.
    fn maybe_flag(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.try_get::<Option<bool>, _>(name) {
            Ok(flag) => Ok(flag),
            Err(_) => Ok(self.maybe_number(name)?.map(|number| number != 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_needs_few_statements() {
        for length in 0..=1203 {
            let rows = vec![0; length];
            let lengths: Vec<usize> = runs(&rows).map(<[i32]>::len).collect();
            assert_eq!(lengths.iter().sum::<usize>(), length);
            assert!(lengths.len() <= length / MAX_ROWS + 9, "{length}: {lengths:?}");
        }
    }

    #[test]
    fn rows_are_numbered_where_that_costs_nothing() {
        let check = |kind, expected| assert_eq!(insert(kind, "INSERT", 2, 2, "END"), expected);
        check(Kind::Sqlite, "INSERT VALUES (?,?),(?,?) END");
        check(Kind::Postgres, "INSERT VALUES ($1,$2),($3,$4) END");
    }

    #[test]
    fn patterns_take_every_character_as_it_stands() {
        assert_eq!(containing(r" 50%_\ÄB"), r"%50\%\_\\äb%");
        assert_eq!(beginning_with("a\0b"), "ab%");
    }
}
