//! What Password Policies remember and count.

use roster::account::PasswordState;
use roster::id::AccountId;
use roster::session::Limits;
use roster::session::MOST_SESSIONS;
use store::NewSession;

use crate::make::{NOW, commit, create, group, permit, session, technician};
use crate::place::Place;

contract!(
    chosen_passwords_are_remembered,
    a_password_too_old_is_due_until_another,
    who_is_concerned
);

async fn ada(place: &Place) -> AccountId {
    let support = group(&place.store, "Support").await;
    create(&place.store, &technician(support, "Ada", "ada@example.com")).await
}

async fn chosen_passwords_are_remembered(place: &Place) {
    let ada = ada(place).await;
    let mut tx = place.store.write().await.unwrap();
    for n in 0..30 {
        let hash = format!("$hash{n}");
        tx.set_password(&permit(&tx), ada, PasswordState::Own, Some(&hash), NOW, None)
            .await
            .unwrap();
    }
    tx.set_password(&permit(&tx), ada, PasswordState::Temporary, Some("$given"), NOW, None)
        .await
        .unwrap();
    assert_eq!(tx.chosen_passwords(ada, 2).await.unwrap(), ["$hash29", "$hash28"]);
    assert_eq!(tx.chosen_passwords(ada, 99).await.unwrap().len(), 24);
    let kept = tx.credentials(ada).await.unwrap().unwrap();
    tx.rehash_password(&permit(&tx), ada, "$other", "$new").await.unwrap();
    assert_eq!(tx.credentials(ada).await.unwrap().unwrap(), kept);
    tx.rehash_password(&permit(&tx), ada, "$given", "$new").await.unwrap();
    let now = tx.credentials(ada).await.unwrap().unwrap();
    assert_eq!((now.hash.as_deref(), now.chosen_at), (Some("$new"), kept.chosen_at));
    commit(tx).await;
}

async fn a_password_too_old_is_due_until_another(place: &Place) {
    let ada = ada(place).await;
    let mut tx = place.store.write().await.unwrap();
    tx.set_password(&permit(&tx), ada, PasswordState::Own, Some("$old"), NOW, None).await.unwrap();
    let session =
        NewSession { created_at: NOW.plus_days(90), password_due: true, ..session(ada, "t") };
    tx.create_session(&permit(&tx), &session, MOST_SESSIONS).await.unwrap();
    assert!(tx.session("t").await.unwrap().unwrap().password_due);
    let later = NOW.plus_days(90).plus_seconds(60);
    let (live, keep) = (Some("$new"), tx.session("t").await.unwrap().unwrap().id);
    tx.set_password(&permit(&tx), ada, PasswordState::Own, live, later, Some(keep)).await.unwrap();
    tx.renew_session(&permit(&tx), ada, keep, "another").await.unwrap();
    assert!(tx.session("t").await.unwrap().is_none(), "its token is another");
    assert!(!tx.session("another").await.unwrap().unwrap().password_due);
    commit(tx).await;
}

async fn who_is_concerned(place: &Place) {
    let ada = ada(place).await;
    let mut tx = place.store.write().await.unwrap();
    assert_eq!(tx.accounts_with_default_password().await.unwrap(), 1);
    tx.set_password(&permit(&tx), ada, PasswordState::Own, Some("$own"), NOW, None).await.unwrap();
    assert_eq!(tx.accounts_with_default_password().await.unwrap(), 0);
    assert_eq!(tx.passwords_chosen_until(NOW).await.unwrap(), 1);
    assert_eq!(tx.passwords_chosen_until(NOW.plus_seconds(-1)).await.unwrap(), 0);
    let session = session(ada, "t");
    tx.create_session(&permit(&tx), &session, MOST_SESSIONS).await.unwrap();
    let living = async |tx: &mut store::Transaction, idle_minutes, hours, after| {
        let limits = Limits { idle_minutes, hours };
        tx.living_sessions(limits, NOW.plus_seconds(after)).await.unwrap()
    };
    assert_eq!(living(&mut tx, 60, 12, 3599).await, 1);
    assert_eq!(living(&mut tx, 60, 12, 3600).await, 0);
    assert_eq!(living(&mut tx, 600, 1, 3600).await, 0);
    commit(tx).await;
}
