//! Bulk import: chunks decide row by row, and sending one again changes nothing.

use crate::bring::{chunk, id, new_import};
use crate::world::{ORGANIZATION, World, anonymous};
use operations::imports::Download;
use operations::settings::SettingsDraft;
use operations::{Error, groups, imports, settings, sign_in, technicians};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::history::{ChunkResult, ImportState, NewImport};
use roster::id::{GroupId, ImportId};
use roster::import::Outcome;
use roster::page::Window;
use roster::password::Strength;
use roster::policy::Policies;
use roster::problem::Code;
use roster::secret::Secret;

async fn begin(world: &World, number: u128, rows: usize, group: Option<GroupId>) -> ImportId {
    let wish = new_import(number, rows, group);
    imports::begin(&world.operations, &world.master, wish).await.unwrap().id
}

async fn import(world: &World, number: u128, file: &str, group: Option<GroupId>) -> ChunkResult {
    let chunk = chunk(file, group.is_some());
    let id = begin(world, number, chunk.rows.len(), group).await;
    let result = imports::put_chunk(&world.operations, &world.master, id, 0, chunk).await.unwrap();
    imports::finish(&world.operations, &world.master, id).await.unwrap();
    result
}

fn outcomes(result: &ChunkResult) -> Vec<(u32, Outcome, Vec<Code>)> {
    result
        .rows
        .iter()
        .map(|row| (row.line, row.outcome, row.problems.iter().map(|p| p.code).collect()))
        .collect()
}

#[tokio::test]
async fn every_row_ends_with_its_outcome() {
    let world = World::new().await;
    let file = format!(
        "Name,Email,Single Sign-On ID,Technician Group ID\n\
         Anna,anna@example.com,a1,{inside}\n\
         Tess again,TESS@example.com,,{inside}\n\
         Nobody,nobody,,{inside}\n\
         Bela,bela@example.com,a1,{inside}\n\
         Cleo,cleo@example.com,,999999\n\
         Dora,dora@example.com,,1\n\
         Edda,edda@example.com,,\n\
         Fritz,fritz@example.com,,{outside}\n",
        inside = world.inside,
        outside = world.outside,
    );
    let result = import(&world, 1, &file, None).await;
    let none = Code::PasswordNone;
    assert_eq!(
        outcomes(&result),
        [
            (2, Outcome::Created, vec![none]),
            (3, Outcome::Skipped, vec![none, Code::EmailInUse]),
            (4, Outcome::Failed, vec![Code::EmailInvalid, none]),
            (5, Outcome::Failed, vec![none, Code::SsoIdDuplicateInFile]),
            (6, Outcome::Failed, vec![none, Code::GroupUnknown]),
            (7, Outcome::Failed, vec![none, Code::GroupNotAllowed]),
            (8, Outcome::Failed, vec![none, Code::GroupRequired]),
            (9, Outcome::Created, vec![none]),
        ]
    );
    let anna = result.rows[0].account.unwrap();
    let page = technicians::see(&world.operations, &world.master, anna).await.unwrap();
    assert_eq!(page.account.email, "anna@example.com");
    assert_eq!(page.path.unwrap().label(), "Inside");
}

#[tokio::test]
async fn a_chunk_sent_again_changes_nothing() {
    let world = World::new().await;
    let chunk = chunk("Name,Email\nAnna,anna@example.com\nBela,bela\n", true);
    let id = begin(&world, 1, 2, Some(world.inside)).await;
    let put = async || {
        imports::put_chunk(&world.operations, &world.master, id, 0, chunk.clone()).await.unwrap()
    };
    let first = put().await;
    assert_eq!(put().await, first);
    assert_eq!(imports::chunks_done(&world.operations, &world.master, id).await.unwrap(), [0]);
    let record = imports::finish(&world.operations, &world.master, id).await.unwrap();
    assert_eq!(record.state, ImportState::Finished);
    assert_eq!((record.counts.created, record.counts.failed), (1, 1));
    assert_eq!(put().await, first, "after the end, too");
    let list = technicians::list(
        &world.operations,
        &world.master,
        world.inside,
        "anna",
        Window::default(),
    )
    .await
    .unwrap();
    assert_eq!(list.total, 1);
}

#[tokio::test]
async fn the_same_chunk_sent_at_the_same_time_is_written_once() {
    let world = World::new().await;
    let rows: Vec<String> = (0..100).map(|n| format!("P{n},p{n}@example.com")).collect();
    let chunk = chunk(&format!("Name,Email\n{}", rows.join("\n")), true);
    let id = begin(&world, 1, 100, Some(world.inside)).await;
    let put = || imports::put_chunk(&world.operations, &world.master, id, 0, chunk.clone());
    let (one, two) = tokio::join!(put(), put());
    assert_eq!(one.unwrap(), two.unwrap());
    let record = imports::see(&world.operations, &world.master, id).await.unwrap();
    assert_eq!(record.counts.created, 100);
}

#[tokio::test]
async fn a_finished_import_lacks_no_row_and_a_canceled_one_takes_none() {
    let world = World::new().await;
    let id = begin(&world, 1, 2, Some(world.inside)).await;
    let chunk = chunk("Name,Email\nAnna,anna@example.com\n", true);
    imports::put_chunk(&world.operations, &world.master, id, 0, chunk.clone()).await.unwrap();
    let refused = imports::finish(&world.operations, &world.master, id).await.unwrap_err();
    assert!(refused.to_string().starts_with("1 rows"), "{refused}");
    let record = imports::cancel(&world.operations, &world.master, id).await.unwrap();
    assert_eq!(record.state, ImportState::Canceled);
    let refused = imports::put_chunk(&world.operations, &world.master, id, 1, chunk).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Conflict { .. }))));
}

