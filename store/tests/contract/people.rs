//! Many people at once: found, changed, removed.

use roster::id::{AccountId, GroupId, Timestamp};
use roster::session::MOST_SESSIONS;
use store::{NewSession, PersonEdit, Store, StoredPerson, WriteConflict};

use crate::make::{NOW, commit, create, group, group_below, permit, session, technician};
use crate::place::Place;

contract!(
    people_are_found_by_their_emails,
    many_are_changed_at_once,
    whoever_runs_into_a_rule_is_told_alone,
    one_that_was_changed_meanwhile_stays,
    the_disabled_are_signed_out,
    the_removed_are_gone,
);

async fn people(store: &Store, group: GroupId, count: usize) -> Vec<StoredPerson> {
    for n in 0..count {
        let mut new = technician(group, &format!("P{n}"), &format!("p{n}@example.com"));
        new.person.sso_id = Some(format!("sso{n}"));
        create(store, &new).await;
    }
    let keys: Vec<String> = (0..count).map(|n| format!("p{n}@example.com")).collect();
    let mut found = store.read().await.unwrap().people_by_email(&keys).await.unwrap();
    keys.iter().map(|key| found.remove(key).unwrap()).collect()
}

fn renamed(kept: &StoredPerson, name: &str, group: GroupId) -> PersonEdit {
    let mut person = kept.person.clone();
    person.name = name.to_owned();
    PersonEdit { before: kept.clone(), person, group: Some(group) }
}

async fn check_counts(store: &Store, expected: &[(GroupId, u64, u64)]) {
    let mut reader = store.read().await.unwrap();
    for (group, own, below) in expected {
        let facts = reader.group_page(*group).await.unwrap().unwrap();
        assert_eq!((facts.technicians, facts.technicians_below), (*own, *below), "{group}");
    }
}

async fn people_are_found_by_their_emails(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let made = people(store, support, 3).await;
    let mut reader = store.read().await.unwrap();
    let keys = ["p1@example.com", "nobody@example.com"].map(str::to_owned);
    let found = reader.people_by_email(&keys).await.unwrap();
    assert_eq!((found.len(), found.get(&keys[0])), (1, Some(&made[1])));
    assert_eq!((made[1].version, made[1].signed_in), (1, false));
    assert_eq!((made[1].group, made[1].person.sso_id.as_deref()), (Some(support), Some("sso1")));
    assert!(reader.people_by_email(&[]).await.unwrap().is_empty());
    drop(reader);
    let mut tx = store.write().await.unwrap();
    tx.signed_in(&permit(&tx), made[1].id, NOW).await.unwrap();
    let held = tx.lock_accounts(&[made[1].id, AccountId(0)]).await.unwrap();
    assert!(held[&made[1].id].signed_in);
    assert_eq!(tx.lock_accounts_by_email(&keys).await.unwrap().len(), 1);
}

async fn many_are_changed_at_once(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let made = people(store, support, 40).await;
    let edits: Vec<PersonEdit> = made
        .iter()
        .enumerate()
        .map(|(n, kept)| renamed(kept, &format!("Ünal {n}"), if n < 10 { tier } else { support }))
        .collect();
    let mut tx = store.write().await.unwrap();
    let results = tx.update_people(&permit(&tx), &edits).await.unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert!(tx.update_people(&permit(&tx), &[]).await.unwrap().is_empty());
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let account = reader.account(made[3].id).await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.version), ("Ünal 3", 2));
    assert_eq!((account.group, account.sso_id.as_deref()), (Some(tier), Some("sso3")));
    let found = reader.technicians(tier, "ÜNAL 3", NOW, crate::make::window(0, 9)).await.unwrap();
    assert_eq!(found.total, 1);
    drop(reader);
    check_counts(store, &[(support, 30, 40), (tier, 10, 10), (GroupId::ROOT, 0, 40)]).await;
}

async fn whoever_runs_into_a_rule_is_told_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let made = people(store, support, 4).await;
    let mut edits: Vec<PersonEdit> =
        made[..3].iter().map(|kept| renamed(kept, "New", support)).collect();
    edits[1].person.sso_id = made[3].person.sso_id.clone();
    let mut tx = store.write().await.unwrap();
    let results = tx.update_people(&permit(&tx), &edits).await.unwrap();
    assert_eq!(results, [Ok(()), Err(WriteConflict::SsoIdInUse), Ok(())]);
    commit(tx).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts WHERE name = 'New'").await, 2);
}

async fn one_that_was_changed_meanwhile_stays(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let sales = group(store, "Sales").await;
    let mut made = people(store, support, 2).await;
    made[0].version = 7;
    let edits: Vec<PersonEdit> = made.iter().map(|kept| renamed(kept, "New", sales)).collect();
    let mut tx = store.write().await.unwrap();
    let results = tx.update_people(&permit(&tx), &edits).await.unwrap();
    assert_eq!(results, [Err(WriteConflict::Stale), Ok(())]);
    commit(tx).await;
    check_counts(store, &[(support, 1, 1), (sales, 1, 1), (GroupId::ROOT, 0, 2)]).await;
}

async fn open_session(store: &Store, account: AccountId) {
    let mut tx = store.write().await.unwrap();
    let session =
        NewSession { created_at: Timestamp(1), ..session(account, &format!("token of {account}")) };
    tx.create_session(&permit(&tx), &session, MOST_SESSIONS).await.unwrap();
    commit(tx).await;
}

async fn the_disabled_are_signed_out(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let made = people(store, support, 2).await;
    for kept in &made {
        open_session(store, kept.id).await;
    }
    let mut edits: Vec<PersonEdit> =
        made.iter().map(|kept| renamed(kept, "New", support)).collect();
    edits[0].person.enabled = false;
    assert_eq!((edits[0].before.seats().standard, edits[0].seats().standard), (1, 0));
    let mut tx = store.write().await.unwrap();
    tx.update_people(&permit(&tx), &edits).await.unwrap();
    commit(tx).await;
    let left = format!("SELECT COUNT(*) FROM sessions WHERE account_id = {}", made[1].id);
    assert_eq!(place.number(&left).await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM sessions").await, 1);
}

async fn the_removed_are_gone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let made = people(store, support, 3).await;
    open_session(store, made[0].id).await;
    let mut tx = store.write().await.unwrap();
    tx.remove_people(&permit(&tx), &made[..2]).await.unwrap();
    tx.remove_people(&permit(&tx), &[]).await.unwrap();
    commit(tx).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM sessions").await, 0);
    check_counts(store, &[(support, 1, 1), (GroupId::ROOT, 0, 1)]).await;
}
