//! A token gone bad: whoever has one can fill neither disk nor memory, and changes no more than is
//! set without somebody who looks.

use operations::{Error, audit, directory, sign_in};
use roster::audit::Filter;
use roster::authority::Denied;
use roster::directory::protocol::bounds::{
    MAPPED_GROUPS, MAPPINGS_A_DAY, NAME_CHARS, RUN_BATCHES, TEXT_CHARS,
};
use roster::directory::protocol::{
    Abort, Batch, BeginRun, Commit, Event, Events, GroupSeen, GroupStatus, HeldReason, Ignored,
    Mapping, Mappings, PersonSeen, RunId, RunResult,
};
use roster::directory::view::{ChangeKind, RunState, TokenState};
use roster::fault::Fault;
use roster::id::Timestamp;
use roster::page::Window;
use roster::secret::Secret;

use crate::directory_world::{
    Synced, begin, by_token, commit_of, corp, crowd, disabled, guid, other, run_id, seen,
};
use crate::world::{PASSWORD, World, anonymous};

fn refused<T: std::fmt::Debug>(result: operations::Result<T>) -> String {
    match result.unwrap_err() {
        Error::Fault(Fault::Refused { message }) => message,
        other => panic!("{other:?}"),
    }
}

async fn put(
    synced: &Synced,
    run: RunId,
    number: u32,
    people: Vec<PersonSeen>,
) -> operations::Result<()> {
    let batch = Batch { people };
    directory::put_batch(&synced.world.operations, &synced.service, run, number, &batch).await
}

#[tokio::test]
async fn what_is_too_much_is_refused_by_its_name() {
    let synced = Synced::with(&crowd(1)).await;
    let operations = &synced.world.operations;
    let run = synced.next_run();
    let long = BeginRun { controller: "x".repeat(NAME_CHARS + 1), ..begin(run) };
    let said = refused(directory::begin_run(operations, &synced.service, &long).await);
    assert!(said.contains("255 is the most"), "{said}");
    synced.send(begin(run), &[]).await.unwrap();
    for (people, number, expected) in [
        (crowd(1_001), 0, "at most 1000 people"),
        (vec![seen(1, &"x".repeat(TEXT_CHARS + 1), "a@corp.example")], 0, "1024 is the most"),
        (vec![seen(1, "A", &"x".repeat(TEXT_CHARS + 1))], 0, "1024 is the most"),
        (
            vec![PersonSeen {
                group_guids: vec![guid(1); MAPPED_GROUPS + 1],
                ..seen(1, "A", "a@corp.example")
            }],
            0,
            "500 is the most",
        ),
        // Within all other bounds: 1,000 people with 300 groups each.
        (
            (1..=1_000)
                .map(|n| PersonSeen { group_guids: vec![guid(n); 300], ..seen(n, "A", "") })
                .collect(),
            0,
            "at most 8 MiB",
        ),
        (crowd(1), RUN_BATCHES, "at most 2000 batches"),
    ] {
        let said = refused(put(&synced, run, number, people).await);
        assert!(said.contains(expected), "{said}");
    }
    let groups = (0..=MAPPED_GROUPS as u128).map(|n| GroupSeen {
        guid: guid(n),
        status: GroupStatus::Complete,
        members: 0,
        ignored: Ignored::default(),
    });
    let commit = Commit { groups: groups.collect(), ..commit_of(&[], &[]) };
    let said = refused(directory::commit(operations, &synced.service, run, commit).await);
    assert!(said.contains("at most 500 AD groups"), "{said}");
    let mapping = Mapping {
        ad_group_guid: guid(1),
        ad_group_name: "x".repeat(NAME_CHARS + 1),
        technician_group_id: synced.world.inside,
    };
    let wish = Mappings { mappings: vec![mapping] };
    let said = refused(directory::put_mappings(operations, &synced.service, wish).await);
    assert!(said.contains("255 is the most"), "{said}");
    let line = directory::run(operations, &synced.world.master, run).await.unwrap();
    assert_eq!(line.state, RunState::UnderWay, "nothing came of it");
}

