//! What a person's History has of imports and of runs of a directory. On both databases.

use operations::audit::Format;
use operations::{Clock as _, audit, directory, imports, technicians};
use roster::account::Account;
use roster::audit::{Action, Entry, Filter, Line, Subject, Through, what};
use roster::authority::Caller;
use roster::history::NewImport;
use roster::id::AccountId;
use roster::import::Existing;
use serde_json::{Value, json};

use crate::bring::{chunk, id, new_import};
use crate::database::Database;
use crate::directory_world::{Synced, crowd, disabled};
use crate::world::{World, draft};

on_both!(
    what_an_import_did_to_somebody_is_in_their_history,
    what_came_at_the_end_of_an_import_or_at_a_second_try_is_found,
    pages_follow_each_other_through_all_that_was_done,
    where_somebody_was_put_back_is_told_by_its_path,
    what_a_run_did_to_somebody_is_in_their_history,
    a_run_that_is_gone_is_said_to_be,
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
    let entry = history(&world, master, otto).await[0].id;
    let of = async |caller| audit::see(&world.operations, caller, entry, Some(otto)).await;
    assert!(of(master).await.is_ok() && of(administrator).await.is_err());

    // The list of all and its file, asked for one person, say the same as the person's page.
    let filter = || Filter::of_account(anna);
    for (caller, named) in [(master, true), (administrator, false)] {
        let list = audit::list(&world.operations, caller, &filter(), None).await.unwrap().lines;
        assert_eq!(list, history(&world, caller, anna).await);
        let mut file =
            audit::export(&world.operations, caller, filter(), Format::Csv).await.unwrap();
        let text = String::from_utf8(file.next().await.unwrap().unwrap()).unwrap();
        assert_eq!(text.matches("by an import").count(), 2, "{text}");
        assert_eq!(text.contains(&id(2).to_string()), named, "{text}");
        assert!(!text.contains("people.csv") && !text.contains("Bela"), "{text}");
    }
    let filter_outside = Filter::of_account(otto);
    let outside = audit::list(&world.operations, administrator, &filter_outside, None).await;
    assert_eq!(outside.unwrap().lines, []);
    // The name of a file can't be guessed at.
    let guess = Filter { text: "people.csv".to_owned(), ..filter() };
    let found = audit::list(&world.operations, administrator, &guess, None).await.unwrap();
    assert_eq!(found.lines, []);
}

async fn what_came_at_the_end_of_an_import_or_at_a_second_try_is_found(database: &Database) {
    let world = World::on(database).await;
    let (operations, master) = (&world.operations, &world.master);
    let tess = world.technician.person().unwrap().account;
    // All rows or none: a chunk waits, and is written later, beside another of the same moment.
    let new = NewImport {
        all_or_nothing: true,
        existing: Existing::Update,
        ..new_import(1, 2, Some(world.inside))
    };
    imports::begin(operations, master, new).await.unwrap();
    let rows = ["Anna,anna@example.com", "Tess A.,tess@example.com"];
    for (number, row) in (0..).zip(rows) {
        let chunk = chunk(&format!("Name,Email\n{row}\n"), true);
        imports::put_chunk(operations, master, id(1), number, chunk).await.unwrap();
        world.clock.advance(60);
    }
    imports::finish(operations, master, id(1)).await.unwrap();
    let anna = world.find("anna@example.com").await.unwrap().id;
    assert_eq!(said(&history(&world, master, anna).await), ["Created by an import"]);
    let of_tess = async || {
        let mut lines = history(&world, master, tess).await;
        lines.retain(|line| line.action != "sign_in");
        said(&lines)
    };
    assert_eq!(of_tess().await, ["Changed name by an import"]);

    // Rows that failed at first: one creates somebody, one changes somebody.
    world.clock.advance(60);
    let file = "Name,Email\nBela,bela\nTess B.,tess\n";
    world.update(2, file, Some(world.inside)).await;
    world.clock.advance(60);
    let rows = world.rows(2).await;
    for (row, email) in rows.iter().zip(["bela@example.com", "tess@example.com"]) {
        let mut values = imports::row_values(operations, master, id(2), row.place).await.unwrap();
        values.values.email = Some(email.to_owned());
        imports::retry_row(operations, master, id(2), row.place, values.values).await.unwrap();
        world.clock.advance(60);
    }
    let bela = world.find("bela@example.com").await.unwrap().id;
    assert_eq!(said(&history(&world, master, bela).await), ["Created by an import"]);
    assert_eq!(of_tess().await, ["Changed name by an import", "Changed name by an import"]);
}

