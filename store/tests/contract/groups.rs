//! The tree: its shape, its counts, finding in it.

use roster::group::{GroupNode, name_key};
use roster::id::{GroupId, Timestamp};
use store::GroupConflict;

use crate::make::{NOW, commit, create, group, group_below, permit, technician, window};
use crate::place::Place;

contract!(
    the_root_is_there_and_other_ids_are_long,
    a_path_goes_from_the_root,
    names_are_unique_among_siblings,
    a_rename_names_its_version,
    a_level_is_paged_with_its_counts,
    a_level_is_sorted_without_accents_from_either_end,
    a_page_has_its_facts,
    groups_are_found_best_first,
    groups_are_found_within_areas,
    few_and_many_groups_are_found_by_a_part_of_their_names,
);

async fn the_root_is_there_and_other_ids_are_long(place: &Place) {
    let mut reader = place.store.read().await.unwrap();
    let root = reader.group_path(GroupId::ROOT).await.unwrap().unwrap();
    assert_eq!(root.label(), roster::group::ROOT_NAME);
    assert_eq!(root.lineage(), [GroupId::ROOT]);
    assert_eq!(group(&place.store, "Support").await, GroupId(1001));
    assert_eq!(group(&place.store, "Sales").await, GroupId(1002));
}

async fn a_path_goes_from_the_root(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let europe = group_below(store, support, "Europe").await;
    let tier = group_below(store, europe, "Tier 1").await;
    let sales = group(store, "Sales").await;
    let mut reader = store.read().await.unwrap();
    let path = reader.group_path(tier).await.unwrap().unwrap();
    assert_eq!(path.path(), "Support/Europe/Tier 1");
    assert_eq!(path.lineage(), [GroupId::ROOT, support, europe, tier]);
    assert_eq!(reader.group_path(GroupId(9999)).await.unwrap(), None);

    let asked = [sales, tier, GroupId(9999), tier, GroupId::ROOT];
    let lineages = reader.group_lineages(&asked).await.unwrap();
    assert_eq!(lineages.len(), 3);
    assert_eq!(lineages[&sales], [GroupId::ROOT, sales]);
    assert_eq!(lineages[&tier], [GroupId::ROOT, support, europe, tier]);
    assert_eq!(lineages[&GroupId::ROOT], [GroupId::ROOT]);

    assert_eq!(reader.child_named(support, "europe").await.unwrap(), Some(europe));
    assert_eq!(reader.child_named(GroupId::ROOT, "europe").await.unwrap(), None);
}

async fn names_are_unique_among_siblings(place: &Place) {
    let store = &place.store;
    let support = group(store, "Größe").await;
    let mut tx = store.write().await.unwrap();
    let key = name_key("GRÖßE");
    let twin = tx.create_group(&permit(&tx), GroupId::ROOT, "GRÖßE", &key, NOW).await.unwrap();
    assert_eq!(twin, Err(GroupConflict::NameTaken));
    let orphan = tx.create_group(&permit(&tx), GroupId(9999), "GRÖßE", &key, NOW).await.unwrap();
    assert_eq!(orphan, Err(GroupConflict::ParentGone));
    // The transaction goes on.
    tx.create_group(&permit(&tx), support, "GRÖßE", &key, NOW).await.unwrap().unwrap();
    commit(tx).await;
}

async fn a_rename_names_its_version(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    group(store, "Sales").await;
    let mut tx = store.write().await.unwrap();
    let mut check = async |id, version, name: &str, expected| {
        let done = tx.rename_group(&permit(&tx), id, version, name, &name_key(name)).await.unwrap();
        assert_eq!(done, expected);
    };
    check(support, 1, "SALES", Err(GroupConflict::NameTaken)).await;
    check(support, 1, "support", Ok(())).await;
    check(support, 1, "Help", Err(GroupConflict::Stale)).await;
    check(support, 2, "Help", Ok(())).await;
    check(GroupId(9999), 1, "x", Err(GroupConflict::Gone)).await;
    commit(tx).await;
    let path = store.read().await.unwrap().group_path(support).await.unwrap().unwrap();
    assert_eq!(path.label(), "Help");
}

async fn a_level_is_paged_with_its_counts(place: &Place) {
    let store = &place.store;
    let support = group(store, "support").await;
    let europe = group_below(store, support, "Europe").await;
    let tier = group_below(store, europe, "Tier 1").await;
    let sales = group(store, "Sales").await;
    group(store, "Zebra").await;
    for (n, group) in [support, europe, tier, tier, sales].into_iter().enumerate() {
        create(store, &technician(group, "P", &format!("p{n}@example.com"))).await;
    }
    let node = |id, name: &str, groups, technicians, technicians_below| GroupNode {
        id,
        name: name.to_owned(),
        groups,
        technicians,
        technicians_below,
    };
    let mut reader = store.read().await.unwrap();
    let page = reader.groups_below(GroupId::ROOT, window(0, 2)).await.unwrap();
    assert_eq!((page.total, page.next_offset()), (3, Some(2)));
    assert_eq!(page.items, [node(sales, "Sales", 0, 1, 1), node(support, "support", 1, 1, 4)]);
    let page = reader.groups_below(GroupId::ROOT, window(2, 2)).await.unwrap();
    assert_eq!(page.items.len(), 1);
    let page = reader.groups_below(support, window(0, 50)).await.unwrap();
    assert_eq!(page.items, [node(europe, "Europe", 1, 1, 3)]);
    let page = reader.groups_below(tier, window(0, 50)).await.unwrap();
    assert_eq!((page.items, page.total), (Vec::new(), 0));

    let tops = reader.group_nodes(&[tier, europe, GroupId(9999), GroupId::ROOT]).await.unwrap();
    let root = node(GroupId::ROOT, "Technicians", 3, 0, 5);
    assert_eq!(tops, [node(europe, "Europe", 1, 1, 3), root, node(tier, "Tier 1", 0, 2, 2)]);
    assert!(reader.group_nodes(&[]).await.unwrap().is_empty());
}

