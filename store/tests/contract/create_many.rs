//! The accounts of an import's chunk.

use roster::id::GroupId;
use store::NewAccount;

use crate::make::{commit, create, group, group_below, permit, technician};
use crate::place::Place;

contract!(
    many_are_created_in_the_order_given,
    those_in_use_are_passed_over,
    one_email_twice_makes_one_account,
    every_length_works,
    every_group_on_the_way_is_counted,
);

fn people(group: GroupId, numbers: std::ops::Range<usize>) -> Vec<NewAccount> {
    numbers
        .map(|n| technician(group, &format!("Person {n}"), &format!("p{n}@example.com")))
        .collect()
}

async fn many_are_created_in_the_order_given(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let new: Vec<NewAccount> = people(support, 0..500).into_iter().rev().collect();
    let mut tx = store.write().await.unwrap();
    let created = tx.create_accounts(&permit(&tx), &new).await.unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    for (new, id) in new.iter().zip(created) {
        let account = reader.account(id.unwrap()).await.unwrap().unwrap();
        assert_eq!(account.email, new.person.email.as_typed);
    }
    let settings = reader.settings().await.unwrap();
    assert_eq!(settings.standard.used, 0, "seats are the caller's");
}

async fn those_in_use_are_passed_over(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ada = technician(support, "Ada", "P1@example.com");
    ada.person.sso_id = Some("ada".to_owned());
    create(store, &ada).await;
    let mut new = people(support, 0..4);
    new[2].person.sso_id = Some("ada".to_owned());
    let mut tx = store.write().await.unwrap();
    let created = tx.create_accounts(&permit(&tx), &new).await.unwrap();
    let made: Vec<bool> = created.iter().map(Option::is_some).collect();
    assert_eq!(made, [true, false, false, true]);
    commit(tx).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts").await, 3);
}

async fn one_email_twice_makes_one_account(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let new = [
        technician(support, "First", "ada@example.com"),
        technician(support, "Second", "ADA@example.com"),
    ];
    let mut tx = store.write().await.unwrap();
    let created = tx.create_accounts(&permit(&tx), &new).await.unwrap();
    assert_eq!(created[1], None);
    let account = tx.account(created[0].unwrap()).await.unwrap().unwrap();
    assert_eq!(account.name, "First");
}

async fn every_length_works(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut tx = store.write().await.unwrap();
    let mut start = 0;
    for length in [0, 1, 2, 15, 61, 249, 499] {
        let new = people(support, start..start + length);
        let created = tx.create_accounts(&permit(&tx), &new).await.unwrap();
        assert_eq!(created.iter().flatten().count(), length);
        start += length;
    }
}

async fn every_group_on_the_way_is_counted(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let sales = group(store, "Sales").await;
    create(store, &technician(sales, "In use", "p5@example.com")).await;
    for (start, groups) in [(0, [support, tier, sales]), (9, [tier, tier, sales])] {
        let new: Vec<_> = groups
            .iter()
            .cycle()
            .zip(start..start + 9)
            .map(|(group, n)| technician(*group, "P", &format!("p{n}@example.com")))
            .collect();
        let mut tx = store.write().await.unwrap();
        tx.create_accounts(&permit(&tx), &new).await.unwrap();
        commit(tx).await;
    }
    let mut reader = store.read().await.unwrap();
    for (group, own, below) in
        [(support, 3, 12), (tier, 9, 9), (sales, 6, 6), (GroupId::ROOT, 0, 18)]
    {
        let facts = reader.group_page(group).await.unwrap().unwrap();
        assert_eq!((facts.technicians, facts.technicians_below), (own, below), "{group}");
        let recount = format!("SELECT COUNT(*) FROM accounts WHERE group_id = {group}");
        assert_eq!(place.number(&recount).await, i64::try_from(own).unwrap());
    }
}
