//! Undoing an import: as far as nobody has signed in or been changed since.

use operations::{imports, settings, sign_in, technicians};
use roster::history::{ImportState, Reversal, UNDO_DAYS, UndoCounts};
use roster::id::Timestamp;
use roster::secret::Secret;

use crate::bring::{chunk, id, new_import};
use crate::world::{World, anonymous, draft};

const DAY: i64 = 24 * 60 * 60;

fn kept(reversal: Option<&Reversal>) -> Option<&str> {
    match reversal {
        Some(Reversal::Kept(why) | Reversal::Failed(why)) => Some(why),
        Some(Reversal::Reversed) | None => None,
    }
}

#[tokio::test]
async fn who_was_created_is_removed_and_who_was_changed_is_as_before() {
    let world = World::new().await;
    let (operations, master) = (&world.operations, &world.master);
    let bela = world.technician_inside("bela@example.com").await;
    let seats = world.seats_used().await;
    let before = world.find("tess@example.com").await.unwrap();
    let file = "Name,Email,Enabled,Description,Password\n\
                Anna,anna@example.com,yes,,Hs5;vTyBn9\n\
                Tess Changed,tess@example.com,no,New,\n\
                Cora,cora@example.com,yes,,\n\
                Dan,dan@example.com,yes,,Hs5;vTyBn9\n\
                Bela,bela@example.com,yes,,\n\
                Broken,broken,yes,,\n";
    world.update(1, file, Some(world.outside)).await;
    let cora = world.find("cora@example.com").await.unwrap();
    let other = draft("Cora By Hand", "cora@example.com");
    technicians::edit(operations, &world.holder, cora.id, 1, other).await.unwrap();
    sign_in::sign_in(operations, &anonymous(), "dan@example.com", &Secret::new("Hs5;vTyBn9"))
        .await
        .unwrap();

    let undone = imports::undo(operations, master, id(1)).await.unwrap();
    assert_eq!((undone.record.state, undone.left), (ImportState::Undone, 0));
    let record = undone.record.undone.clone().unwrap();
    assert_eq!(record.by, "Mara Master");
    assert_eq!(record.counts, UndoCounts { reversed: 3, kept: 2, failed: 0 });
    assert!(world.find("anna@example.com").await.is_none());
    let after = world.find("tess@example.com").await.unwrap();
    assert_eq!((after.name, after.enabled), (before.name, true));
    assert_eq!((after.description, after.group), (before.description, before.group));
    let group = technicians::see(operations, master, bela).await.unwrap().account.group;
    assert_eq!(group, Some(world.inside));
    let rows = world.rows(1).await;
    let why: Vec<_> = rows.iter().map(|row| kept(row.reversal.as_ref())).collect();
    assert_eq!(why[2], Some("The account was changed since the import."));
    assert_eq!(why[3], Some("The person has signed in since the import."));
    assert_eq!(rows[0].reversal, Some(Reversal::Reversed));
    assert_eq!(rows[5].reversal, None);
    assert_eq!(world.seats_used().await, (seats.0 + 2, seats.1));
    assert_eq!(world.technicians_in(world.inside).await, 2);
    assert_eq!(world.technicians_in(world.outside).await, 2);
    let again = imports::undo(operations, master, id(1)).await.unwrap();
    assert_eq!(again, undone, "asked again, nothing changes");
    for which in [imports::Download::AllCsv, imports::Download::AllJson] {
        let file = imports::download(operations, master, id(1), which).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(text.contains("reversed") && text.contains("has signed in"), "{text}");
    }
}

#[tokio::test]
async fn a_large_import_is_undone_in_steps_that_can_be_gone_on_with() {
    let world = World::new().await;
    let (operations, master) = (&world.operations, &world.master);
    let new = new_import(1, 2500, Some(world.inside));
    imports::begin(operations, master, new).await.unwrap();
    for number in 0..5 {
        let rows: Vec<String> =
            (0..500).map(|n| format!("P,p{}@example.com", number * 500 + n)).collect();
        let chunk = chunk(&format!("Name,Email\n{}\n", rows.join("\n")), true);
        imports::put_chunk(operations, master, id(1), number, chunk).await.unwrap();
    }
    let early = imports::undo(operations, master, id(1)).await.unwrap_err();
    assert!(early.to_string().contains("Cancel it first"), "{early}");
    imports::finish(operations, master, id(1)).await.unwrap();
    let first = imports::undo(operations, master, id(1)).await.unwrap();
    assert_eq!((first.record.state, first.left), (ImportState::Undoing, 500));
    let retry = imports::retry_failed(operations, master, id(1), 0).await;
    assert!(retry.unwrap_err().to_string().contains("undone"));
    let undo = || imports::undo(operations, &world.holder, id(1));
    let (one, two) = tokio::join!(undo(), undo());
    assert_eq!((one.unwrap().left, two.unwrap().left), (0, 0));
    let record = world.record(1).await;
    let counts = record.undone.unwrap().counts;
    assert_eq!((record.state, counts.reversed), (ImportState::Undone, 2500));
    assert_eq!(world.technicians_in(world.inside).await, 1);
}

#[tokio::test]
async fn what_stands_in_the_way_is_said() {
    let world = World::new().await;
    let (operations, master) = (&world.operations, &world.master);
    let first = "Name,Email,Single Sign-On ID\nAnna,anna@example.com,one\n\
                 Bela,bela@example.com,\n";
    world.update(1, first, Some(world.inside)).await;
    let second = "Name,Email,Single Sign-On ID,Enabled\nAnna,anna@example.com,two,\n\
                  Bela,bela@example.com,,no\n";
    world.update(2, second, Some(world.inside)).await;
    let thief = "Name,Email,Single Sign-On ID\nThief,thief@example.com,one\n";
    world.update(3, thief, Some(world.inside)).await;
    world.seats_left(0).await;
    let undone = imports::undo(operations, master, id(2)).await.unwrap();
    let counts = undone.record.undone.unwrap().counts;
    assert_eq!(counts, UndoCounts { reversed: 0, kept: 0, failed: 2 });
    let rows = world.rows(2).await;
    let why: Vec<_> = rows.iter().filter_map(|row| kept(row.reversal.as_ref())).collect();
    assert!(why[0].contains("Single Sign-On ID of before"), "{why:?}");
    assert!(why[1].starts_with("No seat is left"), "{why:?}");
    let now = settings::see(operations, &world.holder).await.unwrap();
    assert_eq!(now.standard.free(), Some(0));
}

#[tokio::test]
async fn an_import_is_undone_within_its_days() {
    let world = World::new().await;
    let file = "Name,Email\nAnna,anna@example.com\n";
    world.update(1, file, Some(world.inside)).await;
    world.clock.advance(UNDO_DAYS * DAY + 1);
    let master = world.sign_in("mara@example.com").await;
    let late = imports::undo(&world.operations, &master, id(1)).await.unwrap_err();
    assert!(late.to_string().contains("30 days"), "{late}");
    assert_ne!(world.record(1).await.started_at, Timestamp(0));
}
