//! Characters that turn the writing direction: no name of a person or a group and no description keeps
//! one, whichever way it comes, and no file shows one.

use operations::imports::{self, Download};
use operations::{groups, technicians};
use roster::authority::Caller;
use roster::id::GroupId;
use roster::import::Outcome;

use crate::bring::{chunk, id, new_import};
use crate::database::Database;
use crate::world::{World, draft};

on_both!(groups_lose_them, people_lose_them, the_import_summary_shows_none);

/// All that names of people lose.
const DIRECTIONS: &str = "\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\
                          \u{2068}\u{2069}\u{61c}";

fn turned(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    [DIRECTIONS, first, DIRECTIONS, rest, DIRECTIONS].concat()
}

async fn groups_lose_them(database: &Database) {
    let world = World::on(database).await;
    let (operations, holder) = (&world.operations, &world.holder);
    let name = async |group| {
        let page = groups::see(operations, holder, group).await.unwrap();
        (page.name, page.version)
    };
    // The form, its renaming, and the command line.
    let europe =
        groups::create(operations, holder, GroupId::ROOT, &turned("Europe")).await.unwrap();
    let (found, version) = name(europe).await;
    assert_eq!(found, "Europe");
    groups::rename(operations, holder, europe, version, &turned("Asia")).await.unwrap();
    assert_eq!(name(europe).await.0, "Asia");
    let operator = &Caller::operator();
    let path = [turned("Asia"), turned("Tier 1")].join("/");
    let tier = groups::make_path(operations, operator, &path).await.unwrap();
    assert_eq!(name(tier).await.0, "Tier 1");
    assert_eq!(groups::find(operations, holder, &path).await.unwrap().label(), "Asia / Tier 1");
    assert_eq!(groups::make_path(operations, operator, "Asia/Tier 1").await.unwrap(), tier);
    let twin = groups::create(operations, holder, GroupId::ROOT, &turned("Asia")).await;
    assert!(twin.is_err(), "two that read the same are not siblings");
}

async fn people_lose_them(database: &Database) {
    let world = World::on(database).await;
    let (operations, holder) = (&world.operations, &world.holder);
    let mut wish = draft(&turned("Anna"), "anna@example.com");
    wish.description = [&turned("first"), "\n", &turned("second")].concat();
    let anna = technicians::create(operations, holder, world.inside, wish).await.unwrap().id;
    let account = technicians::see(operations, holder, anna).await.unwrap().account;
    assert_eq!((account.name.as_str(), account.nickname.as_str()), ("Anna", "Anna"));
    assert_eq!(account.description, "first\nsecond");
}

async fn the_import_summary_shows_none(database: &Database) {
    let world = World::on(database).await;
    let file = format!(
        "Name,Email,Description\n{},anna@example.com,{}\n{},broken\u{202e},\n{},tess@example.com,\n",
        turned("Anna"),
        turned("nights"),
        turned("Bela"),
        turned("Tess Tech"),
    );
    let sent = chunk(&file, true);
    let result = world.bring(new_import(1, 3, Some(world.inside)), sent).await;
    let rows: Vec<_> = result.rows.iter().map(|row| (row.outcome, row.name.as_str())).collect();
    let expected =
        [(Outcome::Created, "Anna"), (Outcome::Failed, "Bela"), (Outcome::Skipped, "Tess Tech")];
    assert_eq!(rows, expected);
    let anna = world.find("anna@example.com").await.unwrap();
    assert_eq!((anna.name.as_str(), anna.description.as_str()), ("Anna", "nights"));
    for which in [Download::AllCsv, Download::AllJson] {
        let file = imports::download(&world.operations, &world.master, id(1), which).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(
            text.contains("Anna") && text.contains("Bela") && text.contains("broken"),
            "{text}"
        );
        assert!(!text.contains(|c| DIRECTIONS.contains(c)), "{text:?}");
    }
    // What was refused is mended as it was sent.
    let place = result.rows[1].place;
    let row = imports::row_values(&world.operations, &world.master, id(1), place).await.unwrap();
    assert_eq!(row.values.name, Some(turned("Bela")));
}
