//! Who left a directory: whom their email goes to, and what a mapped group that is gone leaves open; who comes
//! back. On both databases.

use operations::directory;
use roster::account::Account;
use roster::directory::protocol::{
    Commit, Committed, GroupSeen, GroupStatus, HeldReason, Ignored, Mapping, Mappings, PersonSeen,
    RunId,
};
use roster::directory::view::ChangeFilter;
use roster::page::Window;

use crate::database::Database;
use crate::directory_world::{GROUP, Synced, begin, commit_of, crowd, disabled, guid, seen};

/// Mapped beside [`GROUP`], to the same Technician Group.
const SECOND: u128 = 901;

on_both!(
    the_email_of_who_left_is_the_joiners,
    an_email_waits_with_the_disabling_and_is_approved_with_it,
    a_prepared_account_stops_no_run,
    a_group_that_is_gone_keeps_its_own_people_alone,
    many_who_come_back_wait_for_an_approval,
    whom_a_token_creates_gives_it_no_leave_to_disable,
);

async fn in_step(database: &Database, people: &[PersonSeen]) -> Synced {
    let synced = Synced::on(database).await;
    approved(&synced, people).await;
    synced
}

async fn approved(synced: &Synced, people: &[PersonSeen]) {
    let (run, _) = synced.run(people, &[]).await;
    directory::approve(&synced.world.operations, &synced.world.master, run).await.unwrap();
}

async fn by_email(synced: &Synced, email: &str) -> Option<Account> {
    let mut reader = synced.world.store.read().await.unwrap();
    let id = reader.credentials_by_email(email).await.unwrap()?.id;
    reader.account(id).await.unwrap()
}

async fn the_email_of_who_left_is_the_joiners(database: &Database) {
    let synced = in_step(database, &crowd(3)).await;
    let leaver = by_email(&synced, "p1@corp.example").await.unwrap();
    let mut people = crowd(3);
    people[0] = seen(9, "Nora", "P1@corp.example");
    let (run, answer) = synced.run(&people, &[1]).await;
    assert_eq!((answer.created, answer.updated, answer.disabled), (1, 1, 1), "{answer:?}");
    assert_eq!(answer.failed, []);
    let joiner = by_email(&synced, "p1@corp.example").await.unwrap();
    assert_eq!((joiner.name.as_str(), joiner.enabled), ("Nora", true));
    assert_ne!(joiner.id, leaver.id);
    let left = synced.world.store.read().await.unwrap().account(leaver.id).await.unwrap().unwrap();
    assert_eq!((left.name.as_str(), left.enabled), ("Person 1", false));
    assert!(left.email.ends_with("@muster.invalid"), "{}", left.email);
    // The run says why.
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let all = ChangeFilter { kind: None, held: false, text: "Person 1".to_owned() };
    let page = Window { offset: 0, limit: 9 };
    let changes = directory::changes(operations, master, run, &all, page).await.unwrap();
    let reasons: Vec<&str> = changes.items.iter().map(|it| it.reason.as_str()).collect();
    assert!(reasons.contains(&"Left, and somebody else has their email now"), "{reasons:?}");
    // It is settled: the next run has nothing to do. Who comes back has the email that they have then.
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.created, answer.updated, answer.failed), (0, 0, vec![]));
    people.push(seen(1, "Person 1", "back@corp.example"));
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.enabled, answer.updated), (1, 1));
    assert_eq!(by_email(&synced, "back@corp.example").await.unwrap().id, leaver.id);
}

async fn an_email_waits_with_the_disabling_and_is_approved_with_it(database: &Database) {
    let synced = in_step(database, &crowd(20)).await;
    let mut people = crowd(20).split_off(6);
    people.push(seen(30, "Nora", "p1@corp.example"));
    let gone: Vec<u128> = (1..=6).collect();
    let (run, answer) = synced.run(&people, &gone).await;
    let held = answer.held.unwrap();
    assert_eq!((held.reason, held.count, answer.created), (HeldReason::ManyDisabled, 8, 0));
    assert_eq!(by_email(&synced, "p1@corp.example").await.unwrap().name, "Person 1");
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let line = directory::approve(operations, master, run).await.unwrap();
    let counts = line.counts;
    assert_eq!((counts.created, counts.updated, counts.disabled, counts.failed), (1, 1, 6, 0));
    assert_eq!(by_email(&synced, "p1@corp.example").await.unwrap().name, "Nora");
}

/// Somebody foresees what a leaver would get, and makes an account with it.
async fn a_prepared_account_stops_no_run(database: &Database) {
    let synced = in_step(database, &crowd(3)).await;
    let prepared = roster::directory::plan::parting_email(guid(1)).unwrap();
    synced.world.technician_inside(&prepared.to_string()).await;
    let mut people = crowd(3);
    people[0] = seen(9, "Nora", "p1@corp.example");
    let (_, answer) = synced.run(&people, &[1]).await;
    assert_eq!((answer.created, answer.updated, answer.disabled), (0, 0, 1));
    let codes: Vec<&str> = answer.failed.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["email.in_use"]);
    // Whose it is, is a click away.
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let page = Window { offset: 0, limit: 9 };
    let problems = directory::problems(operations, master, page).await.unwrap();
    let leaver = by_email(&synced, "p1@corp.example").await.unwrap();
    assert_eq!(problems.items[0].account, Some(leaver.id));
}

