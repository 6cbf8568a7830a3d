//! What the server knows of the source, and what becomes of that by a run.

use std::collections::BTreeSet;

use roster::directory::plan::{
    Approval, Held, Identity, Known, KnownMapping, KnownPerson, Plan, Rejected, Rules, Seen, Step,
    plan,
};
use roster::directory::protocol::{GroupSeen, GroupStatus, Guid, Mapping};
use roster::id::{AccountId, GroupId};

use super::rights::of;
use super::world::Member;

#[derive(Clone)]
pub struct Memory {
    pub known: Known,
}

/// A step, as far as it makes a difference to somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Create(Guid, String, String, GroupId),
    Update(Guid, String, String),
    Disable(Guid),
    Enable(Guid),
}

impl Memory {
    pub fn new(mapped: u32) -> Self {
        let mapping = |group: u32| KnownMapping {
            ad_group_guid: of(Member::Group(group)),
            ad_group_name: format!("Group {group}"),
            group: Some(GroupId(1_001 + i64::from(group))),
            members: 0,
            approved: false,
        };
        let mappings = (0..mapped).map(mapping).collect();
        Self { known: Known { mappings, first_run: true, ..Known::default() } }
    }

    pub fn mappings(&self) -> Vec<Mapping> {
        let of = |it: &KnownMapping| Mapping {
            ad_group_guid: it.ad_group_guid,
            ad_group_name: it.ad_group_name.clone(),
            technician_group_id: it.group.unwrap(),
        };
        self.known.mappings.iter().map(of).collect()
    }

    pub fn managed(&self) -> impl Iterator<Item = Guid> {
        self.known.people.iter().filter(|person| person.enabled).map(|person| person.guid)
    }

    pub fn plan(&self, seen: Seen<'_>) -> Result<Plan, Rejected> {
        plan(seen, &self.known, &Rules::default(), &Approval::default())
    }

    /// All of it, as a Master Administrator approves it.
    pub fn approve(&mut self, seen: Seen<'_>) -> Result<Plan, Rejected> {
        let steps = self.plan(seen)?.held.map(|held| held.waiting).unwrap_or_default();
        let plan = plan(seen, &self.known, &Rules::default(), &Approval { steps })?;
        assert_eq!(plan.held, None);
        self.apply(&plan, seen);
        Ok(plan)
    }

    fn apply(&mut self, plan: &Plan, seen: Seen<'_>) {
        for create in &plan.creates {
            let account = AccountId(i64::try_from(self.known.people.len()).unwrap());
            self.known.people.push(create.applied(account, None));
        }
        self.note_groups(seen);
        for update in &plan.updates {
            let person = self.person(update.account);
            (person.name, person.email) = (update.after.name.clone(), update.after.email.clone());
        }
        for disable in &plan.disables {
            let person = self.person(disable.account);
            (person.enabled, person.disabled_by_sync) = (false, true);
        }
        for enable in &plan.enables {
            let person = self.person(enable.account);
            (person.enabled, person.disabled_by_sync) = (true, false);
        }
        if plan.settles() {
            self.known.first_run = false;
            for (mapping, group) in self.known.mappings.iter_mut().zip(seen.groups) {
                mapping.approved |= group.members > 0;
                mapping.members = group.members;
            }
        }
    }

    /// As the server keeps it: a group that wasn't read keeps whom it had.
    fn note_groups(&mut self, seen: Seen<'_>) {
        let complete = |it: &&GroupSeen| it.status == GroupStatus::Complete;
        let read: Vec<Guid> = seen.groups.iter().filter(complete).map(|it| it.guid).collect();
        for person in seen.people {
            let Some(known) = self.known.people.iter_mut().find(|it| it.guid == person.guid) else {
                continue;
            };
            let before = known.seen_in.take().unwrap_or_default();
            let unread = before.into_iter().filter(|group| !read.contains(group));
            known.seen_in = Some(unread.chain(person.group_guids.iter().copied()).collect());
        }
    }

    fn person(&mut self, account: AccountId) -> &mut KnownPerson {
        self.known.people.iter_mut().find(|person| person.account == account).unwrap()
    }
}

/// All that a plan would do, what waits too.
pub fn deeds(plan: &Plan) -> BTreeSet<Deed> {
    let text = |it: &Identity| (it.name.clone(), it.email.key.clone());
    let of = |step: &Step| match step {
        Step::Create(it) => {
            let (name, email) = text(&it.after);
            Deed::Create(it.guid, name, email, it.group)
        }
        Step::Link(it) | Step::Update(it) => {
            let (name, email) = text(&it.after);
            Deed::Update(it.guid, name, email)
        }
        Step::Disable(it) => Deed::Disable(it.guid),
        Step::Enable(it) => Deed::Enable(it.guid),
    };
    let waiting = plan.held.iter().flat_map(|Held { waiting, .. }| waiting.iter().cloned());
    waiting
        .chain(plan.creates.iter().cloned().map(Step::Create))
        .chain(plan.links.iter().cloned().map(Step::Link))
        .chain(plan.updates.iter().cloned().map(Step::Update))
        .chain(plan.disables.iter().cloned().map(Step::Disable))
        .chain(plan.enables.iter().cloned().map(Step::Enable))
        .map(|step| of(&step))
        .collect()
}
