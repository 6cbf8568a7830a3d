//! What a session is worth: how it begins, what ends it, what it must not do by itself.

use operations::{
    Error, Result, administrators, own_account, passkeys, session, technicians, two_step,
};
use roster::account::Role;
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::{AccountId, PasskeyId};
use roster::many::{Change, Selection, Step};
use roster::own::{Again, Asked};
use roster::passkey::PublicAddress;
use roster::secret::Secret;
use roster::session::MOST_SESSIONS;
use roster::two_step::Required;

use crate::database::Database;
use crate::two_step::{enter, require, set_up, set_up_in_session};
use crate::world::{PASSWORD, World, anonymous, draft};

on_both!(
    a_session_is_not_the_account,
    wrong_guesses_in_a_session_are_counted,
    the_right_password_clears_no_guesses_of_a_code,
    an_app_renews_the_token_of_its_session,
    a_new_password_comes_with_a_new_token,
    a_sign_in_replaces_the_session_whose_cookie_it_takes,
    ones_own_single_sign_on_id_ends_the_other_sessions,
    the_oldest_of_many_sessions_ends,
    a_change_by_another_ends_everything_before_it,
    only_what_a_fresh_sign_in_demands_asks_for_nothing,
    a_duty_reaches_sessions_that_live,
    a_right_password_that_no_code_follows_is_no_failure,
    signing_out_ends_what_is_pending_in_the_session,
);

const TESS: &str = "tess@example.com";
const NEW: &str = "Hs5;vTyBn9";

fn id(caller: &Caller) -> AccountId {
    caller.person().unwrap().account
}

