//! The end of a run: it is planned and applied in one transaction, which a preview rolls back. A commit
//! that is sent again gets the same answer.

use std::collections::{HashMap, HashSet};

use roster::audit::{Action, Entry};
use roster::authority::Caller;
use roster::directory::plan::{self, Approval, Known, Plan, Rejected, Seen};
use roster::directory::protocol::{
    Commit, Committed, GroupSeen, GroupStatus, Guid, Mode, PeopleDigest, PersonSeen, RunId,
    RunResult, bounds,
};
use roster::directory::view::{ChangeKind, RunCounts, RunState};
use roster::email::Email;
use roster::id::{AccountId, Timestamp};
use serde_json::{Value, json};
use store::{KeptRun, NewChange, NewProblem, Permit, RunEnd, Source, Transaction, Unasked};

use super::apply::{Job, apply, lock};
use super::known::{day_before, load};
use super::memberships::Memberships;
use super::record::{Record, problem, waiting};
use super::run::ended;
use super::{admitted, hold, ours, own_run, within_bounds};
use crate::keys::Keys;
use crate::{Error, Operations, Result, subject};

/// Ends a run after everything was sent. It runs as a separate task, so that it completes even if the
/// request is cancelled.
pub async fn commit(
    operations: &Operations,
    caller: &Caller,
    run: RunId,
    wish: Commit,
) -> Result<Committed> {
    ours(caller)?;
    within_bounds(bounds::commit(&wish))?;
    let (operations, caller) = (operations.clone(), caller.clone());
    let work = tokio::spawn(async move { take(&operations, &caller, run, &wish).await });
    work.await.map_err(|cause| Error::internal(format!("a run’s commit: {cause}")))?
}

async fn take(
    operations: &Operations,
    caller: &Caller,
    id: RunId,
    wish: &Commit,
) -> Result<Committed> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    let kept = own_run(&mut tx, source.id, id).await?;
    if let Some(answer) = kept.answer {
        return Ok(answer);
    }
    if kept.line.state != RunState::UnderWay {
        return Err(ended().into());
    }
    let keys = &operations.keys;
    let run = Run { id, permit: &permit, caller, keys, source, wish, now };
    let sent = sent(&mut tx, &kept).await?;
    let whole = plan::received(wish, sent.batches, sent.people.len() as u64, &sent.digest);
    if let Err(why) = whole {
        return run.reject(tx, &why).await;
    }
    match kept.line.mode {
        Mode::Apply => run.apply(tx, &sent.people).await,
        Mode::Preview => run.preview(operations, tx, &sent.people).await,
    }
}

/// What arrived of a run.
pub(super) struct Sent {
    pub people: Vec<PersonSeen>,
    batches: u32,
    digest: String,
}

/// Reads a run's people, batch by batch. Their number and size were bounded when they were sent.
pub(super) async fn sent(tx: &mut Transaction, run: &KeptRun) -> Result<Sent> {
    let people = Vec::with_capacity(usize::try_from(run.people).unwrap_or_default());
    let mut sent = Sent { people, batches: 0, digest: String::new() };
    let mut digest = PeopleDigest::new();
    let mut from = 0;
    while let Some((number, body)) = tx.directory_batch(run.line.id, from).await? {
        from = number.saturating_add(1);
        let people: Vec<PersonSeen> = serde_json::from_str(&body)
            .map_err(|cause| Error::internal(format!("a batch that was kept: {cause}")))?;
        for person in people {
            digest.add(&person);
            sent.people.push(person);
        }
        sent.batches += 1;
    }
    sent.digest = digest.finish();
    Ok(sent)
}

/// A run that is being committed.
struct Run<'a> {
    id: RunId,
    permit: &'a Permit,
    caller: &'a Caller,
    keys: &'a Keys,
    source: Source,
    wish: &'a Commit,
    now: Timestamp,
}

/// An applied plan, and what to store about it.
struct Outcome {
    plan: Plan,
    counts: RunCounts,
    answer: Committed,
    changes: Vec<NewChange>,
    problems: Vec<NewProblem>,
    entries: Vec<Entry>,
    /// People whose step failed while it was applied.
    failed: HashSet<Guid>,
}

