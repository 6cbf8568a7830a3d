//! The audit trail as each role sees it, as a file, and verified.

use crate::bring::{chunk, new_import};
use crate::database::Database;
use crate::world::{World, draft};
use operations::audit::{self, Format};
use operations::{export, groups, technicians};
use roster::audit::{Filter, Line, Wish};
use roster::authority::Caller;

async fn all(world: &World, caller: &Caller, filter: Filter) -> Vec<Line> {
    audit::list(&world.operations, caller, &filter, None).await.unwrap().lines
}

fn actions(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.action.as_str()).collect()
}

#[tokio::test]
async fn an_administrator_sees_their_areas_alone() {
    let world = World::new().await;
    let (operations, holder) = (&world.operations, &world.holder);
    let tess = world.technician.person().unwrap().account;
    technicians::create(operations, holder, world.outside, draft("Olga", "olga@example.com"))
        .await
        .unwrap();
    let lines = all(&world, &world.administrator, Filter::default()).await;
    let mut found = actions(&lines);
    found.sort_unstable();
    assert_eq!(found, ["group_created", "sign_in"], "{lines:?}");
    assert!(
        lines.iter().all(|line| line.subject_name == "Inside" || line.subject_name == "Tess Tech")
    );
    let signed_in = lines.iter().find(|line| line.action == "sign_in").unwrap();
    assert_eq!((signed_in.actor_id, signed_in.address.as_str()), (Some(tess), "192.0.2.1"));
    let created = lines.iter().find(|line| line.action == "group_created").unwrap();
    assert_eq!(created.after["parent"], roster::audit::scope::ELSEWHERE);

    let everything = all(&world, &world.master, Filter::default()).await;
    assert!(actions(&everything).contains(&"set_up"));
    assert!(everything.len() > lines.len());
}

#[tokio::test]
async fn an_import_and_an_export_name_their_group() {
    let world = World::new().await;
    let file = chunk("Name,Email\nAnna,anna@example.com\n", true);
    world.bring(new_import(1, 1, Some(world.inside)), file).await;
    let operator = Caller::operator();
    export::export(&world.operations, &operator, Some(world.inside), export::Format::Csv)
        .await
        .unwrap();
    let lines = all(&world, &world.master, Filter::default()).await;
    for action in ["import_started", "exported"] {
        let line = lines.iter().find(|line| line.action == action).unwrap();
        assert_eq!(line.after["group"], "Inside", "{action}");
    }
}

#[tokio::test]
async fn one_person_and_one_group_have_their_history() {
    let world = World::new().await;
    let operations = &world.operations;
    let tess = world.technician.person().unwrap().account;
    let page = groups::see(operations, &world.administrator, world.inside).await.unwrap();
    groups::rename(operations, &world.administrator, world.inside, page.version, "Within")
        .await
        .unwrap();
    let of_group =
        audit::of_group(operations, &world.administrator, world.inside, None).await.unwrap();
    assert_eq!(actions(&of_group.lines), ["group_renamed", "group_created"]);
    let of_account = audit::of_account(operations, &world.administrator, tess, None).await.unwrap();
    assert_eq!(actions(&of_account.lines), ["sign_in"]);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = World::new().await;
    for n in 0..60 {
        world.technician_inside(&format!("t{n}@example.com")).await;
    }
    let filter = Filter { action: "technician_created".to_owned(), ..Filter::default() };
    let first = audit::list(&world.operations, &world.master, &filter, None).await.unwrap();
    assert_eq!(first.lines.len(), 50);
    let second = audit::list(&world.operations, &world.master, &filter, first.older).await.unwrap();
    assert_eq!((second.lines.len(), second.older), (10, None));
    assert!(second.lines[0].id < first.lines[49].id);
}

#[tokio::test]
async fn the_trail_goes_into_a_file_and_that_is_an_entry() {
    let world = World::new().await;
    let read = async |caller: &Caller, filter: Filter, format| {
        let mut export = audit::export(&world.operations, caller, filter, format).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(part) = export.next().await.unwrap() {
            bytes.extend(part);
        }
        String::from_utf8(bytes).unwrap()
    };
    let csv = read(&world.administrator, Filter::default(), Format::Csv).await;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(!csv.contains("Outside"), "{csv}");
    let json = read(&world.master, Filter::default(), Format::Json).await;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(entries[0]["action"], "exported");
    let nothing = Filter { who: "nobody at all".to_owned(), ..Filter::default() };
    assert_eq!(read(&world.master, nothing, Format::Json).await, "[]\n");
}

#[tokio::test]
async fn the_trail_is_whole() {
    let world = World::new().await;
    let expected = audit::Expected::default();
    let verified = audit::verify(&world.operations, &Caller::operator(), expected).await.unwrap();
    assert_eq!((verified.broken, verified.unchained), (None, 0));
    assert!(verified.entries >= 8);
    assert_eq!(verified.without_key, 0);
    assert!(verified.head.hash.starts_with("1-"), "the key chains it: {}", verified.head.hash);
}

on_both!(no_letter_of_a_filter_is_a_fault);

/// PostgreSQL keeps no NUL, and takes none to compare with either.
async fn no_letter_of_a_filter_is_a_fault(database: &Database) {
    let world = World::on(database).await;
    let odd = || "a\0%_\\'\u{202e}\u{fffd}".to_owned();
    let wishes = [
        Wish { who: odd(), ..Wish::default() },
        Wish { kind: odd(), ..Wish::default() },
        Wish { id: odd(), ..Wish::default() },
        Wish { action: odd(), ..Wish::default() },
        Wish { by: odd(), from: odd(), to: odd(), q: odd(), ..Wish::default() },
    ];
    for wish in wishes {
        assert_eq!(all(&world, &world.master, wish.filter()).await, [], "{wish:?}");
        let export = audit::export(&world.operations, &world.master, wish.filter(), Format::Csv);
        assert!(export.await.unwrap().next().await.is_ok(), "{wish:?}");
    }
}
