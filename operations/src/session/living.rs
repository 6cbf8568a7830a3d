//! Sessions that live: whose a request is, and the end of one.

use std::time::Duration;

use roster::account::Role;
use roster::audit::{Action, Entry};
use roster::authority::{Actor, Caller, Origin, Who};
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::session::TOUCH_SECONDS;
use serde_json::Value;
use store::LiveSession;
use tokio::time::timeout;

use crate::{Operations, Result, entropy, subject};

/// A request waits no longer to note its session's use.
const FREE_WRITER: Duration = Duration::from_millis(500);

/// The caller whose session this token is; `None` where it is no living session of an enabled
/// account.
pub async fn authenticate(
    operations: &Operations,
    token: &Secret,
    origin: Origin,
) -> Result<Option<Caller>> {
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let Some(live) = reader.session(&entropy::digest(token)).await? else { return Ok(None) };
    if !live.policies.sessions.allow(live.created_at, live.last_seen_at, now) {
        return Ok(None);
    }
    let areas = match live.role {
        Role::Administrator => reader.areas(live.account).await?,
        Role::Technician | Role::Master | Role::Holder => Vec::new(),
    };
    drop(reader);
    touch(operations, &live, now).await?;
    let actor = Actor {
        account: live.account,
        role: live.role,
        areas,
        session: live.id,
        must_change_password: live.password_due || live.policies.must_change(live.password),
        two_step_due: two_step_due(&live),
        name: live.name,
    };
    Ok(Some(Caller { who: Who::Person(actor), origin }))
}

/// Pages can be read while nothing can be written, or others write for long: then the use isn't noted,
/// and the session may end earlier.
async fn touch(operations: &Operations, live: &LiveSession, now: Timestamp) -> Result<()> {
    if now.seconds_since(live.last_seen_at) < TOUCH_SECONDS {
        return Ok(());
    }
    let noted = timeout(FREE_WRITER, async {
        let mut tx = operations.store.write().await?;
        tx.touch_session(live.id, now).await?;
        tx.commit_bookkeeping().await
    });
    match noted.await {
        Ok(Err(cause)) if !cause.is_unavailable() => Err(cause.into()),
        _ => Ok(()),
    }
}

/// As settings and groups have it now: a duty reaches sessions that live.
fn two_step_due(live: &LiveSession) -> bool {
    !live.has_second_factor && live.two_step.of(live.role, live.group_asks)
}

/// Ends the session that asks, and what is pending in it.
pub async fn sign_out(operations: &Operations, caller: &Caller) -> Result<()> {
    let Some(actor) = caller.person() else { return Ok(()) };
    let mut tx = operations.store.write().await?;
    let Some(permit) = tx.own_session_for(caller).await? else { return Ok(()) };
    tx.sign_out(&permit, actor.session).await?;
    let entry = Entry {
        action: Action::SignOut,
        subject: subject::account(actor.account, &actor.name),
        before: Value::Null,
        after: Value::Null,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}
