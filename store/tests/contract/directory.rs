//! Directory synchronization as it is kept: tokens, sources, mappings, runs, what is wrong.

use roster::directory::protocol::bounds::{KEPT_EVENTS, KEPT_PROBLEMS, RUN_BYTES, RUN_PEOPLE};
use roster::directory::protocol::{
    BeginRun, Committed, DirectoryIdentity, Guid, Held, HeldReason, Mapping, Mode, RunId,
    RunResult, SourceId,
};
use roster::directory::view::{
    ChangeFilter, ChangeKind, Decided, FieldChange, RunCounts, RunState, TokenState,
};
use roster::id::{GroupId, Timestamp, TokenId};
use store::{
    BatchRefused, KeptMapping, NewBatch, NewChange, NewProblem, RunEnd, Store, TokenFor,
    Transaction, Unasked,
};
use uuid::Uuid;

use crate::make::{NOW, commit, group, permit, window};
use crate::place::Place;

contract!(
    a_token_works_until_it_is_revoked_or_its_time_is_up,
    a_directory_is_known_again_by_its_guid,
    mappings_keep_their_order_and_what_is_known_of_them,
    a_batch_counts_once_and_only_while_the_run_is_under_way,
    a_run_takes_no_more_than_its_bounds,
    the_newest_runs_of_a_source_are_kept_within_bounds,
    what_a_source_tells_beside_its_runs_is_bounded,
    what_was_done_without_asking_counts_for_a_while,
    a_run_ends_once_and_is_remembered,
    a_run_that_is_held_is_decided_once,
    changes_are_found_by_kind_and_text,
    a_problem_is_one_line_however_often_it_recurs,
    old_runs_are_forgotten,
);

pub fn guid(n: u128) -> Guid {
    Guid(Uuid::from_u128(n))
}

fn run_id(n: u128) -> RunId {
    RunId(Uuid::from_u128(n))
}

pub async fn source(store: &Store, n: u128) -> SourceId {
    let mut tx = store.write().await.unwrap();
    let directory = DirectoryIdentity {
        domain: format!("corp{n}.example.com"),
        domain_guid: guid(n),
        domain_sid: "S-1-5-21-1".to_owned(),
    };
    let id = tx.enroll_directory(&permit(&tx), TokenId(0), &directory, "Ada", NOW).await.unwrap();
    commit(tx).await;
    id
}

async fn begin(store: &Store, source: SourceId, n: u128, at: Timestamp) -> RunId {
    let run_id = run_id(n);
    let wish = BeginRun {
        run_id,
        mode: Mode::Apply,
        agent: "muster-sync".to_owned(),
        controller: "dc1".to_owned(),
    };
    let mut tx = store.write().await.unwrap();
    tx.lock_directory(source).await.unwrap().unwrap();
    tx.begin_directory_run(&permit(&tx), source, &wish, at).await.unwrap();
    commit(tx).await;
    run_id
}

fn answer() -> Committed {
    Committed {
        result: RunResult::Applied,
        created: 1,
        updated: 0,
        disabled: 0,
        enabled: 0,
        unchanged: 7,
        failed: Vec::new(),
        held: None,
        waiting: None,
        code: None,
        message: None,
    }
}

fn end(state: RunState) -> RunEnd<'static> {
    RunEnd {
        state,
        counts: RunCounts::default(),
        held: None,
        waiting: None,
        message: None,
        answer: None,
        wish: None,
    }
}

fn held() -> RunEnd<'static> {
    RunEnd {
        held: Some(Held { reason: HeldReason::ManyDisabled, count: 9 }),
        waiting: Some(("[]", "digest")),
        wish: Some("{}"),
        ..end(RunState::Held)
    }
}