/// Batch after batch until the database says no, whichever server takes it.
#[tokio::test]
async fn an_endless_run_comes_to_an_end() {
    let synced = Synced::with(&crowd(1)).await;
    let run = synced.next_run();
    synced.send(begin(run), &[]).await.unwrap();
    let mut people = 0;
    let said = loop {
        let batch = (1..=1_000).map(|n| seen(people + n, "", "")).collect();
        let number = u32::try_from(people / 1_000).unwrap();
        match put(&synced, run, number, batch).await {
            Ok(()) => people += 1_000,
            Err(Error::Fault(Fault::Refused { message })) => break message,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(people, 500_000);
    assert!(said.contains("512 MiB and 500000 people"), "{said}");
    // What had come goes with the run.
    let why = Abort { code: "test".to_owned(), message: String::new() };
    directory::abort(&synced.world.operations, &synced.service, run, &why).await.unwrap();
    assert_eq!(
        synced.world.store.read().await.unwrap().directory_batch(run, 0).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn long_texts_beside_the_runs_are_cut() {
    let synced = Synced::with(&crowd(1)).await;
    let operations = &synced.world.operations;
    let (code, message) = ("c".repeat(9_000), "m".repeat(90_000));
    let run = synced.next_run();
    synced.send(begin(run), &[]).await.unwrap();
    let why = Abort { code: code.clone(), message: message.clone() };
    directory::abort(operations, &synced.service, run, &why).await.unwrap();
    let line = directory::run(operations, &synced.world.master, run).await.unwrap();
    assert_eq!(line.message.map(|message| message.len()), Some(2_000));
    let told = Events { events: vec![Event::Error { at: Timestamp(0), code, message }] };
    directory::events(operations, &synced.service, &told).await.unwrap();
    let window = Window::default();
    let problems = directory::problems(operations, &synced.world.master, window).await.unwrap();
    let lengths = problems.items.iter().map(|it| (it.code.len(), it.message.len()));
    assert!(lengths.into_iter().all(|it| it == (64, 2_000)));
    let many = vec![Event::Heartbeat; 101];
    let said =
        refused(directory::events(operations, &synced.service, &Events { events: many }).await);
    assert!(said.contains("At most 100"), "{said}");
}

#[tokio::test]
async fn anothers_run_is_as_if_it_did_not_exist() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let stranger = other().enrolled(world).await;
    let run = synced.next_run();
    synced.send(begin(run), &crowd(2)).await.unwrap();
    let batch = Batch { people: crowd(1) };
    let why = Abort { code: "test".to_owned(), message: String::new() };
    for found in [
        directory::put_batch(operations, &stranger, run, 1, &batch).await,
        directory::abort(operations, &stranger, run, &why).await,
        directory::commit(operations, &stranger, run, commit_of(&[], &[])).await.map(drop),
    ] {
        assert!(matches!(found, Err(Error::Fault(Fault::NotFound { .. }))), "{found:?}");
    }
    let begun = directory::begin_run(operations, &stranger, &begin(run)).await;
    assert!(matches!(begun, Err(Error::Fault(Fault::Conflict { .. }))));
    let answer = directory::commit(operations, &synced.service, run, commit_of(&crowd(2), &[]));
    assert_eq!(answer.await.unwrap().result, RunResult::Applied, "nobody came between");
}

#[tokio::test]
async fn wrong_counts_change_nothing() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let people = [seen(1, "Renamed", "p1@corp.example"), seen(2, "Person 2", "p2@corp.example")];
    let right = commit_of(&people, &[]);
    let miscounted = GroupSeen { members: 3, ..right.groups[0].clone() };
    for (commit, code) in [
        (Commit { batches: 2, ..right.clone() }, "run.incomplete"),
        (Commit { people: 3, ..right.clone() }, "run.incomplete"),
        (Commit { digest: "0".repeat(64), ..right.clone() }, "run.digest"),
        (Commit { groups: vec![miscounted], ..right.clone() }, "run.miscounted"),
    ] {
        let run = synced.next_run();
        synced.send(begin(run), &people).await.unwrap();
        let answer = directory::commit(operations, &synced.service, run, commit).await.unwrap();
        assert_eq!((answer.result, answer.code.as_deref()), (RunResult::Rejected, Some(code)));
    }
    let edited = Filter { action: "technician_edited".to_owned(), ..Filter::default() };
    let trail = audit::list(operations, &world.master, &edited, None).await.unwrap();
    assert!(trail.lines.is_empty());
}

#[tokio::test]
async fn changed_emails_wait_and_are_approved_or_dropped() {
    let people = crowd(20);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let operations = &world.operations;
    let mut changed = people.clone();
    for person in &mut changed[..10] {
        person.email = format!("stolen-{}", person.email);
    }
    changed[10].name = "Renamed".to_owned();
    changed[11] = disabled(12, "Person 12", "p12@corp.example");
    let (run, answer) = synced.run(&changed, &[]).await;
    let held = answer.held.unwrap();
    assert_eq!((held.reason, held.count), (HeldReason::ManyEmails, 10));
    assert_eq!((answer.updated, answer.disabled), (1, 1), "the rest goes on");
    let (again, _) = synced.run(&changed, &[]).await;
    let line = directory::run(operations, &world.master, again).await.unwrap();
    assert_eq!(line.state, RunState::HeldBefore);
    let email = async |text: &str| {
        let mut reader = world.store.read().await.unwrap();
        reader.credentials_by_email(text).await.unwrap().is_some()
    };
    assert!(email("p1@corp.example").await && !email("stolen-p1@corp.example").await);
    let dropped = directory::drop_run(operations, &world.master, run).await.unwrap();
    assert_eq!(dropped.state, RunState::Dropped);
    assert!(email("p1@corp.example").await);
    let (third, _) = synced.run(&changed, &[]).await;
    let approved = directory::approve(operations, &world.master, third).await.unwrap();
    assert_eq!((approved.counts.updated, approved.counts.failed), (10, 0));
    assert!(!email("p1@corp.example").await && email("stolen-p1@corp.example").await);
}

/// Somebody whose email waits is enabled by the same run: they are approved as they are then.
#[tokio::test]
async fn whose_email_waits_may_be_disabled_by_the_same_run() {
    let people = crowd(20);
    let synced = Synced::with(&people).await;
    let world = &synced.world;
    let mut changed = people.clone();
    for person in &mut changed[..6] {
        person.email = format!("new-{}", person.email);
    }
    changed[0].enabled = false;
    let (run, answer) = synced.run(&changed, &[]).await;
    assert_eq!((answer.disabled, answer.held.map(|held| held.count)), (1, Some(6)));
    let (again, _) = synced.run(&changed, &[]).await;
    let line = directory::run(&world.operations, &world.master, again).await.unwrap();
    assert_eq!(line.state, RunState::HeldBefore);
    let approved = directory::approve(&world.operations, &world.master, run).await.unwrap();
    assert_eq!((approved.counts.updated, approved.counts.failed), (6, 0));
}

/// Five at a time are let pass, and many times five are not.
#[tokio::test]
async fn emails_are_counted_over_24_hours() {
    let mut people = crowd(30);
    let synced = Synced::with(&people).await;
    for (first, expected) in [(0, None), (3, None), (6, Some(HeldReason::ManyEmailsInADay))] {
        for person in &mut people[first..first + 3] {
            person.email = format!("new-{}", person.email);
        }
        let (run, answer) = synced.run(&people, &[]).await;
        assert_eq!(answer.held.map(|held| held.reason), expected);
        if expected.is_some() {
            let (operations, master) = (&synced.world.operations, &synced.world.master);
            directory::drop_run(operations, master, run).await.unwrap();
        }
    }
    synced.world.clock.advance(24 * 60 * 60 + 1);
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.held, answer.updated), (None, 3));
}

