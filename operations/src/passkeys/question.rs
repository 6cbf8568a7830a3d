//! What browsers are asked, and whether they answer rightly. Until the answer comes the question is
//! pending, or in its token where it is not known who answers, so that any server can take it; the
//! token is known to the browser alone.

use roster::fault::Fault;
use roster::id::AccountId;
use roster::passkey::ANSWER_SECONDS;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{PendingKind, Reader, Transaction};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential, Uuid, WebauthnError};

use super::read;
use crate::keys::Purpose;
use crate::pending::Awaits;
use crate::pending::sealed::Sealed;
use crate::{Error, Operations, Result, entropy};

/// What waits for the browser's answer.
#[derive(Serialize, Deserialize)]
pub struct Asking(pub DiscoverableAuthentication);

impl Awaits for Asking {
    const KIND: PendingKind = PendingKind::Passkey;
    const VERSION: u32 = 1;
    const SECONDS: i64 = ANSWER_SECONDS;
    const MOST: u32 = 10;
}

impl Sealed for Asking {
    const PURPOSE: Purpose = Purpose::PasskeyQuestion;
    const VERSION: u32 = 1;
    const SECONDS: i64 = ANSWER_SECONDS;
}

/// The question for a passkey of this account, as the browser's options, and what the answer is
/// compared with.
pub async fn for_account(
    operations: &Operations,
    reader: &mut Reader,
    account: AccountId,
) -> Result<(String, DiscoverableAuthentication)> {
    let webauthn = operations.passkeys.webauthn()?;
    let kept = reader.passkeys(account).await?;
    let known = kept.iter().map(read).collect::<Result<Vec<_>>>()?;
    if known.is_empty() {
        return Err(Fault::refused("There is no passkey for this account.").into());
    }
    let (mut options, state) =
        webauthn.start_discoverable_authentication().map_err(|why| failed(&why))?;
    options.mediation = None;
    let mut options = written(&options)?;
    // Only for the list of those that may answer: the question itself is the same as without a name,
    // so that the answer is compared with what is kept when it comes.
    let (named, _) = webauthn.start_passkey_authentication(&known).map_err(|why| failed(&why))?;
    options["publicKey"]["allowCredentials"] =
        written(&named)?["publicKey"]["allowCredentials"].take();
    Ok((options.to_string(), state))
}

/// There is no such question any more.
pub fn too_late() -> Fault {
    Fault::refused("This took too long. Try again.")
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
