//! Runs that wait for a Master Administrator, and runs that may not begin.

use operations::{Error, directory};
use roster::directory::protocol::{Abort, HeldReason, PersonSeen, RunResult};
use roster::directory::view::{ChangeFilter, RunState, SourceState};
use roster::fault::Fault;
use roster::page::Window;

use crate::directory_world::{Synced, begin, commit_of, crowd, disabled};

fn conflict<T: std::fmt::Debug>(result: operations::Result<T>) -> String {
    match result.unwrap_err() {
        Error::Fault(Fault::Conflict { message }) => message,
        other => panic!("{other:?}"),
    }
}

fn without(people: &[PersonSeen], from: usize) -> (Vec<PersonSeen>, Vec<u128>) {
    let gone = (from + 1..=people.len()).map(|n| n as u128).collect();
    (people[..from].to_vec(), gone)
}

#[tokio::test]
async fn the_first_run_waits_whole_until_it_is_approved() {
    let synced = Synced::new().await;
    let world = &synced.world;
    let operations = &world.operations;
    let (first, answer) = synced.run(&crowd(3), &[]).await;
    let held = answer.held.unwrap();
    assert_eq!((answer.result, answer.created), (RunResult::Held, 0));
    assert_eq!((held.reason, held.count), (HeldReason::FirstRun, 3));
    let sources = directory::sources(operations, &world.master).await.unwrap();
    assert_eq!((sources[0].state, sources[0].held), (SourceState::Held, Some(first)));

    // The same waits, and once.
    let (second, _) = synced.run(&crowd(3), &[]).await;
    let line = directory::run(operations, &world.master, second).await.unwrap();
    assert_eq!(line.state, RunState::HeldBefore);
    assert!(
        conflict(directory::approve(operations, &world.master, second).await).contains("earlier")
    );

    let filter = ChangeFilter { held: true, ..ChangeFilter::default() };
    let list = async || {
        let window = Window::default();
        directory::changes(operations, &world.master, first, &filter, window).await.unwrap()
    };
    assert_eq!((list().await.total, list().await.items[0].account), (3, None));
    let approved = directory::approve(operations, &world.master, first).await.unwrap();
    assert_eq!((approved.state, approved.counts.created), (RunState::Approved, 3));
    assert_eq!(approved.decided.unwrap().by, "Mara Master");
    assert!(list().await.items[0].account.is_some());
    conflict(directory::approve(operations, &world.master, first).await);
    let (_, answer) = synced.run(&crowd(4), &[]).await;
    assert_eq!((answer.result, answer.created), (RunResult::Applied, 1));
}

/// Who has a token alone maps another group and sends one disabled person of it: there is nothing to do, and
/// nobody is asked.
#[tokio::test]
async fn a_run_without_changes_approves_no_mapping() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    synced.map_to(world.outside).await;
    let mut people = crowd(2);
    people.push(disabled(3, "Nobody", "nobody@corp.example"));
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.result, answer.created, answer.held), (RunResult::Applied, 0, None));
    let (run, answer) = synced.run(&crowd(4), &[]).await;
    assert_eq!((answer.result, answer.created), (RunResult::Held, 0));
    let held = answer.held.unwrap();
    assert_eq!((held.reason, held.count), (HeldReason::MappingChanged, 2));
    directory::approve(&world.operations, &world.master, run).await.unwrap();
    let (_, answer) = synced.run(&crowd(5), &[]).await;
    assert_eq!((answer.result, answer.created), (RunResult::Applied, 1));
}

#[tokio::test]
async fn many_disablings_wait_and_the_rest_goes_on() {
    let people = crowd(30);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let operations = &world.operations;
    let (mut fewer, gone) = without(&people, 20);
    fewer[0].name = "Renamed".to_owned();
    let (run, answer) = synced.run(&fewer, &gone).await;
    assert_eq!((answer.result, answer.updated, answer.disabled), (RunResult::Held, 1, 0));
    assert_eq!(answer.held.unwrap().count, 10);
    let enabled = async || directory::sources(operations, &world.master).await.unwrap()[0].enabled;
    assert_eq!(enabled().await, 30);
    let approved = directory::approve(operations, &world.master, run).await.unwrap();
    assert_eq!((approved.counts.disabled, approved.counts.updated), (10, 1));
    assert_eq!(enabled().await, 20);
}

/// Their name changes in the run in which their disabling is held: it is approved all the same.
#[tokio::test]
async fn who_waits_may_be_renamed_by_the_same_run() {
    let people = crowd(12);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let off = |n: u128| disabled(n, &format!("New name {n}"), &format!("p{n}@corp.example"));
    let mut changed = people.clone();
    for n in 1..=8 {
        changed[n - 1] = off(n as u128);
    }
    let (run, answer) = synced.run(&changed, &[]).await;
    assert_eq!((answer.updated, answer.held.map(|held| held.count)), (8, Some(8)));
    let (again, _) = synced.run(&changed, &[]).await;
    let line = directory::run(&world.operations, &world.master, again).await.unwrap();
    assert_eq!(line.state, RunState::HeldBefore);
    let approved = directory::approve(&world.operations, &world.master, run).await.unwrap();
    assert_eq!((approved.counts.disabled, approved.counts.failed), (8, 0));
}

