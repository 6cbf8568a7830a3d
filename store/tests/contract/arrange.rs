//! Groups moved, copied, deleted.

use roster::group::{Content, MAX_DEPTH, name_key};
use roster::id::GroupId;
use roster::permission::{Permission, Rule, Rules};
use roster::two_step::GroupDuty;
use store::{GroupConflict, Store};

use crate::make::{NOW, commit, create, group, group_below, permit, technician};
use crate::place::Place;

contract!(
    a_group_moves_with_all_that_is_below_it,
    a_move_that_breaks_the_tree_is_refused,
    the_deepest_decides_how_deep_a_group_may_move,
    only_an_empty_group_is_deleted,
    a_copy_has_the_groups_and_the_rules,
);

async fn check_counts(store: &Store, expected: &[(GroupId, u64, u64)]) {
    let mut reader = store.read().await.unwrap();
    for (group, own, below) in expected {
        let facts = reader.group_page(*group).await.unwrap().unwrap();
        assert_eq!((facts.technicians, facts.technicians_below), (*own, *below), "{group}");
    }
}

/// How many groups are below each is right.
async fn check_levels(place: &Place) {
    let wrong = "SELECT COUNT(*) FROM technician_groups top WHERE child_groups <> \
                 (SELECT COUNT(*) FROM technician_groups child WHERE child.parent_id = top.id)";
    assert_eq!(place.number(wrong).await, 0);
}

async fn move_group(store: &Store, id: GroupId, to: GroupId) -> Result<(), GroupConflict> {
    let mut tx = store.write().await.unwrap();
    let moved = tx.move_group(&permit(&tx), &permit(&tx), id, to).await.unwrap();
    commit(tx).await;
    moved
}

async fn a_group_moves_with_all_that_is_below_it(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let europe = group_below(store, support, "Europe").await;
    let tier = group_below(store, europe, "Tier 1").await;
    let sales = group(store, "Sales").await;
    for (n, group) in [support, europe, tier, tier, sales].into_iter().enumerate() {
        create(store, &technician(group, "P", &format!("p{n}@example.com"))).await;
    }
    assert_eq!(move_group(store, europe, sales).await, Ok(()));
    let path = store.read().await.unwrap().group_path(tier).await.unwrap().unwrap();
    assert_eq!(path.path(), "Sales/Europe/Tier 1");
    let root = GroupId::ROOT;
    let counts = [(root, 0, 5), (support, 1, 1), (sales, 1, 4), (europe, 1, 3), (tier, 2, 2)];
    check_counts(store, &counts).await;
    let facts = store.read().await.unwrap().group_page(europe).await.unwrap().unwrap();
    assert_eq!(facts.version, 2);

    assert_eq!(move_group(store, tier, root).await, Ok(()));
    check_counts(store, &[(root, 0, 5), (sales, 1, 2), (europe, 1, 1), (tier, 2, 2)]).await;
    // Where it is already.
    assert_eq!(move_group(store, tier, root).await, Ok(()));
    check_counts(store, &[(root, 0, 5), (tier, 2, 2)]).await;
    check_levels(place).await;
}

async fn a_move_that_breaks_the_tree_is_refused(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let sales = group(store, "Sales").await;
    group_below(store, sales, "TIER 1").await;
    let gone = GroupId(9999);
    for (id, to, expected) in [
        (support, support, GroupConflict::Cycle),
        (support, tier, GroupConflict::Cycle),
        (GroupId::ROOT, tier, GroupConflict::Cycle),
        (tier, sales, GroupConflict::NameTaken),
        (gone, sales, GroupConflict::Gone),
        (sales, gone, GroupConflict::ParentGone),
    ] {
        assert_eq!(move_group(store, id, to).await, Err(expected));
    }
    let path = store.read().await.unwrap().group_path(tier).await.unwrap().unwrap();
    assert_eq!(path.path(), "Support/Tier 1");
}

async fn the_deepest_decides_how_deep_a_group_may_move(place: &Place) {
    let store = &place.store;
    let mut deep = GroupId::ROOT;
    for level in 2..=MAX_DEPTH {
        deep = group_below(store, deep, &format!("Level {level}")).await;
    }
    let short = group(store, "Short").await;
    let long = group(store, "Long").await;
    group_below(store, long, "Below").await;
    assert_eq!(move_group(store, long, deep).await, Err(GroupConflict::TooDeep));
    assert_eq!(move_group(store, short, deep).await, Ok(()));
    let path = store.read().await.unwrap().group_path(short).await.unwrap().unwrap();
    assert_eq!(path.0.len(), MAX_DEPTH + 1);
}

async fn only_an_empty_group_is_deleted(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    create(store, &technician(tier, "P", "p@example.com")).await;
    let empty = group_below(store, support, "Empty").await;
    let mut tx = store.write().await.unwrap();
    let mut check = async |id, expected| {
        assert_eq!(tx.delete_group(&permit(&tx), id).await.unwrap(), expected, "{id}");
    };
    let not_empty =
        |groups, technicians| Err(GroupConflict::NotEmpty(Content { groups, technicians }));
    check(support, not_empty(2, 1)).await;
    check(tier, not_empty(0, 1)).await;
    check(empty, Ok(())).await;
    check(empty, Err(GroupConflict::Gone)).await;
    commit(tx).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM technician_groups").await, 3);
    check_levels(place).await;
}

async fn a_copy_has_the_groups_and_the_rules(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let europe = group_below(store, support, "Europe").await;
    let tier = group_below(store, europe, "Tier 1").await;
    group_below(store, support, "Asia").await;
    create(store, &technician(tier, "P", "p@example.com")).await;
    let rule = Rule { setting: Some(false), locked: true };
    let mut tx = store.write().await.unwrap();
    let rules = Rules::from([(Permission::Chat, rule)]);
    tx.set_group_rules(&permit(&tx), tier, &rules).await.unwrap();
    let masters = GroupDuty { asks: true, by_master: true };
    let administrators = GroupDuty { asks: true, by_master: false };
    assert!(tx.set_group_two_step(&permit(&tx), tier, masters).await.unwrap());
    assert!(tx.set_group_two_step(&permit(&tx), support, administrators).await.unwrap());
    let key = name_key("Support");
    let taken = tx.copy_group(&permit(&tx), support, ("Support", &key), NOW).await.unwrap();
    assert_eq!(taken, Err(GroupConflict::NameTaken));
    let key = name_key("Copy");
    let copied = tx.copy_group(&permit(&tx), support, ("Copy", &key), NOW).await.unwrap();
    let (copy, groups) = copied.unwrap();
    assert_eq!(groups, 4);
    commit(tx).await;

    let mut reader = store.read().await.unwrap();
    let found = reader.search_groups("tier 1", Some(&[copy]), 9).await.unwrap();
    let paths: Vec<_> = found.iter().map(roster::group::GroupPath::path).collect();
    assert_eq!(paths, ["Copy/Europe/Tier 1"]);
    let lineage: [GroupId; 4] = found[0].lineage().try_into().unwrap();
    let rules = reader.group_rules(&lineage).await.unwrap();
    assert_eq!(rules[3].1.get(&Permission::Chat), Some(&rule));
    let duties = reader.group_duties(&lineage).await.unwrap();
    let duties = lineage.map(|group| duties[&group]);
    let none = GroupDuty::default();
    assert_eq!(duties, [none, administrators, none, masters]);
    drop(reader);
    check_counts(store, &[(copy, 0, 0), (support, 0, 1), (GroupId::ROOT, 0, 1)]).await;
    check_levels(place).await;
}
