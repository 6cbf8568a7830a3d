//! Plans a run: a pure function of what the service saw, what the store knows and the settings.
//! Preview, commit and approval call the same one. The store alone checks seats and whether an
//! account has changed since it was read.

mod absence;
mod approval;
mod emails;
mod fault;
mod hold;
mod known;
mod person;
mod proof;
mod rejected;
mod rules;
mod seen;
mod step;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

pub use approval::Approval;
pub use emails::parting_email;
pub use known::{Holder, Known, KnownMapping, KnownPerson};
pub use rejected::{Rejected, received};
pub use rules::{ExistingEmail, Rules, Thresholds, counted};
pub use seen::Seen;
pub use step::{Change, Create, FaultCode, Identity, Reason, StatusChange, Step};

use self::emails::{Settled, Verdict};
use self::person::{Whose, Wish};
use self::proof::Placement;
use self::seen::Run;
use super::protocol::{self, Guid, HeldReason, PersonFault, Waiting};

/// The steps of a run, each list sorted by GUID. The lists are one set and not a sequence: a swap of
/// two emails is two updates, and a creation may take an email that an update frees. A person may be
/// in `updates` and also in `disables` or `enables`, with the same `version`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub creates: Vec<Create>,
    /// Accounts made by hand that belong to the source from now on. They keep their status and their
    /// group, which counts as the one where the sync placed them.
    pub links: Vec<Change>,
    pub updates: Vec<Change>,
    pub disables: Vec<StatusChange>,
    pub enables: Vec<StatusChange>,
    /// People who were seen or looked up, without a step or a fault.
    pub unchanged: u64,
    /// At most one fault for each person, sorted by GUID.
    pub failed: Vec<PersonFault>,
    /// Steps that wait for approval; they are in none of the lists above.
    pub held: Option<Held>,
    /// Every mapped group exists and was read completely, so absence counted for all people.
    pub complete: bool,
    /// At least one person was seen in a mapped group.
    pub anybody: bool,
    /// A first run or a changed mapping asks for an approval, and the plan was made without one.
    pub unapproved: bool,
}

impl Plan {
    /// Whether applying this plan ends the first run and approves the mappings that have people:
    /// everything was read, nothing waits, people were seen, and not all of them failed (nobody has
    /// approved the steps of those). A run without steps has nothing to approve, and must not settle
    /// what asks for an approval: a stolen token could map a group and send one disabled person of it.
    /// Until a plan settles, the store keeps `first_run`, `approved` and `mapping_removed` of [`Known`].
    #[must_use]
    pub fn settles(&self) -> bool {
        let all_failed = !self.failed.is_empty() && self.unchanged == 0 && self.is_empty();
        let approved = self.held.is_none() && !self.unapproved;
        self.complete && approved && self.anybody && !all_failed
    }

    /// Whether the plan has no step, not even one that waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_none()
            && self.creates.is_empty()
            && self.links.is_empty()
            && self.updates.is_empty()
            && self.disables.is_empty()
            && self.enables.is_empty()
    }
}

/// Steps that wait for a Master Administrator, who approves exactly these or drops them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub reason: HeldReason,
    /// Sorted by kind, then by GUID.
    pub waiting: Vec<Step>,
}

impl Held {
    /// As the service is told.
    #[must_use]
    pub fn told(&self) -> protocol::Held {
        protocol::Held { reason: self.reason, count: self.waiting.len() as u64 }
    }

    #[must_use]
    pub fn counted(&self) -> Waiting {
        let mut counted = Waiting::default();
        for step in &self.waiting {
            *match step {
                Step::Create(_) => &mut counted.created,
                Step::Link(_) | Step::Update(_) => &mut counted.updated,
                Step::Disable(_) => &mut counted.disabled,
                Step::Enable(_) => &mut counted.enabled,
            } += 1;
        }
        counted
    }
}