async fn a_token_works_until_it_is_revoked_or_its_time_is_up(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let mut tx = store.write().await.unwrap();
    let until = NOW.plus_seconds(30);
    let enrolment = TokenFor::Enrolment { until };
    let first = tx.create_directory_token(&permit(&tx), "a", enrolment, "Ada", NOW).await.unwrap();
    let renewed = TokenFor::Source(source);
    let second = tx.create_directory_token(&permit(&tx), "b", renewed, "corp", NOW).await.unwrap();
    let token = tx.lock_directory_token(first).await.unwrap().unwrap();
    assert!(token.works(NOW) && !token.works(until), "no directory has enrolled with it");
    assert_eq!(tx.directory_tokens(NOW).await.unwrap()[1].state, TokenState::New(until));
    assert_eq!(tx.directory_tokens(until).await.unwrap()[1].state, TokenState::Expired);
    assert!(tx.bind_directory_token(&permit(&tx), first, source).await.unwrap());
    assert!(!tx.bind_directory_token(&permit(&tx), first, SourceId(source.0 + 1)).await.unwrap());
    assert!(tx.directory_token_by_id(first).await.unwrap().unwrap().works(until));
    let made = async |tx: &mut Transaction, since| tx.directory_tokens_since(source, since).await;
    assert_eq!(made(&mut tx, NOW).await.unwrap(), 2);
    assert_eq!(made(&mut tx, NOW.plus_seconds(1)).await.unwrap(), 0);
    let soon = NOW.plus_seconds(60);
    let later = NOW.plus_seconds(600);
    tx.expire_directory_token(&permit(&tx), source, first, soon).await.unwrap();
    tx.expire_directory_token(&permit(&tx), source, first, later).await.unwrap();
    tx.touch_directory_token(first, NOW.plus_seconds(5)).await.unwrap();
    commit(tx).await;

    let mut tx = store.write().await.unwrap();
    let token = tx.directory_token("a").await.unwrap().unwrap();
    assert_eq!(token.source, Some((source, "corp1.example.com".to_owned())));
    assert!(token.works(NOW) && !token.works(soon));
    assert!(tx.directory_token("c").await.unwrap().is_none());
    let lines = tx.directory_tokens(NOW).await.unwrap();
    let states: Vec<_> = lines.iter().map(|line| (line.id, line.state)).collect();
    assert_eq!(states, [(second, TokenState::InUse), (first, TokenState::Until(soon))]);
    assert_eq!(lines[1].last_used_at, Some(NOW.plus_seconds(5)));
    assert!(tx.revoke_directory_token(&permit(&tx), second, NOW).await.unwrap());
    assert!(!tx.revoke_directory_token(&permit(&tx), second, NOW).await.unwrap());
    assert!(!tx.directory_token("b").await.unwrap().unwrap().works(NOW));
}

async fn a_directory_is_known_again_by_its_guid(place: &Place) {
    let store = &place.store;
    let first = source(store, 1).await;
    assert_ne!(source(store, 2).await, first);
    let renamed = DirectoryIdentity {
        domain: "new.example.com".to_owned(),
        domain_guid: guid(1),
        domain_sid: "S-1-5-21-1".to_owned(),
    };
    let mut tx = store.write().await.unwrap();
    let again = tx.enroll_directory(&permit(&tx), TokenId(0), &renamed, "Bob", NOW).await;
    assert_eq!(again.unwrap(), first);
    assert!(tx.ask_directory_run(&permit(&tx), first).await.unwrap());
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let kept = reader.directory_source(first).await.unwrap().unwrap();
    assert_eq!((kept.identity, kept.run_asked, kept.first_run_done), (renamed, true, false));
    let views = reader.directory_sources(NOW).await.unwrap();
    let found: Vec<_> = views.iter().map(|view| (view.id, view.enrolled_by.as_str())).collect();
    assert_eq!((found.len(), found[1]), (2, (first, "Bob")));
}

