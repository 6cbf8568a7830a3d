//! Decides which steps wait for a Master Administrator, and releases those that were approved.

use rustc_hash::FxHashSet;

use super::approval::Approval;
use super::emails::{Move, stuck};
use super::known::{Known, KnownMapping};
use super::rules::Rules;
use super::seen::Run;
use super::step::{Change, Reason, Step};
use super::{Held, Plan};
use crate::directory::protocol::{Guid, HeldReason};

/// Why steps of the plan must wait. The first reason is the one shown.
pub(super) fn reasons(plan: &Plan, run: &Run<'_>, known: &Known, rules: &Rules) -> Vec<HeldReason> {
    // A new mapping without people has nothing to approve yet.
    let new = |mapping: &KnownMapping| !mapping.approved && run.has_people(mapping);
    let changed = known.mapping_removed || known.mappings.iter().any(new);
    let disables = plan.disables.len() as u64;
    let emails = plan.updates.iter().filter(|update| update.changes_email()).count() as u64;
    let enables = plan.enables.len() as u64;
    let counted = known.counted();
    // People disabled within the last 24 hours were enabled before.
    let counted_before = counted.saturating_add(known.disabled_last_day);
    let disables_in_a_day = disables.saturating_add(known.disabled_last_day);
    let emails_in_a_day = emails.saturating_add(known.emails_last_day);
    let enables_in_a_day = enables.saturating_add(known.enabled_last_day);
    let (disabling, renaming) = (rules.thresholds, rules.email_thresholds);
    let enabling = rules.enable_thresholds;
    let reasons = [
        (HeldReason::FirstRun, known.first_run),
        (HeldReason::MappingChanged, changed),
        (HeldReason::GroupEmptied, disables > 0 && run.emptied),
        (HeldReason::ManyDisabled, disabling.many(disables, counted)),
        (
            HeldReason::ManyInADay,
            disables > 0 && disabling.many_in_a_day(disables_in_a_day, counted_before),
        ),
        (HeldReason::ManyEmails, renaming.many(emails, counted)),
        (
            HeldReason::ManyEmailsInADay,
            emails > 0 && renaming.many_in_a_day(emails_in_a_day, counted),
        ),
        (HeldReason::ManyEnabled, enabling.many(enables, counted)),
        (
            HeldReason::ManyEnabledInADay,
            enables > 0 && enabling.many_in_a_day(enables_in_a_day, counted),
        ),
    ];
    reasons.into_iter().filter(|(_, applies)| *applies).map(|(reason, _)| reason).collect()
}

/// Whether only an approval ends one of these reasons, and all steps wait until then.
pub(super) fn is_asked_for(reasons: &[HeldReason]) -> bool {
    let first = |reason| matches!(reason, &HeldReason::FirstRun | &HeldReason::MappingChanged);
    reasons.iter().any(first)
}

/// Moves the steps that must wait from the plan's lists to `held`, except the approved ones.
pub(super) fn hold(plan: &mut Plan, reasons: &[HeldReason], approved: &Approval) {
    let Some(reason) = reasons.first().copied() else { return };
    let steps = waiting(plan, reasons);
    let approved: FxHashSet<&Step> = approved.steps.iter().collect();
    let stays = steps.iter().map(|step| !approved.contains(step)).collect();
    // An approved step may need an email that a step which still waits would have freed.
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

/// Takes out the steps that wait: all of them for a first run or a changed mapping; otherwise all that
/// disable (even if the directory itself disabled the person), change emails, or enable.
fn waiting(plan: &mut Plan, reasons: &[HeldReason]) -> Vec<Step> {
    let any = |of: &[HeldReason]| reasons.iter().any(|reason| of.contains(reason));
    let whole = is_asked_for(reasons);
    let emails = any(&[HeldReason::ManyEmails, HeldReason::ManyEmailsInADay]);
    let disables =
        any(&[HeldReason::GroupEmptied, HeldReason::ManyDisabled, HeldReason::ManyInADay]);
    let enables = any(&[HeldReason::ManyEnabled, HeldReason::ManyEnabledInADay]);
    let mut steps = Vec::new();
    if whole {
        steps.extend(plan.creates.drain(..).map(Step::Create));
        steps.extend(plan.links.drain(..).map(Step::Link));
        steps.extend(plan.updates.drain(..).map(Step::Update));
    } else if emails {
        steps.extend(changes_of_emails(plan, Change::changes_email));
    } else if disables {
        // A person keeps their email until they are disabled.
        let stays: FxHashSet<Guid> = plan.disables.iter().map(|it| it.guid).collect();
        let kept = |it: &Change| it.reason == Reason::EmailPassedOn && stays.contains(&it.guid);
        steps.extend(changes_of_emails(plan, kept));
    }
    if whole || disables {
        steps.extend(plan.disables.drain(..).map(Step::Disable));
    }
    if whole || enables {
        steps.extend(plan.enables.drain(..).map(Step::Enable));
    }
    steps
}

/// Takes out the changes of emails that wait, and the steps that need an email these would have freed.
fn changes_of_emails(plan: &mut Plan, waits: impl Fn(&Change) -> bool) -> Vec<Step> {
    let creates = std::mem::take(&mut plan.creates).into_iter().map(Step::Create);
    let updates = std::mem::take(&mut plan.updates).into_iter().map(Step::Update);
    let all: Vec<Step> = creates.chain(updates).collect();
    let first = |step: &Step| matches!(step, Step::Update(change) if waits(change));
    let moves: Vec<Move<'_>> = all.iter().map(move_of).collect();
    let stays = stuck(&moves, all.iter().map(first).collect());
    let mut waiting = Vec::new();
    for (step, stays) in all.into_iter().zip(stays) {
        if stays {
            waiting.push(step);
        } else {
            release(plan, step);
        }
    }
    waiting
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
