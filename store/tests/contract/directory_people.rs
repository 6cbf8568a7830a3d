//! Who is linked with a directory, and what of that others may change.

use roster::directory::protocol::SourceId;
use roster::directory::view::Follows;
use roster::id::{AccountId, GroupId};
use store::{NewLink, PersonEdit, Store};

use crate::directory::{guid, source};
use crate::make::{commit, create, group, permit, person, technician};
use crate::place::Place;

contract!(
    who_is_linked_is_known_with_what_they_are,
    a_deleted_account_is_linked_no_more,
    a_change_of_status_by_hand_is_remembered,
    emails_are_passed_on_within_one_transaction,
    who_holds_an_email_is_found_unless_they_are_linked,
    a_moved_technician_follows_the_status_alone,
);

async fn link(store: &Store, source: SourceId, n: u128, account: AccountId, placed: GroupId) {
    let mut tx = store.write().await.unwrap();
    let links = [NewLink { guid: guid(n), account, placed, seen_in: vec![guid(0xa2), guid(0xa1)] }];
    tx.link_accounts(&permit(&tx), source, &links).await.unwrap();
    commit(tx).await;
}

async fn who_is_linked_is_known_with_what_they_are(place: &Place) {
    let store = &place.store;
    let (first, second) = (source(store, 1).await, source(store, 2).await);
    let support = group(store, "Support").await;
    for n in 1..=3_u128 {
        let account = technician(support, &format!("P{n}"), &format!("P{n}@example.com"));
        let id = create(store, &account).await;
        link(store, if n == 3 { second } else { first }, n, id, support).await;
    }
    let mut reader = store.read().await.unwrap();
    let mut people = reader.directory_people(first).await.unwrap();
    people.sort_by_key(|person| person.guid);
    assert_eq!(people.len(), 2);
    let ada = &people[0];
    assert_eq!((ada.guid, ada.name.as_str(), ada.version), (guid(1), "P1", 1));
    assert_eq!(
        (ada.email.as_typed.as_str(), ada.email.key.as_str()),
        ("P1@example.com", "p1@example.com")
    );
    assert!(ada.enabled && !ada.disabled_by_sync && !ada.is_moved() && ada.is_owned());
    assert_eq!(reader.directory_managed(first, None, 1).await.unwrap(), [guid(1)]);
    assert_eq!(reader.directory_managed(first, Some(guid(1)), 9).await.unwrap(), [guid(2)]);
    assert!(reader.directory_managed(first, Some(guid(2)), 9).await.unwrap().is_empty());
}

async fn a_deleted_account_is_linked_no_more(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    link(store, source, 1, id, support).await;
    let mut tx = store.write().await.unwrap();
    let kept = tx.lock_accounts(&[id]).await.unwrap().remove(&id).unwrap();
    tx.remove_people(&permit(&tx), &[kept]).await.unwrap();
    assert!(tx.directory_people(source).await.unwrap().is_empty());
    commit(tx).await;
    // The person may have another account.
    let again = create(store, &technician(support, "Ada", "ada@example.com")).await;
    link(store, source, 1, again, support).await;
}

async fn a_change_of_status_by_hand_is_remembered(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    link(store, source, 1, id, support).await;
    let by_sync = async || {
        let mut reader = store.read().await.unwrap();
        reader.account_link(id).await.unwrap().unwrap().disabled_by_directory
    };
    let with = |enabled| roster::fields::Person { enabled, ..person("Ada", "ada@example.com") };
    let mut version = 1;
    let mut by_hand = async |enabled| {
        let mut tx = store.write().await.unwrap();
        tx.edit_account(&permit(&tx), id, version, &with(enabled)).await.unwrap().unwrap();
        version += 1;
        commit(tx).await;
    };
    let mark = async || {
        let mut tx = store.write().await.unwrap();
        tx.disabled_by_directory(&permit(&tx), source, &[id]).await.unwrap();
        commit(tx).await;
    };
    by_hand(false).await;
    mark().await;
    by_hand(false).await;
    assert!(by_sync().await, "another edit leaves it as it is");
    by_hand(true).await;
    assert!(!by_sync().await);
    // The same where many are changed at once.
    mark().await;
    let mut tx = store.write().await.unwrap();
    let before = tx.lock_accounts(&[id]).await.unwrap().remove(&id).unwrap();
    let (person, group) = (with(false), before.group);
    let edits = [PersonEdit { before, person, group }];
    tx.update_people(&permit(&tx), &edits).await.unwrap()[0].unwrap();
    commit(tx).await;
    assert!(!by_sync().await);
}