async fn mappings_keep_their_order_and_what_is_known_of_them(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let support = group(store, "Support").await;
    let mapping = |n: u128, group: GroupId| KeptMapping {
        mapping: Mapping {
            ad_group_guid: guid(n),
            ad_group_name: format!("Group {n}"),
            technician_group_id: group,
        },
        group_exists: group == support,
        approved: false,
        members: None,
    };
    let mut mappings = vec![mapping(9, support), mapping(3, GroupId(999_999))];
    let mut tx = store.write().await.unwrap();
    tx.set_directory_mappings(&permit(&tx), source, &mappings, true).await.unwrap();
    tx.note_directory_members(&permit(&tx), source, guid(9), 12).await.unwrap();
    tx.note_directory_members(&permit(&tx), source, guid(3), 0).await.unwrap();
    (mappings[0].members, mappings[0].approved) = (Some(12), true);
    // Nobody was in it: there was nothing to approve.
    mappings[1].members = Some(0);
    assert_eq!(tx.directory_mappings(source).await.unwrap(), mappings);
    assert!(tx.directory_source(source).await.unwrap().unwrap().mapping_removed);
    tx.settle_directory(&permit(&tx), source).await.unwrap();
    let kept = tx.directory_source(source).await.unwrap().unwrap();
    assert!(kept.first_run_done && !kept.mapping_removed);
}

async fn a_batch_counts_once_and_only_while_the_run_is_under_way(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let run = begin(store, source, 1, NOW).await;
    let later = NOW.plus_seconds(9);
    let mut tx = store.write().await.unwrap();
    for (number, body) in [(1, "[1]"), (0, "[0]"), (1, "[2]")] {
        let new = NewBatch { number, people: 1, body };
        assert_eq!(tx.put_directory_batch(&permit(&tx), run, new, later).await.unwrap(), Ok(()));
    }
    assert_eq!(tx.directory_batch(run, 0).await.unwrap(), Some((0, "[0]".to_owned())));
    assert_eq!(tx.directory_batch(run, 1).await.unwrap(), Some((1, "[1]".to_owned())));
    assert_eq!(tx.directory_batch(run, 2).await.unwrap(), None);
    let kept = tx.directory_run(run).await.unwrap().unwrap();
    assert_eq!((kept.alive_at, kept.people), (later, 2));
    tx.end_directory_run(&permit(&tx), run, &end(RunState::Aborted), NOW).await.unwrap();
    let ended = tx.put_directory_batch(&permit(&tx), run, batch(2), NOW).await.unwrap();
    assert_eq!(ended, Err(BatchRefused::Ended));
    assert_eq!(tx.directory_batch(run, 0).await.unwrap(), None);
}

fn batch(number: u32) -> NewBatch<'static> {
    NewBatch { number, people: 0, body: "[]" }
}

/// What came is counted in the database: the bound holds over servers.
async fn a_run_takes_no_more_than_its_bounds(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    for (n, column, most) in [(1, "sent_bytes", RUN_BYTES), (2, "sent_people", RUN_PEOPLE)] {
        let run = begin(store, source, n, NOW.plus_seconds(9)).await;
        place
            .run(&format!("UPDATE directory_runs SET {column} = {} WHERE id = '{run}'", most - 1))
            .await;
        let one = NewBatch { number: 0, people: 1, body: "1" };
        let two = NewBatch { number: 1, people: 1, body: "2" };
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.put_directory_batch(&permit(&tx), run, one, NOW).await.unwrap(), Ok(()));
        commit(tx).await;
        let mut tx = store.write().await.unwrap();
        // Sent again it is none more.
        assert_eq!(tx.put_directory_batch(&permit(&tx), run, one, NOW).await.unwrap(), Ok(()));
        let refused = tx.put_directory_batch(&permit(&tx), run, two, NOW).await.unwrap();
        assert_eq!(refused, Err(BatchRefused::TooMuch));
        drop(tx);
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.directory_batch(run, 1).await.unwrap(), None);
        tx.end_directory_run(&permit(&tx), run, &end(RunState::Aborted), NOW).await.unwrap();
        commit(tx).await;
    }
}

