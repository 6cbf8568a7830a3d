//! The code with which a directory enrolls where its holder's second factor answers to a browser alone:
//! who makes it, what it is worth, what ends it.

use operations::{Error, Result, audit, directory, own_account, session};
use roster::audit::Filter;
use roster::authority::{Caller, Denied};
use roster::directory::protocol::{Enroll, Enrolled};
use roster::directory::view::EnrollmentCode;
use roster::fault::Fault;
use roster::own::Again;
use roster::secret::Secret;
use serde_json::json;

use crate::device::Device;
use crate::directory_world::{by_token, corp, other};
use crate::passkeys::{give, world};
use crate::two_step::{enter, set_up};
use crate::world::{PASSWORD, World};

const MINUTES: i64 = 60;
const NEW: &str = "Hs5;vTyBn9";

/// A holder who has a passkey and nothing else.
struct Somebody {
    world: World,
    device: Device,
    holder: Caller,
    service: Caller,
}

impl Somebody {
    async fn new() -> Self {
        let world = world().await;
        let mut device = Device::new(7);
        let holder = world.holder.clone();
        give(&world, &holder, &mut device, "Key").await;
        let token = directory::create_token(&world.operations, &holder).await.unwrap();
        let service = by_token(&world, &token).await.unwrap();
        Self { world, device, holder, service }
    }

    /// Proven by the passkey.
    async fn make(&mut self) -> EnrollmentCode {
        self.world.clock.advance(1);
        let operations = &self.world.operations;
        let question = own_account::ask_again(operations, &self.holder).await.unwrap();
        let passkey_answer = self.device.give(&question);
        let again = Again { passkey_token: question.token, passkey_answer, ..Again::default() };
        directory::create_enrollment_code(operations, &self.holder, &again).await.unwrap()
    }

    async fn enroll(&self, code: &Secret) -> Result<Enrolled> {
        let wish = Enroll { code: code.clone(), ..corp().enroll(PASSWORD) };
        directory::enroll(&self.world.operations, &self.service, &wish).await
    }

    async fn refuses(&self, code: &Secret, why: &str) {
        // Each failure makes the next one wait.
        self.world.clock.advance(20);
        is_about_the_code(self.enroll(code).await, why);
    }
}

fn is_about_the_code<T: std::fmt::Debug>(result: Result<T>, why: &str) {
    match result {
        Err(Error::Fault(Fault::Invalid { problems })) => {
            assert_eq!(problems[0].field, "code", "{why}");
        }
        other => panic!("{why}: {other:?}"),
    }
}

#[tokio::test]
async fn a_directory_enrolls_by_a_code_that_a_passkey_proved() {
    let mut it = Somebody::new().await;
    let EnrollmentCode { code, ends_at } = it.make().await;
    assert_eq!(code.reveal().replace('-', "").len() * 5, 80, "bits");
    let typed = Secret::new(code.reveal().replace('-', " ").to_lowercase());
    it.enroll(&typed).await.unwrap();
    it.refuses(&code, "used twice").await;

    let filter = Filter { action: "enrollment_code_made".to_owned(), ..Filter::default() };
    let operations = &it.world.operations;
    let lines = audit::list(operations, &it.holder, &filter, None).await.unwrap().lines;
    assert_eq!((lines.len(), &lines[0].after), (1, &json!({ "endsAt": ends_at })));
}

#[tokio::test]
async fn it_ends_with_its_minutes_the_next_one_and_its_session() {
    let mut it = Somebody::new().await;
    let first = it.make().await;
    let second = it.make().await;
    it.refuses(&first.code, "another took its place").await;
    it.world.clock.advance(15 * MINUTES);
    it.refuses(&second.code, "expired").await;

    // Of another session than the one that is used from then on.
    let usual = it.holder.clone();
    let waiting = enter(&it.world, "ada@example.com").await;
    let operations = it.world.operations.clone();
    let anonymous = crate::world::anonymous();
    let question =
        operations::passkeys::ask_second(&operations, &anonymous, &waiting.token).await.unwrap();
    let answer = it.device.give(&question);
    let signed_in = operations::passkeys::confirm(
        &operations,
        &anonymous,
        &waiting.token,
        &question.token,
        &answer,
    );
    let token = signed_in.await.unwrap().token;
    it.holder = it.world.caller(&token).await.unwrap();
    let code = it.make().await.code;
    session::sign_out(&operations, &it.holder).await.unwrap();
    it.refuses(&code, "signed out").await;
    it.holder = usual;
    let code = it.make().await.code;
    it.enroll(&code).await.unwrap();
}