/// A run in which the first group has the first of them, and the second all.
async fn of_two(
    synced: &Synced,
    people: &[PersonSeen],
    gone: &[u128],
    second: GroupStatus,
) -> (RunId, Committed) {
    let run = synced.next_run();
    synced.send(begin(run), people).await.unwrap();
    let members = |group: u128, status| {
        let its = people.iter().filter(|it| it.group_guids.contains(&guid(group)));
        let members = its.count() as u64;
        GroupSeen { guid: guid(group), status, members, ignored: Ignored::default() }
    };
    let groups = vec![members(GROUP, GroupStatus::Complete), members(SECOND, second)];
    let commit = Commit { groups, ..commit_of(people, gone) };
    let (operations, service) = (&synced.world.operations, &synced.service);
    (run, directory::commit(operations, service, run, commit).await.unwrap())
}

async fn a_group_that_is_gone_keeps_its_own_people_alone(database: &Database) {
    let synced = Synced::on(database).await;
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let mapping = |group: u128| Mapping {
        ad_group_guid: guid(group),
        ad_group_name: format!("Group {group}"),
        technician_group_id: synced.world.inside,
    };
    let mappings = Mappings { mappings: vec![mapping(GROUP), mapping(SECOND)] };
    directory::put_mappings(operations, &synced.service, mappings).await.unwrap();
    let mut people = crowd(9);
    people[0].group_guids = vec![guid(SECOND)];
    people[1].group_guids = vec![guid(GROUP), guid(SECOND)];
    let (run, _) = of_two(&synced, &people, &[], GroupStatus::Complete).await;
    directory::approve(operations, master, run).await.unwrap();
    let (_, answer) = of_two(&synced, &people, &[], GroupStatus::Complete).await;
    assert_eq!((answer.held, answer.unchanged), (None, 9));

    // The second is deleted: 1 was in it alone, 2 in both and leaves the first, 3 was in the first.
    let rest = people.split_off(3);
    let (_, answer) = of_two(&synced, &rest, &[1, 2, 3], GroupStatus::NotFound).await;
    assert_eq!((answer.disabled, answer.held, answer.failed), (1, None, vec![]));
    let mut enabled = Vec::new();
    for n in 1..=3 {
        let account = by_email(&synced, &format!("p{n}@corp.example")).await.unwrap();
        enabled.push(account.enabled);
    }
    assert_eq!(enabled, [true, true, false]);
    let page = Window { offset: 0, limit: 9 };
    let problems = directory::problems(operations, master, page).await.unwrap();
    assert_eq!(problems.items[0].code, "group.not_found");
    assert!(problems.items[0].message.contains("Group 901"), "{}", problems.items[0].message);

    // The mapping is taken away: what becomes of them waits for an approval.
    let mappings = Mappings { mappings: vec![mapping(GROUP)] };
    directory::put_mappings(operations, &synced.service, mappings).await.unwrap();
    let (_, answer) = synced.run(&rest, &[1, 2]).await;
    let held = answer.held.unwrap();
    assert_eq!((held.reason, held.count), (HeldReason::MappingChanged, 2));
}

async fn many_who_come_back_wait_for_an_approval(database: &Database) {
    let synced = in_step(database, &crowd(20)).await;
    let (operations, master) = (&synced.world.operations, &synced.world.master);
    let away = |n: usize| {
        let mut people = crowd(20);
        for (person, n) in people[..n].iter_mut().zip(1..) {
            *person = disabled(n, &person.name, &person.email);
        }
        people
    };
    approved(&synced, &away(8)).await;
    let (_, answer) = synced.run(&away(6), &[]).await;
    assert_eq!((answer.enabled, answer.held), (2, None));
    let (run, answer) = synced.run(&away(0), &[]).await;
    let held = answer.held.unwrap();
    assert_eq!((held.reason, held.count), (HeldReason::ManyEnabled, 6));
    let line = directory::approve(operations, master, run).await.unwrap();
    assert_eq!((line.counts.enabled, line.counts.failed), (6, 0));
}

async fn whom_a_token_creates_gives_it_no_leave_to_disable(database: &Database) {
    let synced = in_step(database, &crowd(20)).await;
    let (_, answer) = synced.run(&crowd(100), &[]).await;
    assert_eq!((answer.created, answer.held), (80, None));
    let source =
        &directory::sources(&synced.world.operations, &synced.world.master).await.unwrap()[0];
    assert_eq!((source.enabled, source.counted), (100, 20));
    let rest = crowd(100).split_off(6);
    let gone: Vec<u128> = (1..=6).collect();
    let (_, answer) = synced.run(&rest, &gone).await;
    assert_eq!(answer.held.map(|held| held.reason), Some(HeldReason::ManyDisabled));
    synced.world.clock.advance(24 * 60 * 60 + 1);
    let (_, answer) = synced.run(&rest, &gone).await;
    assert_eq!((answer.disabled, answer.held), (6, None), "they have been there for a day");
}