async fn the_newest_runs_of_a_source_are_kept_within_bounds(place: &Place) {
    let store = &place.store;
    let (source, other) = (source(store, 1).await, source(store, 2).await);
    let text = "x".repeat(100);
    for n in 1..=5 {
        let source = if n == 1 { other } else { source };
        let run = begin(store, source, n, NOW.plus_seconds(n.try_into().unwrap())).await;
        let end = RunEnd { message: Some(&text), ..end(RunState::Aborted) };
        let mut tx = store.write().await.unwrap();
        tx.end_directory_run(&permit(&tx), run, &end, NOW).await.unwrap();
        commit(tx).await;
    }
    let left = async |bytes, runs| {
        let mut tx = store.write().await.unwrap();
        tx.keep_newest_directory_runs(run_id(5), bytes, runs).await.unwrap();
        let page = tx.directory_runs(None, window(0, 9)).await.unwrap();
        page.items.iter().map(|run| run.id).collect::<Vec<_>>()
    };
    assert_eq!(left(400, 4).await.len(), 5);
    assert_eq!(left(299, 9).await, [run_id(5), run_id(4), run_id(1)]);
    assert_eq!(left(999, 3).await, [run_id(5), run_id(4), run_id(3), run_id(1)]);
    assert_eq!(left(0, 0).await, [run_id(5), run_id(1)], "the newest stays");
}

async fn what_a_source_tells_beside_its_runs_is_bounded(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let mut tx = store.write().await.unwrap();
    for n in 0..KEPT_PROBLEMS + 5 {
        let problem = NewProblem {
            code: format!("code.{n:04}"),
            subject: String::new(),
            name: String::new(),
            account: None,
            message: String::new(),
        };
        let now = NOW.plus_seconds(n);
        tx.note_directory_problems(&permit(&tx), source, None, &[problem], now).await.unwrap();
    }
    let page = tx.directory_problems(window(0, 500)).await.unwrap();
    assert_eq!(page.total, KEPT_PROBLEMS.cast_unsigned());
    assert_eq!(page.items[0].code, format!("code.{:04}", KEPT_PROBLEMS + 4));
    commit(tx).await;
    let many = format!(
        "INSERT INTO directory_events (source_id, at, code, message) \
         WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {KEPT_EVENTS}) \
         SELECT {source}, 0, 'many', '' FROM numbers"
    );
    place.run(&many).await;
    let mut tx = store.write().await.unwrap();
    for _ in 0..2 {
        tx.add_directory_event(&permit(&tx), source, NOW, "next", "").await.unwrap();
    }
    assert_eq!(tx.directory_events(window(0, 9)).await.unwrap()[1].code, "next");
    commit(tx).await;
    let kept = place.number("SELECT COUNT(*) FROM directory_events").await;
    assert_eq!(kept, KEPT_EVENTS);
}

async fn what_was_done_without_asking_counts_for_a_while(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let mut tx = store.write().await.unwrap();
    let done =
        |disabled, emails| Unasked { disabled, emails, enabled: 2 * disabled, created: 3 * emails };
    let day = |n: i64| NOW.plus_days(n);
    tx.add_directory_unasked(&permit(&tx), source, done(0, 0), day(0), day(-1)).await.unwrap();
    tx.add_directory_unasked(&permit(&tx), source, done(3, 1), day(0), day(-1)).await.unwrap();
    tx.add_directory_unasked(&permit(&tx), source, done(2, 0), day(1), day(0)).await.unwrap();
    assert_eq!(tx.directory_unasked(source, day(0)).await.unwrap(), done(5, 1));
    assert_eq!(tx.directory_unasked(source, day(1)).await.unwrap(), done(2, 0));
    tx.add_directory_unasked(&permit(&tx), source, done(1, 1), day(2), day(1)).await.unwrap();
    assert_eq!(tx.directory_unasked(source, day(0)).await.unwrap(), done(3, 1), "older ones go");
}

