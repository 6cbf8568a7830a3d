//! A directory enrolls: the Master Account Holder's word that it may, given once and kept nowhere.

use roster::account::PasswordState;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, DirectoryCaller, Who};
use roster::directory::protocol::{DirectoryIdentity, Enroll, Enrolled};
use roster::fault::Fault;
use roster::id::SessionId;
use roster::policy::Policies;
use serde_json::{Value, json};
use store::{Credentials, Transaction};

use crate::attempts::{Attempt, Counted};
use crate::sign_in::{Proven, email_key, prove};
use crate::{Operations, Result, permit, subject, two_step};

/// Characters of a domain's name and of its SID, at most.
const MOST_CHARS: usize = 255;

/// Binds the token to this directory. Email and password are compared as at a sign-in: with the same
/// delays, the same lock-out, the same answers.
pub async fn enroll(operations: &Operations, caller: &Caller, wish: &Enroll) -> Result<Enrolled> {
    permit(caller, &Act::UseDirectoryToken)?;
    let Some(service) = caller.directory() else {
        return Err(Fault::not_found("token").into());
    };
    let directory = checked(&wish.directory)?;
    // Until the password is right, whoever typed it is nobody.
    let somebody = Caller::anonymous(caller.origin.clone());
    let sign_in = permit(&somebody, &Act::SignIn)?;
    let proven = prove(operations, &somebody, &sign_in, &wish.email, &wish.password).await?;
    let Proven { found, policies, counted, .. } = proven;
    let mut tx = second_step(operations, &somebody, (&found, counted), wish).await?;
    let person = person(operations, &mut tx, caller, (&found, &policies)).await?;
    // That the password is right is remembered, also where it is not the holder's.
    tx.commit_bookkeeping().await?;
    let permit = permit(&person, &Act::EnrollDirectory)?;

    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let before = bound_to(&mut tx, service, &directory).await?;
    let source = tx.enroll_directory(&permit, &directory, &found.name, now).await?;
    if !tx.bind_directory_token(&permit, service.token, source).await? {
        return Err(another().into());
    }
    let entry = Entry {
        action: Action::DirectoryEnrolled,
        subject: subject::directory(source, &directory.domain),
        before,
        after: json!({
            "domain": directory.domain,
            "guid": directory.domain_guid,
            "sid": directory.domain_sid,
            "token": service.token,
        }),
    };
    tx.commit(&person, now, &[entry]).await?;
    Ok(Enrolled { source_id: source })
}

fn checked(directory: &DirectoryIdentity) -> Result<DirectoryIdentity> {
    let fits = |text: &str| {
        !text.is_empty() && text.chars().count() <= MOST_CHARS && !text.contains(char::is_control)
    };
    let domain = directory.domain.trim().to_lowercase();
    let domain_sid = directory.domain_sid.trim().to_owned();
    if fits(&domain) && fits(&domain_sid) {
        Ok(DirectoryIdentity { domain, domain_guid: directory.domain_guid, domain_sid })
    } else {
        Err(Fault::refused("The directory’s domain or its SID is missing or too long.").into())
    }
}

/// The code, where the account has two-step verification. That one is wanted is told only to who
/// knows the password.
async fn second_step(
    operations: &Operations,
    somebody: &Caller,
    (found, counted): (&Credentials, Counted),
    wish: &Enroll,
) -> Result<Transaction> {
    let mut tx = operations.store.write().await?;
    let id = found.id;
    if tx.two_step(id).await?.is_none() {
        counted.right(&mut tx).await?;
        return Ok(tx);
    }
    // The password was counted as a failure before it was looked at, and was none. The code counts
    // by itself.
    counted.take_back(&mut tx).await?;
    if wish.code.is_empty() {
        tx.commit_bookkeeping().await?;
        let message = "This account has two-step verification: enter a code, too.";
        return Err(Fault::invalid("code", message).into());
    }
    let key = email_key(&wish.email);
    let attempt = Attempt::sign_in(&key, Some(id), None, &somebody.origin);
    Ok(two_step::proven(operations, somebody, tx, (attempt, id), wish.code.reveal()).await?.0)
}

/// The person as they would be after a sign-in.
async fn person(
    operations: &Operations,
    tx: &mut Transaction,
    caller: &Caller,
    (found, policies): (&Credentials, &Policies),
) -> Result<Caller> {
    let has_two_step = tx.two_step(found.id).await?.is_some();
    let expired = found.password == PasswordState::Own
        && policies.is_expired(found.chosen_at, operations.now());
    let who = Who::Person(Actor {
        account: found.id,
        name: found.name.clone(),
        role: found.role,
        areas: Vec::new(),
        // There is none: it is for this one request.
        session: SessionId(0),
        must_change_password: expired || policies.must_change(found.password),
        two_step_due: !has_two_step && two_step::is_required(tx, found.id).await?,
    });
    Ok(Caller { who, origin: caller.origin.clone() })
}

/// What the token was for before; another directory than that is refused.
async fn bound_to(
    tx: &mut Transaction,
    service: &DirectoryCaller,
    directory: &DirectoryIdentity,
) -> Result<Value> {
    let Some(source) = service.source else { return Ok(Value::Null) };
    let Some(source) = tx.lock_directory(source).await? else { return Ok(Value::Null) };
    if source.identity.domain_guid == directory.domain_guid {
        Ok(json!({ "domain": source.identity.domain }))
    } else {
        Err(another().into())
    }
}

fn another() -> Fault {
    Fault::conflict(
        "This token is enrolled for another directory. Make a token for this one in Global \
         Settings.",
    )
}
