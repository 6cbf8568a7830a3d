//! What browsers are asked. Until the answer comes it is in the database, so that any server can take
//! it; the token that names it there is known to the browser alone.

use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::passkey::ANSWER_SECONDS;
use roster::secret::Secret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Challenge, Transaction};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential, Uuid, WebauthnError};

use super::read;
use crate::{Error, Operations, Result, entropy};

/// Keeps what the answer is compared with; the token for it.
pub async fn keep(
    tx: &mut Transaction,
    account: Option<AccountId>,
    state: &impl Serialize,
    now: Timestamp,
) -> Result<Secret> {
    let token = entropy::token()?;
    let challenge = Challenge { account, state: written(state)?.to_string(), created_at: now };
    tx.forget_challenges(now.plus_seconds(-ANSWER_SECONDS)).await?;
    tx.ask_for_passkey(&entropy::digest(&token), &challenge).await?;
    Ok(token)
}

/// What was kept, this once, for who was asked.
pub async fn taken<S: DeserializeOwned>(
    tx: &mut Transaction,
    token: &Secret,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<S> {
    let challenge = tx.take_challenge(&entropy::digest(token)).await?;
    let challenge = challenge
        .filter(|kept| now.seconds_since(kept.created_at) < ANSWER_SECONDS)
        .filter(|kept| kept.account == account)
        .ok_or_else(|| Fault::refused("This took too long. Try again."))?;
    serde_json::from_str(&challenge.state)
        .map_err(|_| Error::internal("a question to a browser is not as it was written"))
}

/// An answer, looked at.
pub enum Answer {
    /// Its passkey, and what is to be kept of it from now on.
    Right {
        passkey: store::Passkey,
        credential: String,
    },
    Wrong,
}

/// Whose passkey answers, as the answer says: whether it does is not looked at yet.
pub async fn whose(tx: &mut Transaction, answer: &str) -> Result<Option<AccountId>> {
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
    let credential_id = entropy::hex(answer.get_credential_id());
    Ok(tx.lock_passkey(&credential_id).await?.map(|passkey| passkey.account))
}

/// Whether the answer is one that a passkey gives to this question: of `account`, where it is known
/// who was asked.
pub async fn look_at(
    operations: &Operations,
    tx: &mut Transaction,
    state: DiscoverableAuthentication,
    answer: &str,
    account: Option<AccountId>,
) -> Result<Answer> {
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
        return Ok(Answer::Wrong);
    };
    let credential_id = entropy::hex(answer.get_credential_id());
    let Some(passkey) = tx.lock_passkey(&credential_id).await? else {
        return Ok(Answer::Wrong);
    };
    // Who was asked by name needn't say it again.
    let says_who = match answer.get_user_unique_id().map(Uuid::from_slice) {
        Some(handle) => handle.is_ok_and(|handle| handle.to_string() == passkey.user_handle),
        None => account.is_some(),
    };
    if !says_who || account.is_some_and(|account| account != passkey.account) {
        return Ok(Answer::Wrong);
    }
    let mut known = read(&passkey)?;
    let webauthn = operations.passkeys.webauthn()?;
    match webauthn.finish_discoverable_authentication_v2(&answer, state, &known) {
        Ok(result) => {
            known.update_credential(&result);
            Ok(Answer::Right { passkey, credential: written(&known)?.to_string() })
        }
        Err(why) => {
            tracing::info!(%why, "a passkey was refused");
            Ok(Answer::Wrong)
        }
    }
}

pub fn written(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|why| Error::internal(why.to_string()))
}

pub fn failed(why: &WebauthnError) -> Error {
    Error::internal(why.to_string())
}
