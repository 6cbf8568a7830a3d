//! What waits for a Master Administrator, and what their approval lets through.

use rustc_hash::FxHashSet;

use super::approval::Approval;
use super::emails::{Move, stuck};
use super::known::Known;
use super::rules::Thresholds;
use super::seen::Run;
use super::step::Step;
use super::{Held, Plan};
use crate::directory::protocol::HeldReason;

/// Why something of the plan is to wait.
pub(super) fn reason(
    plan: &Plan,
    run: &Run<'_>,
    known: &Known,
    thresholds: Thresholds,
) -> Option<HeldReason> {
    let changed = known.mapping_removed || known.mappings.iter().any(|mapping| !mapping.approved);
    let disables = plan.disables.len() as u64;
    let (enabled, of_the_day) = (known.enabled(), known.disabled_last_day);
    let reasons = [
        (HeldReason::FirstRun, known.first_run),
        (HeldReason::MappingChanged, changed),
        (HeldReason::GroupEmptied, run.emptied),
        (HeldReason::ManyDisabled, thresholds.many(disables, enabled)),
        (
            HeldReason::ManyInADay,
            thresholds.many_in_a_day(
                disables.saturating_add(of_the_day),
                enabled.saturating_add(of_the_day),
            ),
        ),
    ];
    reasons.into_iter().find(|(_, applies)| *applies).map(|(reason, _)| reason)
}

/// Takes what is to wait out of the plan's lists, but for what was approved.
pub(super) fn hold(plan: &mut Plan, reason: HeldReason, approved: &Approval) {
    let steps = waiting(plan, reason);
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
    plan.held = (!waiting.is_empty()).then_some(Held { reason, waiting });
}

/// Of a first run and a changed mapping all of it; otherwise the disablings, those on explicit
/// evidence too.
fn waiting(plan: &mut Plan, reason: HeldReason) -> Vec<Step> {
    let mut steps = Vec::new();
    let whole = matches!(reason, HeldReason::FirstRun | HeldReason::MappingChanged);
    if whole {
        steps.extend(plan.creates.drain(..).map(Step::Create));
        steps.extend(plan.links.drain(..).map(Step::Link));
        steps.extend(plan.updates.drain(..).map(Step::Update));
    }
    steps.extend(plan.disables.drain(..).map(Step::Disable));
    if whole {
        steps.extend(plan.enables.drain(..).map(Step::Enable));
    }
    steps
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
    /// More than may be disabled in one run without asking.
    fn many(self, disables: u64, enabled: u64) -> bool {
        self.exceeded(disables, enabled, self.percent)
    }

    /// More than may be disabled within 24 hours without asking; `enabled` counts those who were
    /// enabled before.
    fn many_in_a_day(self, disables: u64, enabled: u64) -> bool {
        self.exceeded(disables, enabled, self.day_percent)
    }

    fn exceeded(self, count: u64, of: u64, percent: u32) -> bool {
        count > u64::from(self.at_least)
            && u128::from(count) * 100 > u128::from(of) * u128::from(percent)
    }
}
