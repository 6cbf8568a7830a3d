//! `muster audit verify`: whether the trail is what Muster wrote. Exit code 0: it is; 1: it isn't;
//! 2: it can't be read, or an option is wrong.

use std::process::ExitCode;

use operations::audit::{self, Expected, Verified};
use roster::audit::chain::{Broken, Fault};
use roster::authority::Caller;
use serde::Serialize;

use super::{counted, open_to_read, unreadable};
use crate::arguments::Audit;
use crate::configuration::Database;
use crate::failure::Result;
use crate::say::{self, Results};

/// What `--json` prints.
#[derive(Serialize)]
pub struct Line<'a> {
    whole: bool,
    entries: u64,
    without_key: u64,
    unchained: u64,
    key_replaced: bool,
    /// The newest entry and its hash: to be noted elsewhere and compared.
    last: i64,
    hash: &'a str,
    broken: Option<Broken>,
}

impl<'a> Line<'a> {
    pub fn of(verified: &'a Verified) -> Self {
        Self {
            whole: verified.broken.is_none(),
            entries: verified.entries,
            without_key: verified.without_key,
            unchained: verified.unchained,
            key_replaced: verified.key_replaced,
            last: verified.head.last,
            hash: &verified.head.hash,
            broken: verified.broken,
        }
    }
}

pub async fn run(database: Database, verb: Audit) -> Result<ExitCode> {
    let Audit::Verify { since, begins_after, json } = verb;
    let operations = open_to_read(&database).await.map_err(unreadable)?;
    let expected = Expected { begins_after, since };
    let verified = audit::verify(&operations, &Caller::operator(), expected).await;
    let verified = verified.map_err(|error| unreadable(error.into()))?;
    operations.close().await;
    if json {
        let mut results = Results::new();
        results.json(&Line::of(&verified))?;
        results.finish()?;
    } else {
        say::line(in_words(&verified))?;
    }
    Ok(if verified.broken.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn in_words(verified: &Verified) -> String {
    let Verified { entries, without_key, unchained, key_replaced, head, broken } = verified;
    let begins_after = head.begins_after;
    let found = match broken {
        Some(Broken { fault: Fault::Unchained, .. }) if *key_replaced => format!(
            "The audit trail can’t be verified from its beginning: entry {} says that the key file \
             was lost and replaced, and nothing tells whether the entries before it were changed. If \
             you know of that, say so by --begins-after {begins_after}.",
            begins_after + 1
        ),
        Some(Broken { fault: Fault::Unchained, .. }) => format!(
            "The audit trail is broken: its chain begins after entry {begins_after}, and nothing \
             tells whether entries up to it were changed. If they are from before entries were \
             chained, as an earlier `muster audit verify` said, say so by --begins-after.",
        ),
        Some(Broken { entry, fault }) => format!(
            "The audit trail is broken at entry {entry}: {fault}. Before it, {}.",
            counted(*entries, "entry holds", "entries hold")
        ),
        None if *key_replaced => format!(
            "The audit trail holds from entry {first}, which says that the lost key file was replaced, \
             to entry {last}. The {unchained} entries before it can’t be verified.",
            first = begins_after + 1,
            last = head.last
        ),
        None => format!(
            "The audit trail is whole: {}.",
            counted(*entries, "entry holds", "entries hold")
        ),
    };
    let before = match *unchained {
        0 => String::new(),
        _ if *key_replaced => String::new(),
        count => format!(
            " Another {count} are from before entries were chained: they can’t be verified."
        ),
    };
    let plain = match *without_key {
        0 => String::new(),
        count => {
            format!(" Of these, {count} are from before there was a key: this number never grows.")
        }
    };
    let note = if broken.is_none() && !head.hash.is_empty() {
        format!(
            "\nThe newest is entry {last} with the hash {hash}.\nNote it elsewhere, and compare the \
             next time: muster audit verify --since {last}:{hash}",
            last = head.last,
            hash = head.hash
        )
    } else {
        String::new()
    };
    [found, plain, before, note].concat()
}
