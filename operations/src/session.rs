//! Sessions: the one gate through which each begins, the look at every request's, and the end. Who
//! proved what is the caller's to say; whether it still holds is read here again.

mod credentials;
mod living;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, Who};
use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::secret::Secret;
use roster::session::{MOST_SESSIONS, Method, SecondStep};
use serde_json::{Value, json};
use store::{NewSession, Transaction};

use crate::{Result, devices, entropy, permit, subject, two_step};

pub(crate) use credentials::{Fingerprint, current, own_hash, password_expired, present_hash};
pub use living::{authenticate, sign_out};

/// A session has begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; kept nowhere.
    pub token: Secret,
    /// The session lives so long at most.
    pub seconds: i64,
    pub must_change_password: bool,
    /// There is no session yet: the token is for [`confirm`](crate::two_step::confirm).
    pub waits_for_code: bool,
    pub two_step_due: bool,
    /// By which the browser is known again; kept nowhere. `None` where there is no session yet.
    pub device: Option<Secret>,
}

/// What somebody proved.
pub(crate) struct Proof {
    pub account: AccountId,
    pub method: Proven,
    pub second: Option<Second>,
    pub at: Timestamp,
}

pub(crate) enum Proven {
    /// The password that has this fingerprint.
    Password(Fingerprint),
    /// A passkey alone, by its name.
    Passkey(String),
}

/// What followed the password.
pub(crate) enum Second {
    Code,
    RecoveryCode,
    /// By its name.
    Passkey(String),
}

/// The one gate through which sessions begin: reads the credentials again, uses a password up that is
/// for one sign-in, begins the session, and ends the transaction. The caller's own session ends, since the new one takes its cookie.
pub(crate) async fn begin(mut tx: Transaction, caller: &Caller, proof: Proof) -> Result<SignedIn> {
    let permit = permit(caller, &Act::SignIn)?;
    let Proof { account, method, second, at } = proof;
    let found = tx.lock_credentials(account).await?.filter(|found| found.enabled);
    let found = found.ok_or_else(refused)?;
    let policies = tx.settings().await?.policies;
    let (method, mut passkey) = match method {
        Proven::Password(proven) => {
            if current(&mut tx, &found, at).await?.as_ref() != Some(&proven) {
                return Err(refused().into());
            }
            if !tx.password_used(&permit, &found, !policies.change_after_reset).await? {
                return Err(refused().into());
            }
            (Method::Password, None)
        }
        Proven::Passkey(name) => (Method::Passkey, Some(name)),
    };
    let by_password_alone = method == Method::Password && second.is_none();
    if by_password_alone && two_step::has_second_factor(&mut tx, account).await? {
        return Err(refused().into());
    }
    let two_step_due = by_password_alone && two_step::is_required(&mut tx, account).await?;
    let password_due =
        password_expired(&found, &policies, at) || policies.must_change(found.password);
    let second_step = second.map(|second| match second {
        Second::Code => SecondStep::Code,
        Second::RecoveryCode => SecondStep::RecoveryCode,
        Second::Passkey(name) => {
            passkey = Some(name);
            SecondStep::Passkey
        }
    });
    let token = entropy::token()?;
    let session = NewSession {
        token_hash: entropy::digest(&token),
        account,
        created_at: at,
        address: caller.origin.address.clone(),
        agent: caller.origin.agent.clone(),
        method,
        second_step,
        authenticated_at: at,
        password_due,
        two_step_due,
    };
    let mut trail = vec![Entry {
        action: Action::SignIn,
        subject: subject::account(account, &found.name),
        before: Value::Null,
        after: passkey.map_or(Value::Null, |name| json!({ "passkey": name })),
    }];
    trail.extend(replace(&mut tx, caller).await?);
    let (session, ended) = tx.create_session(&permit, &session, MOST_SESSIONS).await?;
    if ended > 0 {
        trail.push(sessions_ended(account, &found.name, ended));
    }
    tx.signed_in(&permit, account, at).await?;
    let device = devices::remember(&mut tx, &permit, caller, account, at).await?;
    // Written down as the person's own doing, not as an unknown's.
    let who = Who::Person(Actor {
        account,
        name: found.name,
        role: found.role,
        areas: Vec::new(),
        session,
        must_change_password: password_due,
        two_step_due,
    });
    let person = Caller { who, origin: caller.origin.clone() };
    tx.commit(&person, at, &trail).await?;
    let seconds = policies.sessions.absolute_seconds();
    let must_change_password = password_due;
    Ok(SignedIn {
        token,
        seconds,
        must_change_password,
        waits_for_code: false,
        two_step_due,
        device: Some(device),
    })
}

/// Ends the caller's own session, whose cookie is about to be another's.
pub(crate) async fn replace(tx: &mut Transaction, caller: &Caller) -> Result<Option<Entry>> {
    let Some(actor) = caller.person() else { return Ok(None) };
    let permit = permit(caller, &Act::SignIn)?;
    let ended = tx.end_session(&permit, actor.account, actor.session).await?;
    Ok(ended.then(|| sessions_ended(actor.account, &actor.name, 1)))
}

pub(crate) fn sessions_ended(account: AccountId, name: &str, count: u64) -> Entry {
    Entry {
        action: Action::SessionsEnded,
        subject: subject::account(account, name),
        before: json!({ "sessions": count }),
        after: Value::Null,
    }
}

/// The answer to everything that is wrong with a password.
pub(crate) fn refused() -> Fault {
    Fault::refused(
        "Email or password is wrong, or the account is disabled. Check both and try again, or ask \
         an administrator.",
    )
}