#[tokio::test]
async fn another_email_ends_the_sessions_that_the_one_before_began() {
    let world = World::new().await;
    let synced = Synced::of(world).await;
    let world = &synced.world;
    let operations = &world.operations;
    let account = world.technician.person().unwrap().account;
    let source = directory::sources(operations, &world.master).await.unwrap()[0].id;
    directory::agree(operations, &world.master, source, guid(1), account).await.unwrap();
    let (run, _) = synced.run(&[seen(1, "Tess Tech", "tess@example.com")], &[]).await;
    directory::approve(operations, &world.master, run).await.unwrap();
    let enter = async |email: &str| {
        let secret = Secret::new(PASSWORD);
        let signed_in = sign_in::sign_in(operations, &anonymous(), email, &secret).await;
        signed_in.unwrap().token
    };
    let token = enter("tess@example.com").await;
    synced.run(&[seen(1, "Renamed", "Tess@example.com")], &[]).await;
    assert!(world.caller(&token).await.is_some(), "it is the same email");
    let (_, answer) = synced.run(&[seen(1, "Renamed", "new@corp.example")], &[]).await;
    assert_eq!(answer.updated, 1);
    assert!(world.caller(&token).await.is_none());
    assert!(world.caller(&enter("new@corp.example").await).await.is_some());
}

