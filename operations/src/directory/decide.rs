//! Approving or dropping a held run.

use std::collections::HashSet;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::directory::plan::{self, Approval, Plan, Seen, Step};
use roster::directory::protocol::{Commit, Guid, PersonFault, RunId};
use roster::directory::view::{Decided, RunCounts, RunLine, RunState};
use roster::fault::Fault;
use roster::id::Timestamp;
use serde_json::{Value, json};
use store::{KeptRun, Permit, Source, SourceAct, Transaction};

use super::apply::{Job, apply, lock};
use super::commit::{sent, settle};
use super::known;
use super::known::load;
use super::memberships::Memberships;
use super::record::Record;
use crate::{Error, Operations, Result, permit, subject};

/// Applies exactly what waits in this run. Steps that differ by now are left to the next run. It runs as a
/// separate task, so that it completes even if the request is cancelled.
pub async fn approve(operations: &Operations, caller: &Caller, id: RunId) -> Result<RunLine> {
    permit(caller, &Act::DecideDirectoryRun)?;
    let (operations, caller) = (operations.clone(), caller.clone());
    let work = tokio::spawn(async move { carry_out(&operations, &caller, id).await });
    work.await.map_err(|cause| Error::internal(format!("an approval: {cause}")))?
}

async fn carry_out(operations: &Operations, caller: &Caller, id: RunId) -> Result<RunLine> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, run, permit) = held(&mut tx, caller, id, now).await?;
    let (approval, wish) = waiting(&mut tx, id).await?;
    let people = sent(&mut tx, &run).await?.people;
    let free = lock(&mut tx).await?;
    let known = load(&mut tx, &source, &people, now).await?;
    let rules = tx.directory_settings().await?.rules;
    let seen = Seen { people: &people, groups: &wish.groups, absent: &wish.absent };
    let mut plan = plan::plan(seen, &known, &rules, &approval)
        .map_err(|why| Fault::conflict(why.to_string()))?;
    let settles = plan.settles();
    only(&mut plan, &approval);
    let keys = &operations.keys;
    let memberships = &Memberships::of(&people, &wish.groups, &known);
    let job = Job { permit: &permit, keys, source: source.id, run: id, memberships, now };
    let applied = apply(&mut tx, &job, &plan, free).await?;
    let record = Record::of(&plan, &applied);
    let counts = RunCounts { unchanged: 0, ..record.counts() };
    let mut failed = record.changes(&people, &known.people);
    failed.retain(|change| change.code.is_some());
    tx.save_directory_changes(&permit, id, &failed).await?;
    decided(&mut tx, caller, &permit, (id, RunState::Approved), counts, now).await?;
    tx.name_accounts_of_run(&permit, source.id, id).await?;
    if settles {
        settle(&mut tx, &permit, &source, &wish.groups).await?;
    }
    let domain = &source.identity.domain;
    let mut entries = vec![entry(Action::DirectoryRunApproved, &source, &run, counts)];
    entries.extend(record.entries(id, source.id, domain));
    tx.commit(caller, now, &entries).await?;
    super::run(operations, caller, id).await
}

/// Discards what waits in this run.
pub async fn drop_run(operations: &Operations, caller: &Caller, id: RunId) -> Result<RunLine> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, run, permit) = held(&mut tx, caller, id, now).await?;
    let none = RunCounts::default();
    decided(&mut tx, caller, &permit, (id, RunState::Dropped), none, now).await?;
    let entry = entry(Action::DirectoryRunDropped, &source, &run, none);
    tx.commit(caller, now, &[entry]).await?;
    super::run(operations, caller, id).await
}

/// The run, if it is held. Locks its source.
async fn held(
    tx: &mut Transaction,
    caller: &Caller,
    id: RunId,
    now: Timestamp,
) -> Result<(Source, KeptRun, Permit)> {
    tx.permit(caller, &Act::DecideDirectoryRun).await?;
    let source = known(tx.directory_run(id).await?, "run")?.line.source;
    let (source, permit) = tx.source_for(caller, source, SourceAct::Decide, now).await?;
    let run = known(tx.directory_run(id).await?, "run")?;
    let why = match run.line.state {
        RunState::Held => return Ok((source, run, permit)),
        RunState::HeldBefore => {
            "An earlier run waits. Approve or drop that one; the next run plans these changes again."
        }
        RunState::Replaced => "This run was replaced by a later run or a change of the mappings.",
        RunState::Approved => "This run is approved already.",
        RunState::Dropped => "This run is dropped already.",
        _ => "Nothing waits in this run.",
    };
    Err(Fault::conflict(why).into())
}

async fn waiting(tx: &mut Transaction, id: RunId) -> Result<(Approval, Commit)> {
    let (steps, wish) = known(tx.held_directory_steps(id).await?, "run")?;
    let unreadable = |cause| Error::internal(format!("a run that waits: {cause}"));
    let steps = serde_json::from_str(&steps).map_err(unreadable)?;
    Ok((Approval { steps }, serde_json::from_str(&wish).map_err(unreadable)?))
}

async fn decided(
    tx: &mut Transaction,
    caller: &Caller,
    permit: &Permit,
    (id, state): (RunId, RunState),
    counts: RunCounts,
    now: Timestamp,
) -> Result<()> {
    let decided = Decided { by: caller.display_name().to_owned(), at: now };
    tx.decide_directory_run(permit, id, state, counts, Some(decided)).await?;
    Ok(())
}

/// Removes everything from the plan that was not approved: what the run saw of other people is outdated.
fn only(plan: &mut Plan, approval: &Approval) {
    let approved: HashSet<&Step> = approval.steps.iter().collect();
    plan.creates.retain(|it| approved.contains(&Step::Create(it.clone())));
    plan.links.retain(|it| approved.contains(&Step::Link(it.clone())));
    plan.updates.retain(|it| approved.contains(&Step::Update(it.clone())));
    plan.disables.retain(|it| approved.contains(&Step::Disable(it.clone())));
    plan.enables.retain(|it| approved.contains(&Step::Enable(it.clone())));
    let mut left: HashSet<Guid> = approved.iter().map(|step| step.guid()).collect();
    plan.failed.retain(|fault| left.contains(&fault.guid));
    for guid in plan
        .creates
        .iter()
        .map(|it| it.guid)
        .chain(plan.links.iter().chain(&plan.updates).map(|it| it.guid))
        .chain(plan.disables.iter().chain(&plan.enables).map(|it| it.guid))
        .chain(plan.failed.iter().map(|it| it.guid))
    {
        left.remove(&guid);
    }
    plan.failed.extend(left.iter().map(|guid| PersonFault {
        guid: *guid,
        code: "run.changed".to_owned(),
        message: "This person was changed after the run. The next run plans them again.".to_owned(),
    }));
}

fn entry(action: Action, source: &Source, run: &KeptRun, counts: RunCounts) -> Entry {
    Entry {
        action,
        subject: subject::directory(source.id, &source.identity.domain),
        before: Value::Null,
        after: json!({
            "run": run.line.id,
            "waited": run.line.held.as_ref().map(|held| held.count),
            "created": counts.created,
            "updated": counts.updated,
            "disabled": counts.disabled,
            "enabled": counts.enabled,
            "failed": counts.failed,
        }),
    }
}
