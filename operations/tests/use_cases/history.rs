//! What a person's History has of imports and of runs of a directory. On both databases.

use operations::{Clock as _, audit, directory, imports};
use roster::account::Account;
use roster::audit::{Action, Entry, Line, Subject, Through, what};
use roster::authority::Caller;
use roster::id::AccountId;
use serde_json::{Value, json};

use crate::bring::{chunk, id, new_import};
use crate::database::Database;
use crate::directory_world::{Synced, crowd, disabled};
use crate::world::World;

on_both!(
    what_an_import_did_to_somebody_is_in_their_history,
    what_a_run_did_to_somebody_is_in_their_history,
    entries_of_earlier_versions_are_found_by_their_moment,
);

async fn history(world: &World, caller: &Caller, id: AccountId) -> Vec<Line> {
    let page = audit::of_account(&world.operations, caller, id, None).await.unwrap();
    assert_eq!(page.older, None);
    page.lines
}

fn said(lines: &[Line]) -> Vec<String> {
    lines.iter().map(what).collect()
}

async fn what_an_import_did_to_somebody_is_in_their_history(database: &Database) {
    let world = World::on(database).await;
    let master = &world.master;
    world
        .bring(
            new_import(1, 2, Some(world.inside)),
            chunk("Name,Email\nAnna,anna@example.com\nBela,bela@example.com\n", true),
        )
        .await;
    let anna = world.find("anna@example.com").await.unwrap().id;
    world.clock.advance(60);
    world.update(2, "Name,Email\nAnna B.,anna@example.com\n", Some(world.inside)).await;
    world.clock.advance(60);
    imports::undo(&world.operations, master, id(2)).await.unwrap();

    let lines = history(&world, master, anna).await;
    let expected = [
        "Changed name back by undoing an import",
        "Changed name by an import",
        "Created by an import",
    ];
    assert_eq!(said(&lines), expected);
    let by: Vec<_> = lines.iter().map(|line| line.through.clone()).collect();
    let import = |number| {
        let file = new_import(number, 1, None).file_name;
        Some(Through::Import { id: id(number), file })
    };
    assert_eq!(by, [import(2), import(2), import(1)]);
    assert!(lines.iter().all(|line| line.subject_name == "Anna"), "{lines:?}");
    assert_eq!(
        (&lines[1].before["name"], &lines[1].after["name"]),
        (&json!("Anna"), &json!("Anna B."))
    );
    let bela = world.find("bela@example.com").await.unwrap().id;
    assert_eq!(said(&history(&world, master, bela).await), ["Created by an import"]);

    // Each has a page, which says of this person alone what it says.
    let entry = lines[2].id;
    let of = async |caller, of| audit::see(&world.operations, caller, entry, of).await;
    assert_eq!(of(master, Some(anna)).await.unwrap(), lines[2]);
    assert_eq!(of(master, None).await.unwrap().subject_kind, "import");
    let tess = world.technician.person().unwrap().account;
    assert!(of(master, Some(tess)).await.is_err(), "it says nothing of Tess");

    // Of their own area alone, and neither the file nor the import.
    let administrator = &world.administrator;
    let lines = history(&world, administrator, anna).await;
    assert_eq!(said(&lines), expected);
    assert!(lines.iter().all(|line| line.through == Some(Through::ImportUnseen)), "{lines:?}");
    assert!(of(administrator, Some(anna)).await.is_ok());
    assert!(of(administrator, None).await.is_err(), "of others, too");
    world
        .bring(
            new_import(3, 1, Some(world.outside)),
            chunk("Name,Email\nOtto,otto@example.com\n", true),
        )
        .await;
    let otto = world.find("otto@example.com").await.unwrap().id;
    assert!(audit::of_account(&world.operations, administrator, otto, None).await.is_err());
}

async fn by_email(synced: &Synced, email: &str) -> Account {
    synced.world.find(email).await.unwrap()
}

async fn what_a_run_did_to_somebody_is_in_their_history(database: &Database) {
    let synced = Synced::on(database).await;
    let (world, people) = (&synced.world, crowd(3));
    let (first, _) = synced.run(&people, &[]).await;
    directory::approve(&world.operations, &world.master, first).await.unwrap();
    let mut changed = people.clone();
    changed[0] = disabled(1, "Anna", "p1@corp.example");
    world.clock.advance(60);
    let (second, _) = synced.run(&changed, &[]).await;
    let anna = by_email(&synced, "p1@corp.example").await.id;
    let lines = history(world, &world.master, anna).await;
    let mut all = said(&lines);
    all.sort();
    assert_eq!(all, ["Changed name", "Created by a directory run", "Disabled"]);
    let run = |id| Some(Through::Run { id });
    let mut by: Vec<_> = lines.iter().map(|line| line.through.clone()).collect();
    assert_eq!(by.pop(), Some(run(first)));
    assert_eq!(by, [run(second), run(second)]);
    let lines = history(world, &world.administrator, anna).await;
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.through == Some(Through::RunUnseen)), "{lines:?}");
    assert!(!serde_json::to_string(&lines).unwrap().contains(&second.to_string()));
}

async fn entries_of_earlier_versions_are_found_by_their_moment(database: &Database) {
    let synced = Synced::on(database).await;
    let (world, people) = (&synced.world, crowd(2));
    let (first, _) = synced.run(&people, &[]).await;
    directory::approve(&world.operations, &world.master, first).await.unwrap();
    world.clock.advance(60);
    let mut changed = people.clone();
    changed[0].enabled = false;
    let (second, _) = synced.run(&changed, &[]).await;
    let person = by_email(&synced, "p1@corp.example").await.id;
    let old = async || {
        let entry = Entry {
            action: Action::TechnicianDisabled,
            subject: Subject {
                kind: "account",
                id: person.to_string(),
                name: "Person 1".to_owned(),
            },
            before: json!({ "enabled": true }),
            after: json!({ "enabled": false, "why": "Disabled in the directory" }),
        };
        let tx = world.store.write().await.unwrap();
        tx.commit(&synced.service, world.clock.now(), &[entry]).await.unwrap();
    };
    old().await;
    world.clock.advance(60);
    old().await;
    let by: Vec<_> = history(world, &world.master, person)
        .await
        .into_iter()
        .filter(|line| line.after["run"] == Value::Null)
        .filter(|line| line.action == "technician_disabled")
        .map(|line| line.through)
        .collect();
    let expected = [Through::RunGone { id: None }, Through::Run { id: second }];
    assert_eq!(by, expected.map(Some), "a moment at which no run did it; the moment of the run");
}
