//! Passkeys: added, used, removed.

use roster::id::{AccountId, PasskeyId, SessionId, Timestamp};
use store::NewPasskey;

use crate::make::{NOW, commit, create, group, permit, technician};
use crate::place::Place;

contract!(
    a_passkey_belongs_to_one_account,
    passkeys_are_used_and_removed,
    passkeys_go_with_their_account,
);

fn passkey(account: AccountId, credential_id: &str) -> NewPasskey {
    NewPasskey {
        account,
        credential_id: credential_id.to_owned(),
        user_handle: "67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned(),
        name: "Téléphone".to_owned(),
        credential: "{}".to_owned(),
        created_at: NOW,
    }
}

async fn two(place: &Place) -> (AccountId, AccountId) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(&place.store, &technician(support, "Bob", "bob@example.com")).await;
    (ada, bob)
}

async fn a_passkey_belongs_to_one_account(place: &Place) {
    let (ada, bob) = two(place).await;
    let mut tx = place.store.write().await.unwrap();
    assert!(tx.add_passkey(&permit(&tx), &passkey(ada, "aa"), SessionId(0)).await.unwrap());
    assert!(!tx.add_passkey(&permit(&tx), &passkey(bob, "aa"), SessionId(0)).await.unwrap());
    assert!(tx.add_passkey(&permit(&tx), &passkey(ada, "bb"), SessionId(0)).await.unwrap());
    commit(tx).await;
    let mut reader = place.store.read().await.unwrap();
    let kept = reader.passkeys(ada).await.unwrap();
    let ids: Vec<&str> = kept.iter().map(|it| it.credential_id.as_str()).collect();
    assert_eq!(ids, ["aa", "bb"]);
    assert_eq!((kept[0].name.as_str(), kept[0].last_used_at), ("Téléphone", None));
    assert!(reader.has_passkeys(ada).await.unwrap() && !reader.has_passkeys(bob).await.unwrap());
}

async fn passkeys_are_used_and_removed(place: &Place) {
    let (ada, bob) = two(place).await;
    let mut tx = place.store.write().await.unwrap();
    tx.add_passkey(&permit(&tx), &passkey(ada, "aa"), SessionId(0)).await.unwrap();
    let found = tx.lock_passkey("aa").await.unwrap().unwrap();
    assert_eq!(found.account, ada);
    assert_eq!(tx.lock_passkey("cc").await.unwrap(), None);
    tx.use_passkey(found.id, r#"{"n":1}"#, Timestamp(5)).await.unwrap();
    let used = tx.lock_passkey("aa").await.unwrap().unwrap();
    assert_eq!((used.credential.as_str(), used.last_used_at), (r#"{"n":1}"#, Some(Timestamp(5))));
    assert!(!tx.remove_passkey(&permit(&tx), bob, found.id, SessionId(0)).await.unwrap());
    assert!(!tx.remove_passkey(&permit(&tx), ada, PasskeyId(0), SessionId(0)).await.unwrap());
    assert!(tx.remove_passkey(&permit(&tx), ada, found.id, SessionId(0)).await.unwrap());
    assert!(!tx.remove_passkeys(&permit(&tx), ada).await.unwrap());
    commit(tx).await;
}

async fn passkeys_go_with_their_account(place: &Place) {
    let (ada, _) = two(place).await;
    let mut tx = place.store.write().await.unwrap();
    tx.add_passkey(&permit(&tx), &passkey(ada, "aa"), SessionId(0)).await.unwrap();
    let people = tx.lock_accounts(&[ada]).await.unwrap().into_values().collect::<Vec<_>>();
    tx.remove_people(&permit(&tx), &people).await.unwrap();
    assert_eq!(tx.lock_passkey("aa").await.unwrap(), None);
    commit(tx).await;
}
