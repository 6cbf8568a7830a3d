//! The audit trail.

use roster::account::Role;
use std::collections::BTreeMap;
use std::sync::Arc;

use roster::audit::chain::{self, Broken, ChainKey, Content, Fault, Head, Noted, Terms, Walk};
use roster::audit::{Cursor, Filter, Line, Subjects};
use roster::authority::{Actor, Caller, Origin, Who};
use roster::id::{AccountId, SessionId, Timestamp};
use serde_json::{Value, json};

use crate::make::{self, NOW, commit, entry, permit};
use crate::place::Place;
use store::{ChainKeys, Link};

contract!(
    a_commit_writes_who_when_and_what,
    the_newest_entry_comes_first,
    entries_are_filtered,
    an_area_has_its_own_entries_alone,
    entries_are_chained_however_many_write_at_once,
    tampering_is_found,
    the_trail_under_the_knife,
);

/// Keys that are no secret.
struct TestKeys;

impl TestKeys {
    fn all() -> BTreeMap<i64, ChainKey> {
        [1, 2].into_iter().map(|id| (id, ChainKey::new(id, &[9; 32]))).collect()
    }
}

impl ChainKeys for TestKeys {
    fn chain_key(&self, id: i64) -> Option<ChainKey> {
        Self::all().remove(&id)
    }
}

fn person(id: i64, name: &str) -> Caller {
    let actor = Actor {
        account: AccountId(id),
        name: name.to_owned(),
        role: Role::Master,
        areas: Vec::new(),
        session: SessionId(1),
        must_change_password: false,
        two_step_due: false,
    };
    let origin = Origin {
        address: "192.0.2.7".to_owned(),
        agent: "Browser".to_owned(),
        device: None,
        repeat: None,
    };
    Caller { who: Who::Person(actor), origin }
}

async fn all(place: &Place, filter: Filter) -> Vec<Line> {
    let mut reader = place.store.read().await.unwrap();
    reader.audit(Subjects::All, &filter, None, 1000).await.unwrap()
}

async fn verify(place: &Place) -> Result<(), Broken> {
    verify_by(place, Terms::default()).await
}

async fn verify_by(place: &Place, terms: Terms) -> Result<(), Broken> {
    let mut reader = place.store.read().await.unwrap();
    let head = reader.audit_head().await.unwrap();
    let mut walk = Walk::along(&head, terms)?;
    for link in reader.audit_links(head.begins_after, 1000).await.unwrap() {
        walk.step(&link.content, &link.found_by, link.hash.as_deref())?;
    }
    walk.end(&head)
}

async fn a_commit_writes_who_when_and_what(place: &Place) {
    let tx = place.store.write().await.unwrap();
    tx.commit(&person(7, "Grace"), NOW, &[entry()]).await.unwrap();
    let tx = place.store.write().await.unwrap();
    tx.commit_bookkeeping().await.unwrap();

    let lines = all(place, Filter::default()).await;
    assert_eq!(lines.len(), 1);
    let expected = Line {
        id: 1,
        at: NOW,
        actor_id: Some(AccountId(7)),
        actor: "Grace".to_owned(),
        address: "192.0.2.7".to_owned(),
        agent: "Browser".to_owned(),
        action: "technician_created".to_owned(),
        subject_kind: "account".to_owned(),
        subject_id: "7".to_owned(),
        subject_name: "Ada".to_owned(),
        before: Value::Null,
        after: json!({ "name": "Ada" }),
        through: None,
    };
    assert_eq!(lines[0], expected);
    let mut reader = place.store.read().await.unwrap();
    assert_eq!(reader.audit_entry(Subjects::All, 1).await.unwrap(), Some(expected));
    assert_eq!(reader.audit_entry(Subjects::All, 2).await.unwrap(), None);
    assert_eq!(reader.audit_entry(Subjects::Within(&[]), 1).await.unwrap(), None);
}

