//! What waits for a Master Administrator, and what their approval lets through.

use rustc_hash::FxHashSet;

use super::approval::Approval;
use super::emails::{Move, stuck};
use super::known::{Known, KnownMapping};
use super::rules::{Rules, Thresholds};
use super::seen::Run;
use super::step::{Change, Create, Step};
use super::{Held, Plan};
use crate::directory::protocol::HeldReason;

/// Why something of the plan is to wait: what is told is the first reason.
pub(super) fn reasons(plan: &Plan, run: &Run<'_>, known: &Known, rules: &Rules) -> Vec<HeldReason> {
    // Of a new mapping without people there is nothing to approve yet.
    let new = |mapping: &KnownMapping| !mapping.approved && run.has_people(mapping);
    let changed = known.mapping_removed || known.mappings.iter().any(new);
    let disables = plan.disables.len() as u64;
    let emails = plan.updates.iter().filter(|update| update.changes_email()).count() as u64;
    let enabled = known.enabled();
    // Who was disabled within the day was enabled before.
    let enabled_before = enabled.saturating_add(known.disabled_last_day);
    let disables_in_a_day = disables.saturating_add(known.disabled_last_day);
    let emails_in_a_day = emails.saturating_add(known.emails_last_day);
    let (disabling, renaming) = (rules.thresholds, rules.email_thresholds);
    let reasons = [
        (HeldReason::FirstRun, known.first_run),
        (HeldReason::MappingChanged, changed),
        (HeldReason::GroupEmptied, disables > 0 && run.emptied),
        (HeldReason::ManyDisabled, disabling.many(disables, enabled)),
        (
            HeldReason::ManyInADay,
            disables > 0 && disabling.many_in_a_day(disables_in_a_day, enabled_before),
        ),
        (HeldReason::ManyEmails, renaming.many(emails, enabled)),
        (
            HeldReason::ManyEmailsInADay,
            emails > 0 && renaming.many_in_a_day(emails_in_a_day, enabled),
        ),
    ];
    reasons.into_iter().filter(|(_, applies)| *applies).map(|(reason, _)| reason).collect()
}

/// Takes what is to wait out of the plan's lists, but for what was approved.
pub(super) fn hold(plan: &mut Plan, reasons: &[HeldReason], approved: &Approval) {
    let Some(reason) = reasons.first().copied() else { return };
    let steps = waiting(plan, reasons);
    let approved: FxHashSet<&Step> = approved.steps.iter().collect();
    let stays = steps.iter().map(|step| !approved.contains(step)).collect();
    // An approved step may need an email which another, that waits on, would have freed.
    let moves: Vec<Move<'_>> = steps.iter().map(move_of).collect();
    let stays = stuck(&moves, stays);
    let mut waiting = Vec::new();
    for (step, stays) in steps.into_iter().zip(stays) {
        if stays {
            waiting.push(step);
        } else {
            release(plan, step);
        }
    }
    plan.creates.sort_by_key(|create| create.guid);
    plan.updates.sort_by_key(|update| update.guid);
    plan.held = (!waiting.is_empty()).then_some(Held { reason, waiting });
}

/// Of a first run and a changed mapping all of it; otherwise the disablings, those on explicit
/// evidence too, or the changes of emails.
fn waiting(plan: &mut Plan, reasons: &[HeldReason]) -> Vec<Step> {
    let any = |of: &[HeldReason]| reasons.iter().any(|reason| of.contains(reason));
    let whole = any(&[HeldReason::FirstRun, HeldReason::MappingChanged]);
    let emails = any(&[HeldReason::ManyEmails, HeldReason::ManyEmailsInADay]);
    let disables =
        any(&[HeldReason::GroupEmptied, HeldReason::ManyDisabled, HeldReason::ManyInADay]);
    let mut steps = Vec::new();
    if whole {
        steps.extend(plan.creates.drain(..).map(Step::Create));
        steps.extend(plan.links.drain(..).map(Step::Link));
        steps.extend(plan.updates.drain(..).map(Step::Update));
    } else if emails {
        steps.extend(changes_of_emails(plan));
    }
    if whole || disables {
        steps.extend(plan.disables.drain(..).map(Step::Disable));
    }
    if whole {
        steps.extend(plan.enables.drain(..).map(Step::Enable));
    }
    steps
}

/// Whoever gets another email, and before them those who are created with one that they leave.
fn changes_of_emails(plan: &mut Plan) -> Vec<Step> {
    let (waits, goes_on): (Vec<Change>, Vec<Change>) =
        std::mem::take(&mut plan.updates).into_iter().partition(Change::changes_email);
    plan.updates = goes_on;
    let left: FxHashSet<&str> = waits.iter().map(|it| it.before.email.key.as_str()).collect();
    let (behind, free): (Vec<Create>, Vec<Create>) = std::mem::take(&mut plan.creates)
        .into_iter()
        .partition(|create| left.contains(create.after.email.key.as_str()));
    plan.creates = free;
    behind.into_iter().map(Step::Create).chain(waits.into_iter().map(Step::Update)).collect()
}

fn release(plan: &mut Plan, step: Step) {
    match step {
        Step::Create(create) => plan.creates.push(create),
        Step::Link(link) => plan.links.push(link),
        Step::Update(update) => plan.updates.push(update),
        Step::Disable(disable) => plan.disables.push(disable),
        Step::Enable(enable) => plan.enables.push(enable),
    }
}

fn move_of(step: &Step) -> Move<'_> {
    match step {
        Step::Create(create) => Move { from: None, to: Some(&create.after.email.key) },
        Step::Update(update) => {
            Move { from: Some(&update.before.email.key), to: Some(&update.after.email.key) }
        }
        Step::Link(_) | Step::Disable(_) | Step::Enable(_) => Move { from: None, to: None },
    }
}

impl Thresholds {
    /// More than may be changed in one run without asking.
    fn many(self, count: u64, enabled: u64) -> bool {
        self.exceeded(count, enabled, self.percent)
    }

    /// More than may be changed within 24 hours without asking.
    fn many_in_a_day(self, count: u64, enabled: u64) -> bool {
        self.exceeded(count, enabled, self.day_percent)
    }

    fn exceeded(self, count: u64, of: u64, percent: u32) -> bool {
        count > u64::from(self.at_least)
            && u128::from(count) * 100 > u128::from(of) * u128::from(percent)
    }
}
