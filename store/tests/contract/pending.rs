//! What is asked once and answered later.

use roster::id::{AccountId, SessionId, Timestamp};
use roster::session::MOST_SESSIONS;
use store::{Pending, PendingKind};

use crate::make::{NOW, create, group, permit, session, technician};
use crate::place::Place;

contract!(
    it_is_taken_once,
    what_expired_is_worth_nothing,
    the_first_to_expire_make_room,
    it_ends_with_its_session,
    what_was_answered_is_answered_once,
);

fn asked(account: AccountId, session: Option<SessionId>, expires_at: Timestamp) -> Pending {
    Pending { account, session, state: "{}".to_owned(), expires_at }
}

async fn ada(place: &Place) -> AccountId {
    let support = group(&place.store, "Support").await;
    create(&place.store, &technician(support, "Ada", "ada@example.com")).await
}

async fn it_is_taken_once(place: &Place) {
    let ada = ada(place).await;
    let new = asked(ada, None, NOW.plus_seconds(60));
    let kind = PendingKind::Passkey;
    let mut tx = place.store.write().await.unwrap();
    tx.keep_pending(kind, "one", &new, 9).await.unwrap();
    assert!(tx.pending(kind, "one", NOW).await.unwrap() == Some(new.clone()), "it goes on waiting");
    let another = tx.take_pending(PendingKind::SignIn, "one", NOW).await.unwrap();
    assert!(another.is_none(), "another kind");
    assert!(tx.take_pending(kind, "one", NOW).await.unwrap() == Some(new));
    assert!(tx.take_pending(kind, "one", NOW).await.unwrap().is_none());
    assert!(tx.pending(kind, "one", NOW).await.unwrap().is_none());
}

async fn what_expired_is_worth_nothing(place: &Place) {
    let ada = ada(place).await;
    let kind = PendingKind::SignIn;
    let mut tx = place.store.write().await.unwrap();
    tx.keep_pending(kind, "old", &asked(ada, None, NOW), 9).await.unwrap();
    tx.keep_pending(kind, "new", &asked(ada, None, NOW.plus_seconds(1)), 9).await.unwrap();
    assert!(tx.pending(kind, "old", NOW).await.unwrap().is_none());
    assert!(tx.take_pending(kind, "old", NOW).await.unwrap().is_none());
    assert_eq!(tx.remove_expired_pending(NOW).await.unwrap(), 1);
    assert!(tx.take_pending(kind, "new", NOW).await.unwrap().is_some());
}

async fn the_first_to_expire_make_room(place: &Place) {
    let ada = ada(place).await;
    let mut tx = place.store.write().await.unwrap();
    let kinds = [PendingKind::SignIn, PendingKind::AppOffer];
    for kind in kinds {
        for (seconds, token) in [(1, "a"), (2, "b"), (3, "c")] {
            let new = asked(ada, None, NOW.plus_seconds(seconds));
            tx.keep_pending(kind, &format!("{token} {kind:?}"), &new, 2).await.unwrap();
        }
    }
    for kind in kinds {
        for (token, waits) in [("a", false), ("b", true), ("c", true)] {
            let found = tx.pending(kind, &format!("{token} {kind:?}"), NOW).await.unwrap();
            assert_eq!(found.is_some(), waits, "{token} {kind:?}");
        }
    }
}

async fn it_ends_with_its_session(place: &Place) {
    let ada = ada(place).await;
    let kind = PendingKind::AppOffer;
    let mut tx = place.store.write().await.unwrap();
    let mut ids = Vec::new();
    for token in ["t1", "t2"] {
        let new = session(ada, token);
        let (id, _) = tx.create_session(&permit(&tx), &new, MOST_SESSIONS).await.unwrap();
        let new = asked(ada, Some(id), NOW.plus_seconds(60));
        tx.keep_pending(kind, token, &new, 9).await.unwrap();
        ids.push(id);
    }
    assert!(tx.pending_of_session(kind, ids[0], NOW).await.unwrap().is_some());
    tx.end_session(&permit(&tx), ada, ids[0]).await.unwrap();
    assert!(tx.pending_of_session(kind, ids[0], NOW).await.unwrap().is_none());
    assert!(tx.pending_of_session(kind, ids[1], NOW).await.unwrap().is_some());
}

async fn what_was_answered_is_answered_once(place: &Place) {
    let until = NOW.plus_seconds(60);
    let answer = async || {
        let mut tx = place.store.write().await.unwrap();
        let first = tx.keep_answered("question", until).await.unwrap();
        tx.commit_bookkeeping().await.unwrap();
        first
    };
    // As by several servers at once.
    let firsts = tokio::join!(answer(), answer(), answer());
    let firsts = [firsts.0, firsts.1, firsts.2].into_iter().filter(|first| *first).count();
    assert_eq!(firsts, 1);
    assert!(!answer().await);
    let mut tx = place.store.write().await.unwrap();
    let none = tx.take_pending(PendingKind::Passkey, "question", NOW).await.unwrap();
    assert!(none.is_none(), "it waits for nothing");
    assert_eq!(tx.remove_expired_pending(until).await.unwrap(), 1);
}
