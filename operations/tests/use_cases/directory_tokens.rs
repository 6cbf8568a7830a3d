//! Service tokens, and who may enroll a directory with one.

use operations::{Error, audit, directory};
use roster::audit::Filter;
use roster::authority::{Denied, Origin};
use roster::directory::protocol::Enroll;
use roster::directory::view::TokenState;
use roster::fault::Fault;
use roster::secret::Secret;
use serde_json::json;

use crate::directory_world::{by_token, corp, other};
use crate::world::{PASSWORD, World};

#[tokio::test]
async fn a_directory_enrolls_by_the_holders_word() {
    let world = World::new().await;
    let operations = &world.operations;
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    // Before that it is good for nothing.
    let early = directory::hello(operations, &service).await.unwrap_err();
    let not_enrolled = Fault::Denied { denied: Denied::NotThatDirectory };
    assert!(matches!(early, Error::Fault(fault) if fault == not_enrolled));

    let wrong = directory::enroll(operations, &service, &corp().enroll("wrong")).await.unwrap_err();
    assert!(matches!(wrong, Error::Fault(Fault::Refused { .. })), "{wrong:?}");
    let not_the_holder = Enroll { email: "mara@example.com".to_owned(), ..corp().enroll(PASSWORD) };
    let refused = directory::enroll(operations, &service, &not_the_holder).await.unwrap_err();
    let role = Fault::Denied { denied: Denied::Role };
    assert!(matches!(refused, Error::Fault(fault) if fault == role));

    let first = directory::enroll(operations, &service, &corp().enroll(PASSWORD)).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    assert_eq!(service.display_name(), "Active Directory corp.example.com");
    let hello = directory::hello(operations, &service).await.unwrap();
    assert_eq!((hello.source_id, hello.interval_seconds), (first.source_id, 900));
    let another = directory::enroll(operations, &service, &other().enroll(PASSWORD)).await;
    assert!(matches!(another.unwrap_err(), Error::Fault(Fault::Conflict { .. })));
    // The same directory, with another token: known again.
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    let again = directory::enroll(operations, &service, &corp().enroll(PASSWORD)).await.unwrap();
    assert_eq!(again, first);
    let filter = Filter { action: "directory_enrolled".to_owned(), ..Filter::default() };
    let trail = audit::list(operations, &world.holder, &filter, None).await.unwrap();
    assert_eq!((trail.lines.len(), trail.lines[0].actor.as_str()), (2, "Ada Owner"));
}

#[tokio::test]
async fn guessing_the_holders_password_is_slowed_down_as_at_the_sign_in() {
    let world = World::new().await;
    let operations = &world.operations;
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    for _ in 0..3 {
        directory::enroll(operations, &service, &corp().enroll("wrong")).await.unwrap_err();
    }
    let waits = directory::enroll(operations, &service, &corp().enroll(PASSWORD)).await;
    assert!(matches!(waits.unwrap_err(), Error::Fault(Fault::Wait { .. })));
}

