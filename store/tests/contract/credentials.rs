//! Whatever changes a password, an email, a Single Sign-On ID, a second factor, a role or a status ends
//! what began before.

use std::ops::AsyncFnOnce;

use roster::account::{PasswordState, Role};
use roster::id::{AccountId, SessionId};
use roster::session::MOST_SESSIONS;
use store::{
    DefaultPasswordEdit, NewPasskey, Pending, PendingKind, PersonEdit, SettingsEdit, StoredPerson,
    Transaction, TwoStep,
};

use crate::make::{NOW, commit, create, group, permit, person, session, technician};
use crate::place::Place;

contract!(
    a_password_ends_what_began_before,
    an_edited_email_or_status_ends_what_began_before,
    another_single_sign_on_id_ends_what_began_before,
    many_who_are_edited_lose_what_began_before,
    a_role_ends_what_began_before,
    a_second_factor_ends_what_began_before,
    another_default_password_ends_what_began_with_the_one_before,
    a_name_ends_nothing,
);

/// With two sessions, a sign-in that waits and an app that was offered.
struct Somebody {
    id: AccountId,
    own: SessionId,
}

async fn somebody(place: &Place) -> Somebody {
    let support = group(&place.store, "Support").await;
    let id = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = place.store.write().await.unwrap();
    let mut own = SessionId(0);
    for token in ["other", "own"] {
        let new = session(id, token);
        own = tx.create_session(&permit(&tx), &new, MOST_SESSIONS).await.unwrap().0;
    }
    let waits = |session| Pending {
        account: id,
        session,
        state: "{}".to_owned(),
        expires_at: NOW.plus_seconds(600),
    };
    tx.keep_pending(PendingKind::SignIn, "waits", &waits(None), 9).await.unwrap();
    tx.keep_pending(PendingKind::AppOffer, "offer", &waits(Some(own)), 9).await.unwrap();
    commit(tx).await;
    Somebody { id, own }
}

/// Of what began before: the other session, the own one, what is pending.
async fn left(tx: &mut Transaction) -> [bool; 3] {
    let waits = tx.pending(PendingKind::SignIn, "waits", NOW).await.unwrap().is_some();
    let offer = tx.pending(PendingKind::AppOffer, "offer", NOW).await.unwrap().is_some();
    assert_eq!(waits, offer);
    let mut lives = async |token| tx.session(token).await.unwrap().is_some();
    [lives("other").await, lives("own").await, waits]
}

/// What is left after a change, which is then forgotten.
async fn after(
    place: &Place,
    expected: [bool; 3],
    what: &str,
    change: impl AsyncFnOnce(&mut Transaction),
) {
    let mut tx = place.store.write().await.unwrap();
    change(&mut tx).await;
    assert_eq!(left(&mut tx).await, expected, "{what}");
}

const NOTHING: [bool; 3] = [false, false, false];
const OWN: [bool; 3] = [false, true, false];
const ALL: [bool; 3] = [true, true, true];

async fn a_password_ends_what_began_before(place: &Place) {
    let Somebody { id, own } = somebody(place).await;
    for (state, hash, keep, expected) in [
        (PasswordState::Own, Some("$hash"), Some(own), OWN),
        (PasswordState::Temporary, Some("$hash"), None, NOTHING),
        (PasswordState::Default, None, None, NOTHING),
    ] {
        after(place, expected, state.as_str(), async |tx| {
            let ended = tx.set_password(&permit(tx), id, state, hash, NOW, keep).await.unwrap();
            assert_eq!(ended, if keep.is_some() { 1 } else { 2 });
        })
        .await;
    }
}

async fn an_edited_email_or_status_ends_what_began_before(place: &Place) {
    let Somebody { id, own } = somebody(place).await;
    let email = person("Ada", "other@example.com");
    let mut disabled = person("Ada", "ada@example.com");
    disabled.enabled = false;
    let mut sso_id = person("Ada", "ada@example.com");
    sso_id.sso_id = Some("a.one".to_owned());
    for edit in [&email, &disabled, &sso_id] {
        after(place, NOTHING, "edited", async |tx| {
            tx.edit_account(&permit(tx), id, 1, edit).await.unwrap().unwrap();
        })
        .await;
    }
    after(place, OWN, "the own email", async |tx| {
        tx.set_email(&permit(tx), id, &email, Some(own)).await.unwrap().unwrap();
    })
    .await;
}

/// One is given, another takes its place, it is taken away; the same one ends nothing.
async fn another_single_sign_on_id_ends_what_began_before(place: &Place) {
    let Somebody { id, .. } = somebody(place).await;
    let with = |sso_id: Option<&str>| {
        let sso_id = sso_id.map(str::to_owned);
        roster::fields::Person { sso_id, ..person("Ada", "ada@example.com") }
    };
    let mut tx = place.store.write().await.unwrap();
    tx.edit_account(&permit(&tx), id, 1, &with(Some("a.one"))).await.unwrap().unwrap();
    for token in ["other", "own"] {
        let new = session(id, token);
        tx.create_session(&permit(&tx), &new, MOST_SESSIONS).await.unwrap();
    }
    for token in ["waits", "offer"] {
        let state = "{}".to_owned();
        let waits =
            Pending { account: id, session: None, state, expires_at: NOW.plus_seconds(600) };
        let kind = if token == "waits" { PendingKind::SignIn } else { PendingKind::AppOffer };
        tx.keep_pending(kind, token, &waits, 9).await.unwrap();
    }
    commit(tx).await;
    for (sso_id, left) in
        [(Some("a.two"), NOTHING), (Some("A.one"), NOTHING), (None, NOTHING), (Some("a.one"), ALL)]
    {
        after(place, left, "edited", async |tx| {
            tx.edit_account(&permit(tx), id, 2, &with(sso_id)).await.unwrap().unwrap();
        })
        .await;
        after(place, left, "among many", async |tx| {
            let mut edit = edit(tx, id, |edit| edit.person.name = "Another".to_owned()).await;
            edit.person.sso_id = sso_id.map(str::to_owned);
            tx.update_people(&permit(tx), &[edit]).await.unwrap()[0].unwrap();
        })
        .await;
    }
}