async fn a_run_ends_once_and_is_remembered(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let run = begin(store, source, 1, NOW).await;
    let counts = RunCounts { created: 1, unchanged: 7, ..RunCounts::default() };
    let answer = answer();
    let applied = RunEnd { counts, answer: Some(&answer), ..end(RunState::Applied) };
    let mut tx = store.write().await.unwrap();
    let open = tx.open_directory_run(source, RunState::UnderWay).await.unwrap();
    assert_eq!(open.map(|open| open.line.id), Some(run));
    tx.end_directory_run(&permit(&tx), run, &applied, NOW.plus_seconds(3)).await.unwrap();
    tx.end_directory_run(&permit(&tx), run, &end(RunState::Aborted), NOW).await.unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let kept = reader.directory_run(run).await.unwrap().unwrap();
    assert_eq!((kept.line.state, kept.line.counts), (RunState::Applied, counts));
    assert_eq!((kept.answer, kept.line.ended_at), (Some(answer), Some(NOW.plus_seconds(3))));
    assert!(reader.open_directory_run(source, RunState::UnderWay).await.unwrap().is_none());
    drop(reader);
    let second = begin(store, source, 2, NOW.plus_seconds(9)).await;
    let mut reader = store.read().await.unwrap();
    let page = reader.directory_runs(Some(source), window(0, 1)).await.unwrap();
    assert_eq!((page.total, page.items[0].id), (2, second));
    let none = reader.directory_runs(Some(SourceId(source.0 + 1)), window(0, 9)).await.unwrap();
    assert_eq!(none.total, 0);
    assert_eq!(reader.directory_runs(None, window(0, 9)).await.unwrap().items.len(), 2);
}

async fn a_run_that_is_held_is_decided_once(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let run = begin(store, source, 1, NOW).await;
    let mut tx = store.write().await.unwrap();
    tx.put_directory_batch(&permit(&tx), run, batch(0), NOW).await.unwrap().unwrap();
    tx.end_directory_run(&permit(&tx), run, &held(), NOW).await.unwrap();
    let open = tx.open_directory_run(source, RunState::Held).await.unwrap().unwrap();
    assert_eq!(open.line.held, held().held);
    assert!(tx.directory_batch(run, 0).await.unwrap().is_some());
    let digest = tx.held_directory_digest(run).await.unwrap();
    assert_eq!(digest.as_deref(), Some("digest"));
    let waiting = tx.held_directory_steps(run).await.unwrap();
    assert_eq!(waiting, Some(("[]".to_owned(), "{}".to_owned())));
    let more = RunCounts { disabled: 8, failed: 1, ..RunCounts::default() };
    for first in [true, false] {
        let decided = Some(Decided { by: "Mara".to_owned(), at: NOW });
        let state = RunState::Approved;
        let done = tx.decide_directory_run(&permit(&tx), run, state, more, decided).await;
        assert_eq!(done.unwrap(), first);
    }
    let line = tx.directory_run(run).await.unwrap().unwrap().line;
    assert_eq!((line.state, line.counts), (RunState::Approved, more));
    assert_eq!(line.decided.unwrap().by, "Mara");
    assert!(tx.directory_batch(run, 0).await.unwrap().is_none());
    assert!(tx.held_directory_steps(run).await.unwrap().is_none());
}

fn change(n: u128, kind: ChangeKind, name: &str, held: bool) -> NewChange {
    NewChange {
        guid: guid(n),
        account: None,
        name: name.to_owned(),
        email: format!("p{n}@example.com"),
        kind,
        held,
        reason: "Disabled in the\0 directory".to_owned(),
        code: (kind == ChangeKind::Failed).then(|| "email.in_use".to_owned()),
        fields: vec![FieldChange {
            field: "name".to_owned(),
            before: "A\0".to_owned(),
            after: "B".to_owned(),
        }],
    }
}

