//! Rows that failed, tried again in the import that they belong to.

use operations::{imports, technicians};
use roster::history::ImportState;
use roster::import::{Outcome, SubmittedValues};
use roster::problem::Code;

use crate::bring::{chunk, id, new_import};
use crate::world::World;

const FILE: &str = "Name,Email,Password,Single Sign-On ID\n\
                    Anna,anna@example,Hs5;vTyBn9,\n\
                    Tess,tess@example.com,,\n\
                    Bela,bela@example.com,,taken\n\
                    Cora,cora@example.com,,\n";

async fn world() -> World {
    let world = World::new().await;
    let owner = "Name,Email,Single Sign-On ID\nOwner,owner@example.com,taken\n";
    world.update(90, owner, Some(world.inside)).await;
    let chunk = chunk(FILE, true);
    world.bring(new_import(1, chunk.rows.len(), Some(world.inside)), chunk).await;
    let counts = world.record(1).await.counts;
    assert_eq!((counts.created, counts.skipped, counts.failed), (1, 1, 2));
    world
}

#[tokio::test]
async fn a_row_is_mended_and_tried_again() {
    let world = world().await;
    let (operations, master) = (&world.operations, &world.master);
    let row = imports::row_values(operations, master, id(1), 0).await.unwrap();
    assert!(row.had_password);
    assert_eq!(row.values.password, None);
    assert_eq!(row.values.email.as_deref(), Some("anna@example"));
    assert_eq!(row.result.outcome, Outcome::Failed);

    let values = SubmittedValues { email: Some("anna@example.com".to_owned()), ..row.values };
    let wrong = SubmittedValues { name: None, ..values.clone() };
    let result = imports::retry_row(operations, master, id(1), 0, wrong).await.unwrap();
    assert_eq!(result.outcome, Outcome::Failed);
    assert!(result.problems.iter().any(|problem| problem.code == Code::NameRequired));
    assert!(imports::row_values(operations, master, id(1), 0).await.unwrap().had_password);

    let result = imports::retry_row(operations, master, id(1), 0, values.clone()).await.unwrap();
    assert_eq!((result.outcome, result.place, result.line), (Outcome::Created, 0, 2));
    let record = world.record(1).await;
    assert_eq!((record.state, record.counts.created, record.counts.failed), {
        (ImportState::Finished, 2, 1)
    });
    assert_eq!(world.rows(1).await[0], result);
    let again = imports::retry_row(operations, master, id(1), 0, values).await.unwrap_err();
    assert_eq!(again.to_string(), "This row is imported already.");
    let nowhere = imports::row_values(operations, master, id(1), 77).await;
    assert!(nowhere.is_err());
}

#[tokio::test]
async fn failed_rows_are_tried_again_as_they_were() {
    let world = world().await;
    let (operations, holder) = (&world.operations, &world.holder);
    let owner = world.find("owner@example.com").await.unwrap();
    let mut draft = crate::world::draft("Owner", "owner@example.com");
    draft.sso_id = String::new();
    technicians::edit(operations, holder, owner.id, owner.version, draft).await.unwrap();
    let retried = imports::retry_failed(operations, holder, id(1), 0).await.unwrap();
    assert_eq!(retried.next, None);
    let counts = retried.record.counts;
    assert_eq!((counts.created, counts.skipped, counts.failed), (2, 1, 1));
    assert_eq!(world.find("bela@example.com").await.unwrap().sso_id.as_deref(), Some("taken"));
    let rows = world.rows(1).await;
    let outcomes: Vec<_> = rows.iter().map(|row| row.outcome).collect();
    let (created, failed) = (Outcome::Created, Outcome::Failed);
    assert_eq!(outcomes, [failed, Outcome::Skipped, created, created]);
    let rest = imports::retry_failed(operations, holder, id(1), 1).await.unwrap();
    assert_eq!(rest.record.counts, counts);
}

#[tokio::test]
async fn one_row_tried_by_two_is_imported_once() {
    let world = world().await;
    let values = SubmittedValues {
        name: Some("Anna".to_owned()),
        email: Some("anna@example.com".to_owned()),
        ..SubmittedValues::default()
    };
    let retry = || imports::retry_row(&world.operations, &world.master, id(1), 0, values.clone());
    let (one, two) = tokio::join!(retry(), retry());
    assert!(one.is_ok() != two.is_ok());
    let counts = world.record(1).await.counts;
    assert_eq!((counts.created, counts.failed), (2, 1));
}
