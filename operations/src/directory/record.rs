//! What a run stores about its changes, for its page and for the audit trail.

use std::collections::{HashMap, HashSet};

use roster::audit::{Action, Entry, RUN};
use roster::directory::plan::{
    Change, Create, FaultCode, Identity, KnownPerson, Plan, StatusChange, Step,
};
use roster::directory::protocol::{Guid, PersonFault, PersonSeen, RunId, SourceId};
use roster::directory::view::{ChangeKind, FieldChange, RunCounts};
use roster::id::AccountId;
use serde_json::{Map, Value, json};
use store::{NewChange, NewProblem};

use super::apply::Applied;
use crate::subject;

/// The most created accounts in one audit entry. The run lists each of them.
const CREATED: usize = 1_000;

/// A plan and the result of applying it.
pub(super) struct Record<'a> {
    pub plan: &'a Plan,
    pub applied: &'a Applied,
    failed: HashSet<Guid>,
}

impl<'a> Record<'a> {
    pub(super) fn of(plan: &'a Plan, applied: &'a Applied) -> Self {
        Self { plan, applied, failed: applied.failed() }
    }

    fn done<T>(&self, steps: &'a [T], guid: impl Fn(&T) -> Guid) -> impl Iterator<Item = &'a T> {
        steps.iter().filter(move |step| !self.failed.contains(&guid(step)))
    }

    fn created(&self) -> impl Iterator<Item = (&'a Create, AccountId)> {
        let id = |create: &'a Create| Some((create, *self.applied.created.get(&create.guid)?));
        self.plan.creates.iter().filter_map(id)
    }

    fn enabled(&self) -> impl Iterator<Item = &'a StatusChange> {
        self.done(&self.plan.enables, |status| status.guid)
    }

    pub(super) fn counts(&self) -> RunCounts {
        let count = |many: usize| many as u64;
        RunCounts {
            created: count(self.applied.created.len()),
            updated: count(self.plan.links.len() + self.plan.updates.len()),
            disabled: count(self.plan.disables.len()),
            enabled: count(self.enabled().count()),
            unchanged: self.plan.unchanged,
            failed: count(self.plan.failed.len() + self.applied.faults.len()),
        }
    }

    /// All faults, sorted by GUID.
    pub(super) fn faults(&self) -> Vec<PersonFault> {
        let mut faults = [&self.plan.failed[..], &self.applied.faults].concat();
        faults.sort_by_key(|fault| fault.guid);
        faults
    }

    /// The steps done and the faults, for the run's page; see [`waiting`] for steps that wait. `seen` and
    /// `known` give the names of people with faults.
    pub(super) fn changes(&self, seen: &[PersonSeen], known: &[KnownPerson]) -> Vec<NewChange> {
        let mut changes = Vec::new();
        let plan = self.plan;
        changes.extend(plan.disables.iter().map(|it| status(it, ChangeKind::Disabled)));
        changes.extend(self.enabled().map(|it| status(it, ChangeKind::Enabled)));
        changes.extend(plan.links.iter().map(|it| change(it, ChangeKind::Linked)));
        changes.extend(plan.updates.iter().map(|it| change(it, ChangeKind::Updated)));
        changes.extend(self.created().map(|(it, id)| create(it, Some(id))));
        let faults = self.faults();
        let guids: HashSet<Guid> = faults.iter().map(|fault| fault.guid).collect();
        let seen = seen.iter().filter(|it| guids.contains(&it.guid)).map(|it| (it.guid, it));
        let known = known.iter().filter(|it| guids.contains(&it.guid)).map(|it| (it.guid, it));
        let (seen, known): (HashMap<_, _>, HashMap<_, _>) = (seen.collect(), known.collect());
        changes.extend(faults.into_iter().map(|fault| {
            let guid = fault.guid;
            failed(fault, seen.get(&guid).copied(), known.get(&guid).copied())
        }));
        changes
    }

