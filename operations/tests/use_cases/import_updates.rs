//! Imports that change whoever is there: what a row says replaces what is there, nothing else.

use operations::{imports, technicians};
use roster::account::PasswordState;
use roster::fields::Field;
use roster::history::NewImport;
use roster::import::{Existing, Expected, Outcome};
use roster::problem::Code;

use crate::bring::{chunk, ends, new_import};
use crate::world::{World, draft};

#[tokio::test]
async fn a_row_changes_what_it_says_and_keeps_the_rest() {
    let world = World::new().await;
    let first = "Name,Email,Nickname,Single Sign-On ID,Description,Password\n\
                 Anna,anna@example.com,Annie,a.one,Berlin,Hs5;vTyBn9\n";
    world.update(1, first, Some(world.inside)).await;
    let before = world.find("anna@example.com").await.unwrap();
    let second = "Name,Email,Nickname,Single Sign-On ID,Mobile License,Password\n\
                  Anna Bauer,Anna@example.com,,,yes,Kt4?wZuLp9\n";
    let result = world.update(2, second, Some(world.outside)).await;
    let row = &result.rows[0];
    assert_eq!((row.outcome, row.account), (Outcome::Updated, Some(before.id)));
    let changes: Vec<_> =
        row.changes.iter().map(|it| (it.field, it.before.as_str(), it.after.as_str())).collect();
    assert_eq!(
        changes,
        [
            (Field::Name, "Anna", "Anna Bauer"),
            (Field::Email, "anna@example.com", "Anna@example.com"),
            (Field::MobileLicense, "no", "yes"),
            (Field::Group, "Inside", "Outside"),
        ]
    );
    let after = world.find("anna@example.com").await.unwrap();
    assert_eq!((after.name.as_str(), after.nickname.as_str()), ("Anna Bauer", "Annie"));
    assert_eq!((after.sso_id.as_deref(), after.description.as_str()), (Some("a.one"), "Berlin"));
    assert_eq!((after.group, after.version), (Some(world.outside), before.version + 1));
    assert_eq!(after.password, PasswordState::Temporary, "a password is never replaced");
    assert_eq!((world.technicians_in(world.inside).await), 1, "Tess alone");
    assert_eq!(world.technicians_in(world.outside).await, 1);
    assert_eq!(world.seats_used().await, (2, 1), "Tess and Anna");

    let again = world.update(3, second, Some(world.outside)).await;
    assert_eq!((again.rows[0].outcome, &again.rows[0].changes), (Outcome::Unchanged, &vec![]));
    assert!(again.rows[0].problems.is_empty(), "nobody is warned that there is no password");
    assert_eq!(world.record(3).await.counts.unchanged, 1);
}

#[tokio::test]
async fn seats_follow_and_the_disabled_are_signed_out() {
    let world = World::new().await;
    let tess = world.sign_in("tess@example.com").await;
    world.seats_left(0).await;
    let file = "Name,Email,Enabled\n\
                New,new@example.com,yes\n\
                Tess Tech,tess@example.com,no\n\
                Newer,newer@example.com,yes\n";
    let result = world.update(1, file, Some(world.inside)).await;
    assert_eq!(
        ends(&result.rows),
        [
            (Outcome::Failed, vec![Code::SeatsNoneLeft]),
            (Outcome::Updated, vec![]),
            (Outcome::Created, vec![]),
        ],
        "in the order of the rows"
    );
    let session = tess.person().unwrap().account;
    let sessions = world.store.read().await.unwrap().sessions_of(session).await.unwrap();
    assert!(sessions.is_empty());
    let back = "Name,Email,Enabled\nTess Tech,tess@example.com,yes\n";
    let result = world.update(2, back, Some(world.inside)).await;
    assert_eq!(ends(&result.rows), [(Outcome::Failed, vec![Code::SeatsNoneLeft])]);
}

#[tokio::test]
async fn another_single_sign_on_id_signs_out_and_the_same_one_nobody() {
    let world = World::new().await;
    let tess = world.technician.person().unwrap().account;
    let import = async |n: u128, sso_id: &str, expected: Outcome| {
        let file = format!("Name,Email,Single Sign-On ID\nTess Tech,tess@example.com,{sso_id}\n");
        let result = world.update(n, &file, Some(world.inside)).await;
        assert_eq!(result.rows[0].outcome, expected);
        world.store.read().await.unwrap().sessions_of(tess).await.unwrap().len()
    };
    assert_eq!(import(1, "t.one", Outcome::Updated).await, 0);
    world.sign_in("tess@example.com").await;
    assert_eq!(import(2, "t.one", Outcome::Unchanged).await, 1);
    // Nothing said is nothing changed.
    assert_eq!(import(3, "", Outcome::Unchanged).await, 1);
    assert_eq!(import(4, "t.two", Outcome::Updated).await, 0);
}

