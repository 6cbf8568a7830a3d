//! People found as somebody types.

use roster::id::GroupId;

use crate::make::{create, group, group_below, holder, technician};
use crate::place::Place;

contract!(people_are_found_best_first, people_are_found_within_areas, a_page_of_many_stops);

async fn people_are_found_best_first(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let mut ada = technician(tier, "Ada Ångström", "zz@example.com");
    ada.person.sso_id = Some("North\\A_1".to_owned());
    ada.person.nickname = "Countess".to_owned();
    let ada = create(store, &ada).await;
    create(store, &technician(support, "Zoe Adams", "bob@example.com")).await;
    create(store, &technician(support, "Carl", "ada@example.com")).await;
    create(store, &technician(support, "ADA Byron", "c@example.com")).await;
    create(store, &technician(support, "Josef", "josé@example.com")).await;
    create(store, &holder("holder@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |text: &str, limit, expected: &[&str]| {
        let found = reader.search_technicians(text, None, limit).await.unwrap();
        let found: Vec<_> = found.iter().map(|hit| hit.name.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    };
    check("ada", 20, &["Ada Ångström", "ADA Byron", "Carl", "Zoe Adams"]).await;
    check("ada", 2, &["Ada Ångström", "ADA Byron"]).await;
    check(" ÅNG", 20, &["Ada Ångström"]).await;
    check("ada angstrom", 20, &["Ada Ångström"]).await;
    check("ańg", 20, &["Ada Ångström"]).await;
    check("josé@EXAMPLE.com", 20, &["Josef"]).await;
    check("jose@", 20, &["Josef"]).await;
    check("ada@EXAMPLE.com", 20, &["Carl"]).await;
    check("north\\a_", 20, &["Ada Ångström"]).await;
    check("North\\A_1", 20, &["Ada Ångström"]).await;
    check("countess", 20, &["Ada Ångström"]).await;
    check(&ada.to_string(), 1, &["Ada Ångström"]).await;
    check("holder", 20, &["Holder"]).await;
    check("%", 20, &[]).await;
    check("nobody", 20, &[]).await;
    check("  ", 20, &[]).await;
    let found = reader.search_technicians("countess", None, 1).await.unwrap();
    let path = found[0].path.as_ref().unwrap();
    assert_eq!((path.path().as_str(), found[0].enabled), ("Support/Tier 1", true));
    assert_eq!(reader.search_technicians("holder", None, 1).await.unwrap()[0].path, None);
}

async fn people_are_found_within_areas(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let sales = group(store, "Sales").await;
    for (group, name) in [(support, "Ada One"), (tier, "Ada Two"), (sales, "Ada Three")] {
        create(store, &technician(group, name, &format!("{group}@example.com"))).await;
    }
    create(store, &holder("ada@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |text: &str, areas: &[GroupId], expected: &[&str]| {
        let found = reader.search_technicians(text, Some(areas), 20).await.unwrap();
        let found: Vec<_> = found.iter().map(|hit| hit.name.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    };
    check("ada", &[support], &["Ada One", "Ada Two"]).await;
    check("two", &[support, tier], &["Ada Two"]).await;
    check("example", &[sales], &["Ada Three"]).await;
    check("ada@example.com", &[support, sales], &[]).await;
    check("ada", &[], &[]).await;
}

async fn a_page_of_many_stops(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let all: Vec<_> = (10..70)
        .map(|n| technician(support, &format!("P{n}"), &format!("p{n}@x.example")))
        .collect();
    let mut tx = store.write().await.unwrap();
    tx.create_accounts(&crate::make::permit(&tx), &all).await.unwrap();
    crate::make::commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let found = reader.search_technicians("x.ex", None, 20).await.unwrap();
    let names: Vec<_> = found.iter().map(|hit| hit.name.clone()).collect();
    assert_eq!(names, (10..30).map(|n| format!("P{n}")).collect::<Vec<_>>());
}