fn about<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Fault(Fault::Invalid { problems })) => problems[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

/// What each change of one's own credentials asks again: with a session alone none works.
async fn a_session_is_not_the_account(database: &Database) {
    let mut world = World::on(database).await;
    world.operations = world.operations.at(PublicAddress::loopback());
    let operations = &world.operations;
    let nothing = Again::default();
    let all = async |caller: &Caller| {
        let new = Secret::new(NEW);
        [
            about(own_account::change_password(operations, caller, &nothing, &new).await),
            about(own_account::change_email(operations, caller, &nothing, "x@example.com").await),
            about(two_step::offer(operations, caller, &nothing).await),
            about(two_step::renew_codes(operations, caller, &nothing).await),
            about(two_step::end(operations, caller, &nothing).await),
            about(passkeys::begin_adding(operations, caller, "Key", &nothing).await),
            about(passkeys::remove(operations, caller, PasskeyId(0), &nothing).await),
        ]
    };
    let mara = world.sign_in("mara@example.com").await;
    assert_eq!(all(&mara).await, ["currentPassword"; 7], "however fresh it is");
    let (app, _) = set_up(&world, &mara).await;
    let with_app = all(&mara).await;
    assert_eq!(with_app[0], "currentPassword");
    assert_eq!(with_app[1..], ["code"; 6]);
    let password = Again::password(PASSWORD);
    let new = Secret::new(NEW);
    let by_password = own_account::change_password(operations, &mara, &password, &new).await;
    assert_eq!(about(by_password), "code", "who has a second factor proves it");
    let by_password =
        own_account::change_email(operations, &mara, &password, "x@example.com").await;
    assert_eq!(about(by_password), "code");
    let code = Again::code(app.shows(&world));
    own_account::change_email(operations, &mara, &code, "x@example.com").await.unwrap();
}

async fn wrong_guesses_in_a_session_are_counted(database: &Database) {
    let world = World::on(database).await;
    let guess = Again::password("wrong");
    let mut waits = false;
    for _ in 0..4 {
        let result = two_step::offer(&world.operations, &world.technician, &guess).await;
        waits = matches!(result, Err(Error::Fault(Fault::Wait { .. })));
    }
    assert!(waits, "the free ones were used up");
    let (again, new) = (Again::password(PASSWORD), Secret::new(NEW));
    let other = own_account::change_password(&world.operations, &world.technician, &again, &new);
    assert!(matches!(other.await, Err(Error::Fault(Fault::Wait { .. }))), "one counter for all");
}

async fn the_right_password_clears_no_guesses_of_a_code(database: &Database) {
    let world = World::on(database).await;
    let mara = world.sign_in("mara@example.com").await;
    set_up(&world, &mara).await;
    let guess = Again { code: Secret::new("000000"), ..Again::password(PASSWORD) };
    let mut refused = Vec::new();
    for _ in 0..4 {
        let new = Secret::new(NEW);
        match own_account::change_password(&world.operations, &mara, &guess, &new).await {
            Err(Error::Fault(Fault::Invalid { problems })) => {
                refused.push(problems[0].field.clone());
            }
            Err(Error::Fault(Fault::Wait { .. })) => refused.push("wait".to_owned()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, ["code", "code", "code", "wait"]);
}

/// Whoever took its cookie before can't add a passkey with the code that the app shows.
async fn an_app_renews_the_token_of_its_session(database: &Database) {
    let world = World::on(database).await;
    let token = enter(&world, "mara@example.com").await.token;
    let mara = world.caller(&token).await.unwrap();
    set_up(&world, &mara).await;
    assert!(world.caller(&token).await.is_none());
}

async fn a_new_password_comes_with_a_new_token(database: &Database) {
    let world = World::on(database).await;
    let before = enter(&world, TESS).await.token;
    let tess = world.caller(&before).await.unwrap();
    let again = Again::password(PASSWORD);
    let renewed =
        own_account::change_password(&world.operations, &tess, &again, &Secret::new(NEW)).await;
    let renewed = renewed.unwrap();
    assert!(world.caller(&before).await.is_none());
    let after = world.caller(&renewed.token).await.unwrap();
    assert_eq!(after.person().unwrap().session, tess.person().unwrap().session);
    assert_eq!(renewed.seconds, 12 * 3600);
    let other = own_account::see(&world.operations, &world.technician).await;
    assert!(other.is_ok(), "who was authenticated goes on for this request");
    assert_eq!(own_account::see(&world.operations, &after).await.unwrap().sessions.len(), 1);
}

async fn a_sign_in_replaces_the_session_whose_cookie_it_takes(database: &Database) {
    let world = World::on(database).await;
    let first = enter(&world, TESS).await.token;
    let caller = world.caller(&first).await.unwrap();
    let password = Secret::new(PASSWORD);
    let second =
        operations::sign_in::sign_in(&world.operations, &caller, TESS, &password).await.unwrap();
    assert!(world.caller(&first).await.is_none());
    assert!(world.caller(&second.token).await.is_some());
}

async fn ones_own_single_sign_on_id_ends_the_other_sessions(database: &Database) {
    let world = World::on(database).await;
    let other = enter(&world, "mara@example.com").await.token;
    let own = enter(&world, "mara@example.com").await.token;
    let mara = world.caller(&own).await.unwrap();
    let id = mara.person().unwrap().account;
    let edit = async |sso_id: &str, name: &str| {
        let page = technicians::see(&world.operations, &mara, id).await.unwrap();
        let mut draft = draft(name, "mara@example.com");
        draft.sso_id = sso_id.to_owned();
        let version = page.account.version;
        technicians::edit(&world.operations, &mara, id, version, draft).await.unwrap();
    };
    edit("", "Mara M.").await;
    assert!(world.caller(&other).await.is_some(), "another name");
    edit("mara.one", "Mara M.").await;
    assert!(world.caller(&other).await.is_none());
    assert!(world.caller(&own).await.is_some());
}

async fn the_oldest_of_many_sessions_ends(database: &Database) {
    let world = World::on(database).await;
    let first = enter(&world, TESS).await.token;
    for _ in 1..MOST_SESSIONS {
        assert!(world.caller(&first).await.is_some());
        enter(&world, TESS).await;
    }
    enter(&world, TESS).await;
    assert!(world.caller(&first).await.is_none());
}

/// Whatever an administrator changes of somebody's way in: their session is dead, what waits for its
/// code can't go on, and nobody chooses a password by what began before.
async fn a_change_by_another_ends_everything_before_it(database: &Database) {
    for case in ["reset", "edited password", "email", "disabled", "many", "role", "second factor"] {
        let world = World::on(database).await;
        let operations = &world.operations;
        let (app, _) = set_up(&world, &world.technician.clone()).await;
        let waiting = enter(&world, TESS).await;
        let tess = id(&world.technician);
        let version =
            technicians::see(operations, &world.master, tess).await.unwrap().account.version;
        let edit = async |draft| {
            technicians::edit(operations, &world.master, tess, version, draft).await.unwrap();
        };
        match case {
            "reset" => {
                let password = Some(Secret::new(NEW));
                technicians::reset_password(operations, &world.administrator, tess, password)
                    .await
                    .unwrap();
            }
            "edited password" => {
                let mut draft = draft("Tess Tech", TESS);
                draft.password = Some(NEW.to_owned());
                edit(draft).await;
            }
            "email" => edit(draft("Tess Tech", "other@example.com")).await,
            "disabled" => {
                let mut draft = draft("Tess Tech", TESS);
                draft.enabled = false;
                edit(draft).await;
            }
            "many" => {
                let who = Selection::Ids(vec![tess]);
                let step = Step { who, change: Change::Disable };
                technicians::change_many(operations, &world.master, &step).await.unwrap();
            }
            "role" => {
                let (master, to) = (&world.master, Role::Master);
                administrators::change_role(operations, master, tess, version, to, None, None)
                    .await
                    .unwrap();
            }
            _ => two_step::reset(operations, &world.administrator, tess).await.unwrap(),
        }
        let own = world.technician.person().unwrap().session;
        let facts = world.store.read().await.unwrap().session_facts(tess, own).await.unwrap();
        assert!(facts.is_none(), "{case}: the session goes on");
        let new = Secret::new("Zb8#kLwQ4x");
        for again in [Again::default(), Again::password(NEW), Again::code(app.shows(&world))] {
            let chosen =
                own_account::change_password(operations, &world.technician, &again, &new).await;
            assert!(chosen.is_err(), "{case}");
        }
        let shown = app.shows(&world);
        let late = two_step::confirm(operations, &anonymous(), &waiting.token, &shown).await;
        assert!(late.is_err(), "{case}: a sign-in that waited went on");
    }
}

/// The present password is left out where the session began with one that was due, a moment ago.
async fn only_what_a_fresh_sign_in_demands_asks_for_nothing(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    let tess = id(&world.technician);
    let password = Some(Secret::new(NEW));
    technicians::reset_password(operations, &world.administrator, tess, password).await.unwrap();
    let enter_new = async || {
        let new = Secret::new(NEW);
        let signed_in =
            operations::sign_in::sign_in(operations, &anonymous(), TESS, &new).await.unwrap();
        world.caller(&signed_in.token).await.unwrap()
    };
    let late = enter_new().await;
    world.clock.advance(5 * 60);
    let fresh = enter_new().await;
    let asked = async |caller: &Caller| own_account::asked_for_password(operations, caller).await;
    assert_eq!(asked(&fresh).await.unwrap(), Asked::default());
    assert!(asked(&late).await.unwrap().password);
    let chosen = Secret::new("Zb8#kLwQ4x");
    let nothing = Again::default();
    let refused = own_account::change_password(operations, &late, &nothing, &chosen).await;
    assert_eq!(about(refused), "currentPassword");
    own_account::change_password(operations, &fresh, &nothing, &chosen).await.unwrap();
}

async fn a_duty_reaches_sessions_that_live(database: &Database) {
    let world = World::on(database).await;
    let (token, tech) = (enter(&world, "alan@example.com").await.token, enter(&world, TESS).await);
    let due =
        async |token: &Secret| world.caller(token).await.unwrap().person().unwrap().two_step_due;
    assert!(!due(&token).await);
    require(&world, Required::Administrators).await;
    assert!(due(&token).await && !due(&tech.token).await);
    require(&world, Required::Nobody).await;
    assert!(!due(&token).await);
    let set = async |asks| {
        two_step::set_of_group(&world.operations, &world.master, world.inside, asks).await.unwrap();
    };
    set(true).await;
    assert!(due(&tech.token).await);
    // It was no duty of the sign-in: the password is asked for.
    let tess = world.caller(&tech.token).await.unwrap();
    let offered = two_step::offer(&world.operations, &tess, &Again::default()).await;
    assert_eq!(about(offered), "currentPassword");
    let (_, _, token) = set_up_in_session(&world, &tess).await;
    assert!(!due(&token).await);
}

async fn a_right_password_that_no_code_follows_is_no_failure(database: &Database) {
    let world = World::on(database).await;
    set_up(&world, &world.technician.clone()).await;
    for _ in 0..12 {
        assert!(enter(&world, TESS).await.waits_for_code);
    }
}

async fn signing_out_ends_what_is_pending_in_the_session(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    let token = enter(&world, TESS).await.token;
    let tess = world.caller(&token).await.unwrap();
    two_step::offer(operations, &tess, &Again::password(PASSWORD)).await.unwrap();
    session::sign_out(operations, &tess).await.unwrap();
    assert!(two_step::offered(operations, &tess).await.unwrap().is_none());
}
