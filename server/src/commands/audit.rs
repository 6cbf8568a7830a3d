//! `muster audit verify`: whether the trail is what Muster wrote. Exit code 0: it is; 1: it isn't;
//! 2: it can't be read.

use std::process::ExitCode;

use operations::audit::{self, Verified};
use roster::audit::chain::Broken;
use roster::authority::Caller;
use serde::Serialize;

use super::open;
use crate::arguments::Audit;
use crate::failure::{Failure, Result};
use crate::say::{self, Results};

/// What `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    whole: bool,
    entries: u64,
    unchained: u64,
    /// The newest entry and its hash: to be noted elsewhere and compared.
    last: i64,
    hash: &'a str,
    broken: Option<Broken>,
}

pub async fn run(database: String, verb: Audit) -> Result<ExitCode> {
    let Audit::Verify { json } = verb;
    let unreadable = |failure: Failure| match failure {
        Failure::Failed(sentence) => Failure::Usage(sentence),
        other => other,
    };
    let operations = open(&database).await.map_err(unreadable)?;
    let verified = audit::verify(&operations, &Caller::operator()).await;
    let verified = verified.map_err(|error| unreadable(error.into()))?;
    operations.close().await;
    if json {
        let mut results = Results::new();
        results.json(&Line {
            whole: verified.broken.is_none(),
            entries: verified.entries,
            unchained: verified.unchained,
            last: verified.head.last,
            hash: &verified.head.hash,
            broken: verified.broken,
        })?;
        results.finish()?;
    } else {
        say::line(in_words(&verified))?;
    }
    Ok(if verified.broken.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(verified: &Verified) -> String {
    let Verified { entries, unchained, head, broken } = verified;
    let found = match broken {
        Some(Broken { entry, fault }) => format!(
            "The audit trail is broken at entry {entry}: {fault}. The {entries} entries before it \
             hold."
        ),
        None => format!("The audit trail is whole: {entries} entries hold."),
    };
    let before = match *unchained {
        0 => String::new(),
        count => format!(
            " Another {count} are from before entries were chained: they can’t be verified."
        ),
    };
    let note = if broken.is_none() && !head.hash.is_empty() {
        format!(
            "\nThe newest is entry {} with the hash {}.\nNote it elsewhere: whoever can change the \
             whole database can’t change what you noted.",
            head.last, head.hash
        )
    } else {
        String::new()
    };
    [found, before, note].concat()
}
