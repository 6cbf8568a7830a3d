//! The result of a run as tables and sentences.

use std::collections::HashMap;

use roster::directory::protocol::{Committed, GroupStatus, Guid, HeldReason, Ignored, RunResult};
use roster::text::shown;

use crate::failure::{Failure, Result};
use crate::run::Outcome;
use crate::say;

/// The most faults that are listed; the server's page has all of them.
const FAULTS: usize = 50;

#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Empty if the columns need no heads.
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Prints the table, with heads in capitals.
    fn say(&self) -> Result<()> {
        let head = self.head.iter().map(|head| head.to_uppercase()).collect();
        let head = Some(head).filter(|head: &Vec<String>| !head.is_empty());
        say::table(&head.into_iter().chain(self.rows.clone()).collect::<Vec<_>>())
    }
}

/// Ready to be shown, at the terminal or on a page.
#[derive(Clone, Debug)]
pub struct Told {
    pub groups: Table,
    pub counts: Table,
    pub faults: Table,
    /// The number of faults beyond those in `faults`.
    pub more: usize,
    /// Problems of the whole run.
    pub warnings: Vec<Failure>,
    pub waiting: Option<String>,
}

impl Told {
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let committed = &outcome.committed;
        let mut warnings: Vec<Failure> = outcome
            .snapshot
            .failures
            .iter()
            .map(|failure| Failure::Incomplete { why: failure.to_string() })
            .collect();
        warnings.extend(outcome.unproven.clone());
        let rejected = committed.result == RunResult::Rejected;
        if rejected {
            let message = committed.message.clone().unwrap_or_default();
            warnings.push(Failure::Rejected { message });
        }
        Self {
            groups: groups(outcome),
            counts: counts(committed),
            faults: faults(outcome),
            more: committed.failed.len().saturating_sub(FAULTS),
            warnings,
            waiting: if rejected { None } else { waiting(committed) },
        }
    }
}

pub fn outcome(outcome: &Outcome) -> Result<()> {
    let told = Told::of(outcome);
    told.groups.say()?;
    say::line("")?;
    told.counts.say()?;
    if !told.faults.rows.is_empty() {
        say::line("")?;
        told.faults.say()?;
    }
    if told.more > 0 {
        say::line(format_args!("and {} more", told.more))?;
    }
    for warning in &told.warnings {
        say::aside(format_args!("muster-sync: {warning}"));
    }
    match &told.waiting {
        Some(waiting) => say::line(format_args!("\n{waiting}")),
        None => Ok(()),
    }
}

fn groups(outcome: &Outcome) -> Table {
    let head = vec!["AD group", "Technician Group", "People", "Not people", "Read"];
    let mut rows = Vec::new();
    for mapping in &outcome.hello.mappings {
        let seen = outcome.snapshot.groups.iter().find(|it| it.guid == mapping.ad_group_guid);
        rows.push(vec![
            shown(&mapping.ad_group_name),
            format!("#{}", mapping.technician_group_id),
            seen.map(|it| it.members.to_string()).unwrap_or_default(),
            seen.map(|it| ignored(&it.ignored).to_string()).unwrap_or_default(),
            seen.map(|it| status(it.status).to_owned()).unwrap_or_default(),
        ]);
    }
    Table { head, rows }
}

fn ignored(ignored: &Ignored) -> u64 {
    ignored.computers + ignored.contacts + ignored.foreign + ignored.other
}

fn status(status: GroupStatus) -> &'static str {
    match status {
        GroupStatus::Complete => "whole",
        GroupStatus::Partial => "in part",
        GroupStatus::Failed => "not at all",
        GroupStatus::NotFound => "not there",
    }
}

fn counts(committed: &Committed) -> Table {
    let preview = committed.result == RunResult::Preview;
    let would = if preview { "would be " } else { "" };
    let count = |what: &str, count: u64| vec![format!("{would}{what}"), count.to_string()];
    let mut rows = vec![
        count("created", committed.created),
        count("updated", committed.updated),
        count("disabled", committed.disabled),
        count("enabled", committed.enabled),
        count("unchanged", committed.unchanged),
        count("failed", u64::try_from(committed.failed.len()).unwrap_or(u64::MAX)),
    ];
    if let Some(waiting) = &committed.waiting {
        let kinds = [waiting.created, waiting.updated, waiting.disabled, waiting.enabled];
        for (row, count) in rows.iter_mut().zip(kinds) {
            row.push(count.to_string());
        }
        let approved = if preview { "Once approved" } else { "Waiting" };
        return Table { head: vec!["", "At once", approved], rows };
    }
    Table { head: Vec::new(), rows }
}

fn faults(outcome: &Outcome) -> Table {
    let failed = &outcome.committed.failed;
    if failed.is_empty() {
        return Table::default();
    }
    let names: HashMap<Guid, &str> =
        outcome.snapshot.people.iter().map(|it| (it.guid, it.name.as_str())).collect();
    let head = vec!["Person", "Fault", "What is wrong"];
    let mut rows = Vec::new();
    for fault in failed.iter().take(FAULTS) {
        let name = names.get(&fault.guid).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| fault.guid.to_string(), |name| shown(name));
        rows.push(vec![name, fault.code.clone(), fault.message.clone()]);
    }
    Table { head, rows }
}

fn waiting(committed: &Committed) -> Option<String> {
    let held = committed.held.as_ref()?;
    let waits = if committed.result == RunResult::Preview { "would wait" } else { "wait" };
    Some(format!(
        "{} changes {waits} for a Master Administrator, in Global Settings, Active Directory \
         Synchronization: {}.",
        held.count,
        reason(held.reason)
    ))
}

fn reason(reason: HeldReason) -> &'static str {
    match reason {
        HeldReason::FirstRun => "it is the first run",
        HeldReason::MappingChanged => "the mapped groups have changed",
        HeldReason::ManyDisabled => "it would disable many at once",
        HeldReason::GroupEmptied => "a group that had members has none",
        HeldReason::ManyInADay => "many would be disabled within a day",
        HeldReason::ManyEmails => "it would change the emails of many at once",
        HeldReason::ManyEmailsInADay => "the emails of many would change within a day",
        HeldReason::ManyEnabled => "it would enable many at once",
        HeldReason::ManyEnabledInADay => "many would be enabled within a day",
    }
}