async fn edit(tx: &mut Transaction, id: AccountId, change: fn(&mut PersonEdit)) -> PersonEdit {
    let before: StoredPerson = tx.lock_accounts(&[id]).await.unwrap().remove(&id).unwrap();
    let (person, group) = (before.person.clone(), before.group);
    let mut edit = PersonEdit { before, person, group };
    change(&mut edit);
    edit
}

async fn many_who_are_edited_lose_what_began_before(place: &Place) {
    let Somebody { id, .. } = somebody(place).await;
    let changes: [fn(&mut PersonEdit); 2] = [
        |edit| edit.person.enabled = false,
        |edit| edit.person.email = person("Ada", "other@example.com").email,
    ];
    for change in changes {
        after(place, NOTHING, "among many", async |tx| {
            let edit = edit(tx, id, change).await;
            tx.update_people(&permit(tx), &[edit]).await.unwrap()[0].unwrap();
        })
        .await;
    }
    after(place, NOTHING, "removed", async |tx| {
        let before = edit(tx, id, |_| ()).await.before;
        tx.remove_people(&permit(tx), &[before]).await.unwrap();
    })
    .await;
}

async fn a_role_ends_what_began_before(place: &Place) {
    let Somebody { id, .. } = somebody(place).await;
    after(place, NOTHING, "promoted", async |tx| {
        tx.set_role(&permit(tx), id, 1, Role::Master, None).await.unwrap().unwrap();
    })
    .await;
}

async fn a_second_factor_ends_what_began_before(place: &Place) {
    let Somebody { id, own } = somebody(place).await;
    let app = TwoStep { secret: "00".to_owned(), since: NOW, last_step: 0 };
    after(place, OWN, "an app", async |tx| {
        assert!(tx.begin_two_step(&permit(tx), id, &app, own).await.unwrap());
    })
    .await;
    after(place, OWN, "codes", async |tx| {
        tx.set_recovery_codes(&permit(tx), id, &["x".to_owned()], own).await.unwrap();
    })
    .await;
    after(place, OWN, "no app", async |tx| {
        tx.end_two_step(&permit(tx), id, Some(own)).await.unwrap();
    })
    .await;
    let passkey = NewPasskey {
        account: id,
        credential_id: "aa".to_owned(),
        user_handle: "67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned(),
        name: "Key".to_owned(),
        credential: "{}".to_owned(),
        created_at: NOW,
    };
    after(place, OWN, "a passkey", async |tx| {
        assert!(tx.add_passkey(&permit(tx), &passkey, own).await.unwrap());
    })
    .await;
    after(place, OWN, "no passkey", async |tx| {
        assert!(tx.add_passkey(&permit(tx), &passkey, own).await.unwrap());
        tx.set_recovery_codes(&permit(tx), id, &["x".to_owned()], own).await.unwrap();
        let kept = tx.passkeys(id).await.unwrap();
        assert!(tx.remove_passkey(&permit(tx), id, kept[0].id, own).await.unwrap());
        assert_eq!(tx.recovery_codes(id).await.unwrap(), 0, "they go with the last factor");
    })
    .await;
    after(place, NOTHING, "reset", async |tx| {
        tx.remove_passkeys(&permit(tx), id).await.unwrap();
    })
    .await;
}

async fn another_default_password_ends_what_began_with_the_one_before(place: &Place) {
    somebody(place).await;
    let with = async |tx: &mut Transaction, default_password| {
        let now = tx.settings().await.unwrap();
        let edit = SettingsEdit {
            organization: now.organization,
            strength: now.strength,
            standard_seats: None,
            mobile_seats: None,
            default_password_days: 14,
            default_password,
            policies: now.policies,
            two_step: now.two_step,
        };
        tx.change_settings(&permit(tx), now.version, &edit).await.unwrap().unwrap();
    };
    let set = DefaultPasswordEdit::Set { hash: "$hash".to_owned(), at: NOW };
    after(place, NOTHING, "set", async |tx| with(tx, set).await).await;
    after(place, ALL, "kept", async |tx| with(tx, DefaultPasswordEdit::Keep).await).await;
}

async fn a_name_ends_nothing(place: &Place) {
    let Somebody { id, .. } = somebody(place).await;
    after(place, ALL, "edited", async |tx| {
        let edit = person("Another", "ADA@example.com");
        tx.edit_account(&permit(tx), id, 1, &edit).await.unwrap().unwrap();
    })
    .await;
    after(place, ALL, "among many", async |tx| {
        let edit = edit(tx, id, |edit| edit.person.name = "Another".to_owned()).await;
        tx.update_people(&permit(tx), &[edit]).await.unwrap()[0].unwrap();
    })
    .await;
}
