//! Directory synchronization: people are kept in step, and what a person did by hand stays.

use operations::{audit, directory, sign_in, technicians};
use roster::account::{Account, Source};
use roster::audit::{Cursor, Filter};
use roster::directory::protocol::{BeginRun, Mode, RunResult};
use roster::directory::view::{ChangeFilter, ChangeKind, Follows, RunState};
use roster::id::AccountId;
use roster::many::{Change, Selection, Step};
use roster::page::Window;
use roster::secret::Secret;

use crate::directory_world::{Synced, begin, commit_of, crowd, disabled, guid, seen};
use crate::world::{PASSWORD, World, anonymous, draft};

async fn by_email(world: &World, email: &str) -> Option<Account> {
    let found = technicians::search(&world.operations, &world.holder, email).await.unwrap();
    let id = found.first()?.id;
    Some(technicians::see(&world.operations, &world.holder, id).await.unwrap().account)
}

async fn change(world: &World, id: AccountId, change: Change) {
    let step = Step { who: Selection::Ids(vec![id]), change };
    technicians::change_many(&world.operations, &world.holder, &step).await.unwrap();
}

#[tokio::test]
async fn people_are_kept_in_step() {
    let synced = Synced::with(&crowd(3)).await;
    let world = &synced.world;
    let ada = by_email(world, "p1@corp.example").await.unwrap();
    assert_eq!((ada.source, ada.group), (Source::Directory, Some(world.inside)));
    assert_eq!((ada.name.as_str(), ada.nickname.as_str()), ("Person 1", "Person 1"));
    let who = technicians::created_by(&world.operations, &world.holder, ada.id).await.unwrap().who;
    assert_eq!(who.as_deref(), Some("Active Directory corp.example.com"));

    let (run, answer) = synced.run(&crowd(3), &[]).await;
    assert_eq!((answer.result, answer.unchanged), (RunResult::Applied, 3));
    let line = directory::run(&world.operations, &world.master, run).await.unwrap();
    assert_eq!(line.state, RunState::Applied);

    let mut people = crowd(4);
    people[0].name = "Ada Renamed".to_owned();
    people[1] = disabled(2, "Person 2", "p2@corp.example");
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.created, answer.updated, answer.disabled), (1, 1, 1));
    let ada = by_email(world, "p1@corp.example").await.unwrap();
    assert_eq!((ada.name.as_str(), ada.nickname.as_str()), ("Ada Renamed", "Ada Renamed"));
    assert!(!by_email(world, "p2@corp.example").await.unwrap().enabled);

    let (_, answer) = synced.run(&crowd(4), &[]).await;
    assert_eq!((answer.updated, answer.enabled), (1, 1));
    assert!(by_email(world, "p2@corp.example").await.unwrap().enabled);
    let managed = directory::managed(&world.operations, &synced.service, None).await.unwrap();
    assert_eq!((managed.guids.len(), managed.next), (4, None));
}

#[tokio::test]
async fn the_trail_names_the_directory_and_tells_of_each_person() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    synced.run(&[disabled(1, "Ada", "p1@corp.example")], &[]).await;
    let id = by_email(world, "p1@corp.example").await.unwrap().id;
    let history = audit::of_account(&world.operations, &world.holder, id, None::<Cursor>).await;
    let lines = history.unwrap().lines;
    let found: Vec<_> = lines.iter().map(|line| (&*line.actor, &*line.action)).collect();
    let actor = "Active Directory corp.example.com";
    let (disabled, edited) = ((actor, "technician_disabled"), (actor, "technician_edited"));
    assert_eq!(found, [disabled, edited, ("Mara Master", "directory_run")]);
    assert_eq!(lines[0].after["why"], "Disabled in the directory");
    assert_eq!(
        (&lines[1].before["name"], &lines[1].after["name"]),
        (&"Person 1".into(), &"Ada".into())
    );
    let filter = Filter { action: "directory_run_approved".to_owned(), ..Filter::default() };
    let approved = audit::list(&world.operations, &world.holder, &filter, None).await.unwrap();
    assert_eq!(approved.lines[0].actor, "Mara Master");
}

