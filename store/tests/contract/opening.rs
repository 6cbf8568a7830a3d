//! Opening: migrations, several at once, and what stands in the way.

use roster::audit::{Filter, Subjects};
use roster::id::GroupId;
use store::{Kind, OpenError, Reader, Store};

use crate::make::{NOW, create, group, technician, window};
use crate::place::Place;

contract!(
    opening_again_finds_what_was_written,
    several_open_a_new_database_at_once,
    names_of_before_get_their_keys,
    groups_of_before_lose_the_directions_in_their_names,
    a_migration_behind_a_long_reader_lets_others_pass,
    a_newer_database_is_refused,
    it_answers,
    a_server_that_takes_no_writes_is_said_to_be_read_only,
);

async fn opening_again_finds_what_was_written(place: &Place) {
    let support = group(&place.store, "Support").await;
    create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    // The command line beside the server.
    let other = Store::open(&place.address).await.unwrap();
    create(&other, &technician(support, "Bob", "bob@example.com")).await;
    create(&place.store, &technician(support, "Eva", "eva@example.com")).await;
    let mut reader = other.read().await.unwrap();
    assert_eq!(reader.settings().await.unwrap().standard.used, 3);
    drop(reader);
    other.close().await;
}

async fn several_open_a_new_database_at_once(place: &Place) {
    let address = match place.store.kind() {
        Kind::Sqlite => {
            format!("sqlite:{}", place.folder.path().join("at once.db").display())
        }
        Kind::Postgres => {
            place.empty().await;
            place.address.clone()
        }
    };
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { Store::open(&address).await })
        })
        .collect();
    for store in opening {
        let store = store.await.unwrap().unwrap();
        assert!(!store.read().await.unwrap().has_holder().await.unwrap());
        store.close().await;
    }
}

/// As the eleventh schema kept them: sorted and searched with their accents, levels not counted.
async fn names_of_before_get_their_keys(place: &Place) {
    let address = place.as_of(11).await;
    let groups = [(1001, 1, "Österreich"), (1002, 1001, "Élite"), (1003, 1, "Zürich")];
    for (id, parent, name) in groups {
        let key = name.to_lowercase();
        place
            .run_at(
                &address,
                &format!(
                    "INSERT INTO technician_groups (id, parent_id, name, name_key, created_at) \
                     VALUES ({id}, {parent}, '{name}', '{key}', 0)"
                ),
            )
            .await;
    }
    for (n, name) in ["Zoe", "Émile", "Emma"].into_iter().enumerate() {
        let (email, key) = (format!("p{n}@example.com"), name.to_lowercase());
        place
            .run_at(
                &address,
                &format!(
                    "INSERT INTO accounts (role, group_id, name, name_key, nickname, email, \
                         email_key, email_skeleton, description, enabled, standard_license, \
                         mobile_license, password_state, source, created_at, search) \
                     VALUES ('technician', 1001, '{name}', '{key}', '', '{email}', '{email}', \
                         '{email}', '', {yes}, {yes}, {no}, 'default', 'hand', 0, \
                         '{key}\u{1f}{email}')",
                    yes = place.flag(true),
                    no = place.flag(false),
                ),
            )
            .await;
    }
    let support = GroupId(1001);
    let store = Store::open(&address).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let page = reader.technicians(support, "", NOW, window(0, 9)).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["Émile", "Emma", "Zoe"]);
    for text in ["émile", "emile", "p1@example"] {
        let found = reader.search_technicians(text, None, 9).await.unwrap();
        assert_eq!(found.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>(), ["Émile"]);
    }
    let level = reader.groups_below(GroupId::ROOT, window(0, 9)).await.unwrap();
    let level: Vec<_> = level.items.iter().map(|node| (node.name.as_str(), node.groups)).collect();
    assert_eq!(level, [("Österreich", 1), ("Zürich", 0)]);
    for text in ["elite", "lit"] {
        assert_eq!(reader.search_groups(text, None, 9).await.unwrap().len(), 1, "{text}");
    }
    drop(reader);
    store.close().await;
}

/// As the twenty-first schema kept them. The trail says what it said.
async fn groups_of_before_lose_the_directions_in_their_names(place: &Place) {
    let address = place.as_of(21).await;
    let groups = [
        (1001, 1, "exe.\u{202e}gnp"),
        (1002, 1, "Europe"),
        (1003, 1, "\u{2066}Europe\u{2069}"),
        (1004, 1002, "Eu\u{200f}rope"),
        (1005, 1, "\u{202e}"),
        (1006, 1, "Österreich"),
        (1007, 1, "\u{645}\u{6cc}\u{200c}\u{62e}"),
    ];
    for (id, parent, name) in groups {
        let key = name.to_lowercase();
        place
            .run_at(
                &address,
                &format!(
                    "INSERT INTO technician_groups \
                         (id, parent_id, name, name_key, sort_key, created_at) \
                     VALUES ({id}, {parent}, '{name}', '{key}', '{key}', 0)"
                ),
            )
            .await;
    }
    place
        .run_at(
            &address,
            "INSERT INTO audit (at, actor, address, agent, action, subject_kind, subject_id, \
                 subject_name, was, became) \
             VALUES (0, 'Ada', '', '', 'group_created', 'group', '1001', 'exe.\u{202e}gnp', \
                 'null', '{\"path\":\"a\u{2066}b\"}')",
        )
        .await;
    let store = Store::open(&address).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let check = async |reader: &mut Reader, id: i64, expected: &str| {
        let path = reader.group_path(GroupId(id)).await.unwrap().unwrap();
        assert_eq!(path.label(), expected);
    };
    check(&mut reader, 1001, "exe.gnp").await;
    check(&mut reader, 1002, "Europe").await;
    check(&mut reader, 1003, "Europe (2)").await;
    check(&mut reader, 1004, "Europe / Europe").await;
    check(&mut reader, 1005, "Group 1005").await;
    check(&mut reader, 1006, "Österreich").await;
    check(&mut reader, 1007, "\u{645}\u{6cc}\u{200c}\u{62e}").await;
    let found = reader.child_named(GroupId::ROOT, "exe.gnp").await.unwrap();
    assert_eq!(found, Some(GroupId(1001)), "a path finds it as it is read");
    assert_eq!(reader.search_groups("exe.gnp", None, 9).await.unwrap().len(), 1);

    // Read, an entry turns no text around; its hash is over what was written.
    let shown = reader.audit(Subjects::All, &Filter::default(), None, 9).await.unwrap();
    assert_eq!(
        (shown[0].subject_name.as_str(), &shown[0].after["path"]),
        ("exe.gnp", &"ab".into())
    );
    let kept = reader.audit_links(0, 9).await.unwrap();
    assert_eq!(kept[0].content.subject_name, "exe.\u{202e}gnp");
    drop(reader);
    store.close().await;
}

