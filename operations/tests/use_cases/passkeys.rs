//! Passkeys: added, signed in with alone and after a password, refused, removed.

use operations::keys::{Keys, Purpose};
use operations::passkeys::{self, add, ask, ask_second, begin_adding, confirm};
use operations::sign_in::SignedIn;
use operations::{
    Error, Operations, Result, audit, directory, own_account, sign_in, technicians, two_step,
};
use roster::audit::Filter;
use roster::authority::Caller;
use roster::directory::protocol::Enroll;
use roster::fault::Fault;
use roster::id::{PasskeyId, Timestamp};
use roster::own::Again;
use roster::passkey::{ANSWER_SECONDS, PublicAddress};
use roster::secret::Secret;
use roster::two_step::Required;

use crate::device::Device;
use crate::directory_world::{by_token, corp};
use crate::two_step::require;
use crate::world::{PASSWORD, World, anonymous};

const TESS: &str = "tess@example.com";

/// Where passkeys work.
pub async fn world() -> World {
    let mut world = World::new().await;
    world.operations = world.operations.at(PublicAddress::loopback());
    world
}

/// Added by the person; the recovery codes.
pub async fn give(world: &World, caller: &Caller, device: &mut Device, name: &str) -> Vec<Secret> {
    let operations = &world.operations;
    let again = Again::password(PASSWORD);
    let question = begin_adding(operations, caller, name, &again).await.unwrap();
    add(operations, caller, &question.token, &device.make(&question)).await.unwrap()
}

async fn enter(operations: &Operations, device: &mut Device) -> Result<SignedIn> {
    let question = ask(operations, &anonymous()).await?;
    let answer = device.give(&question);
    passkeys::sign_in(operations, &anonymous(), &question.token, &answer).await
}

async fn password(world: &World) -> SignedIn {
    sign_in::sign_in(&world.operations, &anonymous(), TESS, &Secret::new(PASSWORD)).await.unwrap()
}