#[tokio::test]
async fn a_disabled_technician_is_signed_out_and_frees_the_seats() {
    let tess = seen(1, "Tess Tech", "tess@example.com");
    let synced = Synced::new().await;
    let world = &synced.world;
    let account = by_email(world, "tess@example.com").await.unwrap();
    let (operations, holder) = (&world.operations, &world.holder);
    directory::agree(
        operations,
        holder,
        roster::directory::protocol::SourceId(1),
        guid(1),
        account.id,
    )
    .await
    .unwrap();
    let (run, _) = synced.run(std::slice::from_ref(&tess), &[]).await;
    directory::approve(operations, holder, run).await.unwrap();
    let page = technicians::see(operations, holder, account.id).await.unwrap();
    let link = page.directory.unwrap();
    assert_eq!((link.guid, link.follows), (guid(1), Follows::All));

    let signed_in =
        sign_in::sign_in(operations, &anonymous(), "tess@example.com", &Secret::new(PASSWORD))
            .await;
    let token = signed_in.unwrap().token;
    let used = async || operations::settings::see(operations, holder).await.unwrap().standard.used;
    let before = used().await;
    synced.run(&[disabled(1, "Tess Tech", "tess@example.com")], &[]).await;
    assert!(world.caller(&token).await.is_none());
    assert_eq!(used().await, before - 1);
}

#[tokio::test]
async fn whom_a_person_disabled_the_directory_never_enables() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let off = [disabled(1, "Person 1", "p1@corp.example")];
    let id = by_email(world, "p1@corp.example").await.unwrap().id;
    let enabled = async || by_email(world, "p1@corp.example").await.unwrap().enabled;

    change(world, id, Change::Disable).await;
    synced.run(&crowd(1), &[]).await;
    assert!(!enabled().await);

    // Disabled by the directory, then enabled and disabled by hand.
    change(world, id, Change::Enable).await;
    synced.run(&off, &[]).await;
    change(world, id, Change::Enable).await;
    change(world, id, Change::Disable).await;
    synced.run(&crowd(1), &[]).await;
    assert!(!enabled().await);
}

#[tokio::test]
async fn who_was_moved_by_hand_keeps_their_place_and_their_name() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let id = by_email(world, "p1@corp.example").await.unwrap().id;
    change(world, id, Change::MoveTo(world.outside)).await;
    synced.run(&[disabled(1, "Another Name", "p1@corp.example")], &[]).await;
    let account = by_email(world, "p1@corp.example").await.unwrap();
    assert_eq!((account.name.as_str(), account.enabled), ("Person 1", false));
    assert_eq!(account.group, Some(world.outside));
    let page = technicians::see(&world.operations, &world.holder, id).await.unwrap();
    assert_eq!(page.directory.unwrap().follows, Follows::Status);
}

#[tokio::test]
async fn two_people_swap_their_emails() {
    let synced = Synced::with(&crowd(3)).await;
    let mut people = crowd(3);
    for (n, email) in [(0, 2), (1, 3), (2, 1)] {
        people[n].email = format!("P{email}@corp.example");
    }
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.updated, answer.failed), (3, vec![]));
    let account = by_email(&synced.world, "p1@corp.example").await.unwrap();
    assert_eq!((account.name.as_str(), account.email.as_str()), ("Person 3", "P1@corp.example"));
}