/// SQLite has one writer at a time, and readers never wait.
async fn a_migration_behind_a_long_reader_lets_others_pass(place: &Place) {
    const READ: &str = "SELECT COUNT(*) FROM directory_settings";
    const WAITING: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_locks JOIN pg_class \
                               ON pg_class.oid = relation JOIN pg_namespace \
                               ON pg_namespace.oid = relnamespace \
                           WHERE NOT granted AND nspname = current_schema()";
    if place.store.kind() == Kind::Sqlite {
        return;
    }
    let address = place.as_of(19).await;
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&address).await.unwrap();
    let mut long = pool.begin().await.unwrap();
    sqlx::query(READ).execute(&mut *long).await.unwrap();

    let opening = tokio::spawn(async move { Store::open(&address).await });
    while place.number(WAITING).await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Behind the migration; it would wait as long as the long reader reads.
    let mut other = pool.begin().await.unwrap();
    sqlx::query("SET LOCAL lock_timeout = '30s'").execute(&mut *other).await.unwrap();
    sqlx::query(READ).execute(&mut *other).await.unwrap();
    other.rollback().await.unwrap();
    assert!(!opening.is_finished(), "it tries again");

    long.rollback().await.unwrap();
    opening.await.unwrap().unwrap().close().await;
    pool.close().await;
}

async fn a_newer_database_is_refused(place: &Place) {
    place.run("INSERT INTO muster_schema (version) VALUES (4711)").await;
    let refused = Store::open(&place.address).await.unwrap_err();
    let text = refused.to_string();
    assert!(matches!(refused, OpenError::Newer { found: 4711, .. }), "{text}");
    assert!(text.contains("4711") && text.contains("newer"), "{text}");
}

async fn it_answers(place: &Place) {
    let found = place.store.probe().await.unwrap();
    assert!(found.written && found.schema == found.known_schema, "{found:?}");
    place.run("INSERT INTO muster_schema (version) VALUES (4711)").await;
    assert_eq!(place.store.probe().await.unwrap().schema, 4711);
    place.store.close().await;
    assert!(place.store.probe().await.unwrap_err().is_unavailable());
}

/// As a standby is, or a primary that was demoted.
async fn a_server_that_takes_no_writes_is_said_to_be_read_only(place: &Place) {
    if place.store.kind() == Kind::Postgres && !place.is_shared() {
        let address = format!("{}&options[default_transaction_read_only]=on", place.address);
        let refused = Store::open(&address).await.unwrap_err();
        assert!(matches!(refused, OpenError::ReadOnly), "{refused}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_of_ours_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let address = |name: &str| format!("sqlite:{}", path(name).display());
    let text = b"This is a letter, and long enough to be taken for a database by its size.";
    std::fs::write(path("letter.txt"), text.repeat(20)).unwrap();
    let refused = Store::open(&address("letter.txt")).await.unwrap_err();
    assert!(matches!(refused, OpenError::NotADatabase { .. }), "{refused}");
    assert_eq!(std::fs::read(path("letter.txt")).unwrap(), text.repeat(20));

    sqlx::any::install_default_drivers();
    let other = format!("sqlite://{}?mode=rwc", path("other.db").display());
    let pool = sqlx::AnyPool::connect(&other).await.unwrap();
    sqlx::query("CREATE TABLE songs (id INTEGER)").execute(&pool).await.unwrap();
    pool.close().await;
    let refused = Store::open(&address("other.db")).await.unwrap_err();
    assert!(matches!(refused, OpenError::NotADatabase { .. }), "{refused}");
}

#[tokio::test]
async fn what_stands_in_the_way_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let check = async |address: String, expected: &str| {
        let text = Store::open(&address).await.unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("secret"), "{text}");
    };
    check(format!("sqlite:{}", folder.path().display()), "it is a folder").await;
    check(format!("sqlite:{}/no/m.db", folder.path().display()), "folder doesn’t exist").await;
    check("sqlite::memory:".to_owned(), "is no database").await;
    check("mysql://u:secret@h/d".to_owned(), "is no database").await;
    check("postgres://u:secret@127.0.0.1:1/d".to_owned(), "postgres://u@127.0.0.1:1/d").await;
    check("postgres://u:secret@127.0.0.1:x/d".to_owned(), "a port is no number").await;
    check("postgres://u:secret@h/d?what=secret".to_owned(), "“what” is no parameter").await;
    let several = "postgres://u:secret@127.0.0.1:1,[::1]:2/d".to_owned();
    check(several.clone(), "127.0.0.1:1: ").await;
    check(several, "[::1]:2: ").await;
}
