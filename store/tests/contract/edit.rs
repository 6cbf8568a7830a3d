//! Changes of one account: what follows, and what stands in the way.

use roster::account::PasswordState;
use roster::id::AccountId;
use roster::session::MOST_SESSIONS;
use store::WriteConflict;

use crate::make::{NOW, commit, create, group, permit, person, session, set_seats, technician};
use crate::place::Place;

contract!(
    an_edit_changes_the_fields_and_the_version,
    an_edit_that_conflicts_changes_nothing,
    an_edit_of_another_version_is_stale,
    disabling_ends_sessions_and_frees_seats,
    enabling_needs_seats,
);

async fn an_edit_changes_the_fields_and_the_version(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let mut new = person("Grace", "grace@example.com");
    new.nickname = "G".to_owned();
    new.sso_id = Some("grace".to_owned());
    new.description = "…".to_owned();
    let mut tx = store.write().await.unwrap();
    tx.edit_account(&permit(&tx), id, 1, &new).await.unwrap().unwrap();
    commit(tx).await;

    let mut reader = store.read().await.unwrap();
    let account = reader.account(id).await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.nickname.as_str()), ("Grace", "G"));
    assert_eq!(
        (account.email.as_str(), account.sso_id.as_deref()),
        ("grace@example.com", Some("grace"))
    );
    assert_eq!((account.version, account.password), (2, PasswordState::Default));
    let found =
        reader.technicians(support, "GRACE@", NOW, crate::make::window(0, 9)).await.unwrap();
    assert_eq!(found.total, 1);
    assert!(reader.credentials_by_email("ada@example.com").await.unwrap().is_none());
}

async fn an_edit_that_conflicts_changes_nothing(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ada = technician(support, "Ada", "ada@example.com");
    ada.person.sso_id = Some("ada".to_owned());
    create(store, &ada).await;
    let mut bob = technician(support, "Bob", "bob@example.com");
    bob.person.enabled = false;
    let id = create(store, &bob).await;
    let mut tx = store.write().await.unwrap();
    let mut check = async |email: &str, sso_id: Option<&str>, expected| {
        let mut wish = person("Bob", email);
        wish.sso_id = sso_id.map(str::to_owned);
        assert_eq!(tx.edit_account(&permit(&tx), id, 1, &wish).await.unwrap(), Err(expected));
    };
    check("ada@EXAMPLE.com", None, WriteConflict::EmailInUse).await;
    check("bob@example.com", Some("ada"), WriteConflict::SsoIdInUse).await;
    // What remains of it is in order: the seat that enabling took was given back.
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let account = reader.account(id).await.unwrap().unwrap();
    assert_eq!(
        (account.email.as_str(), account.enabled, account.version),
        ("bob@example.com", false, 1)
    );
    assert_eq!(reader.settings().await.unwrap().standard.used, 1);
}

async fn an_edit_of_another_version_is_stale(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = store.write().await.unwrap();
    let wish = person("Ada", "ada@example.com");
    tx.edit_account(&permit(&tx), id, 1, &wish).await.unwrap().unwrap();
    let again = tx.edit_account(&permit(&tx), id, 1, &wish).await.unwrap();
    assert_eq!(again, Err(WriteConflict::Stale));
    let gone = tx.edit_account(&permit(&tx), AccountId(9999), 1, &wish).await.unwrap();
    assert_eq!(gone, Err(WriteConflict::Gone));
}

async fn disabling_ends_sessions_and_frees_seats(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let session = session(id, &"aa".repeat(32));
    let mut tx = store.write().await.unwrap();
    tx.create_session(&permit(&tx), &session, MOST_SESSIONS).await.unwrap();
    commit(tx).await;

    let mut off = person("Ada", "ada@example.com");
    off.enabled = false;
    let mut tx = store.write().await.unwrap();
    tx.edit_account(&permit(&tx), id, 1, &off).await.unwrap().unwrap();
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    assert!(reader.session(&session.token_hash).await.unwrap().is_none());
    assert_eq!(reader.settings().await.unwrap().standard.used, 0);
}

async fn enabling_needs_seats(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut off = technician(support, "Ada", "ada@example.com");
    off.person.enabled = false;
    let id = create(store, &off).await;
    let mut on = person("Ada", "ada@example.com");
    on.mobile_license = true;
    let check = async |standard, mobile, expected| {
        set_seats(store, standard, mobile).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.edit_account(&permit(&tx), id, 1, &on).await.unwrap(), expected);
    };
    check(Some(0), Some(1), Err(WriteConflict::NoStandardSeat)).await;
    check(Some(1), Some(0), Err(WriteConflict::NoMobileSeat)).await;
    check(Some(0), Some(0), Err(WriteConflict::NoStandardSeat)).await;
    check(Some(1), Some(1), Ok(())).await;
    check(None, None, Ok(())).await;
}
