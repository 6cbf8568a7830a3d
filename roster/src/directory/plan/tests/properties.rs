//! What holds for every run, whatever the directory says and whatever is known.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::{
    OTHER, SALES, SUPPORT, TIER_1, TIER_2, World, email, guid, holder, known, mapping, person,
    steps, waiting,
};
use crate::account::Role;
use crate::directory::plan::{
    Approval, ExistingEmail, Known, KnownPerson, Plan, Reason, Rules, Step, Thresholds,
};
use crate::directory::protocol::{
    Absent, DisabledReason, Finding, GroupStatus, Guid, HeldReason, PersonSeen, Read,
};
use crate::id::AccountId;

/// People whom the directory or Muster may know.
const PEOPLE: u32 = 9;

/// Few enough to be wanted twice.
const EMAILS: [&str; 10] = [
    "a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test", "g@x.test", "h@x.test",
    "i@x.test", "j@x.test",
];

fn seen_person(number: u32) -> impl Strategy<Value = PersonSeen> {
    let emails = prop_oneof![
        12 => select(&EMAILS[..]),
        1 => select(&["", "nonsense", "A@X.test", " b@x.test"][..]),
    ];
    let names = prop_oneof![15 => select(&["Anna", "Bea", " Cleo"][..]), 1 => Just("\u{200b}")];
    let groups = prop_oneof![
        6 => Just(vec![SUPPORT]),
        2 => Just(vec![SALES, SUPPORT]),
        2 => Just(vec![SALES]),
        1 => Just(vec![]),
        1 => Just(vec![OTHER]),
    ];
    let reason =
        proptest::option::of(select(&[DisabledReason::Disabled, DisabledReason::Expired][..]));
    let readable = prop::bool::weighted(0.95);
    (names, emails, prop::bool::weighted(0.7), reason, groups, readable).prop_map(
        move |(name, email, enabled, reason, group_guids, readable)| PersonSeen {
            name: name.to_owned(),
            email: email.to_owned(),
            enabled,
            reason: reason.filter(|_| !enabled),
            group_guids,
            read: if readable { Read::Ok } else { Read::Unreadable },
            ..person(number)
        },
    )
}

fn known_person(number: u32) -> impl Strategy<Value = KnownPerson> {
    let roles = prop_oneof![6 => Just(Role::Technician), 1 => Just(Role::Administrator)];
    let groups = prop_oneof![4 => Just(Some(TIER_1)), 1 => Just(Some(TIER_2)), 1 => Just(None)];
    let names = select(&["Anna", "Bea", "Cleo"][..]);
    (roles, groups, names, prop::bool::weighted(0.8), any::<bool>()).prop_map(
        move |(role, group, name, enabled, by_sync)| KnownPerson {
            role,
            name: name.to_owned(),
            group,
            enabled,
            disabled_by_sync: by_sync && !enabled,
            ..known(number)
        },
    )
}

/// Some of them, each at most once; `share` says how many.
fn some<T: std::fmt::Debug, S: Strategy<Value = T>>(
    share: f64,
    of: impl Fn(u32) -> S,
) -> impl Strategy<Value = Vec<T>> {
    let all: Vec<_> = (1..=PEOPLE).map(|it| proptest::option::weighted(share, of(it))).collect();
    all.prop_map(|all| all.into_iter().flatten().collect())
}

fn absences() -> impl Strategy<Value = Vec<Absent>> {
    let findings = [Finding::LeftGroups, Finding::NoSuchObject, Finding::Unreadable];
    vec(proptest::option::of(select(findings.to_vec())), PEOPLE as usize).prop_map(|all| {
        let absent = |(at, finding): (usize, Option<Finding>)| {
            Some(Absent { guid: guid(at as u128 + 1), finding: finding? })
        };
        all.into_iter().enumerate().filter_map(absent).collect()
    })
}