#[tokio::test]
async fn it_ends_with_the_password() {
    let mut it = Somebody::new().await;
    let code = it.make().await.code;
    let operations = it.world.operations.clone();
    let question = own_account::ask_again(&operations, &it.holder).await.unwrap();
    let passkey_answer = it.device.give(&question);
    let again =
        Again { passkey_token: question.token, passkey_answer, ..Again::password(PASSWORD) };
    own_account::change_password(&operations, &it.holder, &again, &Secret::new(NEW)).await.unwrap();
    let wish = Enroll { code, ..corp().enroll(NEW) };
    is_about_the_code(directory::enroll(&operations, &it.service, &wish).await, "a new password");
}

#[tokio::test]
async fn a_session_alone_and_whoever_may_not_enroll_make_none() {
    let it = Somebody::new().await;
    let operations = &it.world.operations;
    let make = async |caller: &Caller, again: Again| {
        directory::create_enrollment_code(operations, caller, &again).await
    };
    is_about_the_code(make(&it.holder, Again::default()).await, "nothing is proven");
    is_about_the_code(make(&it.holder, Again::password(PASSWORD)).await, "nor by the password");
    for caller in [&it.world.master, &it.world.administrator, &it.world.technician] {
        let denied = make(caller, Again::password(PASSWORD)).await.unwrap_err();
        let role = Fault::Denied { denied: Denied::Role };
        assert!(matches!(denied, Error::Fault(fault) if fault == role));
    }
    let world = World::new().await;
    let again = Again::password(PASSWORD);
    let without = directory::create_enrollment_code(&world.operations, &world.holder, &again).await;
    match without.unwrap_err() {
        Error::Fault(Fault::Refused { message }) => assert!(message.contains("asks for no code")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn it_is_for_the_account_that_made_it() {
    let mut it = Somebody::new().await;
    let code = it.make().await.code;
    let mara = it.world.master.clone();
    give(&it.world, &mara, &mut Device::new(8), "Key").await;
    let operations = &it.world.operations;
    let wish = Enroll {
        email: "mara@example.com".to_owned(),
        code: code.clone(),
        ..corp().enroll(PASSWORD)
    };
    is_about_the_code(directory::enroll(operations, &it.service, &wish).await, "another's");
    it.refuses(&code, "and by that it is used up").await;
}

#[tokio::test]
async fn guesses_of_it_are_counted() {
    let mut it = Somebody::new().await;
    let code = it.make().await.code;
    for n in 0..3 {
        let guess = Secret::new(format!("AAAA-BBBB-CCCC-DDD{n}"));
        is_about_the_code(it.enroll(&guess).await, "a guess");
    }
    let waits = it.enroll(&code).await.unwrap_err();
    assert!(matches!(waits, Error::Fault(Fault::Wait { .. })), "{waits:?}");
    it.world.clock.advance(MINUTES);
    it.enroll(&code).await.unwrap();
}

#[tokio::test]
async fn it_stands_for_a_code_of_the_app_too() {
    let world = World::new().await;
    let operations = &world.operations;
    let (_, codes) = set_up(&world, &world.holder).await;
    let again = Again::code(codes[0].reveal());
    let made = directory::create_enrollment_code(operations, &world.holder, &again).await.unwrap();
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    let wish = Enroll { code: made.code, ..other().enroll(PASSWORD) };
    directory::enroll(operations, &service, &wish).await.unwrap();
}