async fn pages_follow_each_other_through_all_that_was_done(database: &Database) {
    let world = World::on(database).await;
    let (operations, master) = (&world.operations, &world.master);
    let file = "Name,Email\nAnna,anna@example.com\n";
    world.bring(new_import(1, 1, Some(world.inside)), chunk(file, true)).await;
    let anna = world.find("anna@example.com").await.unwrap();
    // Imports and changes by hand take turns; every third is of the moment of the one before.
    let mut expected = vec![("Created by an import", Some(id(1)))];
    for n in 2..62 {
        if n % 3 != 0 {
            world.clock.advance(60);
        }
        if n % 2 == 0 {
            let file = format!("Name,Email\nAnna {n},anna@example.com\n");
            world.update(n, &file, Some(world.inside)).await;
            expected.push(("Changed name by an import", Some(id(n))));
        } else {
            let now = technicians::see(operations, master, anna.id).await.unwrap().account;
            let wish = draft(&format!("Anna {n}"), "anna@example.com");
            technicians::edit(operations, master, anna.id, now.version, wish).await.unwrap();
            expected.push(("Changed name and nickname", None));
        }
    }
    expected.reverse();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = audit::of_account(operations, master, anna.id, after).await.unwrap();
        found.extend(page.lines);
        after = page.older;
        if after.is_none() {
            break;
        }
    }
    let import = |line: &Line| match line.through {
        Some(Through::Import { id, .. }) => Some(id),
        _ => None,
    };
    let told: Vec<_> = found.iter().map(|line| (what(line), import(line))).collect();
    let expected: Vec<_> = expected.into_iter().map(|(what, id)| (what.to_owned(), id)).collect();
    assert_eq!(told, expected);
    let newest_first =
        found.windows(2).all(|pair| (pair[0].at, pair[0].id) > (pair[1].at, pair[1].id));
    assert!(newest_first);
}

async fn where_somebody_was_put_back_is_told_by_its_path(database: &Database) {
    let world = World::on(database).await;
    let tess = world.technician.person().unwrap().account;
    world.update(1, "Name,Email\nTess Tech,tess@example.com\n", Some(world.outside)).await;
    imports::undo(&world.operations, &world.master, id(1)).await.unwrap();
    let places = async |caller| {
        let lines = history(&world, caller, tess).await;
        let undone = lines.into_iter().find(|line| line.action == "import_undone").unwrap();
        (undone.before["group"].clone(), undone.after["group"].clone())
    };
    assert_eq!(places(&world.master).await, (json!("Outside"), json!("Inside")));
    let elsewhere = json!(roster::audit::scope::ELSEWHERE);
    assert_eq!(places(&world.administrator).await, (elsewhere, json!("Inside")));
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

/// What is kept of runs has bounds, the trail has none.
async fn a_run_that_is_gone_is_said_to_be(database: &Database) {
    let synced = Synced::on(database).await;
    let (world, people) = (&synced.world, crowd(2));
    let (first, _) = synced.run(&people, &[]).await;
    directory::approve(&world.operations, &world.master, first).await.unwrap();
    world.clock.advance(60);
    let (second, _) = synced.run(&[disabled(1, "Person 1", "p1@corp.example")], &[]).await;
    let person = by_email(&synced, "p1@corp.example").await.id;
    let long_after = world.clock.now().plus_days(4000);
    let mut tx = world.store.write().await.unwrap();
    tx.forget_directory_runs(long_after, long_after).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let gone = |id| Some(Through::RunGone { id: Some(id) });
    let lines = history(world, &world.master, person).await;
    let by: Vec<_> = lines.iter().map(|line| (what(line), line.through.clone())).collect();
    let expected = [("Disabled", gone(second)), ("Created by a directory run", gone(first))];
    assert_eq!(by, expected.map(|(what, by)| (what.to_owned(), by)));
    for line in &lines {
        let of = audit::see(&world.operations, &world.master, line.id, Some(person)).await.unwrap();
        assert_eq!(of, *line, "so does its page");
    }
    let lines = history(world, &world.administrator, person).await;
    assert!(lines.iter().all(|line| line.through == Some(Through::RunUnseen)), "{lines:?}");
    let expected = audit::Expected::default();
    let verified = audit::verify(&world.operations, &Caller::operator(), expected).await.unwrap();
    assert_eq!(verified.broken, None);
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