async fn the_newest_entry_comes_first(place: &Place) {
    for _ in 0..2 {
        commit(place.store.write().await.unwrap()).await;
    }
    let many: Vec<_> =
        (0..601).map(|n| roster::audit::Entry { after: json!(n), ..entry() }).collect();
    let tx = place.store.write().await.unwrap();
    tx.commit(&Caller::operator(), NOW, &many).await.unwrap();
    let mut reader = place.store.read().await.unwrap();
    let filter = Filter::default();
    let first = reader.audit(Subjects::All, &filter, None, 1).await.unwrap();
    assert_eq!(
        (&first[0].after, first[0].actor.as_str()),
        (&json!(600), "the operator of this server")
    );
    let after = Some(Cursor::of(&first[0]));
    let next = reader.audit(Subjects::All, &filter, after, 2).await.unwrap();
    let found: Vec<_> = next.iter().map(|line| line.after.clone()).collect();
    assert_eq!(found, [json!(599), json!(598)]);
    drop(reader);
    assert_eq!(all(place, filter).await.len(), 603);
    assert_eq!(verify(place).await, Ok(()));
}

async fn entries_are_filtered(place: &Place) {
    let later = NOW.plus_seconds(60);
    let moves: [(Caller, Timestamp, &str, Value); 3] = [
        (person(7, "Grace Ångström"), NOW, "8", json!({"email": "Bob@example.com"})),
        (person(8, "Bob"), later, "8", json!({})),
        (person(8, "Bob"), later, "9", json!({"share": "50%_"})),
    ];
    for (caller, at, subject, after) in moves {
        let mut entry = roster::audit::Entry { after, ..entry() };
        subject.clone_into(&mut entry.subject.id);
        place.store.write().await.unwrap().commit(&caller, at, &[entry]).await.unwrap();
    }
    let check = async |filter: Filter, expected: &[i64]| {
        let found: Vec<i64> = all(place, filter.clone()).await.iter().map(|line| line.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    };
    let text = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    let who = |who: &str| Filter { who: who.to_owned(), ..Filter::default() };
    check(Filter { by: Some(AccountId(8)), ..Filter::default() }, &[3, 2]).await;
    for text in ["ångs", "ANGS"] {
        check(who(text), &[1]).await;
    }
    check(who("nobody"), &[]).await;
    check(Filter::of_account(AccountId(8)), &[2, 1]).await;
    check(Filter { action: "sign_in".to_owned(), ..Filter::default() }, &[]).await;
    check(Filter { from: Some(later), ..Filter::default() }, &[3, 2]).await;
    check(Filter { to: Some(later), ..Filter::default() }, &[1]).await;
    check(text("bob@EXAMPLE"), &[1]).await;
    check(text("50%_"), &[3]).await;
    check(text("ada"), &[3, 2, 1]).await;
    check(text("192.0.2.7"), &[3, 2, 1]).await;
}

async fn an_area_has_its_own_entries_alone(place: &Place) {
    let inside = make::group(&place.store, "Inside").await;
    let below = make::group_below(&place.store, inside, "Below").await;
    let outside = make::group(&place.store, "Outside").await;
    let near = make::create(&place.store, &make::technician(below, "Nina", "n@example.com")).await;
    let far = make::create(&place.store, &make::technician(outside, "Otto", "o@example.com")).await;
    let about = |kind, id: String| {
        let mut entry = entry();
        entry.subject.kind = kind;
        entry.subject.id = id;
        entry.after = json!({ "secret": "value" });
        entry
    };
    let entries = [
        about("account", near.to_string()),
        about("account", far.to_string()),
        about("account", String::new()),
        about("group", below.to_string()),
        about("group", outside.to_string()),
        about("settings", String::new()),
        // An import's id, and no account's.
        about("import", near.to_string()),
    ];
    let tx = place.store.write().await.unwrap();
    tx.commit(&Caller::operator(), NOW.plus_seconds(1), &entries).await.unwrap();
    let mut reader = place.store.read().await.unwrap();
    let mut seen = async |text: &str| {
        let filter =
            Filter { from: Some(NOW.plus_seconds(1)), text: text.to_owned(), ..Filter::default() };
        let subjects = Subjects::Within(&[inside]);
        let lines = reader.audit(subjects, &filter, None, 50).await.unwrap();
        lines.into_iter().map(|line| (line.subject_kind, line.subject_id)).collect::<Vec<_>>()
    };
    let own = [("group".to_owned(), below.to_string()), ("account".to_owned(), near.to_string())];
    assert_eq!(seen("").await, own);
    assert_eq!(seen("ada").await, own);
    assert_eq!(seen("secret").await, [], "values aren’t searched");
}

async fn entries_are_chained_however_many_write_at_once(place: &Place) {
    let writers: Vec<_> = (0..12)
        .map(|writer| {
            let store = place.store.clone();
            tokio::spawn(async move {
                for n in 0..5 {
                    let tx = store.write().await.unwrap();
                    let entry = roster::audit::Entry { after: json!([writer, n]), ..entry() };
                    tx.commit(&Caller::operator(), NOW, &[entry.clone(), entry]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(place.store.read().await.unwrap().audit_head().await.unwrap().last, 120);
    assert_eq!(verify(place).await, Ok(()));
}

async fn tampering_is_found(place: &Place) {
    for _ in 0..5 {
        commit(place.store.write().await.unwrap()).await;
    }
    let check = async |tamper: &str, mend: &str, entry: i64, fault: Fault| {
        place.run(tamper).await;
        assert_eq!(verify(place).await, Err(Broken { entry, fault }), "{tamper}");
        place.run(mend).await;
        assert_eq!(verify(place).await, Ok(()));
    };
    check(
        "UPDATE audit SET actor = 'Nobody' WHERE id = 2",
        "UPDATE audit SET actor = 'the operator of this server' WHERE id = 2",
        2,
        Fault::Changed,
    )
    .await;
    check(
        "UPDATE audit_head SET last_id = 6 WHERE id = 1",
        "UPDATE audit_head SET last_id = 5 WHERE id = 1",
        6,
        Fault::Missing,
    )
    .await;
    place.run("DELETE FROM audit WHERE id = 5").await;
    assert_eq!(verify(place).await, Err(Broken { entry: 5, fault: Fault::Missing }));
    place.run("DELETE FROM audit WHERE id = 3").await;
    assert_eq!(verify(place).await, Err(Broken { entry: 3, fault: Fault::Missing }));
}

/// What can be done to one entry, `#`, or to the head beside it.
fn changes_of_an_entry() -> Vec<String> {
    let texts = [
        "actor",
        "address",
        "agent",
        "action",
        "subject_kind",
        "subject_id",
        "subject_name",
        "was",
        "became",
        "hash",
        "actor_key",
        "subject_key",
        "value_key",
    ];
    let mut changes: Vec<String> = texts
        .iter()
        .map(|column| format!("UPDATE audit SET {column} = 'x' WHERE id = #"))
        .collect();
    changes.extend(
        [
            "UPDATE audit SET at = at + 1 WHERE id = #",
            "UPDATE audit SET actor_id = 77 WHERE id = #",
            "UPDATE audit SET subject_number = NULL WHERE id = #",
            "UPDATE audit SET subject_number = 77 WHERE id = #",
            "UPDATE audit SET hash = NULL WHERE id = #",
            "UPDATE audit SET id = 70 WHERE id = #",
            "DELETE FROM audit WHERE id = #",
            "DELETE FROM audit WHERE id <= #",
            "DELETE FROM audit WHERE id <= #; UPDATE audit_head SET begins_after = #",
            // Once all of it counted as from before the chain.
            "UPDATE audit SET actor = 'x' WHERE id = #; \
             UPDATE audit_head SET begins_after = last_id, last_hash = ''",
            "UPDATE audit_head SET last_id = last_id + #",
            "UPDATE audit_head SET last_hash = 'x'",
            "DELETE FROM audit; UPDATE audit_head SET last_id = 0, last_hash = ''",
        ]
        .map(str::to_owned),
    );
    changes
}

/// All that somebody can do who can write to the database and hasn't got the keys: it is found, at the
/// latest by the entry that was noted.
async fn the_trail_under_the_knife(place: &Place) {
    place.store.chain_by(Arc::new(TestKeys));
    let take = async |key| {
        let mut tx = place.store.write().await.unwrap();
        tx.add_key(&permit(&tx), key, "", NOW).await.unwrap();
        commit(tx).await;
    };
    let more = async || commit(place.store.write().await.unwrap()).await;
    // Entries 1 and 2 are from before there was a key, 5 is the first under the second.
    more().await;
    more().await;
    take(1).await;
    more().await;
    take(2).await;
    more().await;
    let noted = place.store.read().await.unwrap().audit_head().await.unwrap();
    let since = Some(Noted { entry: noted.last, hash: noted.hash });
    more().await;
    let by_keys = Terms { keys: TestKeys::all(), ..Terms::default() };
    let by_note = Terms { since, ..by_keys.clone() };
    assert_eq!(verify_by(place, by_note.clone()).await, Ok(()));
    place
        .run(
            "CREATE TABLE kept_audit AS SELECT * FROM audit; \
             CREATE TABLE kept_head AS SELECT * FROM audit_head",
        )
        .await;
    let heal = async || {
        place
            .run(
                "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept_audit; \
                 DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head",
            )
            .await;
        assert_eq!(verify_by(place, by_note.clone()).await, Ok(()));
    };
    let changes = changes_of_an_entry();
    for change in &changes {
        // Before the keys, at a key's first entry, at the newest.
        for entry in [1, 3, 7] {
            let change = change.replace('#', &entry.to_string());
            place.run(&change).await;
            assert!(verify_by(place, by_keys.clone()).await.is_err(), "{change}");
            heal().await;
        }
    }
    // The newest removed and the head set back to another that was one.
    let back = |to: i64| {
        format!(
            "UPDATE audit_head SET last_id = {to}, \
             last_hash = (SELECT hash FROM audit WHERE id = {to}); DELETE FROM audit WHERE id > {to}"
        )
    };
    // By the keys alone it isn't found where all keys are in use before: then the note finds it.
    for to in 1..noted.last {
        place.run(&back(to)).await;
        assert!(verify_by(place, by_note.clone()).await.is_err(), "{to}");
        heal().await;
    }
    // All of it as if there had never been a key.
    let links = place.store.read().await.unwrap().audit_links(0, 100).await.unwrap();
    let mut forged = Head::default();
    for Link { content, found_by, .. } in links {
        let content = Content { actor: "x".to_owned(), ..content };
        let found_by = chain::FoundBy { actor_key: "x".to_owned(), ..found_by };
        forged = Head {
            begins_after: 0,
            last: content.id,
            hash: chain::hash(&forged.hash, &content, &found_by, None),
        };
        let forge = "UPDATE audit SET actor = 'x', actor_key = 'x', hash = 'HASH' WHERE id = NUMBER; \
                     UPDATE audit_head SET last_hash = 'HASH', key_id = NULL";
        place
            .run(&forge.replace("HASH", &forged.hash).replace("NUMBER", &forged.last.to_string()))
            .await;
    }
    assert_eq!(verify(place).await, Ok(()), "it is whole by itself");
    assert!(verify_by(place, by_keys).await.is_err());
    let without_keys = Terms { keys: BTreeMap::new(), ..by_note.clone() };
    assert!(verify_by(place, without_keys).await.is_err());
    heal().await;
    // Without its key no entry is written, rather than one that anybody could write.
    place.run("UPDATE audit_head SET key_id = 3").await;
    let tx = place.store.write().await.unwrap();
    let refused = tx.commit(&Caller::operator(), NOW, &[entry()]).await.unwrap_err();
    assert!(matches!(refused, store::Error::NoKey(3)), "{refused}");
}