fn thresholds() -> impl Strategy<Value = Thresholds> {
    (0..4_u32, 0..60_u32, 0..60_u32).prop_map(|(at_least, percent, day_percent)| Thresholds {
        at_least,
        percent,
        day_percent,
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let of_each = [thresholds(), thresholds(), thresholds()];
    (select(ExistingEmail::ALL), any::<bool>(), of_each).prop_map(
        |(existing_email, follow_moved, [thresholds, email_thresholds, enable_thresholds])| Rules {
            existing_email,
            follow_moved,
            thresholds,
            email_thresholds,
            enable_thresholds,
        },
    )
}

prop_compose! {
    /// Accounts made by hand; some are an administrator's, another directory's, or agreed on.
    fn hands()(
        hands in vec((0..5_u8, 1..=u128::from(PEOPLE)), 0..6)
    ) -> Vec<(u8, Guid)> {
        hands.into_iter().map(|(kind, number)| (kind, guid(number))).collect()
    }
}

prop_compose! {
    fn standing()(
        first_run in prop::bool::weighted(0.15),
        removed in prop::bool::weighted(0.1),
        approved in prop::bool::weighted(0.9),
        exists in prop::bool::weighted(0.9),
        members in 0..3_u64,
        of_the_day in 0..4_u64,
        emails_of_the_day in 0..4_u64,
        enabled_of_the_day in 0..4_u64,
        created_of_the_day in 0..4_u64,
    ) -> Known {
        let mut sales = mapping(SALES, "Sales", TIER_2);
        (sales.approved, sales.members) = (approved, members);
        sales.group = sales.group.filter(|_| exists);
        Known {
            mappings: vec![mapping(SUPPORT, "Support", TIER_1), sales],
            mapping_removed: removed,
            first_run,
            disabled_last_day: of_the_day,
            emails_last_day: emails_of_the_day,
            enabled_last_day: enabled_of_the_day,
            created_last_day: created_of_the_day,
            ..Known::default()
        }
    }
}

prop_compose! {
    fn world()(
        people in some(0.7, seen_person),
        people_known in some(0.5, known_person),
        absent in absences(),
        status in [complete_mostly(), complete_mostly()].prop_map(|[first, second]| match first {
            // Where every group is gone, the run is refused.
            GroupStatus::NotFound => [GroupStatus::Complete, second],
            _ => [first, second],
        }),
        known in standing(),
        rules in rules(),
        hands in hands(),
        emails in Just(EMAILS.to_vec()).prop_shuffle(),
    ) -> World {
        // Nobody has an email that another has.
        let mut emails = emails.into_iter();
        let mut known = known;
        known.people = people_known;
        for (person, text) in known.people.iter_mut().zip(&mut emails) {
            person.email = email(text);
        }
        for (account, ((kind, agreed), text)) in (50..).zip(hands.into_iter().zip(emails)) {
            let mut hand = holder(account, text);
            match kind {
                0 => hand.role = Role::Administrator,
                1 => hand.elsewhere = true,
                2 | 3 => hand.agreed = Some(agreed),
                _ => (),
            }
            known.holders.push(hand);
        }
        World { people, absent, status, known, rules }
    }
}

fn complete_mostly() -> impl Strategy<Value = GroupStatus> {
    prop_oneof![
        6 => Just(GroupStatus::Complete),
        1 => Just(GroupStatus::Partial),
        1 => Just(GroupStatus::Failed),
        1 => Just(GroupStatus::NotFound),
    ]
}

fn approve_all(world: &World) -> Plan {
    let plan = world.plan().unwrap();
    world.approved(&Approval { steps: waiting(&plan) }).unwrap()
}

/// All steps, those that wait too.
fn all_steps(plan: &Plan) -> Vec<Step> {
    let mut all = steps(plan);
    all.extend(waiting(plan));
    all
}

fn is_evident(world: &World, guid: Guid, reason: Reason) -> bool {
    let is = |finding| world.absent.contains(&Absent { guid, finding });
    let person = world.people.iter().find(|person| person.guid == guid);
    match reason {
        Reason::LeftGroups => is(Finding::LeftGroups),
        Reason::Deleted => is(Finding::NoSuchObject),
        Reason::Disabled | Reason::Expired => {
            person.is_some_and(|person| !person.enabled && person.read == Read::Ok)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nobody_is_disabled_without_evidence(world in world()) {
        for step in all_steps(&world.plan().unwrap()) {
            if let Step::Disable(disable) = step {
                prop_assert!(is_evident(&world, disable.guid, disable.reason), "{disable:?}");
            }
        }
    }

    #[test]
    fn an_incomplete_run_disables_nobody_for_absence(mut world in world(), at in 0..2_usize) {
        world.status[at] = GroupStatus::Partial;
        for step in all_steps(&world.plan().unwrap()) {
            prop_assert!(!matches!(step.reason(), Reason::LeftGroups | Reason::Deleted));
        }
    }

    #[test]
    fn without_approval_never_more_than_the_thresholds(world in world()) {
        let plan = world.plan().unwrap();
        let enabled = world.known.counted();
        let most = |it: Thresholds, percent: u32, of: u64| {
            (of * u64::from(percent) / 100).max(it.at_least.into())
        };
        let (now, day) = (plan.disables.len() as u64, world.known.disabled_last_day);
        let set = world.rules.thresholds;
        prop_assert!(now <= most(set, set.percent, enabled));
        prop_assert!(now == 0 || now + day <= most(set, set.day_percent, enabled + day));
        let (now, day) = (plan.enables.len() as u64, world.known.enabled_last_day);
        let set = world.rules.enable_thresholds;
        prop_assert!(now <= most(set, set.percent, enabled));
        prop_assert!(now == 0 || now + day <= most(set, set.day_percent, enabled));
        let emails = plan.updates.iter().filter(|update| update.changes_email());
        let (now, day) = (emails.count() as u64, world.known.emails_last_day);
        let set = world.rules.email_thresholds;
        prop_assert!(now <= most(set, set.percent, enabled));
        prop_assert!(now == 0 || now + day <= most(set, set.day_percent, enabled));
        if world.known.first_run {
            prop_assert!(steps(&plan).is_empty());
        }
    }

    #[test]
    fn the_order_makes_no_difference(world in world(), seed in any::<u64>()) {
        let mut other = world.clone();
        let mix = |number: u128| number.wrapping_mul(u128::from(seed | 1)) % 251;
        other.people.sort_by_key(|it| mix(it.guid.0.as_u128()));
        other.absent.sort_by_key(|it| mix(it.guid.0.as_u128()));
        other.known.people.sort_by_key(|it| mix(it.guid.0.as_u128()));
        other.known.holders.reverse();
        other.people.iter_mut().for_each(|it| it.group_guids.reverse());
        prop_assert_eq!(other.plan(), world.plan());
    }

    #[test]
    fn a_second_run_has_nothing_to_do(mut world in world()) {
        let plan = approve_all(&world);
        prop_assert_eq!(&plan.held, &None);
        world.apply(&plan);
        let again = world.plan().unwrap();
        prop_assert!(again.is_empty(), "{:?}", again);
        let faults = |plan: &Plan| -> BTreeMap<Guid, String> {
            plan.failed.iter().map(|fault| (fault.guid, fault.code.clone())).collect()
        };
        prop_assert_eq!(faults(&again), faults(&plan));
    }

    #[test]
    fn accounts_of_others_are_not_changed(world in world()) {
        let by_account: BTreeMap<AccountId, &KnownPerson> =
            world.known.people.iter().map(|person| (person.account, person)).collect();
        for step in all_steps(&world.plan().unwrap()) {
            let owned = step.account().and_then(|account| by_account.get(&account));
            match &step {
                Step::Create(create) => {
                    prop_assert!(by_account.values().all(|person| person.guid != create.guid));
                }
                Step::Link(link) => {
                    let holder = world.known.holders.iter().find(|it| it.account == link.account);
                    let holder = holder.unwrap();
                    prop_assert!(holder.role == Role::Technician && !holder.elsewhere);
                    let agreed = holder.agreed == Some(link.guid);
                    prop_assert!(agreed || world.rules.existing_email == ExistingEmail::Link);
                }
                Step::Update(update) => {
                    let person = owned.unwrap();
                    prop_assert!(person.is_owned() && person.guid == update.guid);
                    prop_assert!(!person.is_moved() || world.rules.follow_moved);
                }
                Step::Disable(disable) => {
                    let person = owned.unwrap();
                    prop_assert!(person.is_owned() && person.guid == disable.guid);
                    prop_assert!(person.enabled);
                }
                Step::Enable(enable) => {
                    let person = owned.unwrap();
                    prop_assert!(person.is_owned() && person.guid == enable.guid);
                    prop_assert!(!person.enabled && person.disabled_by_sync);
                }
            }
        }
    }

    #[test]
    fn an_approval_releases_its_list_and_no_more(mut world in world(), some in any::<u64>()) {
        let plan = world.plan().unwrap();
        let all = waiting(&plan);
        let chosen: Vec<Step> = all
            .iter()
            .enumerate()
            .filter(|(at, _)| some >> (at % 64) & 1 == 1)
            .map(|(_, step)| step.clone())
            .collect();
        let approved = world.approved(&Approval { steps: chosen.clone() }).unwrap();
        let (before, after) = (steps(&plan), steps(&approved));
        let released: Vec<&Step> = after.iter().filter(|step| !before.contains(step)).collect();
        prop_assert!(before.iter().all(|step| after.contains(step)));
        prop_assert!(released.iter().all(|step| chosen.contains(step)));
        // Only one that needs the email of who waits on may wait on, too.
        for step in waiting(&approved) {
            let moves = matches!(step, Step::Create(_) | Step::Update(_));
            prop_assert!(moves || !chosen.contains(&step));
        }
        prop_assert_eq!(released.len() + waiting(&approved).len(), all.len());
        let reason = |plan: &Plan| plan.held.as_ref().map(|held| held.reason);
        prop_assert!(approved.held.is_none() || reason(&approved) == reason(&plan));
        prop_assert_eq!((approved.failed.clone(), approved.unchanged), (plan.failed, plan.unchanged));
        world.apply(&approved);
    }

    #[test]
    fn creations_and_updates_go_on_while_disablings_or_emails_wait(world in world()) {
        let plan = world.plan().unwrap();
        if let Some(held) = &plan.held
            && !matches!(held.reason, HeldReason::FirstRun | HeldReason::MappingChanged)
        {
            let left: Vec<&str> = held.waiting.iter().filter_map(|step| match step {
                Step::Update(update) => Some(update.before.email.key.as_str()),
                _ => None,
            }).collect();
            for step in &held.waiting {
                let may_wait = match step {
                    Step::Disable(_) => plan.disables.is_empty(),
                    Step::Update(update) => update.changes_email(),
                    Step::Create(create) => left.contains(&create.after.email.key.as_str()),
                    Step::Link(_) => false,
                    Step::Enable(_) => plan.enables.is_empty(),
                };
                prop_assert!(may_wait);
            }
            prop_assert!(plan.creates.iter().all(|it| !left.contains(&it.after.email.key.as_str())));
        }
    }

    #[test]
    fn everybody_is_counted_once(world in world()) {
        let plan = approve_all(&world);
        let mut guids: Vec<Guid> = all_steps(&plan).iter().map(Step::guid).collect();
        guids.extend(plan.failed.iter().map(|fault| fault.guid));
        guids.sort_unstable();
        guids.dedup();
        let known: Vec<Guid> = world.known.people.iter().map(|person| person.guid).collect();
        let absent = world.absent.iter().map(|it| it.guid).filter(|guid| known.contains(guid));
        let mut all: Vec<Guid> = world.people.iter().map(|it| it.guid).chain(absent).collect();
        // Who left and gives up an email wasn't looked for.
        all.extend(plan.updates.iter().map(|update| update.guid));
        all.sort_unstable();
        all.dedup();
        prop_assert_eq!(guids.len() as u64 + plan.unchanged, all.len() as u64);
    }

    #[test]
    fn a_plan_comes_back_from_its_json(world in world()) {
        let plan = world.plan().unwrap();
        let json = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }
}
