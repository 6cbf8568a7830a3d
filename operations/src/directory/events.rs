//! Heartbeats, and errors that kept a run from beginning.

use roster::authority::Caller;
use roster::directory::protocol::{Event, Events, SourceId};
use roster::fault::Fault;
use roster::id::Timestamp;
use store::{NewProblem, Permit, Transaction};

use super::{admitted, ours};
use crate::{Operations, Result};

const MOST: usize = 100;
/// Characters of a code and of a message that are kept.
const CODE_CHARS: usize = 64;
const MESSAGE_CHARS: usize = 2_000;

/// Stores the errors that the service reports. Heartbeats only count as a use of the token.
pub async fn events(operations: &Operations, caller: &Caller, told: &Events) -> Result<()> {
    ours(caller)?;
    if told.events.len() > MOST {
        return Err(Fault::refused(format!("At most {MOST} events can be sent at once.")).into());
    }
    let errors: Vec<_> = told.events.iter().filter_map(error).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    for (at, problem) in errors {
        // An event from a clock that is ahead must not stay on top of the log.
        note(&mut tx, &permit, source.id, at.min(now), &problem, now).await?;
    }
    tx.commit_bookkeeping().await?;
    Ok(())
}

fn error(event: &Event) -> Option<(Timestamp, NewProblem)> {
    match event {
        Event::Heartbeat => None,
        Event::Error { at, code, message } => Some((*at, problem(code, message))),
    }
}

/// A problem of the whole source.
pub(super) fn problem(code: &str, message: &str) -> NewProblem {
    NewProblem {
        code: code.chars().take(CODE_CHARS).collect(),
        subject: String::new(),
        name: String::new(),
        account: None,
        message: message.chars().take(MESSAGE_CHARS).collect(),
    }
}

/// Stores a current problem, and an event for the log.
pub(super) async fn note(
    tx: &mut Transaction,
    permit: &Permit,
    source: SourceId,
    at: Timestamp,
    problem: &NewProblem,
    now: Timestamp,
) -> Result<()> {
    tx.add_directory_event(permit, source, at, &problem.code, &problem.message).await?;
    tx.note_directory_problems(permit, source, None, std::slice::from_ref(problem), now).await?;
    Ok(())
}