#[tokio::test]
async fn a_token_is_renewed_and_revoked() {
    let world = World::new().await;
    let operations = &world.operations;
    let service = corp().enrolled(&world).await;
    let new = directory::rotate_token(operations, &service).await.unwrap();
    let states = async || {
        let tokens = directory::tokens(operations, &world.master).await.unwrap();
        tokens.into_iter().map(|token| token.state).collect::<Vec<_>>()
    };
    assert!(matches!(states().await[..], [TokenState::InUse, TokenState::Until(_)]));
    world.clock.advance(24 * 60 * 60);
    assert_eq!(states().await, [TokenState::InUse, TokenState::Expired]);
    let renewed = by_token(&world, &new).await.unwrap();
    assert_eq!(directory::hello(operations, &renewed).await.unwrap().source_id.0, 1);

    let id = directory::tokens(operations, &world.master).await.unwrap()[0].id;
    directory::revoke_token(operations, &world.master, id).await.unwrap();
    assert!(by_token(&world, &new).await.is_none());
    assert_eq!(states().await[0], TokenState::Revoked);
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_and_right_ones_are_not() {
    let world = World::new().await;
    let token = directory::create_token(&world.operations, &world.holder).await.unwrap();
    let wrong = Secret::new("0".repeat(64));
    let origin = crate::directory_world::origin;
    let mut waits = false;
    for _ in 0..40 {
        let found = directory::authenticate(&world.operations, &wrong, origin()).await;
        waits |= matches!(found, Err(Error::Fault(Fault::Wait { .. })));
    }
    assert!(waits);
    assert!(by_token(&world, &token).await.is_some());
}

#[tokio::test]
async fn refused_tokens_are_written_down_once_a_minute() {
    let world = World::new().await;
    let operations = &world.operations;
    let at = |address: String| Origin { address, ..crate::directory_world::origin() };
    let come = async |token: &Secret, address: &str| {
        let found = directory::authenticate(operations, token, at(address.to_owned())).await;
        assert!(!matches!(found, Ok(Some(_))), "it works");
    };
    let written = async || {
        let filter = Filter { action: "token_refused".to_owned(), ..Filter::default() };
        audit::list(operations, &world.holder, &filter, None).await.unwrap().lines
    };
    let wrong = Secret::new("0f".repeat(32));
    for _ in 0..50 {
        come(&wrong, "192.0.2.7").await;
    }
    assert_eq!(written().await.len(), 1, "and none of those that had to wait");
    world.clock.advance(60);
    come(&wrong, "192.0.2.7").await;
    let lines = written().await;
    assert_eq!((lines.len(), lines[0].address.as_str()), (2, "192.0.2.7"));
    assert_eq!(lines[0].after, json!({ "token": "unknown", "refusals": 30 }));

    // From everywhere at once.
    world.clock.advance(60);
    for n in 0..100 {
        come(&wrong, &format!("198.51.100.{n}")).await;
        come(&wrong, &format!("2001:db8::{n:x}")).await;
    }
    assert_eq!(written().await.len(), 2 + 10);

    // One that is no longer good is named.
    world.clock.advance(60);
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let id = directory::tokens(operations, &world.master).await.unwrap()[0].id;
    directory::revoke_token(operations, &world.master, id).await.unwrap();
    come(&token, "203.0.113.9").await;
    let lines = written().await;
    assert_eq!(lines[0].subject_name, format!("Token {id}"));
    assert_eq!(lines[0].after, json!({ "token": "revoked", "refusals": 1 }));
    assert!(by_token(&world, &token).await.is_none());
}

#[tokio::test]
async fn a_holder_with_two_step_verification_gives_a_code_too() {
    let world = World::new().await;
    let operations = &world.operations;
    let (_, codes) = crate::two_step::set_up(&world, &world.holder).await;
    let token = directory::create_token(operations, &world.holder).await.unwrap();
    let service = by_token(&world, &token).await.unwrap();
    let with =
        |password: &str, code: &Secret| Enroll { code: code.clone(), ..corp().enroll(password) };
    let fields = async |wish: Enroll| match directory::enroll(operations, &service, &wish)
        .await
        .unwrap_err()
    {
        Error::Fault(Fault::Invalid { problems }) => problems[0].field.clone(),
        Error::Fault(Fault::Refused { .. }) => String::new(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(with(PASSWORD, &Secret::default())).await, "code");
    assert_eq!(
        fields(with("wrong", &codes[0])).await,
        "",
        "who doesn’t know the password learns nothing"
    );
    assert_eq!(fields(with(PASSWORD, &Secret::new("000000"))).await, "code");
    directory::enroll(operations, &service, &with(PASSWORD, &codes[0])).await.unwrap();
    let again = with(PASSWORD, &codes[0]);
    assert_eq!(fields(again).await, "code", "a code works once");
}
