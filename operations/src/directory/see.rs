//! Reading the state of directory synchronization (sources, runs, problems), asking for a run, and answering
//! that an account is a person of the directory.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::directory::plan;
use roster::directory::protocol::{Guid, RunId, SourceId};
use roster::directory::view::{
    ChangeFilter, ChangeLine, MappingLine, ProblemLine, RunLine, SourceState, SourceView,
    late_after_seconds,
};
use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::page::{Page, Window};
use serde_json::{Value, json};
use store::SourceAct;

use super::known;
use super::known::day_before;
use crate::{Operations, Result, permit, subject};

/// The enrolled directories, sorted by domain.
pub async fn sources(operations: &Operations, caller: &Caller) -> Result<Vec<SourceView>> {
    permit(caller, &Act::SeeDirectory)?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let late_after = late_after_seconds(reader.directory_settings().await?.interval_minutes * 60);
    let mut sources = reader.directory_sources(now).await?;
    for source in &mut sources {
        source.state = state(source, late_after, now);
        let unasked = reader.directory_unasked(source.id, day_before(now)).await?;
        source.counted = plan::counted(source.enabled, unasked.created);
        let kept = reader.directory_mappings(source.id).await?;
        let ids: Vec<_> = kept.iter().map(|kept| kept.mapping.technician_group_id).collect();
        let mut paths = reader.group_paths(&ids).await?;
        let line = |kept: store::KeptMapping| MappingLine {
            ad_group_guid: kept.mapping.ad_group_guid,
            ad_group_name: kept.mapping.ad_group_name,
            group: kept.mapping.technician_group_id,
            path: paths.remove(&kept.mapping.technician_group_id).map(|path| path.label()),
            members: kept.members,
            approved: kept.approved,
        };
        source.mappings = kept.into_iter().map(line).collect();
    }
    Ok(sources)
}

/// Being late hides every other state except a held run, which needs an administrator.
fn state(source: &SourceView, late_after: i64, now: Timestamp) -> SourceState {
    let since = source.last_success_at.unwrap_or(source.enrolled_at);
    if source.state != SourceState::Held && now.seconds_since(since) > late_after {
        SourceState::Late(since)
    } else {
        source.state
    }
}

/// Runs of one source or all, the newest first.
pub async fn runs(
    operations: &Operations,
    caller: &Caller,
    source: Option<SourceId>,
    window: Window,
) -> Result<Page<RunLine>> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(operations.store.read().await?.directory_runs(source, window).await?)
}

/// One run.
pub async fn run(operations: &Operations, caller: &Caller, id: RunId) -> Result<RunLine> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(known(operations.store.read().await?.directory_run(id).await?, "run")?.line)
}

/// A run's change for each person, including the steps that wait.
pub async fn changes(
    operations: &Operations,
    caller: &Caller,
    id: RunId,
    filter: &ChangeFilter,
    window: Window,
) -> Result<Page<ChangeLine>> {
    permit(caller, &Act::SeeDirectory)?;
    let mut reader = operations.store.read().await?;
    known(reader.directory_run(id).await?, "run")?;
    Ok(reader.directory_changes(id, filter, window).await?)
}

/// The current problems, the last seen first.
pub async fn problems(
    operations: &Operations,
    caller: &Caller,
    window: Window,
) -> Result<Page<ProblemLine>> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(operations.store.read().await?.directory_problems(window).await?)
}

/// Asks for a run. The service begins it at its next request, within a minute.
pub async fn run_now(operations: &Operations, caller: &Caller, id: SourceId) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = tx.source_for(caller, id, SourceAct::Change, now).await?;
    tx.ask_directory_run(&permit, id).await?;
    let entry = Entry {
        action: Action::DirectoryRunAsked,
        subject: subject::directory(id, &source.identity.domain),
        before: Value::Null,
        after: Value::Null,
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// Answers `email.ask`: the account belongs to this person of the directory. The next run links them.
pub async fn agree(
    operations: &Operations,
    caller: &Caller,
    id: SourceId,
    guid: Guid,
    account: AccountId,
) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = tx.source_for(caller, id, SourceAct::Decide, now).await?;
    // The lock keeps the account from being promoted or linked meanwhile.
    let found = known(tx.lock_accounts(&[account]).await?.remove(&account), "technician")?;
    if found.role != roster::account::Role::Technician {
        let message = "An administrator’s account is never taken over.";
        return Err(Fault::refused(message).into());
    }
    if tx.account_link(account).await?.is_some() {
        return Err(Fault::conflict("This account is linked with a directory already.").into());
    }
    tx.agree_on_account(&permit, id, guid, account).await?;
    let entry = Entry {
        action: Action::DirectoryLinkAgreed,
        subject: subject::account(account, &found.person.name),
        before: Value::Null,
        after: json!({ "directory": source.identity.domain, "guid": guid }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}