fn refused<T>(result: Result<T>) -> String {
    match result {
        Err(Error::Fault(Fault::Refused { message })) => message,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[tokio::test]
async fn a_passkey_alone_begins_a_session() {
    let world = world().await;
    let (operations, tess) = (&world.operations, world.technician.clone());
    let mut device = Device::new(7);
    let codes = give(&world, &tess, &mut device, " Telephone ").await;
    assert_eq!(codes.len(), 10, "the way in without the device");
    let signed_in = enter(operations, &mut device).await.unwrap();
    assert!(!signed_in.waits_for_code && !signed_in.two_step_due);
    let caller = world.caller(&signed_in.token).await.unwrap();
    assert_eq!(caller.person().unwrap().account, tess.person().unwrap().account);
    let [line] = &passkeys::list(operations, &caller).await.unwrap()[..] else { panic!() };
    assert_eq!(line.name, "Telephone");
    assert!(line.last_used_at.is_some());
    let again = Again::code(codes[0].reveal());
    let question = begin_adding(operations, &caller, "Key", &again).await.unwrap();
    let answer = Device::new(8).make(&question);
    assert_eq!(add(operations, &caller, &question.token, &answer).await.unwrap().len(), 0);

    let page = audit::list(operations, &world.holder, &Filter::default(), None).await.unwrap();
    let told: Vec<String> = page.lines.into_iter().map(|line| line.action).collect();
    assert_eq!(told.iter().filter(|action| *action == "passkey_added").count(), 2, "{told:?}");
}

#[tokio::test]
async fn who_is_not_known_is_told_nothing_more() {
    let world = world().await;
    let (operations, tess) = (&world.operations, world.technician.clone());
    let unknown = refused(enter(operations, &mut Device::new(9)).await);

    let mut device = Device::new(7);
    give(&world, &tess, &mut device, "Telephone").await;
    let question = ask(operations, &anonymous()).await.unwrap();
    let answer = device.give(&question);
    let again =
        async || passkeys::sign_in(operations, &anonymous(), &question.token, &answer).await;
    again().await.unwrap();
    assert!(refused(again().await).starts_with("This took too long"), "it is answered once");

    device.verifies = false;
    assert_eq!(
        refused(enter(operations, &mut device).await),
        unknown,
        "nobody showed who they are"
    );
    device.verifies = true;
    device.origin = "https://evil.example";
    assert_eq!(refused(enter(operations, &mut device).await), unknown, "another site asked");
    device.origin = "http://localhost:3000";
    device.copy_from_before();
    device.copy_from_before();
    device.copy_from_before();
    assert_eq!(refused(enter(operations, &mut device).await), unknown, "a copy was used");

    let question = ask(operations, &anonymous()).await.unwrap();
    world.clock.advance(ANSWER_SECONDS);
    let answer = device.give(&question);
    let late = passkeys::sign_in(operations, &anonymous(), &question.token, &answer).await;
    assert!(refused(late).starts_with("This took too long"));

    let step = roster::many::Step {
        who: roster::many::Selection::Ids(vec![tess.person().unwrap().account]),
        change: roster::many::Change::Disable,
    };
    technicians::change_many(operations, &world.holder, &step).await.unwrap();
    assert_eq!(refused(enter(operations, &mut device).await), unknown, "disabled");
}

/// How many rows the table of what is pending has; they stay, since nothing is committed.
async fn rows(world: &World) -> u64 {
    let mut tx = world.store.write().await.unwrap();
    tx.remove_expired_pending(Timestamp(i64::MAX)).await.unwrap()
}

#[tokio::test]
async fn a_question_to_anybody_is_kept_in_its_token_alone() {
    let world = world().await;
    let operations = &world.operations;
    for _ in 0..1000 {
        ask(operations, &anonymous()).await.unwrap();
    }
    assert_eq!(rows(&world).await, 0);

    let mut device = Device::new(7);
    give(&world, &world.technician.clone(), &mut device, "Telephone").await;
    enter(operations, &mut device).await.unwrap();
    assert_eq!(rows(&world).await, 1, "that it was answered");
}

#[tokio::test]
async fn an_answer_is_taken_once_however_its_token_is_written() {
    let world = world().await;
    let (operations, tess) = (&world.operations, world.technician.clone());
    let mut device = Device::new(7);
    give(&world, &tess, &mut device, "Telephone").await;
    let question = ask(operations, &anonymous()).await.unwrap();
    let answer = device.give(&question);
    let token = question.token.reveal();
    let sign_in = async |token: &str, answer: &str| {
        passkeys::sign_in(operations, &anonymous(), &Secret::new(token), answer).await
    };
    // Two at once, as at two servers.
    let (one, another) = tokio::join!(sign_in(token, &answer), sign_in(token, &answer));
    assert!(one.is_ok() != another.is_ok(), "{one:?} {another:?}");
    for replayed in [token.to_owned(), token.to_uppercase(), format!("0{token}")] {
        let late = refused(sign_in(&replayed, &answer).await);
        assert!(late.starts_with("This took too long"), "{late}");
    }
    // Another password ends what is pending, and brings no answer back.
    let id = tess.person().unwrap().account;
    technicians::end_sessions(operations, &world.master, id).await.unwrap();
    assert!(refused(sign_in(token, &answer).await).starts_with("This took too long"));
}

#[tokio::test]
async fn a_token_that_is_none_is_too_late() {
    let world = world().await;
    let operations = &world.operations;
    let mut device = Device::new(7);
    give(&world, &world.technician.clone(), &mut device, "Telephone").await;
    let question = ask(operations, &anonymous()).await.unwrap();
    let token = question.token.reveal();
    let mut altered = token.to_owned();
    altered.replace_range(60..62, if &token[60..62] == "00" { "01" } else { "00" });
    let other_key = token.replacen("1-", "2-", 1);
    // What is in it, sealed for something else.
    let keys = Keys::of(&world.store, None, Timestamp(0)).await.unwrap();
    let held = keys.reading(&mut world.store.read().await.unwrap()).await.unwrap();
    let inside = held.open(Purpose::PasskeyQuestion, 0, token).unwrap();
    let other_purpose = held.seal(Purpose::AppSecret, 0, &inside).unwrap();
    let other_owner = held.seal(Purpose::PasskeyQuestion, 1, &inside).unwrap();
    let unsealed = String::from_utf8(inside).unwrap();
    let long = "1-".to_owned() + &"ab".repeat(100_000);
    let forged =
        [&altered, &other_key, &other_purpose, &other_owner, &unsealed, &long, "", "1-", "é-é"];
    for forged in forged.map(str::to_owned) {
        let answer = device.give(&question);
        let token = Secret::new(forged.as_str());
        let late = passkeys::sign_in(operations, &anonymous(), &token, &answer).await;
        assert!(refused(late).starts_with("This took too long"), "{forged}");
    }
    assert_eq!(rows(&world).await, 0);
    let answer = device.give(&question);
    passkeys::sign_in(operations, &anonymous(), &question.token, &answer).await.unwrap();
}

#[tokio::test]
async fn many_wrong_answers_lock_the_address_out() {
    let world = world().await;
    let mut tries = 0;
    let waits = loop {
        match enter(&world.operations, &mut Device::new(9)).await {
            Err(Error::Fault(Fault::Wait { seconds })) => break seconds,
            _ if tries < 1000 => tries += 1,
            _ => panic!("nothing was counted"),
        }
    };
    assert!(waits > 0 && tries > 0, "{tries}");
}

#[tokio::test]
async fn a_passkey_stands_for_a_code() {
    let world = world().await;
    let (operations, tess) = (&world.operations, world.technician.clone());
    assert!(!password(&world).await.waits_for_code);
    let mut device = Device::new(7);
    let codes = give(&world, &tess, &mut device, "Telephone").await;
    let waiting = password(&world).await;
    assert!(waiting.waits_for_code);
    assert!(two_step::awaited(operations, &anonymous(), &waiting.token).await.unwrap().passkey);
    let nobody = two_step::awaited(operations, &anonymous(), &Secret::new("none")).await.unwrap();
    assert!(!nobody.passkey);

    let mara = world.master.clone();
    let mut other = Device::new(8);
    give(&world, &mara, &mut other, "Key").await;
    let give_in = async |device: &mut Device| {
        let question = ask_second(operations, &anonymous(), &waiting.token).await.unwrap();
        assert!(question.options.contains(&Device::new(7).names()), "{}", question.options);
        let answer = device.give(&question);
        confirm(operations, &anonymous(), &waiting.token, &question.token, &answer).await
    };
    assert!(refused(give_in(&mut other).await).starts_with("This is no passkey of your account"));
    let signed_in = give_in(&mut device).await.unwrap();
    assert!(world.caller(&signed_in.token).await.is_some());

    let waiting = password(&world).await;
    two_step::confirm(operations, &anonymous(), &waiting.token, codes[0].reveal()).await.unwrap();
}

#[tokio::test]
async fn who_must_have_two_step_verification_has_it_by_a_passkey() {
    let world = world().await;
    let operations = &world.operations;
    require(&world, Required::Everybody).await;
    let due = password(&world).await;
    assert!(due.two_step_due);
    let tess = world.caller(&due.token).await.unwrap();
    let mut device = Device::new(7);
    let codes = give(&world, &tess, &mut device, "Telephone").await;
    let tess = world.caller(&due.token).await.unwrap();
    assert!(!tess.person().unwrap().two_step_due);

    let [line] = &passkeys::list(operations, &tess).await.unwrap()[..] else { panic!() };
    let mut codes = codes.iter().map(|code| Again::code(code.reveal()));
    let mut code = || codes.next().unwrap();
    let remove = async |id, again: Again| passkeys::remove(operations, &tess, id, &again).await;
    assert!(remove(line.id, Again::password(PASSWORD)).await.is_err(), "it is not asked for");
    assert!(refused(remove(line.id, code()).await).starts_with("Your organization asks"));
    assert!(remove(PasskeyId(0), code()).await.is_err());
    let question = begin_adding(operations, &tess, "Key", &code()).await.unwrap();
    add(operations, &tess, &question.token, &Device::new(8).make(&question)).await.unwrap();
    // The passkey itself proves as much as a code.
    let question = own_account::ask_again(operations, &tess).await.unwrap();
    let passkey_answer = device.give(&question);
    let again = Again { passkey_token: question.token, passkey_answer, ..Again::default() };
    remove(line.id, again.clone()).await.unwrap();
    assert!(remove(line.id, again).await.is_err(), "it is answered once");
    assert!(enter(operations, &mut device).await.is_err());

    let id = tess.person().unwrap().account;
    two_step::reset(operations, &world.administrator, id).await.unwrap();
    assert!(enter(operations, &mut Device::new(8)).await.is_err());
    let again = password(&world).await;
    assert!(again.two_step_due && !again.waits_for_code);
}

#[tokio::test]
async fn a_session_that_was_left_open_makes_no_passkey() {
    let world = world().await;
    let (operations, tess) = (&world.operations, world.technician.clone());
    let begin = async |name: &str, password: &str| {
        begin_adding(operations, &tess, name, &Again::password(password)).await
    };
    assert!(begin("Telephone", "wrong").await.is_err());
    assert!(begin(" ", PASSWORD).await.is_err());
    let question = begin("Telephone", PASSWORD).await.unwrap();
    let answer = Device::new(7).make(&question);
    let by_another = add(operations, &world.master, &question.token, &answer).await;
    assert!(refused(by_another).starts_with("This took too long"));
    let nowhere = World::new().await;
    let caller = nowhere.technician.clone();
    let none = begin_adding(&nowhere.operations, &caller, "Key", &Again::password(PASSWORD)).await;
    assert!(refused(none).contains("--public-url"));
}

/// Whoever has passkeys alone doesn't enroll a directory by the password alone.
#[tokio::test]
async fn a_directory_enrolls_by_a_recovery_code_where_there_is_a_passkey_alone() {
    let world = world().await;
    let operations = &world.operations;
    let codes = give(&world, &world.holder, &mut Device::new(7), "Key").await;
    require(&world, Required::Administrators).await;
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    let enroll = async |code: &Secret| {
        let wish = Enroll { code: code.clone(), ..corp().enroll(PASSWORD) };
        directory::enroll(operations, &service, &wish).await
    };
    for code in [Secret::default(), Secret::new("000000")] {
        match enroll(&code).await.unwrap_err() {
            Error::Fault(Fault::Invalid { problems }) => assert_eq!(problems[0].field, "code"),
            other => panic!("{other:?}"),
        }
    }
    enroll(&codes[0]).await.unwrap();
    enroll(&codes[0]).await.unwrap_err();
}
