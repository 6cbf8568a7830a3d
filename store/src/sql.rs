//! What the repositories share: texts folded and made patterns, columns read by type.

use std::str::FromStr;

use roster::id::Timestamp;
use roster::page::Window;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::Error;

/// The form in which texts are searched: without regard to case. PostgreSQL keeps no NUL.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = roster::group::name_key(text);
    folded.retain(|c| c != '\0');
    folded
}

/// The form in which people and groups are sorted and searched: without regard to case and accents.
pub(crate) fn unaccented(text: &str) -> String {
    let mut key = roster::text::unaccented(text);
    key.retain(|c| c != '\0');
    key
}

/// The `LIKE … ESCAPE '\'` pattern for texts that contain this one, in the same form.
pub(crate) fn containing(key: &str) -> String {
    format!("%{}%", escaped(key))
}

/// The first text behind all that begin with this one, as both databases compare them.
pub(crate) fn behind(folded: &str) -> String {
    let mut end = folded.to_owned();
    end.push(char::MAX);
    end
}

/// The patterns for columns that are searched without regard to accents, and once were with regard to
/// them: what was written then is found as it was.
pub(crate) fn containing_either(text: &str) -> [String; 2] {
    [unaccented(text), folded(text)].map(|key| containing(&key))
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

/// The same rows counted from the list's end, where that is nearer: fewer rows are passed over.
pub(crate) fn from_the_end(window: Window, total: u64) -> Option<Window> {
    let rest = total.saturating_sub(window.offset);
    if window.offset <= total / 2 || rest == 0 {
        return None;
    }
    let limit = window.limit.min(u32::try_from(rest).unwrap_or(u32::MAX));
    Some(Window { offset: rest - u64::from(limit), limit })
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
    fn patterns_take_every_character_as_it_stands() {
        assert_eq!(containing(r"50%_\äb"), r"%50\%\_\\äb%");
        assert_eq!(folded(" ÄB\0c"), "äbc");
        assert_eq!(unaccented(" ÄB\0c"), "abc");
    }

    #[test]
    fn a_page_is_counted_from_the_nearer_end() {
        let check = |offset, limit, total, expected: Option<(u64, u32)>| {
            let near = from_the_end(Window { offset, limit }, total);
            assert_eq!(near.map(|it| (it.offset, it.limit)), expected, "{offset} {limit} {total}");
        };
        check(0, 50, 0, None);
        check(0, 50, 1000, None);
        check(500, 50, 1000, None);
        check(600, 50, 1000, Some((350, 50)));
        check(950, 50, 1000, Some((0, 50)));
        check(999, 50, 1000, Some((0, 1)));
        check(1000, 50, 1000, None);
        check(1, 50, 1, None);
        check(1, 1, 2, None);
        check(2, 50, 3, Some((0, 1)));
    }
}
