//! Reads all values of an attribute that names objects. Several answers are combined only if the values
//! didn't change meanwhile.

use roster::directory::protocol::Guid;
use roster::directory::protocol::bounds::RUN_PEOPLE;

use super::member::Member;
use super::range;
use crate::failure::{Failure, Result};
use crate::ldap::search::{ANSWERS, Found, Query, Values};
use crate::ldap::{Connection, filter};

/// How often an attribute is read if it changes meanwhile.
const TRIES: usize = 3;

/// `None`: the object doesn't exist, or is hidden.
pub async fn named(
    connection: &mut Connection,
    object: Guid,
    attribute: &str,
    what: &str,
) -> Result<Option<Vec<Member>>> {
    for _ in 0..TRIES {
        match once(connection, object, attribute, what).await? {
            Read::Whole(values) => return Ok(Some(values)),
            Read::NotThere => return Ok(None),
            Read::Changed => tracing::info!("{what} changed while they were read"),
        }
    }
    let controller = connection.controller.to_string();
    Err(Failure::Changing { controller, what: what.to_owned() })
}

enum Read {
    Whole(Vec<Member>),
    /// The values changed between two answers, so that a value may be in neither.
    Changed,
    NotThere,
}

async fn once(
    connection: &mut Connection,
    object: Guid,
    attribute: &str,
    what: &str,
) -> Result<Read> {
    let Some(first) = ask(connection, object, attribute, 0, what).await? else {
        return Ok(Read::NotThere);
    };
    let (mut values, mut more) = (first.values, first.more);
    let mut answers = 1;
    while more {
        answers += 1;
        if answers > ANSWERS {
            return Err(connection.too_many(what, &format!("{ANSWERS} parts")));
        }
        // The last value is read again: if it moved, earlier values have changed. The version alone doesn't
        // show that: deleting an object removes it from its groups without changing their version.
        let last = values.len() - 1;
        let Some(next) = ask(connection, object, attribute, last, what).await? else {
            return Ok(Read::Changed);
        };
        let same = next.values.first().is_some_and(|it| it.guid == values[last].guid);
        if !same || next.version != first.version {
            return Ok(Read::Changed);
        }
        if next.more && next.values.len() == 1 {
            return Err(connection.malformed(what));
        }
        values.pop();
        values.extend(next.values);
        more = next.more;
    }
    Ok(Read::Whole(values))
}

struct Answer {
    values: Vec<Member>,
    more: bool,
    /// The object's `uSNChanged`, if it may be read.
    version: Option<String>,
}

/// `None`: the object or the range doesn't exist.
async fn ask(
    connection: &mut Connection,
    object: Guid,
    attribute: &str,
    from: usize,
    what: &str,
) -> Result<Option<Answer>> {
    let base = filter::base_of(object);
    let attributes = [&range::asked(attribute, from), "uSNChanged"];
    let query = Query { what, base: &base, filter: "(objectClass=*)", attributes: &attributes };
    let Found::Entry(entry) = connection.read(query, Values::WithGuids).await? else {
        return Ok(None);
    };
    let Some(part) = range::part(&entry, &attribute.to_ascii_lowercase(), from) else {
        return if from == 0 { Err(connection.malformed(what)) } else { Ok(None) };
    };
    if from.saturating_add(part.values.len()) as u64 > RUN_PEOPLE {
        return Err(connection.too_many(what, &format!("{RUN_PEOPLE} values")));
    }
    let values: Option<Vec<Member>> = part.values.iter().map(|it| Member::parse(it)).collect();
    Ok(Some(Answer {
        values: values.ok_or_else(|| connection.malformed(what))?,
        more: part.next.is_some(),
        version: entry.text("usnchanged").map(str::to_owned),
    }))
}