#[tokio::test]
async fn what_is_dropped_is_not_done() {
    let people = crowd(30);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let operations = &world.operations;
    let (fewer, gone) = without(&people, 20);
    let (run, _) = synced.run(&fewer, &gone).await;
    let dropped = directory::drop_run(operations, &world.master, run).await.unwrap();
    assert_eq!(dropped.state, RunState::Dropped);
    conflict(directory::approve(operations, &world.master, run).await);
    let sources = directory::sources(operations, &world.master).await.unwrap();
    assert_eq!((sources[0].enabled, sources[0].held), (30, None));
}

#[tokio::test]
async fn a_later_run_takes_the_place_of_one_that_waits() {
    let people = crowd(30);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let operations = &world.operations;
    let state = async |run| directory::run(operations, &world.master, run).await.unwrap().state;
    let (fewer, gone) = without(&people, 20);
    let (first, _) = synced.run(&fewer, &gone).await;
    let (fewer, gone) = without(&people, 18);
    let (second, _) = synced.run(&fewer, &gone).await;
    assert_eq!((state(first).await, state(second).await), (RunState::Replaced, RunState::Held));
    // Everybody is back.
    synced.run(&people, &[]).await;
    assert_eq!(state(second).await, RunState::Replaced);
    // So does another mapping.
    let (fewer, gone) = without(&people, 20);
    let (third, _) = synced.run(&fewer, &gone).await;
    synced.map_to(world.outside).await;
    assert_eq!(state(third).await, RunState::Replaced);
}

#[tokio::test]
async fn one_run_at_a_time_and_an_abandoned_one_gives_way() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let (first, second) = (synced.next_run(), synced.next_run());
    synced.send(begin(first), &crowd(1)).await.unwrap();
    // Begun again, as after a lost answer.
    synced.send(begin(first), &crowd(1)).await.unwrap();
    assert!(conflict(synced.send(begin(second), &[]).await).contains("under way"));
    world.clock.advance(3601);
    synced.send(begin(second), &[]).await.unwrap();
    let line = directory::run(operations, &world.master, first).await.unwrap();
    assert_eq!(line.state, RunState::Aborted);
    conflict(directory::commit(operations, &synced.service, first, commit_of(&[], &[])).await);
    let why = Abort { code: "ldap.lost".to_owned(), message: "The line was cut.".to_owned() };
    for _ in 0..2 {
        directory::abort(operations, &synced.service, second, &why).await.unwrap();
    }
    let problems = directory::problems(operations, &world.master, Window::default()).await.unwrap();
    assert_eq!((problems.items[0].code.as_str(), problems.items[0].times), ("ldap.lost", 1));
    synced.run(&crowd(1), &[]).await;
    let problems = directory::problems(operations, &world.master, Window::default()).await.unwrap();
    assert_eq!(problems.total, 0, "a run that succeeds ends what was wrong");
}

#[tokio::test]
async fn what_did_not_come_whole_is_refused_whole() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let run = synced.next_run();
    synced.send(begin(run), &crowd(3)).await.unwrap();
    let commit = commit_of(&crowd(2), &[3]);
    let answer = directory::commit(operations, &synced.service, run, commit.clone()).await.unwrap();
    assert_eq!(
        (answer.result, answer.code.as_deref()),
        (RunResult::Rejected, Some("run.incomplete"))
    );
    let again = directory::commit(operations, &synced.service, run, commit).await.unwrap();
    assert_eq!(again, answer);
    let problems = directory::problems(operations, &world.master, Window::default()).await.unwrap();
    assert_eq!(problems.items[0].code, "run.incomplete");
    assert_eq!(directory::sources(operations, &world.master).await.unwrap()[0].linked, 2);
}

#[tokio::test]
async fn it_is_late_when_nothing_succeeds_for_long() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let state =
        async || directory::sources(&world.operations, &world.master).await.unwrap()[0].state;
    assert_eq!(state().await, SourceState::InStep);
    world.clock.advance(3600);
    assert_eq!(state().await, SourceState::InStep);
    world.clock.advance(1);
    assert!(matches!(state().await, SourceState::Late(_)));
    synced.run(&crowd(1), &[]).await;
    assert_eq!(state().await, SourceState::InStep);
}

/// Everything that the log tells, and no secret.
#[tokio::test]
async fn the_log_has_it_all() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let mut log = directory::download_log(&world.operations, &world.master).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(part) = log.next().await.unwrap() {
        bytes.extend(part);
    }
    let text = String::from_utf8(bytes).unwrap();
    let lines = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!((lines("run,"), lines("change,")), (1, 2), "{text}");
    assert!(text.contains("p2@corp.example") && text.contains("Approved"), "{text}");
}