async fn a_level_is_sorted_without_accents_from_either_end(place: &Place) {
    let store = &place.store;
    let names = ["Ärzte", "Bern", "Dépôt", "Depots", "Österreich", "Ostsee"];
    for name in names.iter().rev() {
        group(store, name).await;
    }
    let mut reader = store.read().await.unwrap();
    for (offset, limit) in (0..8).flat_map(|offset| (1..4).map(move |limit| (offset, limit))) {
        let part = window(offset.try_into().unwrap(), limit.try_into().unwrap());
        let page = reader.groups_below(GroupId::ROOT, part).await.unwrap().items;
        let found: Vec<_> = page.into_iter().map(|node| node.name).collect();
        let end = names.len().min(offset + limit);
        assert_eq!(found, names[offset.min(end)..end], "{offset} {limit}");
    }
}

async fn a_page_has_its_facts(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    create(store, &technician(tier, "P", "p@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let facts = reader.group_page(support).await.unwrap().unwrap();
    assert_eq!((facts.name.as_str(), facts.version), ("Support", 1));
    assert_eq!((facts.technicians, facts.technicians_below, facts.groups), (0, 1, 1));
    assert!(reader.group_page(GroupId(9999)).await.unwrap().is_none());
    assert_eq!(NOW, Timestamp(1_795_000_000_000));
}

async fn groups_are_found_best_first(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    group_below(store, support, "Tier 1001").await;
    group_below(store, support, "Übersee Tier").await;
    group(store, "tier").await;
    group(store, "50%_off").await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |text: &str, limit, expected: &[&str]| {
        let found = reader.search_groups(text, None, limit).await.unwrap();
        let found: Vec<_> = found.iter().map(roster::group::GroupPath::path).collect();
        assert_eq!(found, expected, "{text}");
    };
    check("TIER", 20, &["tier", "Support/Tier 1001", "Support/Übersee Tier"]).await;
    check("TIER", 2, &["tier", "Support/Tier 1001"]).await;
    check(" übers", 20, &["Support/Übersee Tier"]).await;
    check("UBERSEE TIER", 20, &["Support/Übersee Tier"]).await;
    check("support / ubers", 20, &["Support/Übersee Tier"]).await;
    check("1001", 20, &["Support", "Support/Tier 1001"]).await;
    check("%_", 20, &["50%_off"]).await;
    check("nothing", 20, &[]).await;
    check("", 2, &["50%_off", "Support"]).await;
    check("support / tier", 20, &["Support/Tier 1001", "Support/Übersee Tier"]).await;
    check("Technicians/Support/Tier 1001", 20, &["Support/Tier 1001"]).await;
    check("support /", 20, &["Support/Tier 1001", "Support/Übersee Tier"]).await;
    check("/tier", 20, &["tier", "Support/Tier 1001", "Support/Übersee Tier"]).await;
    check("tier / support", 20, &[]).await;
}

async fn groups_are_found_within_areas(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let europe = group_below(store, support, "Tier Europe").await;
    group_below(store, europe, "Tier 1").await;
    group(store, "Tier 2").await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |text: &str, areas: &[GroupId], expected: &[&str]| {
        let found = reader.search_groups(text, Some(areas), 20).await.unwrap();
        let found: Vec<_> = found.iter().map(roster::group::GroupPath::path).collect();
        assert_eq!(found, expected);
    };
    let inside = ["Support/Tier Europe/Tier 1", "Support/Tier Europe"];
    check("tier", &[support, europe], &inside).await;
    check("tier", &[europe], &inside).await;
    check("1001", &[europe], &[]).await;
    check("tier", &[], &[]).await;
    check("europe / tier", &[europe], &["Support/Tier Europe/Tier 1"]).await;
    check("support / tier", &[europe], &[]).await;
}

/// More names with the text than are found by its parts, and the parts of what was renamed and deleted.
async fn few_and_many_groups_are_found_by_a_part_of_their_names(place: &Place) {
    let store = &place.store;
    for number in 0..250 {
        group(store, &format!("Team “{number}”")).await;
    }
    let north = group(store, "Überall \"Nord\" OR Süd*").await;
    let gone = group(store, "Nordwest").await;
    let found = async |text: &str| {
        let found = store.read().await.unwrap().search_groups(text, None, 20).await.unwrap();
        found.iter().map(roster::group::GroupPath::path).collect::<Vec<_>>()
    };
    assert_eq!(found("eam “24").await.len(), 11);
    let first: Vec<_> = found("eam “").await;
    assert_eq!(first.len(), 20);
    assert_eq!(first[..3], ["Team “0”", "Team “100”", "Team “101”"]);
    let name = "Überall \"Nord\" OR Süd*";
    for text in ["ALL", "\"nord\" or", "süd*", "l \"n"] {
        assert_eq!(found(text).await, [name], "{text}");
    }
    assert_eq!(found("nord* or").await, [""; 0]);
    assert_eq!(found("*").await, [name]);
    assert_eq!(found("x").await, [""; 0]);
    assert_eq!(found("ord").await, ["Nordwest", name]);

    let mut tx = store.write().await.unwrap();
    tx.rename_group(&permit(&tx), north, 1, "Ostsee", &name_key("Ostsee")).await.unwrap().unwrap();
    tx.delete_group(&permit(&tx), gone).await.unwrap().unwrap();
    commit(tx).await;
    assert_eq!(found("ord").await, [""; 0]);
    assert_eq!(found("sts").await, ["Ostsee"]);
}
