//! What groups say of permissions.

use roster::id::GroupId;
use roster::permission::{Permission, Rule, Rules};

use crate::make::{commit, group, permit};
use crate::place::Place;

contract!(the_root_carries_the_defaults, rules_come_in_the_order_of_the_lineage);

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
        tx.set_group_rule(&permit(), support, Permission::Chat, rule).await.unwrap();
    }
    tx.set_group_rule(&permit(), support, Permission::Reboot, inherits).await.unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let rules = reader.group_rules(&[GroupId::ROOT, support, GroupId(9999)]).await.unwrap();
    assert_eq!(rules[0].0, GroupId::ROOT);
    let expected: Rules = [(Permission::Chat, rule), (Permission::Reboot, inherits)].into();
    assert_eq!(rules[1], (support, expected));
    assert_eq!(rules[2], (GroupId(9999), Rules::new()));
}