async fn changes_are_found_by_kind_and_text(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let run = begin(store, source, 1, NOW).await;
    let mut tx = store.write().await.unwrap();
    let changes = [
        change(1, ChangeKind::Disabled, "Ångström", false),
        change(2, ChangeKind::Disabled, "50% off", true),
        change(3, ChangeKind::Failed, "Zoë", false),
    ];
    tx.save_directory_changes(&permit(&tx), run, &changes[..2]).await.unwrap();
    tx.save_directory_changes(&permit(&tx), run, &changes[2..]).await.unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |kind, held, text: &str, expected: &[u64]| {
        let filter = ChangeFilter { kind, held, text: text.to_owned() };
        let page = reader.directory_changes(run, &filter, window(0, 9)).await.unwrap();
        let places: Vec<u64> = page.items.iter().map(|line| line.place).collect();
        assert_eq!((page.total, places.as_slice()), (expected.len() as u64, expected), "{text}");
    };
    check(None, false, "", &[0, 1, 2]).await;
    check(Some(ChangeKind::Disabled), false, "", &[0, 1]).await;
    check(None, true, "", &[1]).await;
    for text in ["ÅNG", "ang"] {
        check(None, false, text, &[0]).await;
    }
    check(None, false, "50%", &[1]).await;
    check(Some(ChangeKind::Failed), false, "p3@", &[2]).await;
    let page = reader.directory_changes(run, &ChangeFilter::default(), window(2, 1)).await.unwrap();
    assert_eq!(
        (page.items[0].guid, page.items[0].code.as_deref()),
        (guid(3), Some("email.in_use"))
    );
    assert_eq!(page.items[0].fields, changes[2].fields);
    drop(reader);

    // As it was kept once.
    place.run("UPDATE directory_changes SET search = 'ångström' WHERE place = 0").await;
    let mut reader = store.read().await.unwrap();
    let filter = ChangeFilter { text: "Ång".to_owned(), ..ChangeFilter::default() };
    assert_eq!(reader.directory_changes(run, &filter, window(0, 9)).await.unwrap().total, 1);
}

async fn a_problem_is_one_line_however_often_it_recurs(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let problem = |code: &str, message: &str| NewProblem {
        code: code.to_owned(),
        subject: String::new(),
        name: String::new(),
        account: None,
        message: message.to_owned(),
    };
    let later = NOW.plus_seconds(9);
    let mut tx = store.write().await.unwrap();
    let first = [problem("a", "once"), problem("b", "once")];
    tx.note_directory_problems(&permit(&tx), source, None, &first, NOW).await.unwrap();
    let again = [problem("a", "again")];
    tx.renew_directory_problems(&permit(&tx), source, run_id(1), &again, later).await.unwrap();
    let page = tx.directory_problems(window(0, 9)).await.unwrap();
    let line = &page.items[0];
    assert_eq!((page.total, line.code.as_str(), line.message.as_str()), (1, "a", "again"));
    assert_eq!((line.first_at, line.last_at, line.times), (NOW, later, 2));
    tx.add_directory_event(&permit(&tx), source, NOW, "a", "once").await.unwrap();
    assert_eq!(tx.directory_events(window(0, 9)).await.unwrap()[0].message, "once");
}

async fn old_runs_are_forgotten(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let day = |n: i64| NOW.plus_days(n);
    for (n, at, state, created) in [
        (1, day(0), RunState::Applied, 1),
        (2, day(10), RunState::Applied, 0),
        (3, day(10), RunState::Applied, 1),
        (4, day(10), RunState::Held, 0),
        (5, day(20), RunState::Applied, 0),
    ] {
        let run = begin(store, source, n, at).await;
        let counts = RunCounts { created, ..RunCounts::default() };
        let mut tx = store.write().await.unwrap();
        let end = RunEnd { counts, ..if state == RunState::Held { held() } else { end(state) } };
        tx.end_directory_run(&permit(&tx), run, &end, at).await.unwrap();
        commit(tx).await;
    }
    let mut tx = store.write().await.unwrap();
    tx.forget_directory_runs(day(15), day(5)).await.unwrap();
    let runs = tx.directory_runs(None, window(0, 9)).await.unwrap();
    let mut left: Vec<RunId> = runs.items.iter().map(|run| run.id).collect();
    left.sort_unstable();
    assert_eq!(left, [run_id(3), run_id(4), run_id(5)]);
}
