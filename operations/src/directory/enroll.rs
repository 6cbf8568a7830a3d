//! Enrolling a directory: the Master Account Holder authorizes it once; their password is not stored.

use roster::account::PasswordState;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, DirectoryCaller, Who};
use roster::directory::protocol::{DirectoryIdentity, Enroll, Enrolled};
use roster::fault::Fault;
use roster::id::SessionId;
use roster::policy::Policies;
use serde_json::{Value, json};
use store::{Credentials, Transaction};

use super::enrollment_code;
use crate::attempts::{Attempt, Counted};
use crate::session::Fingerprint;
use crate::sign_in::{Proven, email_key, prove};
use crate::{Operations, Result, permit, session, subject, two_step};

/// The most characters of a domain's name and of its SID.
const MOST_CHARS: usize = 255;

/// Binds the token to this directory. Email and password are checked as at a sign-in, with the same
/// delays, lock-out and answers.
pub async fn enroll(operations: &Operations, caller: &Caller, wish: &Enroll) -> Result<Enrolled> {
    permit(caller, &Act::UseDirectoryToken)?;
    let Some(service) = caller.directory() else {
        return Err(Fault::not_found("token").into());
    };
    let directory = checked(&wish.directory)?;
    // Until the password is proven, the person is anonymous.
    let somebody = Caller::anonymous(caller.origin.clone());
    let proven = prove(operations, &somebody, &wish.email, &wish.password).await?;
    let Proven { found, password, policies, counted } = proven;
    let mut tx = second_step(operations, &somebody, (&found, &password, counted), wish).await?;
    let person = person(operations, &mut tx, caller, (&found, &policies)).await?;
    if let Err(refused) = permit(&person, &Act::EnrollDirectory) {
        // The right password is counted as such, even if it is not the holder's.
        tx.commit_bookkeeping().await?;
        return Err(refused);
    }
    let now = operations.now();
    let before = bound_to(&mut tx, service, &directory).await?;
    let permit = tx.enrollment_for(&person, service, now).await?;
    let source = tx.enroll_directory(&permit, service.token, &directory, &found.name, now).await?;
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

/// Checks the code if the account has an app or a passkey: as at a sign-in, the password alone is not
/// enough. Only a caller with the right password learns that a code is needed.
async fn second_step(
    operations: &Operations,
    somebody: &Caller,
    (found, password, counted): (&Credentials, &Fingerprint, Counted),
    wish: &Enroll,
) -> Result<Transaction> {
    let mut tx = operations.store.write().await?;
    let id = found.id;
    unchanged(operations, &mut tx, found, password).await?;
    let has_app = tx.two_step(id).await?.is_some();
    if !has_app && !tx.has_passkeys(id).await? {
        counted.right(&mut tx).await?;
        return Ok(tx);
    }
    // The password was counted as a failure before it was checked, but it was right. The code is counted
    // separately.
    counted.take_back(&mut tx).await?;
    if wish.code.is_empty() {
        tx.commit_bookkeeping().await?;
        let message = if has_app {
            "This account has two-step verification: enter a code, too."
        } else {
            "This account has a passkey, which can’t be asked for here: make an enrollment code in \
             Global Settings, Active Directory Synchronization, and enter it, or one of the account’s \
             recovery codes."
        };
        return Err(Fault::invalid("code", message).into());
    }
    let key = email_key(&wish.email);
    let attempt = Attempt::sign_in(&key, Some(id), None, &somebody.origin);
    let (now, lock_out) = (operations.now(), tx.settings().await?.policies.lock_out);
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    if enrollment_code::takes(&mut tx, operations, id, &wish.code).await?
        || two_step::takes(&mut tx, operations, id, wish.code.reveal()).await?.is_some()
    {
        counted.right(&mut tx).await?;
        return Ok(tx);
    }
    tx.commit(somebody, now, &counted.wrong(Some(found))).await?;
    Err(two_step::wrong().into())
}

/// Locks the account and checks that its password, role and status have not changed since the password
/// was proven.
async fn unchanged(
    operations: &Operations,
    tx: &mut Transaction,
    before: &Credentials,
    proven: &Fingerprint,
) -> Result<()> {
    let now = tx.lock_credentials(before.id).await?;
    if let Some(now) = now.filter(|now| now.enabled && now.role == before.role)
        && session::current(tx, &now, operations.now()).await?.as_ref() == Some(proven)
    {
        return Ok(());
    }
    Err(Fault::conflict("This account was changed just now. Try again.").into())
}

/// The caller that this person would be after a sign-in.
async fn person(
    operations: &Operations,
    tx: &mut Transaction,
    caller: &Caller,
    (found, policies): (&Credentials, &Policies),
) -> Result<Caller> {
    let has_two_step = two_step::has_second_factor(tx, found.id).await?;
    let expired = found.password == PasswordState::Own
        && policies.is_expired(found.chosen_at, operations.now());
    let who = Who::Person(Actor {
        account: found.id,
        name: found.name.clone(),
        role: found.role,
        areas: Vec::new(),
        // There is no session: the caller exists for this request only.
        session: SessionId(0),
        must_change_password: expired || policies.must_change(found.password),
        two_step_due: !has_two_step && two_step::is_required(tx, found.id).await?,
    });
    Ok(Caller { who, origin: caller.origin.clone() })
}

/// The directory that the token is bound to already, for the audit entry. Fails if it is another one.
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