async fn emails_are_passed_on_within_one_transaction(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(create(store, &technician(support, "P", &format!("p{n}@example.com"))).await);
    }
    let mut tx = store.write().await.unwrap();
    let mut held = tx.lock_accounts(&ids).await.unwrap();
    let edits: Vec<PersonEdit> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| {
            let before = held.remove(id).unwrap();
            let (person, group) =
                (person("P", &format!("p{}@example.com", (n + 1) % 3)), before.group);
            PersonEdit { before, person, group }
        })
        .collect();
    tx.let_go_of_emails(&permit(&tx), SourceId(0), &ids).await.unwrap();
    let results = tx.update_people(&permit(&tx), &edits).await.unwrap();
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    for (n, id) in ids.iter().enumerate() {
        let found = reader.emails_in_use(&[format!("p{}@example.com", (n + 1) % 3)]).await.unwrap();
        assert_eq!(found.values().next().map(|(id, _)| id), Some(id));
    }
}

async fn who_holds_an_email_is_found_unless_they_are_linked(place: &Place) {
    let store = &place.store;
    let (first, second) = (source(store, 1).await, source(store, 2).await);
    let support = group(store, "Support").await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(create(store, &technician(support, "P", &format!("p{n}@example.com"))).await);
    }
    link(store, first, 1, ids[0], support).await;
    link(store, second, 1, ids[1], support).await;
    let mut tx = store.write().await.unwrap();
    tx.agree_on_account(&permit(&tx), second, guid(8), ids[2]).await.unwrap();
    tx.agree_on_account(&permit(&tx), first, guid(7), ids[2]).await.unwrap();
    commit(tx).await;
    let keys: Vec<String> = (0..4).map(|n| format!("p{n}@example.com")).collect();
    let mut reader = store.read().await.unwrap();
    let mut holders = reader.directory_holders(first, &keys).await.unwrap();
    holders.sort_by_key(|holder| holder.account);
    let found: Vec<_> = holders.iter().map(|it| (it.account, it.elsewhere, it.agreed)).collect();
    assert_eq!(found, [(ids[1], true, None), (ids[2], false, Some(guid(7)))]);
    drop(reader);
    link(store, first, 7, ids[2], support).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM directory_agreements").await, 0);
}

async fn a_moved_technician_follows_the_status_alone(place: &Place) {
    let store = &place.store;
    let source = source(store, 1).await;
    let (support, sales) = (group(store, "Support").await, group(store, "Sales").await);
    let id = create(store, &technician(sales, "Ada", "ada@example.com")).await;
    link(store, source, 1, id, support).await;
    let follows = async || {
        let mut reader = store.read().await.unwrap();
        reader.account_link(id).await.unwrap().unwrap().follows
    };
    assert_eq!(follows().await, Follows::Status);
    let mut tx = store.write().await.unwrap();
    let mut settings = tx.directory_settings().await.unwrap();
    settings.rules.follow_moved = true;
    tx.change_directory_settings(&permit(&tx), &settings).await.unwrap().unwrap();
    tx.change_directory_settings(&permit(&tx), &settings).await.unwrap().unwrap_err();
    commit(tx).await;
    assert_eq!(follows().await, Follows::All);
}