    /// One audit entry for each changed account, and, as for imports, one for many created accounts: the
    /// run lists each of them.
    pub(super) fn entries(&self, run: RunId, source: SourceId, domain: &str) -> Vec<Entry> {
        let plan = self.plan;
        let mut entries = Vec::new();
        for it in &plan.links {
            let (before, mut after) = fields_of(it);
            after["directory"] = json!(domain);
            after[RUN] = json!(run);
            entries.push(entry(Action::TechnicianLinked, it.account, &it.after, before, after));
        }
        for it in &plan.updates {
            let (before, mut after) = fields_of(it);
            after[RUN] = json!(run);
            entries.push(entry(Action::TechnicianEdited, it.account, &it.after, before, after));
        }
        let turned = |it: &StatusChange, action, enabled: bool| {
            let before = json!({ "enabled": !enabled });
            let after = json!({ "enabled": enabled, "why": it.reason.label(), RUN: run });
            entry(action, it.account, &it.who, before, after)
        };
        let disabled = plan.disables.iter();
        entries.extend(disabled.map(|it| turned(it, Action::TechnicianDisabled, false)));
        entries.extend(self.enabled().map(|it| turned(it, Action::TechnicianEnabled, true)));
        let created: Vec<AccountId> = self.created().map(|(_, id)| id).collect();
        entries.extend(created.chunks(CREATED).map(|ids| Entry {
            action: Action::DirectoryRun,
            subject: subject::directory(source, domain),
            before: Value::Null,
            after: json!({ RUN: run, "created": ids }),
        }));
        entries
    }
}

fn entry(action: Action, account: AccountId, who: &Identity, before: Value, after: Value) -> Entry {
    Entry { action, subject: subject::account(account, &who.name), before, after }
}

fn fields_of(change: &Change) -> (Value, Value) {
    let fields = differences(&change.before, &change.after);
    let side = |of: fn(&FieldChange) -> &String| {
        let pairs = fields.iter().map(|field| (field.field.clone(), json!(of(field))));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    (side(|field| &field.before), side(|field| &field.after))
}

fn differences(before: &Identity, after: &Identity) -> Vec<FieldChange> {
    [("name", &before.name, &after.name), ("email", &before.email.as_typed, &after.email.as_typed)]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| FieldChange {
            field: field.to_owned(),
            before: before.clone(),
            after: after.clone(),
        })
        .collect()
}

fn create(create: &Create, account: Option<AccountId>) -> NewChange {
    NewChange {
        guid: create.guid,
        account,
        name: create.after.name.clone(),
        email: create.after.email.as_typed.clone(),
        kind: ChangeKind::Created,
        held: false,
        reason: create.reason.label().to_owned(),
        code: None,
        fields: Vec::new(),
    }
}

fn change(change: &Change, kind: ChangeKind) -> NewChange {
    NewChange {
        guid: change.guid,
        account: Some(change.account),
        name: change.after.name.clone(),
        email: change.after.email.as_typed.clone(),
        kind,
        held: false,
        reason: change.reason.label().to_owned(),
        code: None,
        fields: differences(&change.before, &change.after),
    }
}

fn status(status: &StatusChange, kind: ChangeKind) -> NewChange {
    NewChange {
        guid: status.guid,
        account: Some(status.account),
        name: status.who.name.clone(),
        email: status.who.email.as_typed.clone(),
        kind,
        held: false,
        reason: status.reason.label().to_owned(),
        code: None,
        fields: Vec::new(),
    }
}

/// A fault, with the name from the directory or else from the account.
fn failed(fault: PersonFault, seen: Option<&PersonSeen>, known: Option<&KnownPerson>) -> NewChange {
    let either = |seen: Option<&String>, known: Option<&String>| {
        seen.filter(|text| !text.is_empty()).or(known).cloned().unwrap_or_default()
    };
    let (name, email) = (known.map(|it| &it.name), known.map(|it| &it.email.as_typed));
    NewChange {
        guid: fault.guid,
        account: known.map(|known| known.account),
        name: either(seen.map(|seen| &seen.name), name),
        email: either(seen.map(|seen| &seen.email), email),
        kind: ChangeKind::Failed,
        held: false,
        reason: fault.message,
        code: Some(fault.code),
        fields: Vec::new(),
    }
}

/// A waiting step in its run's list.
pub(super) fn waiting(step: &Step) -> NewChange {
    let change = match step {
        Step::Create(it) => create(it, None),
        Step::Link(it) => change(it, ChangeKind::Linked),
        Step::Update(it) => change(it, ChangeKind::Updated),
        Step::Disable(it) => status(it, ChangeKind::Disabled),
        Step::Enable(it) => status(it, ChangeKind::Enabled),
    };
    NewChange { held: true, ..change }
}

/// A person's fault as a current problem. `in_the_way` has the accounts by the keys of their emails.
pub(super) fn problem(change: &NewChange, in_the_way: &HashMap<String, AccountId>) -> NewProblem {
    let code = change.code.clone().unwrap_or_default();
    let wants = [FaultCode::EmailAsk, FaultCode::EmailInUse].iter().any(|it| code == it.as_str());
    let key = || Some(roster::email::Email::parse(&change.email).ok()?.key);
    NewProblem {
        account: key().filter(|_| wants).and_then(|key| in_the_way.get(&key).copied()),
        code,
        subject: change.guid.to_string(),
        name: change.name.clone(),
        message: change.reason.clone(),
    }
}
