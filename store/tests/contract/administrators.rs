//! Roles and the groups that are assigned.

use roster::account::{Account, PasswordState, Role};
use roster::id::{AccountId, GroupId};
use roster::page::Window;
use store::{NewAccount, Store, WriteConflict};

use crate::make::{NOW, commit, create, entry, group, group_below, permit, technician};
use crate::place::Place;

contract!(
    administrators_are_listed_with_their_groups,
    a_role_is_changed_once,
    who_gets_a_place_is_counted_there,
    assignments_are_found_along_the_way,
    it_is_known_who_made_an_account,
);

fn of_role(role: Role, name: &str, email: &str) -> NewAccount {
    NewAccount {
        role,
        group: None,
        password: PasswordState::Own,
        hash: Some("$hash".to_owned()),
        ..technician(GroupId::ROOT, name, email)
    }
}

async fn account(store: &Store, id: AccountId) -> Account {
    store.read().await.unwrap().account(id).await.unwrap().unwrap()
}

async fn assign(store: &Store, id: AccountId, group: GroupId) -> bool {
    let mut tx = store.write().await.unwrap();
    let done = tx.assign_administrator(&permit(&tx), id, group).await.unwrap();
    commit(tx).await;
    done
}

async fn administrators_are_listed_with_their_groups(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    create(store, &technician(support, "Tess", "tess@example.com")).await;
    create(store, &of_role(Role::Master, "Mara", "mara@example.com")).await;
    let alan = create(store, &of_role(Role::Administrator, "Alan", "alan@example.com")).await;
    assert!(assign(store, alan, tier).await);
    assert!(assign(store, alan, support).await);
    assert!(!assign(store, alan, support).await, "it is theirs already");

    let mut reader = store.read().await.unwrap();
    let mut check = async |filter: &str, window, names: &[&str], total| {
        let page = reader.administrators(filter, window).await.unwrap();
        let found: Vec<&str> = page.items.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((found.as_slice(), page.total), (names, total), "{filter}");
    };
    check("", Window::default(), &["Alan", "Mara"], 2).await;
    check("", Window { offset: 1, limit: 1 }, &["Mara"], 2).await;
    check("ALAN@", Window::default(), &["Alan"], 1).await;
    check("tess", Window::default(), &[], 0).await;
    let alan = reader.administrators("alan", Window::default()).await.unwrap().items.remove(0);
    let groups: Vec<String> = alan.groups.iter().map(roster::group::GroupPath::label).collect();
    assert_eq!(groups, ["Support", "Support / Tier 1"]);
    let found = reader.assignable_administrators(support, "a", 9).await.unwrap();
    assert_eq!(found, [], "who is assigned, or has every group, is not offered");
    let found = reader.assignable_administrators(GroupId::ROOT, "a", 9).await.unwrap();
    assert_eq!(found.len(), 1);
}

async fn a_role_is_changed_once(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let alan = create(store, &of_role(Role::Administrator, "Alan", "alan@example.com")).await;
    assign(store, alan, support).await;
    let mut tx = store.write().await.unwrap();
    tx.set_role(&permit(&tx), alan, 1, Role::Master, None).await.unwrap().unwrap();
    let again = tx.set_role(&permit(&tx), alan, 1, Role::Administrator, None).await.unwrap();
    assert_eq!(again, Err(WriteConflict::Stale));
    commit(tx).await;
    let now = account(store, alan).await;
    assert_eq!((now.role, now.version, now.group), (Role::Master, 2, None));
    assert!(store.read().await.unwrap().areas(alan).await.unwrap().is_empty());
}

async fn who_gets_a_place_is_counted_there(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let alan = create(store, &of_role(Role::Administrator, "Alan", "alan@example.com")).await;
    let mut tx = store.write().await.unwrap();
    let gone = Some(GroupId(9999));
    let gone = tx.set_role(&permit(&tx), alan, 1, Role::Technician, gone).await.unwrap();
    assert_eq!(gone, Err(WriteConflict::Gone));
    tx.set_role(&permit(&tx), alan, 1, Role::Technician, Some(support)).await.unwrap().unwrap();
    commit(tx).await;
    assert_eq!(account(store, alan).await.group, Some(support));
    let page = store.read().await.unwrap().group_page(GroupId::ROOT).await.unwrap().unwrap();
    assert_eq!(page.technicians_below, 1);
}

async fn assignments_are_found_along_the_way(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let sales = group(store, "Sales").await;
    let alan = create(store, &of_role(Role::Administrator, "Alan", "alan@example.com")).await;
    let bea = create(store, &of_role(Role::Administrator, "Bea", "bea@example.com")).await;
    for (who, group) in [(bea, tier), (alan, support), (bea, sales)] {
        assign(store, who, group).await;
    }
    let way = [GroupId::ROOT, support, tier];
    let found = store.read().await.unwrap().assignments(&way).await.unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.id, it.group)).collect();
    assert_eq!(found, [(alan, support), (bea, tier)]);
    let mut tx = store.write().await.unwrap();
    assert!(tx.unassign_administrator(&permit(&tx), bea, tier).await.unwrap());
    assert!(!tx.unassign_administrator(&permit(&tx), bea, tier).await.unwrap());
    commit(tx).await;
    assert_eq!(store.read().await.unwrap().areas(bea).await.unwrap(), [sales]);
}

async fn it_is_known_who_made_an_account(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let found = reader.created_by(ada).await.unwrap().unwrap();
    assert_eq!((found.who, found.import), (None, None));
    assert!(reader.created_by(AccountId(9999)).await.unwrap().is_none());
    drop(reader);

    let mut made = entry();
    made.subject.id = ada.to_string();
    let tx = store.write().await.unwrap();
    let operator = roster::authority::Caller::operator();
    tx.commit(&operator, NOW, &[made]).await.unwrap();
    let import = crate::make::import("7");
    crate::make::begin(store, &import, None).await;
    let mut bob = technician(support, "Bob", "bob@example.com");
    bob.import = Some(import.id);
    let bob = create(store, &bob).await;
    let mut reader = store.read().await.unwrap();
    let found = reader.created_by(ada).await.unwrap().unwrap();
    assert_eq!(found.who.as_deref(), Some("the operator of this server"));
    let found = reader.created_by(bob).await.unwrap().unwrap();
    assert_eq!(found.import, Some((import.id, "people.csv".to_owned())));
    assert_eq!(found.who.as_deref(), Some("Ada"));
}
