//! Directory synchronization: plans, applies and audits what `muster-sync` reads and sends. The service's
//! requests are in `caller`, `enroll`, `hello`, `mappings`, `events`, `run` and `commit`; administrators'
//! in `tokens`, `enrollment_code`, `settings`, `decide`, `see`, `starting` and `log`. The rules are in
//! `roster::directory::plan`.

mod apply;
mod caller;
mod commit;
mod decide;
mod enroll;
mod enrollment_code;
mod events;
mod hello;
mod hold;
mod known;
mod log;
mod mappings;
mod memberships;
mod record;
mod run;
mod see;
mod settings;
mod starting;
mod tokens;

use roster::authority::{Act, Caller};
use roster::directory::protocol::bounds::Excess;
use roster::directory::protocol::{RunId, SourceId};
use roster::fault::Fault;
use roster::id::Timestamp;
use store::{KeptRun, Permit, Reader, Source, SourceAct, Transaction};

use crate::{Result, permit};

pub use caller::authenticate;
pub use commit::commit;
pub use decide::{approve, drop_run};
pub use enroll::enroll;
pub use enrollment_code::create_enrollment_code;
pub use events::events;
pub use hello::{groups, hello, managed};
pub use log::{Log, download_log};
pub use mappings::put_mappings;
pub use run::{abort, begin_run, put_batch};
pub use see::{agree, changes, problems, run, run_now, runs, sources};
pub use settings::{change_settings, see_settings};
pub use starting::{starting_passwords, take_starting_passwords};
pub use tokens::{create_token, revoke_token, rotate_token, tokens};

/// The source of the calling service.
fn ours(caller: &Caller) -> Result<SourceId> {
    // No source has the ID 0, so a token that isn't enrolled is refused with that reason.
    let source = caller.directory().and_then(|directory| directory.source).unwrap_or(SourceId(0));
    permit(caller, &Act::SyncDirectory { source })?;
    Ok(source)
}

/// Locks the source of the calling service for a change, if its token still works.
async fn admitted(
    tx: &mut Transaction,
    caller: &Caller,
    now: Timestamp,
) -> Result<(Source, Permit)> {
    Ok(tx.source_for(caller, ours(caller)?, SourceAct::Sync, now).await?)
}

/// Refuses what exceeds a limit.
fn within_bounds(checked: std::result::Result<(), Excess>) -> Result<()> {
    checked.map_err(|why| Fault::refused(why.to_string()).into())
}

fn known<T>(found: Option<T>, what: &str) -> Result<T> {
    found.ok_or_else(|| Fault::not_found(what).into())
}

/// A run of this source. Another source's run is answered like one that doesn't exist.
async fn own_run(reader: &mut Reader, source: SourceId, id: RunId) -> Result<KeptRun> {
    let found = reader.directory_run(id).await?;
    known(found.filter(|run| run.line.source == source), "run")
}

async fn source(reader: &mut Reader, id: SourceId) -> Result<Source> {
    known(reader.directory_source(id).await?, "directory")
}