impl Run<'_> {
    async fn apply(self, mut tx: Transaction, people: &[PersonSeen]) -> Result<Committed> {
        let outcome = match self.write(&mut tx, people).await? {
            Ok(outcome) => outcome,
            Err(why) => return self.reject(tx, &why).await,
        };
        let mut entries = outcome.entries;
        let (plan, failed) = (&outcome.plan, &outcome.failed);
        let held = hold::decide(&mut tx, self.permit, self.source.id, plan, failed).await?;
        let mut changes = outcome.changes;
        if let Some(steps) = &held.steps {
            changes.extend(steps.iter().map(waiting));
            entries.push(self.held(&outcome.answer));
        }
        tx.save_directory_changes(self.permit, self.id, &changes).await?;
        let wish = match held.state {
            RunState::Held => Some(json(self.wish)?),
            _ => None,
        };
        let end = RunEnd {
            state: held.state,
            counts: outcome.counts,
            held: outcome.answer.held.clone(),
            waiting: held.kept.as_ref().map(|(steps, digest)| (steps.as_str(), digest.as_str())),
            message: None,
            answer: Some(&outcome.answer),
            wish: wish.as_deref(),
        };
        tx.end_directory_run(self.permit, self.id, &end, self.now).await?;
        let (permit, source) = (self.permit, self.source.id);
        let done = Unasked {
            disabled: outcome.counts.disabled,
            emails: plan.updates.iter().filter(|it| it.changes_email()).count() as u64,
            enabled: outcome.counts.enabled,
            created: outcome.counts.created,
        };
        tx.add_directory_unasked(permit, source, done, self.now, day_before(self.now)).await?;
        tx.renew_directory_problems(permit, source, self.id, &outcome.problems, self.now).await?;
        if outcome.plan.complete {
            tx.directory_succeeded(permit, source, self.now).await?;
        }
        if outcome.plan.settles() {
            settle(&mut tx, permit, &self.source, &self.wish.groups).await?;
        }
        if entries.is_empty() {
            tx.commit_bookkeeping().await?;
        } else {
            tx.commit(self.caller, self.now, &entries).await?;
        }
        Ok(outcome.answer)
    }

    /// Applies the plan and rolls it back; the changes it would make are stored.
    async fn preview(
        self,
        operations: &Operations,
        mut tx: Transaction,
        people: &[PersonSeen],
    ) -> Result<Committed> {
        let outcome = match self.write(&mut tx, people).await? {
            Ok(outcome) => outcome,
            Err(why) => return self.reject(tx, &why).await,
        };
        drop(tx);
        let answer = Committed { result: RunResult::Preview, ..outcome.answer };
        let mut changes = outcome.changes;
        for change in changes.iter_mut().filter(|change| change.kind == ChangeKind::Created) {
            change.account = None;
        }
        let steps = outcome.plan.held.iter().flat_map(|held| &held.waiting);
        changes.extend(steps.map(waiting));
        // The token may have been revoked meanwhile.
        let now = operations.now();
        let mut tx = operations.store.write().await?;
        let (_, permit) = admitted(&mut tx, self.caller, now).await?;
        let kept = own_run(&mut tx, self.source.id, self.id).await?;
        if kept.line.state != RunState::UnderWay {
            // The commit was sent twice at once, or the run was aborted meanwhile.
            return kept.answer.ok_or_else(|| ended().into());
        }
        tx.save_directory_changes(&permit, self.id, &changes).await?;
        let end = RunEnd {
            state: RunState::Previewed,
            counts: outcome.counts,
            held: answer.held.clone(),
            waiting: None,
            message: None,
            answer: Some(&answer),
            wish: None,
        };
        tx.end_directory_run(&permit, self.id, &end, now).await?;
        tx.commit_bookkeeping().await?;
        Ok(answer)
    }

    /// Plans the run and applies the plan.
    async fn write(
        &self,
        tx: &mut Transaction,
        people: &[PersonSeen],
    ) -> Result<std::result::Result<Outcome, Rejected>> {
        let free = lock(tx).await?;
        let known = load(tx, &self.source, people, self.now).await?;
        let rules = tx.directory_settings().await?.rules;
        let (groups, absent) = (&self.wish.groups, &self.wish.absent);
        let seen = Seen { people, groups, absent };
        let plan = match plan::plan(seen, &known, &rules, &Approval::default()) {
            Ok(plan) => plan,
            Err(why) => return Ok(Err(why)),
        };
        let memberships = Memberships::of(people, groups, &known);
        let job = Job {
            permit: self.permit,
            keys: self.keys,
            source: self.source.id,
            run: self.id,
            memberships: &memberships,
            now: self.now,
        };
        let applied = apply(tx, &job, &plan, free).await?;
        let seen = memberships.changed(&known.people);
        tx.note_directory_groups(self.permit, self.source.id, &seen).await?;
        let record = Record::of(&plan, &applied);
        let faults = record.faults();
        let changes = record.changes(people, &known.people);
        let counts = record.counts();
        let held = plan.held.as_ref().map(plan::Held::told);
        let answer = Committed {
            result: if held.is_some() { RunResult::Held } else { RunResult::Applied },
            created: counts.created,
            updated: counts.updated,
            disabled: counts.disabled,
            enabled: counts.enabled,
            unchanged: counts.unchanged,
            failed: faults,
            held,
            waiting: plan.held.as_ref().map(plan::Held::counted),
            code: None,
            message: None,
        };
        let problems = problems(&changes, groups, &known);
        let domain = &self.source.identity.domain;
        let entries = record.entries(self.id, self.source.id, domain);
        let failed = applied.failed();
        Ok(Ok(Outcome { plan, counts, answer, changes, problems, entries, failed }))
    }

    /// Ends the run as rejected. Nothing has been written in `tx` so far.
    async fn reject(self, mut tx: Transaction, why: &Rejected) -> Result<Committed> {
        let message = why.to_string();
        let answer = Committed {
            code: Some(why.code().to_owned()),
            message: Some(message.clone()),
            ..Committed::empty(RunResult::Rejected)
        };
        let end = RunEnd {
            state: RunState::Rejected,
            counts: RunCounts::default(),
            held: None,
            waiting: None,
            message: Some(&message),
            answer: Some(&answer),
            wish: None,
        };
        tx.end_directory_run(self.permit, self.id, &end, self.now).await?;
        let problem = super::events::problem(why.code(), &message);
        let problems = std::slice::from_ref(&problem);
        tx.note_directory_problems(self.permit, self.source.id, None, problems, self.now).await?;
        tx.commit_bookkeeping().await?;
        Ok(answer)
    }

    fn held(&self, answer: &Committed) -> Entry {
        Entry {
            action: Action::DirectoryRunHeld,
            subject: subject::directory(self.source.id, &self.source.identity.domain),
            before: Value::Null,
            after: json!({
                "run": self.id,
                "reason": answer.held.as_ref().map(|held| held.reason),
                "changes": answer.held.as_ref().map(|held| held.count),
            }),
        }
    }
}

