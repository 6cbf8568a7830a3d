//! A small directory, what is known of it, and what becomes of that when a plan is applied.

use std::collections::BTreeSet;

use crate::account::Role;
use crate::directory::plan::{
    Approval, Change, Held, Holder, Identity, Known, KnownMapping, KnownPerson, Plan, Rejected,
    Rules, Seen, StatusChange, Step, plan,
};
use crate::directory::protocol::{
    Absent, DisabledReason, Finding, GroupSeen, GroupStatus, Guid, Ignored, PersonSeen, Read,
};
use crate::email::Email;
use crate::id::{AccountId, GroupId};

/// Two AD groups, and the Technician Groups to which they are mapped.
pub const SUPPORT: Guid = guid(0xa1);
pub const SALES: Guid = guid(0xa2);
/// A group that nobody mapped.
pub const OTHER: Guid = guid(0xff);
pub const TIER_1: GroupId = GroupId(1001);
pub const TIER_2: GroupId = GroupId(1002);

pub const fn guid(number: u128) -> Guid {
    Guid(uuid::Uuid::from_u128(number))
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// As the directory has them: enabled, in Support.
pub fn person(number: u32) -> PersonSeen {
    PersonSeen {
        guid: guid(number.into()),
        name: format!("Person {number}"),
        email: format!("p{number}@x.test"),
        enabled: true,
        reason: None,
        group_guids: vec![SUPPORT],
        read: Read::Ok,
    }
}

/// As they are known, in step with [`person`].
pub fn known(number: u32) -> KnownPerson {
    KnownPerson {
        guid: guid(number.into()),
        account: AccountId(number.into()),
        version: 1,
        role: Role::Technician,
        name: format!("Person {number}"),
        email: email(&format!("p{number}@x.test")),
        enabled: true,
        disabled_by_sync: false,
        group: Some(TIER_1),
        placed: TIER_1,
        seen_in: Some(vec![SUPPORT]),
    }
}

/// An account that was made by hand.
pub fn holder(account: i64, text: &str) -> Holder {
    Holder {
        account: AccountId(account),
        version: 1,
        role: Role::Technician,
        name: format!("Hand {account}"),
        email: email(text),
        elsewhere: false,
        agreed: None,
    }
}

pub fn mapping(ad_group: Guid, name: &str, group: GroupId) -> KnownMapping {
    KnownMapping {
        ad_group_guid: ad_group,
        ad_group_name: name.to_owned(),
        group: Some(group),
        members: 0,
        approved: true,
    }
}

#[derive(Clone, Debug)]
pub struct World {
    pub people: Vec<PersonSeen>,
    pub absent: Vec<Absent>,
    /// Of Support and Sales.
    pub status: [GroupStatus; 2],
    pub known: Known,
    pub rules: Rules,
}

impl World {
    /// So many people are in step, after many runs.
    pub fn in_step(people: u32) -> Self {
        Self {
            people: (1..=people).map(person).collect(),
            absent: vec![],
            status: [GroupStatus::Complete; 2],
            known: Known {
                people: (1..=people).map(known).collect(),
                mappings: vec![
                    mapping(SUPPORT, "Support", TIER_1),
                    mapping(SALES, "Sales", TIER_2),
                ],
                ..Known::default()
            },
            rules: Rules::default(),
        }
    }

    /// By the number; the directory's side.
    pub fn seen(&mut self, number: u32) -> &mut PersonSeen {
        self.people.iter_mut().find(|person| person.guid == guid(number.into())).unwrap()
    }

    /// By the number; the side of Muster.
    pub fn there(&mut self, number: u32) -> &mut KnownPerson {
        self.known.people.iter_mut().find(|person| person.guid == guid(number.into())).unwrap()
    }

    /// Disabled in the directory.
    pub fn disable(&mut self, number: u32) {
        let person = self.seen(number);
        person.enabled = false;
        person.reason = Some(DisabledReason::Disabled);
    }

    /// Not in the run's batches, and this was found.
    pub fn gone(&mut self, number: u32, finding: Finding) {
        let guid = guid(number.into());
        self.people.retain(|person| person.guid != guid);
        self.absent.push(Absent { guid, finding });
    }

    fn where_seen(&self, guid: Guid) -> Option<Vec<Guid>> {
        Some(self.people.iter().find(|person| person.guid == guid)?.group_guids.clone())
    }

    pub fn groups(&self) -> Vec<GroupSeen> {
        let members = |group: Guid| {
            let its = self.people.iter().filter(|person| person.group_guids.contains(&group));
            its.map(|person| person.guid).collect::<BTreeSet<_>>().len() as u64
        };
        let of = |(guid, status)| GroupSeen {
            guid,
            status,
            members: members(guid),
            ignored: Ignored::default(),
        };
        [SUPPORT, SALES].into_iter().zip(self.status).map(of).collect()
    }

    pub fn plan(&self) -> Result<Plan, Rejected> {
        self.approved(&Approval::default())
    }

    pub fn approved(&self, approval: &Approval) -> Result<Plan, Rejected> {
        let groups = self.groups();
        let seen = Seen { people: &self.people, groups: &groups, absent: &self.absent };
        plan(seen, &self.known, &self.rules, approval)
    }

    /// What the store does with a plan.
    pub fn apply(&mut self, plan: &Plan) {
        for create in &plan.creates {
            self.join(create.applied(AccountId(0), self.where_seen(create.guid)));
        }
        for link in &plan.links {
            let at = self.known.holders.iter().position(|it| it.account == link.account).unwrap();
            let holder = self.known.holders.swap_remove(at);
            self.join(KnownPerson {
                guid: link.guid,
                account: holder.account,
                version: holder.version + 1,
                role: holder.role,
                name: link.after.name.clone(),
                email: link.after.email.clone(),
                enabled: true,
                disabled_by_sync: false,
                group: Some(TIER_2),
                placed: TIER_2,
                seen_in: self.where_seen(link.guid),
            });
        }
        for Change { account, after, .. } in &plan.updates {
            let person = self.of(*account);
            (person.name, person.email) = (after.name.clone(), after.email.clone());
        }
        for StatusChange { account, .. } in &plan.disables {
            let person = self.of(*account);
            (person.enabled, person.disabled_by_sync) = (false, true);
        }
        for StatusChange { account, .. } in &plan.enables {
            let person = self.of(*account);
            (person.enabled, person.disabled_by_sync) = (true, false);
        }
        self.known.disabled_last_day += plan.disables.len() as u64;
        if plan.settles() {
            (self.known.first_run, self.known.mapping_removed) = (false, false);
            let groups = self.groups();
            for (mapping, group) in self.known.mappings.iter_mut().zip(groups) {
                mapping.approved |= group.members > 0;
                mapping.members = group.members;
            }
        }
        self.assert_sound();
    }

    fn join(&mut self, mut person: KnownPerson) {
        if person.account == AccountId(0) {
            let last = self.known.people.iter().map(|person| person.account.0).max();
            person.account = AccountId(last.unwrap_or(0).max(10_000) + 1);
        }
        self.known.people.push(person);
    }

    fn of(&mut self, account: AccountId) -> &mut KnownPerson {
        self.known.people.iter_mut().find(|person| person.account == account).unwrap()
    }

    /// The database would take it: no email, GUID or account twice.
    pub fn assert_sound(&self) {
        let people = &self.known.people;
        let emails = people.iter().map(|person| &person.email);
        let emails: Vec<_> =
            emails.chain(self.known.holders.iter().map(|it| &it.email)).map(|it| &it.key).collect();
        assert_eq!(emails.iter().collect::<BTreeSet<_>>().len(), emails.len(), "{emails:?}");
        let guids: BTreeSet<_> = people.iter().map(|person| person.guid).collect();
        assert_eq!(guids.len(), people.len());
    }
}

/// Everything that the plan does or leaves waiting.
pub fn steps(plan: &Plan) -> Vec<Step> {
    let mut steps: Vec<Step> = plan.creates.iter().cloned().map(Step::Create).collect();
    steps.extend(plan.links.iter().cloned().map(Step::Link));
    steps.extend(plan.updates.iter().cloned().map(Step::Update));
    steps.extend(plan.disables.iter().cloned().map(Step::Disable));
    steps.extend(plan.enables.iter().cloned().map(Step::Enable));
    steps
}

pub fn waiting(plan: &Plan) -> Vec<Step> {
    plan.held.iter().flat_map(|held| held.waiting.clone()).collect()
}

/// One line a step, fault and hold: `disable 1: deleted`, `fault 2: email.required`.
pub fn lines(planned: Result<Plan, Rejected>) -> Vec<String> {
    let plan = match planned {
        Ok(plan) => plan,
        Err(rejected) => return vec![format!("rejected: {}", rejected.code())],
    };
    let mut lines: Vec<String> = steps(&plan).iter().map(line).collect();
    let number = |guid: Guid| guid.0.as_u128();
    lines.extend(plan.failed.iter().map(|it| format!("fault {}: {}", number(it.guid), it.code)));
    if let Some(Held { reason, waiting }) = &plan.held {
        lines.push(format!("held: {reason}"));
        lines.extend(waiting.iter().map(|step| format!("- {}", line(step))));
    }
    lines
}

fn line(step: &Step) -> String {
    let what = step.label().to_lowercase();
    let number = step.guid().0.as_u128();
    let who = |who: &Identity| format!("{} <{}>", who.name, who.email);
    match step {
        Step::Create(create) => {
            format!("{what} {number}: {} in {}", who(&create.after), create.group)
        }
        Step::Link(change) => {
            format!("{what} {number}: account {}, {}", change.account, change.reason)
        }
        Step::Update(change) => format!("{what} {number}: {}", who(&change.after)),
        Step::Disable(status) | Step::Enable(status) => {
            format!("{what} {number}: {}", status.reason)
        }
    }
}

/// Of three people in step; Person 1 is in the directory as in Muster until `change`.
#[track_caller]
pub fn check(change: impl FnOnce(&mut World), expected: &[&str]) {
    let mut world = World::in_step(3);
    change(&mut world);
    assert_eq!(lines(world.plan()), expected);
}