#[tokio::test]
async fn seats_are_given_in_the_order_of_the_rows() {
    let world = World::new().await;
    let used = settings::see(&world.operations, &world.holder).await.unwrap();
    let wish = SettingsDraft {
        organization: ORGANIZATION.to_owned(),
        strength: Strength::Good,
        standard_seats: Some(used.standard.used + 2),
        mobile_seats: Some(1),
        default_password: None,
        default_password_days: 14,
        policies: Policies::default(),
        two_step: roster::two_step::Required::Nobody,
    };
    settings::change(&world.operations, &world.holder, used.version, wish).await.unwrap();
    let file = "Name,Email,Enabled,Mobile License\n\
                A,a@example.com,yes,yes\n\
                B,b@example.com,yes,yes\n\
                C,c@example.com,no,no\n\
                D,d@example.com,yes,no\n\
                E,e@example.com,yes,no\n";
    let result = import(&world, 1, file, Some(world.inside)).await;
    let found: Vec<bool> = result.rows.iter().map(|row| row.outcome == Outcome::Created).collect();
    assert_eq!(found, [true, false, true, true, false]);
    assert!(result.rows[1].problems.iter().any(|p| p.code == Code::SeatsNoneLeft));
    assert!(result.rows[1].problems.iter().any(|p| p.message.contains("mobile")));
    let now = settings::see(&world.operations, &world.holder).await.unwrap();
    assert_eq!((now.standard.free(), now.mobile.free()), (Some(0), Some(0)));
}

#[tokio::test]
async fn an_imported_password_is_kept_as_a_hash_alone_and_must_be_changed() {
    let world = World::new().await;
    let file =
        "Name,Email,Password\nAnna,anna@example.com,Hs5;vTyBn9\nBela,bela@example.com,feeble\n";
    let result = import(&world, 1, file, Some(world.inside)).await;
    assert_eq!(result.rows[1].problems[0].code, Code::PasswordTooWeak);
    let signed_in = sign_in::sign_in(
        &world.operations,
        &anonymous(),
        "anna@example.com",
        &Secret::new("Hs5;vTyBn9"),
    )
    .await
    .unwrap();
    assert!(signed_in.must_change_password);
    for which in [Download::AllCsv, Download::AllJson, Download::FailedCsv] {
        let file = imports::download(&world.operations, &world.master, id(1), which).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(text.contains("bela@example.com"), "{which:?}");
        assert!(!text.contains("feeble") && !text.contains("Hs5"), "{which:?}: {text}");
    }
}

#[tokio::test]
async fn a_lookalike_of_an_account_is_imported_with_a_warning() {
    let world = World::new().await;
    let file = "Name,Email\nTess,t\u{435}ss@example.com\n";
    let result = import(&world, 1, file, Some(world.inside)).await;
    let codes: Vec<Code> = result.rows[0].problems.iter().map(|p| p.code).collect();
    assert!(codes.contains(&Code::EmailLookalike), "{codes:?}");
    assert_eq!(result.rows[0].outcome, Outcome::Created);
}

#[tokio::test]
async fn another_ones_import_is_not_gone_on_with() {
    let world = World::new().await;
    let id = begin(&world, 1, 1, Some(world.inside)).await;
    let chunk = chunk("Name,Email\nAnna,anna@example.com\n", true);
    let refused = imports::put_chunk(&world.operations, &world.holder, id, 0, chunk).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Conflict { .. }))));
    let found = imports::unfinished(&world.operations, &world.master, &"00".repeat(32)).await;
    assert_eq!(found.unwrap().map(|record| record.id), Some(id));
}

#[tokio::test]
async fn an_import_goes_on_only_by_the_plan_that_it_began_with() {
    let world = World::new().await;
    let wish =
        |plan: &str| NewImport { plan: plan.to_owned(), ..new_import(1, 1, Some(world.inside)) };
    let begin = async |plan| imports::begin(&world.operations, &world.master, wish(plan)).await;
    assert_eq!(begin("rows-7").await.unwrap().plan, "rows-7");
    assert!(begin("rows-7").await.is_ok());
    let refused = begin("rows-8").await.unwrap_err();
    assert!(matches!(refused, Error::Fault(Fault::Conflict { .. })), "{refused}");
    assert!(refused.to_string().contains("“rows-7”, now “rows-8”"), "{refused}");
}

#[tokio::test]
async fn an_import_goes_into_a_group_that_exists() {
    let world = World::new().await;
    let wish = |group| new_import(9, 1, Some(group));
    for group in [GroupId(999_999), GroupId::ROOT] {
        assert!(imports::begin(&world.operations, &world.master, wish(group)).await.is_err());
    }
    let operator = Caller::operator();
    let made = groups::make_path(&world.operations, &operator, "A/B").await.unwrap();
    assert!(imports::begin(&world.operations, &world.master, wish(made)).await.is_ok());
}

#[tokio::test]
async fn a_file_may_have_all_its_rows_on_one_line() {
    let world = World::new().await;
    let people: Vec<String> =
        (0..3).map(|n| format!(r#"{{"name":"P{n}","email":"p{n}@example.com"}}"#)).collect();
    let result = import(&world, 1, &format!("[{}]", people.join(",")), Some(world.inside)).await;
    let found: Vec<_> = result.rows.iter().map(|row| (row.line, row.outcome)).collect();
    assert_eq!(found, [(1, Outcome::Created); 3]);
    let file = imports::download(&world.operations, &world.master, id(1), Download::AllCsv).await;
    let text = String::from_utf8(file.unwrap().bytes).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
}
