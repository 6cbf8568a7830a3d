//! One account: made, read, found.

use roster::account::{Account, PasswordState, Role, Source};
use roster::id::{AccountId, GroupId};
use store::{NewAccount, WriteConflict};

use crate::make::{NOW, commit, create, group, holder, import_id, permit, technician};
use crate::place::Place;

contract!(
    an_account_is_read_as_it_was_written,
    credentials_are_found_by_key_and_by_id,
    conflicts_are_told_apart_and_spoil_nothing,
    there_is_one_holder,
    nobody_is_at_the_root,
    what_is_in_use_is_found,
    an_administrator_has_areas,
);

async fn an_account_is_read_as_it_was_written(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut new = technician(support, "山本 良平", "Ryohei@Bücher.example");
    new.person.nickname = "良平".to_owned();
    new.person.sso_id = Some("r.yamamoto".to_owned());
    new.person.description = "Zeile 1\nZeile 2".to_owned();
    new.person.mobile_license = true;
    new.source = Source::Import;
    new.import = Some(import_id("1"));
    new.password = PasswordState::Temporary;
    new.hash = Some("$argon2id$…".to_owned());
    let id = create(store, &new).await;

    let mut reader = store.read().await.unwrap();
    let expected = Account {
        id,
        role: Role::Technician,
        group: Some(support),
        name: "山本 良平".to_owned(),
        nickname: "良平".to_owned(),
        email: "Ryohei@Bücher.example".to_owned(),
        sso_id: Some("r.yamamoto".to_owned()),
        description: "Zeile 1\nZeile 2".to_owned(),
        enabled: true,
        standard_license: true,
        mobile_license: true,
        password: PasswordState::Temporary,
        source: Source::Import,
        created_at: NOW,
        last_sign_in_at: None,
        version: 1,
    };
    assert_eq!(reader.account(id).await.unwrap(), Some(expected));
    assert_eq!(reader.account(AccountId(9999)).await.unwrap(), None);

    let mut tx = store.write().await.unwrap();
    tx.signed_in(&permit(&tx), id, NOW.plus_seconds(5)).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let account = reader.account(id).await.unwrap().unwrap();
    assert_eq!((account.last_sign_in_at, account.version), (Some(NOW.plus_seconds(5)), 1));
}

async fn credentials_are_found_by_key_and_by_id(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let new = technician(support, "Ada", "Ada@Bücher.example");
    let id = create(store, &new).await;
    let mut reader = store.read().await.unwrap();
    assert!(reader.credentials_by_email("Ada@Bücher.example").await.unwrap().is_none());
    let found = reader.credentials_by_email(&new.person.email.key).await.unwrap().unwrap();
    assert_eq!((found.id, found.role, found.enabled), (id, Role::Technician, true));
    assert_eq!((found.password, found.hash.clone()), (PasswordState::Default, None));
    assert_eq!(reader.credentials(id).await.unwrap(), Some(found));
    assert_eq!(reader.credentials(AccountId(9999)).await.unwrap(), None);

    let mut tx = store.write().await.unwrap();
    let hash = Some("$argon2id$own");
    tx.set_password(&permit(&tx), id, PasswordState::Own, hash, NOW, None).await.unwrap();
    commit(tx).await;
    let found = reader.credentials(id).await.unwrap().unwrap();
    assert_eq!((found.password, found.hash.as_deref()), (PasswordState::Own, hash));
    assert!(!format!("{found:?}").contains("argon2id"), "a hash is not for logs");
}

async fn conflicts_are_told_apart_and_spoil_nothing(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ada = technician(support, "Ada", "ada@example.com");
    ada.person.sso_id = Some("ada".to_owned());
    let mut tx = store.write().await.unwrap();
    tx.create_account(&permit(&tx), &ada).await.unwrap().unwrap();

    let mut check = async |new: NewAccount, expected| {
        assert_eq!(tx.create_account(&permit(&tx), &new).await.unwrap(), Err(expected));
    };
    check(technician(support, "Other", "ADA@example.com"), WriteConflict::EmailInUse).await;
    let mut same_sso = technician(support, "Other", "other@example.com");
    same_sso.person.sso_id = Some("ada".to_owned());
    check(same_sso.clone(), WriteConflict::SsoIdInUse).await;
    check(technician(GroupId(4711), "Other", "o@example.com"), WriteConflict::Gone).await;

    // Single sign-on IDs are exact.
    same_sso.person.sso_id = Some("Ada".to_owned());
    tx.create_account(&permit(&tx), &same_sso).await.unwrap().unwrap();
    commit(tx).await;
    let settings = store.read().await.unwrap().settings().await.unwrap();
    assert_eq!(settings.standard.used, 2, "a refused account takes no seat");
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts").await, 2);
}

