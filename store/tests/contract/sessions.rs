//! Sessions: found by their token, ended, removed.

use roster::account::{PasswordState, Role};
use roster::id::{AccountId, SessionId};
use roster::session::{MOST_SESSIONS, Method, SecondStep};
use roster::two_step::GroupDuty;
use store::NewSession;

use crate::make::{NOW, commit, create, group, permit, session, technician};
use crate::place::Place;

contract!(
    a_session_knows_its_account,
    a_person_sees_and_ends_their_own,
    the_last_use_only_goes_forward,
    dead_sessions_are_removed,
    the_oldest_session_makes_room,
    it_is_kept_how_a_session_began,
    a_group_above_asks_for_two_step_verification,
);

async fn people(place: &Place) -> (AccountId, AccountId) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(&place.store, &technician(support, "Bob", "bob@example.com")).await;
    (ada, bob)
}

async fn a_session_knows_its_account(place: &Place) {
    let (ada, _) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let (id, _) =
        tx.create_session(&permit(&tx), &session(ada, "t1"), MOST_SESSIONS).await.unwrap();
    commit(tx).await;
    let mut reader = place.store.read().await.unwrap();
    let live = reader.session("t1").await.unwrap().unwrap();
    assert_eq!((live.id, live.account, live.name.as_str()), (id, ada, "Ada"));
    assert_eq!(live.role, Role::Technician);
    assert_eq!((live.created_at, live.last_seen_at), (NOW, NOW));
    assert_eq!(live.password, PasswordState::Default);
    assert!(reader.session("t2").await.unwrap().is_none());
}

async fn a_person_sees_and_ends_their_own(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let (first, _) =
        tx.create_session(&permit(&tx), &session(ada, "t1"), MOST_SESSIONS).await.unwrap();
    let (second, _) =
        tx.create_session(&permit(&tx), &session(ada, "t2"), MOST_SESSIONS).await.unwrap();
    tx.create_session(&permit(&tx), &session(ada, "t3"), MOST_SESSIONS).await.unwrap();
    let (others, _) =
        tx.create_session(&permit(&tx), &session(bob, "t4"), MOST_SESSIONS).await.unwrap();
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
    let (id, _) =
        tx.create_session(&permit(&tx), &session(ada, "t1"), MOST_SESSIONS).await.unwrap();
    tx.touch_session(id, NOW.plus_seconds(60)).await.unwrap();
    tx.touch_session(id, NOW.plus_seconds(30)).await.unwrap();
    tx.touch_session(SessionId(9999), NOW).await.unwrap();
    let live = tx.session("t1").await.unwrap().unwrap();
    assert_eq!(live.last_seen_at, NOW.plus_seconds(60));
}

async fn dead_sessions_are_removed(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let (idle, _) =
        tx.create_session(&permit(&tx), &session(ada, "idle"), MOST_SESSIONS).await.unwrap();
    let mut young = session(bob, "young");
    young.created_at = NOW.plus_seconds(100);
    tx.create_session(&permit(&tx), &young, MOST_SESSIONS).await.unwrap();
    tx.touch_session(idle, NOW.plus_seconds(50)).await.unwrap();
    let at = |seconds| NOW.plus_seconds(seconds);
    assert_eq!(tx.remove_dead_sessions(at(0), at(50)).await.unwrap(), 0);
    assert_eq!(tx.remove_dead_sessions(at(0), at(51)).await.unwrap(), 1);
    assert_eq!(tx.remove_dead_sessions(at(101), at(0)).await.unwrap(), 1);
}

async fn the_oldest_session_makes_room(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    tx.create_session(&permit(&tx), &session(bob, "bob"), 2).await.unwrap();
    for (token, ended) in [("t1", 0), ("t2", 0), ("t3", 1)] {
        let (_, found) = tx.create_session(&permit(&tx), &session(ada, token), 2).await.unwrap();
        assert_eq!(found, ended, "{token}");
    }
    for (token, lives) in [("t1", false), ("t2", true), ("t3", true), ("bob", true)] {
        assert_eq!(tx.session(token).await.unwrap().is_some(), lives, "{token}");
    }
}

async fn it_is_kept_how_a_session_began(place: &Place) {
    let (ada, bob) = people(place).await;
    let mut tx = place.store.write().await.unwrap();
    let new = NewSession {
        second_step: Some(SecondStep::RecoveryCode),
        authenticated_at: NOW.plus_seconds(7),
        password_due: true,
        ..session(ada, "t1")
    };
    let (id, _) = tx.create_session(&permit(&tx), &new, MOST_SESSIONS).await.unwrap();
    let facts = tx.session_facts(ada, id).await.unwrap().unwrap();
    assert_eq!((facts.method, facts.second_step), (Method::Password, new.second_step));
    assert_eq!((facts.created_at, facts.authenticated_at), (NOW, NOW.plus_seconds(7)));
    assert!(facts.password_due && !facts.two_step_due);
    assert_eq!(tx.sessions_of(ada).await.unwrap()[0].second_step, new.second_step);
    assert_eq!(tx.session_facts(bob, id).await.unwrap(), None, "not theirs");
}

async fn a_group_above_asks_for_two_step_verification(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let below = crate::make::group_below(store, support, "Below").await;
    let beside = group(store, "Beside").await;
    let ada = create(store, &technician(below, "Ada", "ada@example.com")).await;
    let mut tx = store.write().await.unwrap();
    tx.create_session(&permit(&tx), &session(ada, "t1"), MOST_SESSIONS).await.unwrap();
    for (asking, asks, expected) in
        [(beside, true, false), (support, true, true), (support, false, false)]
    {
        let duty = GroupDuty { asks, by_master: false };
        tx.set_group_two_step(&permit(&tx), asking, duty).await.unwrap();
        assert_eq!(tx.session("t1").await.unwrap().unwrap().group_asks, expected);
    }
    assert!(!tx.session("t1").await.unwrap().unwrap().has_second_factor);
    let app = store::TwoStep { secret: "00".to_owned(), since: NOW, last_step: 0 };
    let id = tx.session("t1").await.unwrap().unwrap().id;
    assert!(tx.begin_two_step(&permit(&tx), ada, &app, id).await.unwrap());
    assert!(!tx.begin_two_step(&permit(&tx), ada, &app, id).await.unwrap(), "there is one");
    assert!(tx.session("t1").await.unwrap().unwrap().has_second_factor);
}