#[tokio::test]
async fn who_gets_no_seat_is_told_of_and_the_run_goes_on() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let settings = operations::settings::see(&world.operations, &world.holder).await.unwrap();
    let wish = operations::settings::SettingsDraft {
        organization: settings.organization,
        strength: settings.strength,
        standard_seats: Some(settings.standard.used + 1),
        mobile_seats: None,
        default_password: None,
        default_password_days: 14,
        policies: settings.policies,
        two_step: settings.two_step,
    };
    let version = settings.version;
    operations::settings::change(&world.operations, &world.holder, version, wish).await.unwrap();
    let mut people = crowd(3);
    people[0] = disabled(1, "Person 1", "p1@corp.example");
    people.push(seen(4, "Person 4", "p4@corp.example"));
    let (run, answer) = synced.run(&people, &[]).await;
    // One seat was left, and one became free.
    assert_eq!((answer.created, answer.disabled), (2, 1));
    assert_eq!(answer.failed[0].code, "seats.none_left");
    let filter = ChangeFilter { kind: Some(ChangeKind::Failed), ..ChangeFilter::default() };
    let (operations, window) = (&world.operations, Window::default());
    let failed = directory::changes(operations, &world.master, run, &filter, window).await.unwrap();
    assert_eq!((failed.total, failed.items[0].name.as_str()), (1, "Person 4"));
    let problems = directory::problems(operations, &world.master, window).await.unwrap();
    assert_eq!((problems.total, problems.items[0].times), (1, 1));
    synced.run(&people, &[]).await;
    let problems = directory::problems(operations, &world.master, window).await.unwrap();
    assert_eq!((problems.total, problems.items[0].times), (1, 2));
    synced.run(&people[..3], &[4]).await;
    assert_eq!(directory::problems(operations, &world.master, window).await.unwrap().total, 0);
}

#[tokio::test]
async fn an_account_made_by_hand_is_asked_about_and_linked() {
    let synced = Synced::with(&crowd(1)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let wish = draft("Person 2", "p2@corp.example");
    let id = technicians::create(operations, &world.holder, world.outside, wish).await.unwrap().id;
    let (_, answer) = synced.run(&crowd(2), &[]).await;
    assert_eq!((answer.created, answer.failed[0].code.as_str()), (0, "email.ask"));
    let problems = directory::problems(operations, &world.master, Window::default()).await.unwrap();
    let asked = &problems.items[0];
    assert_eq!((asked.account, asked.name.as_str()), (Some(id), "Person 2"));
    let person = asked.subject.parse().unwrap();
    directory::agree(operations, &world.master, asked.source, person, id).await.unwrap();
    let (_, answer) = synced.run(&crowd(2), &[]).await;
    assert_eq!((answer.updated, answer.failed.len()), (1, 0));
    let page = technicians::see(operations, &world.holder, id).await.unwrap();
    assert_eq!(page.account.group, Some(world.outside));
    assert!(page.directory.is_some());
}

#[tokio::test]
async fn a_deleted_account_is_forgotten_by_its_directory() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let id = by_email(world, "p1@corp.example").await.unwrap().id;
    change(world, id, Change::Delete).await;
    let managed = directory::managed(&world.operations, &synced.service, None).await.unwrap();
    assert_eq!(managed.guids, [guid(2)]);
}

#[tokio::test]
async fn a_preview_changes_nothing_and_says_what_it_would() {
    let synced = Synced::with(&crowd(2)).await;
    let world = &synced.world;
    let operations = &world.operations;
    let mut people = crowd(3);
    people[0].name = "Renamed".to_owned();
    let run = synced.next_run();
    let wish = BeginRun { mode: Mode::Preview, ..begin(run) };
    synced.send(wish, &people).await.unwrap();
    let commit = || directory::commit(operations, &synced.service, run, commit_of(&people, &[]));
    let answer = commit().await.unwrap();
    assert_eq!((answer.result, answer.created, answer.updated), (RunResult::Preview, 1, 1));
    assert_eq!(commit().await.unwrap(), answer);
    assert_eq!(by_email(world, "p1@corp.example").await.unwrap().name, "Person 1");
    assert!(by_email(world, "p3@corp.example").await.is_none());
    let (filter, window) = (ChangeFilter::default(), Window::default());
    let changes = directory::changes(operations, &world.master, run, &filter, window).await;
    assert_eq!(changes.unwrap().total, 2);
    let (_, answer) = synced.run(&people, &[]).await;
    assert_eq!((answer.created, answer.updated), (1, 1));
}
