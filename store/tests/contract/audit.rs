//! The audit trail.

use roster::account::Role;
use roster::authority::{Actor, Caller, Origin, Who};
use roster::id::{AccountId, SessionId};
use serde_json::{Value, json};

use crate::make::{NOW, commit, entry, window};
use crate::place::Place;

contract!(a_commit_writes_who_when_and_what, the_newest_entry_comes_first);

async fn a_commit_writes_who_when_and_what(place: &Place) {
    let actor = Actor {
        account: AccountId(7),
        name: "Grace".to_owned(),
        role: Role::Master,
        areas: Vec::new(),
        session: SessionId(1),
        must_change_password: false,
    };
    let origin = Origin { address: "192.0.2.7".to_owned(), agent: "Browser".to_owned() };
    let caller = Caller { who: Who::Person(actor), origin };
    let tx = place.store.write().await.unwrap();
    tx.commit(&caller, NOW, &[entry()]).await.unwrap();
    let tx = place.store.write().await.unwrap();
    tx.commit_bookkeeping().await.unwrap();

    let page = place.store.read().await.unwrap().audit(window(0, 9)).await.unwrap();
    assert_eq!(page.total, 1);
    let line = &page.items[0];
    assert_eq!((line.at, line.actor.as_str(), line.address.as_str()), (NOW, "Grace", "192.0.2.7"));
    assert_eq!(
        (line.action.as_str(), line.subject_kind.as_str()),
        ("technician_created", "account")
    );
    assert_eq!((line.subject_id.as_str(), line.subject_name.as_str()), ("7", "Ada"));
    assert_eq!((&line.before, &line.after), (&Value::Null, &json!({ "name": "Ada" })));
    let written = "SELECT COUNT(*) FROM audit WHERE actor_id = 7 AND agent = 'Browser'";
    assert_eq!(place.number(written).await, 1);
}

async fn the_newest_entry_comes_first(place: &Place) {
    for _ in 0..2 {
        commit(place.store.write().await.unwrap()).await;
    }
    let many: Vec<_> =
        (0..601).map(|n| roster::audit::Entry { after: json!(n), ..entry() }).collect();
    let tx = place.store.write().await.unwrap();
    tx.commit(&Caller::operator(), NOW, &many).await.unwrap();
    let page = place.store.read().await.unwrap().audit(window(1, 2)).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|line| line.after.clone()).collect();
    assert_eq!((found, page.total), (vec![json!(599), json!(598)], 603));
    assert_eq!(page.items[0].actor, "the operator of this server");
}
