//! The audit trail.

use roster::account::Role;
use roster::audit::chain::{Broken, Fault, Walk};
use roster::audit::{Cursor, Filter, Line, Subjects};
use roster::authority::{Actor, Caller, Origin, Who};
use roster::id::{AccountId, SessionId, Timestamp};
use serde_json::{Value, json};

use crate::make::{self, NOW, commit, entry};
use crate::place::Place;

contract!(
    a_commit_writes_who_when_and_what,
    the_newest_entry_comes_first,
    entries_are_filtered,
    an_area_has_its_own_entries_alone,
    entries_are_chained_however_many_write_at_once,
    tampering_is_found,
);

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
    let origin =
        Origin { address: "192.0.2.7".to_owned(), agent: "Browser".to_owned(), device: None };
    Caller { who: Who::Person(actor), origin }
}

async fn all(place: &Place, filter: Filter) -> Vec<Line> {
    let mut reader = place.store.read().await.unwrap();
    reader.audit(Subjects::All, &filter, None, 1000).await.unwrap()
}

async fn verify(place: &Place) -> Result<(), Broken> {
    let mut reader = place.store.read().await.unwrap();
    let head = reader.audit_head().await.unwrap();
    let mut walk = Walk::along(&head);
    for (content, carried) in reader.audit_links(head.begins_after, 1000).await.unwrap() {
        walk.step(&content, carried.as_deref())?;
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
