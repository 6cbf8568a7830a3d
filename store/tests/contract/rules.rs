//! What groups say of permissions.

use roster::id::GroupId;
use roster::permission::{Permission, Rule, Rules};

use crate::make::{commit, create, group, group_below, permit, technician};
use crate::place::Place;

contract!(
    the_root_carries_the_defaults,
    rules_come_in_the_order_of_the_lineage,
    what_is_held_is_the_way_and_its_rules,
    a_tree_falls_into_regions,
);

async fn the_root_carries_the_defaults(place: &Place) {
    let mut reader = place.store.read().await.unwrap();
    let rules = reader.group_rules(&[GroupId::ROOT]).await.unwrap();
    let expected: Rules = Permission::ALL
        .iter()
        .map(|permission| {
            let setting = Some(permission.allowed_at_setup());
            (*permission, Rule { setting, locked: false })
        })
        .collect();
    assert_eq!(rules, [(GroupId::ROOT, expected)]);
}

async fn rules_come_in_the_order_of_the_lineage(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let rule = Rule { setting: Some(false), locked: true };
    let inherits = Rule { setting: None, locked: true };
    let mut tx = store.write().await.unwrap();
    for rule in [inherits, rule] {
        let rules = [(Permission::Chat, rule), (Permission::SendUrl, rule)].into();
        tx.set_group_rules(&permit(&tx), support, &rules).await.unwrap();
    }
    // One is added, another says nothing any more, the third is left as it is.
    let rules = [(Permission::Reboot, inherits), (Permission::SendUrl, Rule::default())].into();
    tx.set_group_rules(&permit(&tx), support, &rules).await.unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let rules = reader.group_rules(&[GroupId::ROOT, support, GroupId(9999)]).await.unwrap();
    assert_eq!(rules[0].0, GroupId::ROOT);
    let expected: Rules = [(Permission::Chat, rule), (Permission::Reboot, inherits)].into();
    assert_eq!(rules[1], (support, expected));
    assert_eq!(rules[2], (GroupId(9999), Rules::new()));
}

async fn what_is_held_is_the_way_and_its_rules(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let mut tx = store.write().await.unwrap();
    let (path, rules) = tx.hold_group_rules(tier).await.unwrap().unwrap();
    assert_eq!(path.path(), "Support/Tier 1");
    let ids: Vec<GroupId> = rules.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [GroupId::ROOT, support, tier]);
    assert!(tx.hold_group_rules(GroupId(9999)).await.unwrap().is_none());
}

async fn a_tree_falls_into_regions(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let plain = group_below(store, support, "Plain").await;
    let deny = group_below(store, plain, "Deny").await;
    let below = group_below(store, deny, "Below").await;
    let other = group_below(store, support, "Says something else").await;
    group(store, "Beside").await;
    let rules = |permission| [(permission, Rule { setting: Some(false), locked: false })].into();
    let mut tx = store.write().await.unwrap();
    tx.set_group_rules(&permit(&tx), deny, &rules(Permission::Chat)).await.unwrap();
    tx.set_group_rules(&permit(&tx), other, &rules(Permission::Reboot)).await.unwrap();
    commit(tx).await;
    for (n, (place, count)) in [(support, 1), (plain, 2), (below, 3), (other, 4)].iter().enumerate()
    {
        for m in 0..*count {
            create(store, &technician(*place, "Ada", &format!("ada{n}{m}@example.com"))).await;
        }
    }
    let mut reader = store.read().await.unwrap();
    let mut check = async |permissions: &[Permission],
                           expected: &[(GroupId, Option<GroupId>, u64, u64)]| {
        let found = reader.permission_regions(support, permissions).await.unwrap();
        let found: Vec<_> =
            found.iter().map(|it| (it.group, it.within, it.technicians, it.groups)).collect();
        assert_eq!(found, expected);
    };
    let in_support = Some(support);
    check(&[Permission::SendUrl], &[(support, None, 10, 4)]).await;
    check(&[Permission::Chat], &[(support, None, 7, 3), (deny, in_support, 3, 1)]).await;
    check(
        &[Permission::Reboot, Permission::Chat],
        &[(support, None, 3, 2), (other, in_support, 4, 1), (deny, in_support, 3, 1)],
    )
    .await;
    let found = reader.permission_regions(support, &[Permission::Chat]).await.unwrap();
    assert_eq!(found[1].rules, rules(Permission::Chat));
}