/// Ends the first run and approves the mappings; see [`Plan::settles`].
pub(super) async fn settle(
    tx: &mut Transaction,
    permit: &Permit,
    source: &Source,
    groups: &[GroupSeen],
) -> Result<()> {
    tx.settle_directory(permit, source.id).await?;
    for group in groups.iter().filter(|group| group.status == GroupStatus::Complete) {
        tx.note_directory_members(permit, source.id, group.guid, group.members).await?;
    }
    Ok(())
}

/// The current problems: people's faults, and groups that were not read completely.
fn problems(changes: &[NewChange], groups: &[GroupSeen], known: &Known) -> Vec<NewProblem> {
    let failed = changes.iter().filter(|change| change.kind == ChangeKind::Failed);
    let key = |change: &NewChange| Some(Email::parse(&change.email).ok()?.key);
    let wanted: HashSet<String> = failed.clone().filter_map(key).collect();
    let holders = known.holders.iter().map(|it| (&it.email.key, it.account));
    let owners = known.people.iter().map(|it| (&it.email.key, it.account));
    let in_the_way: HashMap<String, AccountId> = holders
        .chain(owners)
        .filter(|(key, _)| wanted.contains(*key))
        .map(|(key, account)| (key.clone(), account))
        .collect();
    let people = failed.map(|change| problem(change, &in_the_way));
    let groups = groups.iter().filter(|group| group.status != GroupStatus::Complete);
    people.chain(groups.filter_map(|group| unread(group, known))).collect()
}

fn unread(group: &GroupSeen, known: &Known) -> Option<NewProblem> {
    let mapping = known.mappings.iter().find(|it| it.ad_group_guid == group.guid)?;
    let name = &mapping.ad_group_name;
    let (code, message) = match group.status {
        GroupStatus::NotFound => (
            "group.not_found",
            format!(
                "“{name}” is not in the directory any more. Its people stay as they are until another \
                 group is mapped or the mapping is removed."
            ),
        ),
        _ => (
            "group.unread",
            format!(
                "“{name}” was not read completely, so nobody was disabled for being absent. The next run \
                 tries again."
            ),
        ),
    };
    let (code, subject, name) = (code.to_owned(), group.guid.to_string(), name.clone());
    Some(NewProblem { code, subject, name, account: None, message })
}

fn json(wish: &Commit) -> Result<String> {
    serde_json::to_string(wish).map_err(|cause| Error::internal(format!("a commit: {cause}")))
}
