//! Random directories, random changes in them, and rights that are taken away at random. Whatever can't be
//! read, a run does nothing that it wouldn't do with all rights; and with all rights it does all that is to
//! be done. `MUSTER_GRAPHS_SECONDS=3600` goes on for an hour; `PROPTEST_RNG_SEED` repeats what failed.

mod chance;
mod memory;
mod reading;
mod rights;
mod world;

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseResult, TestRunner};
use tokio::runtime;

use self::chance::{Case, case};
use self::memory::{Deed, Memory, deeds};
use self::reading::Reading;
use self::rights::{objects, of};
use self::world::{Member, World};

/// In one go.
const CASES: u32 = 100;

#[test]
fn with_fewer_rights_a_run_does_nothing_more() {
    let seconds = std::env::var_os("MUSTER_GRAPHS_SECONDS");
    let seconds = seconds.map_or(0, |it| it.to_str().unwrap().parse().unwrap());
    let (begun, mut done) = (now(), 0);
    loop {
        explore();
        done += CASES;
        println!("{done} cases");
        if begun.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever sets a time has it end then")]
fn now() -> Instant {
    Instant::now()
}

fn explore() {
    let mut config =
        ProptestConfig { cases: CASES, failure_persistence: None, ..Default::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().hash_one(0));
    }
    let seed = config.rng_seed;
    let checked = TestRunner::new(config).run(&case(), |case| {
        // What a case began ends with it.
        runtime::Builder::new_current_thread().enable_all().build()?.block_on(check(&case))
    });
    if let Err(error) = checked {
        panic!("PROPTEST_RNG_SEED={seed}\n{error}");
    }
}

async fn check(case: &Case) -> TestCaseResult {
    let mut memory = Memory::new(case.world.mapped);
    let read = async |world: &World, taken| {
        let mappings = Memory::new(case.world.mapped).mappings();
        let deleted = case.world.people.keys().filter(|it| !world.people.contains_key(it));
        let deleted: Vec<u32> = deleted.copied().collect();
        Reading::of(objects(world, &deleted, case.lists, taken), case.lists, &mappings).await
    };

    let first = read(&case.world, &[]).await;
    let primaries = &first.snapshot.primaries;
    memory.approve(first.seen(&[])).unwrap();
    let again = memory.plan(first.seen(&[])).unwrap();
    prop_assert!(again.complete && again.is_empty(), "untouched: {:?}", again);
    in_step(&memory, &case.world)?;

    let world = case.world.after(&case.changes);
    let mut whole = read(&world, &[]).await;
    let absent = whole.absent(memory.managed(), primaries).await;
    let with_all = memory.plan(whole.seen(&absent)).unwrap();
    prop_assert!(with_all.complete);
    let with_all = deeds(&with_all);
    prop_assert_eq!(switched(&with_all), to_switch(&memory, &world), "with all rights");

    let mut part = read(&world, &case.taken).await;
    let absent = part.absent(memory.managed(), primaries).await;
    match memory.approve(part.seen(&absent)) {
        Ok(plan) => {
            let done = deeds(&plan);
            let wrong: Vec<&Deed> = done.difference(&with_all).collect();
            prop_assert!(wrong.is_empty(), "not with all rights: {:?}", wrong);
        }
        Err(rejected) => prop_assert_eq!(rejected.code(), "group.not_found"),
    }

    // The rights are given back.
    let absent = whole.absent(memory.managed(), primaries).await;
    memory.approve(whole.seen(&absent)).unwrap();
    in_step(&memory, &world)
}

/// Everybody who belongs is there, in their place; nobody else is enabled.
fn in_step(memory: &Memory, world: &World) -> TestCaseResult {
    prop_assert_eq!(to_switch(memory, world), BTreeSet::new());
    for (number, person) in &world.people {
        let guid = of(Member::Person(*number));
        let known = memory.known.people.iter().find(|it| it.guid == guid);
        let email = person.mail.map(|mail| format!("m{mail}@corp.example.com"));
        let holds = |it: &str| memory.known.people.iter().any(|other| other.email.key == it);
        let belongs = world.place_of(*number).is_some() && person.is_active();
        // An address that somebody has keeps others from it.
        let is_free = email.is_some_and(|email| !holds(&email));
        prop_assert!(known.is_some() || !belongs || !is_free, "{:?} is missing", guid);
    }
    Ok(())
}

/// Those whose status is to change.
fn to_switch(memory: &Memory, world: &World) -> BTreeSet<Deed> {
    let mut deeds = BTreeSet::new();
    for known in &memory.known.people {
        let number = (0..world::PEOPLE).find(|it| of(Member::Person(*it)) == known.guid).unwrap();
        let is_active = world.people.get(&number).is_some_and(world::Person::is_active);
        let enabled = is_active && world.place_of(number).is_some();
        if enabled != known.enabled {
            deeds.insert(if enabled {
                Deed::Enable(known.guid)
            } else {
                Deed::Disable(known.guid)
            });
        }
    }
    deeds
}

fn switched(deeds: &BTreeSet<Deed>) -> BTreeSet<Deed> {
    let is_status = |deed: &&Deed| matches!(deed, Deed::Disable(_) | Deed::Enable(_));
    deeds.iter().filter(is_status).cloned().collect()
}
