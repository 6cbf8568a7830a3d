//! Sessions: found by their token, ended, removed.

use roster::account::{PasswordState, Role};
use roster::id::{AccountId, SessionId};
use store::NewSession;

use crate::make::{NOW, commit, create, group, permit, technician};
use crate::place::Place;

contract!(
    a_session_knows_its_account,
    a_person_sees_and_ends_their_own,
    the_last_use_only_goes_forward,
    dead_sessions_are_removed,
);

fn session(account: AccountId, token: &str) -> NewSession {
    NewSession {
        token_hash: token.to_owned(),
        account,
        created_at: NOW,
        address: "192.0.2.7".to_owned(),
        agent: "Browser".to_owned(),
        password_expired: false,
        two_step_due: false,
    }
}

async fn people(place: &Place) -> (AccountId, AccountId) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(&place.store, &technician(support, "Bob", "bob@example.com")).await;
    (ada, bob)
}

async fn a_session_knows_its_account(place: &Place) {
    let (ada, _) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let id = tx.create_session(&permit(&tx), &session(ada, "t1")).await.unwrap();
    commit(tx).await;
    let mut reader = place.store.read().await.unwrap();
    let live = reader.session("t1").await.unwrap().unwrap();
    assert_eq!((live.id, live.account, live.name.as_str()), (id, ada, "Ada"));
    assert_eq!((live.role, live.enabled), (Role::Technician, true));
    assert_eq!((live.created_at, live.last_seen_at), (NOW, NOW));
    assert_eq!(live.password, PasswordState::Default);
    assert!(reader.session("t2").await.unwrap().is_none());
}

async fn a_person_sees_and_ends_their_own(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let first = tx.create_session(&permit(&tx), &session(ada, "t1")).await.unwrap();
    let second = tx.create_session(&permit(&tx), &session(ada, "t2")).await.unwrap();
    tx.create_session(&permit(&tx), &session(ada, "t3")).await.unwrap();
    let others = tx.create_session(&permit(&tx), &session(bob, "t4")).await.unwrap();
    tx.touch_session(first, NOW.plus_seconds(9)).await.unwrap();
    let lines = tx.sessions_of(ada).await.unwrap();
    assert_eq!((lines.len(), lines[0].id), (3, first));
    assert_eq!((lines[0].address.as_str(), lines[0].agent.as_str()), ("192.0.2.7", "Browser"));
    assert!(!lines[0].current);

    assert!(tx.end_session(&permit(&tx), ada, first).await.unwrap());
    assert!(!tx.end_session(&permit(&tx), ada, first).await.unwrap());
    assert!(!tx.end_session(&permit(&tx), ada, others).await.unwrap(), "not theirs");
    assert_eq!(tx.end_sessions(&permit(&tx), ada, Some(second)).await.unwrap(), 1);
    assert_eq!(tx.end_sessions(&permit(&tx), ada, None).await.unwrap(), 1);
    assert!(tx.sessions_of(ada).await.unwrap().is_empty());
    assert_eq!(tx.sessions_of(bob).await.unwrap().len(), 1);
}

async fn the_last_use_only_goes_forward(place: &Place) {
    let (ada, _) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let id = tx.create_session(&permit(&tx), &session(ada, "t1")).await.unwrap();
    tx.touch_session(id, NOW.plus_seconds(60)).await.unwrap();
    tx.touch_session(id, NOW.plus_seconds(30)).await.unwrap();
    tx.touch_session(SessionId(9999), NOW).await.unwrap();
    let live = tx.session("t1").await.unwrap().unwrap();
    assert_eq!(live.last_seen_at, NOW.plus_seconds(60));
}

async fn dead_sessions_are_removed(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let idle = tx.create_session(&permit(&tx), &session(ada, "idle")).await.unwrap();
    let mut young = session(bob, "young");
    young.created_at = NOW.plus_seconds(100);
    tx.create_session(&permit(&tx), &young).await.unwrap();
    tx.touch_session(idle, NOW.plus_seconds(50)).await.unwrap();
    let at = |seconds| NOW.plus_seconds(seconds);
    assert_eq!(tx.remove_dead_sessions(at(0), at(50)).await.unwrap(), 0);
    assert_eq!(tx.remove_dead_sessions(at(0), at(51)).await.unwrap(), 1);
    assert_eq!(tx.remove_dead_sessions(at(101), at(0)).await.unwrap(), 1);
}
