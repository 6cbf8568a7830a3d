//! Keeps the steps that wait. A held run replaces an older one, unless both hold the same steps.

use std::collections::{HashMap, HashSet};

use roster::directory::plan::{Change, Identity, Plan, StatusChange, Step};
use roster::directory::protocol::{Guid, SourceId};
use roster::directory::view::{RunCounts, RunState};
use roster::id::AccountId;
use roster::secret::Secret;
use store::{Permit, Transaction};

use crate::{Error, Result, entropy};

pub(super) struct Hold {
    pub state: RunState,
    /// The steps that wait in this run; `None`: none do, or they wait in an earlier run.
    pub steps: Option<Vec<Step>>,
    /// The steps as JSON, and its digest.
    pub kept: Option<(String, String)>,
}

/// Decides whether this run is held, after its plan was applied except for those in `failed`. The source
/// is locked.
pub(super) async fn decide(
    tx: &mut Transaction,
    permit: &Permit,
    source: SourceId,
    plan: &Plan,
    failed: &HashSet<Guid>,
) -> Result<Hold> {
    let older = tx.open_directory_run(source, RunState::Held).await?.map(|run| run.line.id);
    let steps = plan.held.as_ref().map(|held| carried(&held.waiting, plan, failed));
    let kept = steps.as_ref().map(|steps| digested(steps)).transpose()?;
    let without = |state| Hold { state, steps: None, kept: None };
    if let (Some(older), Some((_, digest))) = (older, &kept) {
        let same = tx.held_directory_digest(older).await?.as_ref() == Some(digest);
        // An incomplete run may hold fewer steps than a complete one, so it must not replace the older one.
        if same || !plan.complete {
            return Ok(without(RunState::HeldBefore));
        }
    }
    if let Some(older) = older.filter(|_| plan.complete) {
        let (state, none) = (RunState::Replaced, RunCounts::default());
        tx.decide_directory_run(permit, older, state, none, None).await?;
    }
    Ok(match steps {
        Some(_) => Hold { state: RunState::Held, steps, kept },
        None => without(RunState::Applied),
    })
}

/// Brings waiting steps up to date: this run may have changed their accounts, and so the versions they
/// were planned for.
fn carried(waiting: &[Step], plan: &Plan, failed: &HashSet<Guid>) -> Vec<Step> {
    let changed = |it: &&Change| it.before != it.after;
    let now: HashMap<AccountId, &Identity> =
        plan.updates.iter().filter(changed).map(|it| (it.account, &it.after)).collect();
    let turned: HashSet<AccountId> = plan
        .disables
        .iter()
        .chain(&plan.enables)
        .filter(|it| !failed.contains(&it.guid))
        .map(|it| it.account)
        .collect();
    let status = |mut it: StatusChange| {
        if let Some(who) = now.get(&it.account) {
            it.version += 1;
            it.who = (*who).clone();
        }
        it
    };
    let update = |mut it: Change| {
        if turned.contains(&it.account) {
            it.version += 1;
        }
        it
    };
    waiting
        .iter()
        .cloned()
        .map(|step| match step {
            Step::Disable(it) => Step::Disable(status(it)),
            Step::Enable(it) => Step::Enable(status(it)),
            Step::Update(it) => Step::Update(update(it)),
            other => other,
        })
        .collect()
}

fn digested(steps: &[Step]) -> Result<(String, String)> {
    let json = serde_json::to_string(steps)
        .map_err(|cause| Error::internal(format!("steps that wait: {cause}")))?;
    let json = Secret::new(json);
    let digest = entropy::digest(&json);
    Ok((json.reveal().to_owned(), digest))
}
