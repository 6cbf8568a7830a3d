//! Two-step verification: set up, asked for, lost, required.

use crate::world::{ORGANIZATION, PASSWORD, World, anonymous};
use operations::settings::SettingsDraft;
use operations::sign_in::SignedIn;
use operations::{Error, Result, audit, own_account, settings, sign_in, two_step};
use roster::audit::Filter;
use roster::authority::{Caller, Denied};
use roster::fault::Fault;
use roster::own::Again;
use roster::password::Strength;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::two_step::{self as two_step_rules, Offer, Required, code, step_at};

const TESS: &str = "tess@example.com";

pub async fn enter(world: &World, email: &str) -> SignedIn {
    sign_in::sign_in(&world.operations, &anonymous(), email, &Secret::new(PASSWORD)).await.unwrap()
}

async fn confirm(world: &World, token: &Secret, typed: &str) -> Result<SignedIn> {
    two_step::confirm(&world.operations, &anonymous(), token, typed).await
}

/// The bytes of a key as it is shown.
fn secret(key: &Secret) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in key.reveal().chars().filter(|c| *c != ' ') {
        bits = (bits << 5) | u32::try_from(letters.find(letter).unwrap()).unwrap();
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

pub struct App(pub Vec<u8>);

impl App {
    pub fn shows(&self, world: &World) -> String {
        use operations::Clock;
        code(&self.0, step_at(world.clock.now()))
    }
}

async fn offered(world: &World, caller: &Caller) -> Offer {
    two_step::offer(&world.operations, caller, &Again::password(PASSWORD)).await.unwrap()
}

/// Set up by the person: their app and their recovery codes.
pub async fn set_up(world: &World, caller: &Caller) -> (App, Vec<Secret>) {
    let (app, codes, _) = set_up_in_session(world, caller).await;
    (app, codes)
}

/// The same, with the new token of the session.
pub async fn set_up_in_session(world: &World, caller: &Caller) -> (App, Vec<Secret>, Secret) {
    let offer = offered(world, caller).await;
    let app = App(secret(&offer.key));
    let begun = two_step::begin(&world.operations, caller, &app.shows(world)).await.unwrap();
    world.clock.advance(30);
    (app, begun.codes, begun.session.token)
}

pub async fn require(world: &World, two_step: Required) {
    let version = settings::see(&world.operations, &world.holder).await.unwrap().version;
    let wish = SettingsDraft {
        organization: ORGANIZATION.to_owned(),
        strength: Strength::Good,
        standard_seats: None,
        mobile_seats: None,
        default_password: None,
        default_password_days: 14,
        policies: Policies::default(),
        two_step,
    };
    settings::change(&world.operations, &world.holder, version, wish).await.unwrap();
}

#[tokio::test]
async fn the_right_password_is_not_enough() {
    let world = World::new().await;
    let tess = world.technician.clone();
    let offer = offered(&world, &tess).await;
    assert!(two_step::begin(&world.operations, &tess, "000000").await.is_err());
    let again = offered(&world, &tess).await;
    assert_eq!(offer.key.reveal(), again.key.reveal(), "the page was loaded again");
    assert!(!enter(&world, TESS).await.waits_for_code, "nothing is held up yet");
    let offer = offered(&world, &tess).await;
    let app = App(secret(&offer.key));
    world.clock.advance(two_step_rules::OFFER_SECONDS);
    let late = two_step::begin(&world.operations, &tess, &app.shows(&world)).await;
    assert!(matches!(late, Err(Error::Fault(Fault::Conflict { .. }))), "it was offered long ago");
    let tess = world.sign_in(TESS).await;
    let (app, codes) = set_up(&world, &tess).await;
    assert_eq!(codes.len(), 10);
    assert_ne!(secret(&offer.key), app.0, "who saw it in another session knows nothing");

    let waiting = enter(&world, TESS).await;
    assert!(waiting.waits_for_code);
    assert!(world.caller(&waiting.token).await.is_none(), "it is no session");
    assert!(confirm(&world, &waiting.token, "000000").await.is_err());
    assert!(confirm(&world, &Secret::new("another"), &app.shows(&world)).await.is_err());
    let shown = app.shows(&world);
    let signed_in = confirm(&world, &waiting.token, &shown).await.unwrap();
    assert!(world.caller(&signed_in.token).await.is_some());
    assert!(confirm(&world, &waiting.token, &shown).await.is_err(), "it waits no longer");

    let again = enter(&world, TESS).await;
    assert!(confirm(&world, &again.token, &shown).await.is_err(), "a code works once");
    world.clock.advance(10 * 60);
    assert!(confirm(&world, &again.token, &app.shows(&world)).await.is_err(), "too late");
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let world = World::new().await;
    let tess = world.technician.clone();
    let (app, codes) = set_up(&world, &tess).await;
    let waiting = enter(&world, TESS).await;
    let typed = codes[3].reveal().to_lowercase().replace('-', " ");
    confirm(&world, &waiting.token, &typed).await.unwrap();
    assert_eq!(two_step::see(&world.operations, &tess).await.unwrap().codes_left, 9);
    let waiting = enter(&world, TESS).await;
    assert!(confirm(&world, &waiting.token, &typed).await.is_err());
    let shown = Again::code(app.shows(&world));
    let renewed = two_step::renew_codes(&world.operations, &tess, &shown).await.unwrap();
    assert_eq!(renewed.len(), 10);
    let late = confirm(&world, &waiting.token, renewed[4].reveal()).await;
    assert!(late.is_err(), "what waited began before");
    let waiting = enter(&world, TESS).await;
    assert!(confirm(&world, &waiting.token, codes[4].reveal()).await.is_err());
    world.clock.advance(60);
    assert!(confirm(&world, &waiting.token, renewed[4].reveal()).await.is_ok());
}

#[tokio::test]
async fn wrong_codes_lock_out_and_a_right_password_forgives_none() {
    let world = World::new().await;
    set_up(&world, &world.technician.clone()).await;
    for _ in 0..10 {
        let waiting =
            match sign_in::sign_in(&world.operations, &anonymous(), TESS, &Secret::new(PASSWORD))
                .await
            {
                Ok(waiting) => waiting,
                Err(Error::Fault(Fault::Wait { .. })) => {
                    world.clock.advance(60);
                    continue;
                }
                Err(other) => panic!("{other}"),
            };
        // What came before makes the code wait, too; the password itself was no failure.
        world.clock.advance(60);
        let _ = confirm(&world, &waiting.token, "000000").await;
        world.clock.advance(60);
    }
    let locked =
        sign_in::sign_in(&world.operations, &anonymous(), TESS, &Secret::new(PASSWORD)).await;
    match locked {
        Err(Error::Fault(Fault::Wait { seconds })) => assert!(seconds > 60, "{seconds}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_must_have_it_sets_it_up_before_anything_else() {
    let world = World::new().await;
    require(&world, Required::Administrators).await;
    assert!(!enter(&world, TESS).await.two_step_due);
    let signed_in = enter(&world, "alan@example.com").await;
    assert!(signed_in.two_step_due);
    let alan = world.caller(&signed_in.token).await.unwrap();
    match own_account::see(&world.operations, &alan).await {
        Err(Error::Fault(Fault::Denied { denied })) => assert_eq!(denied, Denied::TwoStepDue),
        other => panic!("{other:?}"),
    }
    let (app, _, token) = set_up_in_session(&world, &alan).await;
    let alan = world.caller(&token).await.unwrap();
    own_account::see(&world.operations, &alan).await.unwrap();
    let end =
        async |typed: &str| two_step::end(&world.operations, &alan, &Again::code(typed)).await;
    assert!(end(&app.shows(&world)).await.is_err(), "it is required");
    require(&world, Required::Nobody).await;
    world.clock.advance(30);
    assert!(end("000000").await.is_err());
    end(&app.shows(&world)).await.unwrap();
    assert!(!enter(&world, "alan@example.com").await.waits_for_code);
}

#[tokio::test]
async fn a_group_asks_everybody_below_it() {
    let world = World::new().await;
    let by = &world.administrator;
    two_step::set_of_group(&world.operations, by, world.inside, true).await.unwrap();
    assert!(enter(&world, TESS).await.two_step_due);
    assert!(!enter(&world, "mara@example.com").await.two_step_due);
    let asks = two_step::of_group(&world.operations, by, world.inside).await.unwrap();
    assert!(asks.asks && !asks.held_by_master && !asks.asked_above);
    two_step::set_of_group(&world.operations, by, world.inside, false).await.unwrap();
    assert!(!enter(&world, TESS).await.two_step_due);
}

#[tokio::test]
async fn what_a_master_requires_of_a_group_a_master_lifts() {
    let world = World::new().await;
    let set = async |by: &Caller, asks| {
        two_step::set_of_group(&world.operations, by, world.inside, asks).await
    };
    let held = async |by: &Caller| {
        two_step::of_group(&world.operations, by, world.inside).await.unwrap().held_by_master
    };
    for master in [&world.master, &world.holder] {
        // An Administrator required it first; from then on it is the Master Administrator's.
        set(&world.administrator, true).await.unwrap();
        assert!(!held(&world.administrator).await);
        set(master, true).await.unwrap();
        assert!(held(&world.administrator).await && !held(master).await);
        match set(&world.administrator, false).await {
            Err(Error::Fault(Fault::Denied { denied })) => assert_eq!(denied, Denied::MasterDuty),
            other => panic!("{other:?}"),
        }
        assert!(enter(&world, TESS).await.two_step_due);
        // Requiring it once more doesn't make it theirs.
        set(&world.administrator, true).await.unwrap();
        assert!(set(&world.administrator, false).await.is_err());
        set(&world.master, false).await.unwrap();
        assert!(!enter(&world, TESS).await.two_step_due);
    }
    // Lifted, it is nobody's.
    set(&world.administrator, true).await.unwrap();
    set(&world.administrator, false).await.unwrap();
}

#[tokio::test]
async fn an_administrator_resets_it_and_no_secret_is_written_down() {
    let world = World::new().await;
    let tess = world.technician.person().unwrap().account;
    let (app, codes) = set_up(&world, &world.technician.clone()).await;
    two_step::reset(&world.operations, &world.administrator, tess).await.unwrap();
    assert!(two_step::reset(&world.operations, &world.administrator, tess).await.is_err());
    assert!(!enter(&world, TESS).await.waits_for_code);
    let lines = audit::list(&world.operations, &world.master, &Filter::of_account(tess), None)
        .await
        .unwrap()
        .lines;
    let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    assert!(actions.contains(&"two_step_set_up") && actions.contains(&"two_step_reset"));
    let written = format!("{lines:?}");
    assert!(!written.contains(&roster::two_step::key(&app.0)[..4]));
    assert!(codes.iter().all(|code| !written.contains(code.reveal())));
}