#[tokio::test]
async fn administrators_are_never_touched() {
    let world = World::new().await;
    let file = "Name,Email,Enabled\nX,ada@example.com,no\nX,mara@example.com,no\n\
                X,alan@example.com,no\n";
    let result = world.update(1, file, Some(world.inside)).await;
    let failed = (Outcome::Failed, vec![Code::EmailInUse]);
    assert_eq!(ends(&result.rows), [failed.clone(), failed.clone(), failed]);
    assert!(world.find("ada@example.com").await.unwrap().enabled);
}

#[tokio::test]
async fn what_the_dry_run_took_for_granted_must_still_be_so() {
    let world = World::new().await;
    let bela = world.technician_inside("bela@example.com").await;
    let cora = world.technician_inside("cora@example.com").await;
    let file = "Name,Email\nBela,bela@example.com\nCora,cora@example.com\n\
                Dan,dan@example.com\nTess,tess@example.com\nEve,eve@example.com\n";
    let mut chunk = chunk(file, true);
    let expected = [
        Some(Expected::Account { id: bela, version: 1 }),
        Some(Expected::Account { id: cora, version: 1 }),
        Some(Expected::Account { id: cora, version: 1 }),
        Some(Expected::Nobody),
        Some(Expected::Nobody),
    ];
    for (row, expected) in chunk.rows.iter_mut().zip(expected) {
        row.expected = expected;
    }
    let other = draft("Cora Changed", "cora@example.com");
    technicians::edit(&world.operations, &world.holder, cora, 1, other).await.unwrap();
    let new = NewImport { existing: Existing::Update, ..new_import(1, 5, Some(world.inside)) };
    let result = world.bring(new, chunk).await;
    let changed = (Outcome::Failed, vec![Code::AccountChanged]);
    let found = ends(&result.rows);
    assert_eq!(found[0], (Outcome::Updated, vec![]));
    assert_eq!(found[1..4], [changed.clone(), changed.clone(), changed]);
    assert_eq!(found[4], (Outcome::Created, vec![]));
    let errors = result.rows[1].problems.iter().filter(|problem| problem.is_error());
    let said: Vec<_> = errors.map(|problem| problem.message.as_str()).collect();
    assert!(
        said[0].contains("Cora Changed") && said[0].contains("Check the file again"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_row_that_was_left_out_is_not_looked_at() {
    let world = World::new().await;
    let mut chunk = chunk("Name,Email\n,broken\nAnna,anna@example.com\n", true);
    chunk.rows[0].left_out = true;
    let result = world.bring(new_import(1, 2, Some(world.inside)), chunk).await;
    assert_eq!((result.rows[0].outcome, result.rows[0].problems.len()), (Outcome::Skipped, 0));
    assert_eq!(result.rows[1].outcome, Outcome::Created);
}

#[tokio::test]
async fn one_person_twice_in_a_file_is_changed_once() {
    let world = World::new().await;
    let mut chunk = chunk("Name,Email\nA,tess@example.com\nB,x@example.com\n", true);
    chunk.rows[1].values.email = Some("TESS@example.com".to_owned());
    let new = NewImport { existing: Existing::Update, ..new_import(1, 2, Some(world.inside)) };
    let result = world.bring(new, chunk).await;
    assert_eq!(
        ends(&result.rows),
        [(Outcome::Updated, vec![]), (Outcome::Failed, vec![Code::EmailInUse])]
    );
}

#[tokio::test]
async fn two_imports_of_the_same_people_both_end() {
    let world = World::new().await;
    let file = |name: &str| {
        let rows: Vec<String> =
            (0..60).map(|n| format!("{name} {n},p{}@example.com", (n * 7) % 60)).collect();
        format!("Name,Email\n{}\n", rows.join("\n"))
    };
    world.update(1, &file("Zero"), Some(world.inside)).await;
    for number in [2, 3] {
        let new = new_import(number, 60, Some(world.inside));
        let new = NewImport { existing: Existing::Update, ..new };
        imports::begin(&world.operations, &world.master, new).await.unwrap();
    }
    let put = |number, name: &str| {
        let chunk = chunk(&file(name), true);
        imports::put_chunk(&world.operations, &world.master, crate::bring::id(number), 0, chunk)
    };
    let (one, two) = tokio::join!(put(2, "One"), put(3, "Two"));
    for result in [one.unwrap(), two.unwrap()] {
        assert!(result.rows.iter().all(|row| row.outcome == Outcome::Updated));
    }
    assert_eq!(world.find("p7@example.com").await.unwrap().version, 3);
}
