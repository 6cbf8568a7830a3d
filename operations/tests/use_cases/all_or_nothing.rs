//! Imports of all rows or none.

use operations::{imports, sign_in};
use roster::history::{Chunk, ImportState, NewImport};
use roster::import::{Existing, Outcome};
use roster::problem::Code;
use roster::secret::Secret;

use crate::bring::{chunk, ends, id, new_import};
use crate::world::{World, anonymous};

const GOOD: &str = "Name,Email,Password\nAnna,anna@example.com,Hs5;vTyBn9\n\
                    Tess Again,tess@example.com,\n";

async fn staged(world: &World, files: &[&str], existing: Existing) -> Vec<Vec<Outcome>> {
    let chunks: Vec<Chunk> = files.iter().map(|file| chunk(file, true)).collect();
    let rows = chunks.iter().map(|chunk| chunk.rows.len()).sum();
    let new = new_import(1, rows, Some(world.inside));
    let new = NewImport { existing, all_or_nothing: true, ..new };
    imports::begin(&world.operations, &world.master, new).await.unwrap();
    let mut foreseen = Vec::new();
    for (number, chunk) in (0..).zip(chunks) {
        let put = async || {
            let chunk = chunk.clone();
            imports::put_chunk(&world.operations, &world.master, id(1), number, chunk).await
        };
        let first = put().await.unwrap();
        assert_eq!(put().await.unwrap(), first, "sent again it is answered the same");
        foreseen.push(first.rows.iter().map(|row| row.outcome).collect());
    }
    foreseen
}

#[tokio::test]
async fn all_rows_are_written_at_the_end() {
    let world = World::new().await;
    let foreseen = staged(&world, &[GOOD, "Name,Email\nBela,b@example.com\n"], Existing::Update);
    assert_eq!(foreseen.await, [vec![Outcome::Created, Outcome::Updated], vec![Outcome::Created]]);
    assert!(world.find("anna@example.com").await.is_none(), "nothing is written yet");
    assert_eq!(world.record(1).await.counts.done(), 0);
    let record = imports::finish(&world.operations, &world.master, id(1)).await.unwrap();
    assert_eq!((record.state, record.counts.created, record.counts.updated), {
        (ImportState::Finished, 2, 1)
    });
    assert_eq!(world.find("tess@example.com").await.unwrap().name, "Tess Again");
    let password = Secret::new("Hs5;vTyBn9");
    sign_in::sign_in(&world.operations, &anonymous(), "anna@example.com", &password).await.unwrap();
    let again = imports::finish(&world.operations, &world.master, id(1)).await.unwrap();
    assert_eq!(again, record);
    let places: Vec<i64> = world.rows(1).await.iter().map(|row| row.place).collect();
    assert_eq!(places, [0, 1, 1000]);
}

#[tokio::test]
async fn one_row_at_fault_and_nothing_is_written() {
    let world = World::new().await;
    world.seats_left(1).await;
    let bad = "Name,Email\nBela,b@example.com\nCora,broken\n";
    let seats = world.seats_used().await;
    staged(&world, &[GOOD, bad], Existing::Skip).await;
    let record = imports::finish(&world.operations, &world.master, id(1)).await.unwrap();
    assert_eq!(record.state, ImportState::Finished);
    let counts = record.counts;
    assert_eq!((counts.created, counts.skipped, counts.failed), (0, 1, 3));
    assert_eq!(
        ends(&world.rows(1).await),
        [
            (Outcome::Skipped, vec![]),
            (Outcome::Failed, vec![Code::EmailInUse]),
            (Outcome::Failed, vec![Code::SeatsNoneLeft]),
            (Outcome::Failed, vec![Code::EmailInvalid]),
        ]
    );
    assert!(world.find("anna@example.com").await.is_none());
    assert_eq!(world.seats_used().await, seats);
    let refused = imports::retry_failed(&world.operations, &world.master, id(1), 0).await;
    assert!(refused.unwrap_err().to_string().contains("all rows or none"));
}

#[tokio::test]
async fn a_finish_that_nobody_waits_for_ends_all_the_same() {
    let world = World::new().await;
    let rows: Vec<String> = (0..400).map(|n| format!("P{n},p{n}@example.com")).collect();
    staged(&world, &[&format!("Name,Email\n{}\n", rows.join("\n"))], Existing::Skip).await;
    let finish = || imports::finish(&world.operations, &world.master, id(1));
    let soon = std::time::Duration::from_millis(5);
    let _dropped = tokio::time::timeout(soon, finish()).await;
    let (one, two) = tokio::join!(finish(), finish());
    let record = one.unwrap();
    assert_eq!((record.state, record.counts.created), (ImportState::Finished, 400));
    assert_eq!(two.unwrap(), record);
    assert_eq!(world.technicians_in(world.inside).await, 401);
}

#[tokio::test]
async fn a_canceled_one_leaves_nothing_behind() {
    let world = World::new().await;
    staged(&world, &[GOOD], Existing::Skip).await;
    let refused = imports::finish(&world.operations, &world.holder, id(1)).await;
    assert!(refused.is_err(), "another’s");
    let record = imports::cancel(&world.operations, &world.master, id(1)).await.unwrap();
    assert_eq!((record.state, record.counts.done()), (ImportState::Canceled, 0));
    assert_eq!(world.store.read().await.unwrap().staged_rows(id(1)).await.unwrap(), 0);
}