async fn there_is_one_holder(place: &Place) {
    let store = &place.store;
    assert!(!store.read().await.unwrap().has_holder().await.unwrap());
    create(store, &holder("a@example.com")).await;
    assert!(store.read().await.unwrap().has_holder().await.unwrap());
    let mut tx = store.write().await.unwrap();
    let second = tx.create_account(&permit(&tx), &holder("b@example.com")).await.unwrap();
    assert_eq!(second, Err(WriteConflict::HolderExists));
    drop(tx);
    let mut tx = store.write().await.unwrap();
    let mut edit = crate::make::person("Holder", "a@example.com");
    edit.enabled = false;
    let holder = tx.credentials_by_email("a@example.com").await.unwrap().unwrap().id;
    assert!(tx.edit_account(&permit(&tx), holder, 1, &edit).await.is_err(), "nobody disables them");
}

async fn nobody_is_at_the_root(place: &Place) {
    let mut tx = place.store.write().await.unwrap();
    let at_root = technician(GroupId::ROOT, "Ada", "ada@example.com");
    assert!(tx.create_account(&permit(&tx), &at_root).await.is_err());
    let nowhere = NewAccount { group: None, ..at_root };
    assert!(tx.create_account(&permit(&tx), &nowhere).await.is_err());
}

async fn what_is_in_use_is_found(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ada = technician(support, "Ada", "ada@example.com");
    ada.person.sso_id = Some("it's \"ada\", 山".to_owned());
    let id = create(store, &ada).await;
    let boss = create(store, &holder("boss@example.com")).await;
    // Cyrillic о in the second place.
    let support = ada.group.unwrap();
    create(store, &technician(support, "Boss", "b\u{43e}ss@example.com")).await;

    let mut reader = store.read().await.unwrap();
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let asked = texts(&["ada@example.com", "boss@example.com", "new@example.com"]);
    let found = reader.emails_in_use(&asked).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found["ada@example.com"], (id, Role::Technician));
    assert_eq!(found["boss@example.com"], (boss, Role::Holder));

    let asked = texts(&["it's \"ada\", 山", "ada"]);
    let found = reader.sso_ids_in_use(&asked).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [("it's \"ada\", 山".to_owned(), id)]);

    // Cyrillic а in the first place.
    let lookalike = roster::email::skeleton("\u{430}da@example.com");
    let found = reader.skeletons_in_use(std::slice::from_ref(&lookalike)).await.unwrap();
    assert_eq!(found[&lookalike], "ada@example.com");
    let mut foreign = async |skeletons: &[String]| {
        reader.foreign_skeletons_in_use(skeletons).await.unwrap().into_values().collect::<Vec<_>>()
    };
    assert!(foreign(std::slice::from_ref(&lookalike)).await.is_empty(), "Ada’s is plain");
    let cyrillic = roster::email::skeleton("boss@example.com");
    assert_eq!(foreign(&[cyrillic, lookalike]).await, ["b\u{43e}ss@example.com"]);
    assert!(reader.emails_in_use(&[]).await.unwrap().is_empty());
}

async fn an_administrator_has_areas(place: &Place) {
    let store = &place.store;
    let (support, sales) = (group(store, "Support").await, group(store, "Sales").await);
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = store.write().await.unwrap();
    for area in [sales, support, sales] {
        tx.assign_administrator(&permit(&tx), id, area).await.unwrap();
    }
    commit(tx).await;
    assert_eq!(store.read().await.unwrap().areas(id).await.unwrap(), [support, sales]);
}
