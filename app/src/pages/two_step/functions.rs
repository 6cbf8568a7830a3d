//! What the page asks the server.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::own::{Again, Asked};
use roster::passkey::PasskeyLine;
use roster::secret::Secret;
use roster::two_step::OwnTwoStep;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// One's own two-step verification and, after the password or second factor was given again, a secret
/// for the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoStepView {
    pub own: OwnTwoStep,
    pub offer: Option<OfferView>,
    /// Before anything of it changes.
    pub asked: Asked,
    pub passkeys: Vec<PasskeyLine>,
    /// Why none can be added.
    pub no_passkeys: Option<String>,
}

/// A secret as it is typed, and as a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    pub key: Secret,
    /// The dark parts of the QR code, as an SVG path of so many units.
    pub path: Secret,
    pub size: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeForm {
    pub code: Secret,
}

/// Whether it is set up; if not, what the app must know, as soon as nothing is asked before.
#[server(prefix = "/api/fn", endpoint = "two_step", input = Json)]
pub async fn see_two_step() -> Result<TwoStepView, AppError> {
    let (operations, caller) = crate::server::context()?;
    let own = operations::two_step::see(&operations, &caller).await?;
    let asked = operations::own_account::asked_for_second_factor(&operations, &caller).await?;
    let offer = match own.since {
        Some(_) => None,
        None if asked == Asked::default() => {
            Some(operations::two_step::offer(&operations, &caller, &Again::default()).await?)
        }
        None => operations::two_step::offered(&operations, &caller).await?,
    };
    let here = operations.passkeys_at(&crate::server::host());
    Ok(TwoStepView {
        own,
        offer: offer.map(super::picture::view),
        asked,
        passkeys: operations::passkeys::list(&operations, &caller).await?,
        no_passkeys: here.err().map(|why| why.to_string()),
    })
}

/// Gives the password or second factor again; from then on the page has a secret for the app.
#[server(prefix = "/api/fn", endpoint = "two_step_offer")]
pub async fn offer_two_step(form: Again) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::two_step::offer(&operations, &caller, &form).await?;
    crate::server::lead_plain_form_to("/account/two-step");
    Ok(())
}

/// Sets it up; answers the recovery codes.
#[server(prefix = "/api/fn", endpoint = "two_step_begin")]
pub async fn begin_two_step(form: CodeForm) -> Result<Vec<Secret>, AppError> {
    let (operations, caller) = crate::server::context()?;
    let begun = operations::two_step::begin(&operations, &caller, form.code.reveal()).await?;
    crate::server::set_session_cookie(&begun.session.token, begun.session.seconds)?;
    Ok(begun.codes)
}

/// Answers new recovery codes.
#[server(prefix = "/api/fn", endpoint = "two_step_codes")]
pub async fn renew_recovery_codes(form: Again) -> Result<Vec<Secret>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::two_step::renew_codes(&operations, &caller, &form).await?)
}

/// Ends it.
#[server(prefix = "/api/fn", endpoint = "two_step_end")]
pub async fn end_two_step(form: Again) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::two_step::end(&operations, &caller, &form).await?;
    crate::server::lead_plain_form_to("/account/two-step");
    Ok(())
}