#[tokio::test]
async fn a_token_without_a_directory_dies_after_24_hours() {
    let world = World::new().await;
    let operations = &world.operations;
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let used = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &used).await.unwrap();
    directory::enroll(operations, &service, &corp().enroll(PASSWORD)).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    world.clock.advance(24 * 60 * 60);
    assert!(by_token(&world, &token).await.is_none());
    // Nor does it enroll one that was let in a moment before.
    let late = directory::enroll(operations, &service, &corp().enroll(PASSWORD)).await;
    let not_known = Fault::Denied { denied: Denied::NotSignedIn };
    assert!(matches!(late, Err(Error::Fault(fault)) if fault == not_known));
    assert!(by_token(&world, &used).await.is_some(), "a directory is enrolled with it");
    let tokens = directory::tokens(operations, &world.master).await.unwrap();
    let states: Vec<_> = tokens.iter().map(|token| token.state).collect();
    assert_eq!(states, [TokenState::InUse, TokenState::Expired]);
}

#[tokio::test]
async fn a_token_is_not_changed_without_end_nor_by_one_that_was_revoked() {
    let world = World::new().await;
    let operations = &world.operations;
    let service = corp().enrolled(&world).await;
    for _ in 0..4 {
        directory::rotate_token(operations, &service).await.unwrap();
    }
    let said = refused(directory::rotate_token(operations, &service).await);
    assert!(said.contains("got 5 tokens within 24 hours"), "{said}");
    world.clock.advance(24 * 60 * 60 - 1);
    let tokens = directory::tokens(operations, &world.master).await.unwrap();
    let own = tokens.last().unwrap().id;
    directory::revoke_token(operations, &world.master, own).await.unwrap();
    // They were let in before: what is decided is decided about the token as it is.
    let not_known = Fault::Denied { denied: Denied::NotSignedIn };
    let late = directory::rotate_token(operations, &service).await.map(drop);
    assert!(matches!(late, Err(Error::Fault(fault)) if fault == not_known));
    let late = directory::begin_run(operations, &service, &begin(run_id(9))).await;
    assert!(matches!(late, Err(Error::Fault(fault)) if fault == not_known));
}

/// What many runs changed is told of as long as it is kept, and the kind is counted.
#[tokio::test]
async fn what_waits_is_listed_by_its_kind() {
    let people = crowd(20);
    let synced = Synced::with(&people).await;
    let mut changed = people.clone();
    for person in &mut changed[..6] {
        person.email = format!("new-{}", person.email);
    }
    let (run, _) = synced.run(&changed, &[]).await;
    let filter = roster::directory::view::ChangeFilter {
        kind: Some(ChangeKind::Updated),
        held: true,
        text: String::new(),
    };
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let page =
        directory::changes(operations, master, run, &filter, Window::default()).await.unwrap();
    assert_eq!((page.total, page.items[0].fields[0].field.as_str()), (6, "email"));
}

/// Back and forth: each change is in the audit trail, which keeps all, and names no more than changed.
#[tokio::test]
async fn mappings_are_not_changed_without_end() {
    let synced = Synced::new().await;
    let (operations, world) = (&synced.world.operations, &synced.world);
    let mapping = |n: u128, group| Mapping {
        ad_group_guid: guid(n),
        ad_group_name: format!("Staff {n}"),
        technician_group_id: group,
    };
    let all = |first| -> Vec<Mapping> {
        let rest = (2..=MAPPED_GROUPS as u128).map(|n| mapping(n, world.inside));
        std::iter::once(mapping(1, first)).chain(rest).collect()
    };
    let put = async |mappings| {
        directory::put_mappings(operations, &synced.service, Mappings { mappings }).await
    };
    // One more than these is made when the world is.
    for n in 1..MAPPINGS_A_DAY {
        let first = if n % 2 == 0 { world.inside } else { world.outside };
        put(all(first)).await.unwrap();
    }
    let said = refused(put(all(world.inside)).await);
    assert!(said.contains("changed 50 times within 24 hours"), "{said}");
    let filter = Filter { action: "directory_mapped".to_owned(), ..Filter::default() };
    let trail = audit::list(operations, &world.master, &filter, None).await.unwrap();
    let last = &trail.lines[0];
    assert_eq!(last.before, serde_json::json!({ "Staff 1": "Inside" }));
    assert_eq!(last.after, serde_json::json!({ "Staff 1": "Outside" }));
    world.clock.advance(24 * 60 * 60 + 1);
    let mut turned = all(world.outside);
    turned.swap(0, 1);
    put(turned).await.unwrap();
    let trail = audit::list(operations, &world.master, &filter, None).await.unwrap();
    let order = trail.lines[0].after["(order)"].as_str().unwrap();
    assert!(order.starts_with("Staff 2, Staff 1, Staff 3"), "{order}");
}