/// Plans a run. The order of people, groups and known accounts makes no difference.
pub fn plan(
    seen: Seen<'_>,
    known: &Known,
    rules: &Rules,
    approved: &Approval,
) -> Result<Plan, Rejected> {
    let people: FxHashMap<Guid, &KnownPerson> =
        known.people.iter().map(|person| (person.guid, person)).collect();
    let run = Run::read(seen, &known.mappings, |guid| people.contains_key(&guid))?;
    let anybody = known.mappings.iter().any(|mapping| run.has_people(mapping));
    let mut plan = Plan { complete: run.is_whole(), anybody, ..Plan::default() };
    let of = |guid: Guid| people.get(&guid).copied();

    let mut wishes = Vec::with_capacity(run.people.len());
    for person in &run.people {
        // A person in no mapped group is skipped here: `run.absent` says whether they left.
        if let Some(mapping) = run.mapping_of(person) {
            wishes.extend(person::judge(person, of(person.guid), mapping, &run, rules, &mut plan));
        }
    }
    let has_left = |person: &KnownPerson| {
        let follows = rules.follow_moved || !person.is_moved();
        person.is_owned() && follows && run.has_left(person)
    };
    let Settled { verdicts, passed_on } =
        emails::settle(&wishes, known, rules.existing_email, has_left);
    for (wish, verdict) in wishes.iter().zip(verdicts) {
        plan.follow(wish, &verdict);
    }
    plan.updates.extend(passed_on.into_iter().map(|(person, email)| Change {
        guid: person.guid,
        account: person.account,
        version: person.version,
        before: person.identity(),
        after: Identity { name: person.name.clone(), email },
        reason: Reason::EmailPassedOn,
    }));
    plan.updates.sort_unstable_by_key(|update| update.guid);
    for absent in &run.absent {
        if let Some(person) = of(absent.guid) {
            absence::judge(absent, person, &run, &mut plan);
        }
    }

    plan.disables.sort_unstable_by_key(|disable| disable.guid);
    plan.failed.sort_unstable_by_key(|fault| fault.guid);
    plan.unchanged = unchanged(&plan, &run, |guid| people.contains_key(&guid));
    let reasons = hold::reasons(&plan, &run, known, rules);
    plan.unapproved = approved.steps.is_empty() && hold::is_asked_for(&reasons);
    hold::hold(&mut plan, &reasons, approved);
    Ok(plan)
}

impl Plan {
    /// Adds the step or the fault that follows from a verdict.
    fn follow(&mut self, wish: &Wish<'_>, verdict: &Verdict<'_>) {
        let after = || wish.identity.clone();
        match (verdict, wish.whose) {
            (Verdict::Refused(code, whose), _) => {
                self.failed.push(fault::of_email(wish, *code, *whose));
            }
            (Verdict::Link(holder, reason), _) => self.links.push(Change {
                guid: wish.guid,
                account: holder.account,
                version: holder.version,
                before: holder.identity(),
                after: after(),
                reason: *reason,
            }),
            (Verdict::Granted, Whose::Known(known)) => {
                let before = known.identity();
                if before != wish.identity {
                    self.updates.push(Change {
                        guid: wish.guid,
                        account: known.account,
                        version: known.version,
                        before,
                        after: after(),
                        reason: Reason::Changed,
                    });
                }
            }
            (Verdict::Granted, Whose::New(Err(unplaced))) => {
                self.failed.push(fault::group_uncertain(wish, unplaced));
            }
            (Verdict::Granted, Whose::New(Ok(placement))) => {
                let Placement(mapping) = placement.get();
                match mapping.group {
                    Some(group) => self.creates.push(Create {
                        guid: wish.guid,
                        after: after(),
                        group,
                        ad_group_guid: mapping.ad_group_guid,
                        reason: Reason::NewInGroup,
                    }),
                    None => self.failed.push(fault::group_unknown(wish, mapping)),
                }
            }
        }
    }

    /// Everybody with a step or a fault, once.
    fn concerned(&self) -> FxHashSet<Guid> {
        let created = self.creates.iter().map(|create| create.guid);
        let changed = self.links.iter().chain(&self.updates).map(|change| change.guid);
        let switched = self.disables.iter().chain(&self.enables).map(|status| status.guid);
        let failed = self.failed.iter().map(|fault| fault.guid);
        created.chain(changed).chain(switched).chain(failed).collect()
    }
}

/// Counts people without a step or a fault: those seen, and those of this source who were looked up.
fn unchanged(plan: &Plan, run: &Run<'_>, is_known: impl Fn(Guid) -> bool) -> u64 {
    let seen = run.people.iter().map(|person| person.guid);
    let looked_for = run.absent.iter().map(|absent| absent.guid).filter(|guid| is_known(*guid));
    let all: FxHashSet<Guid> = seen.chain(looked_for).collect();
    let concerned = plan.concerned();
    all.into_iter().filter(|guid| !concerned.contains(guid)).count() as u64
}

#[cfg(test)]
mod tests;
