//! The first account: its one-time code holds for a day, and isn't guessed.

use operations::set_up::{self, SetUp};
use operations::{Error, Operations};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::secret::Secret;

use crate::database::Database;
use crate::world::{anonymous, first_account, fresh};

on_both!(a_code_ends_after_a_day, wrong_codes_are_counted);

const DAY: i64 = 24 * 60 * 60;

async fn code(operations: &Operations) -> Secret {
    set_up::new_code(operations, &Caller::operator()).await.unwrap().unwrap()
}

async fn set_up_with(operations: &Operations, code: &str) -> Result<(), Fault> {
    let wish = SetUp { code: Some(Secret::new(code)), ..first_account() };
    match set_up::set_up(operations, &anonymous(), wish).await {
        Ok(_) => Ok(()),
        Err(Error::Fault(fault)) => Err(fault),
        Err(error) => panic!("{error}"),
    }
}

fn is_refused(result: &Result<(), Fault>) -> bool {
    matches!(result, Err(Fault::Refused { .. }))
}

async fn a_code_ends_after_a_day(database: &Database) {
    let (operations, clock, _folder) = fresh(database).await;
    let old = code(&operations).await;
    clock.advance(DAY);
    assert!(is_refused(&set_up_with(&operations, old.reveal()).await));
    let new = code(&operations).await;
    assert!(is_refused(&set_up_with(&operations, old.reveal()).await), "the newest alone holds");
    clock.advance(DAY - 1);
    assert_eq!(set_up_with(&operations, &new.reveal().to_lowercase()).await, Ok(()));
}

async fn wrong_codes_are_counted(database: &Database) {
    let (operations, _, _folder) = fresh(database).await;
    let right = code(&operations).await;
    let mut tries = 0;
    while is_refused(&set_up_with(&operations, "AAAA-AAAA-AAAA").await) {
        tries += 1;
        assert!(tries < 100, "wrong codes wait sooner or later");
    }
    let found = set_up_with(&operations, right.reveal()).await;
    assert!(matches!(found, Err(Fault::Wait { .. })), "{found:?}");
}
