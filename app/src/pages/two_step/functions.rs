//! What the page asks the server.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::passkey::PasskeyLine;
use roster::secret::Secret;
use roster::two_step::OwnTwoStep;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The own two-step verification and, where it isn't set up, a secret for the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoStepView {
    pub own: OwnTwoStep,
    pub offer: Option<OfferView>,
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

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndForm {
    pub password: Secret,
    pub code: Secret,
}

/// Whether it is set up; if not, what the app must know.
#[server(prefix = "/api/fn", endpoint = "two_step", input = Json)]
pub async fn see_two_step() -> Result<TwoStepView, AppError> {
    let (operations, caller) = crate::server::context()?;
    let own = operations::two_step::see(&operations, &caller).await?;
    let offer = match own.since {
        Some(_) => None,
        None => Some(operations::two_step::offer(&operations, &caller).await?),
    };
    let here = operations.passkeys_at(&crate::server::host());
    Ok(TwoStepView {
        own,
        offer: offer.map(super::picture::view),
        passkeys: operations::passkeys::list(&operations, &caller).await?,
        no_passkeys: here.err().map(|why| why.to_string()),
    })
}

/// Sets it up; answers the recovery codes.
#[server(prefix = "/api/fn", endpoint = "two_step_begin")]
pub async fn begin_two_step(form: CodeForm) -> Result<Vec<Secret>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::two_step::begin(&operations, &caller, form.code.reveal()).await?)
}

/// Answers new recovery codes.
#[server(prefix = "/api/fn", endpoint = "two_step_codes")]
pub async fn renew_recovery_codes(form: CodeForm) -> Result<Vec<Secret>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::two_step::renew_codes(&operations, &caller, form.code.reveal()).await?)
}

/// Ends it.
#[server(prefix = "/api/fn", endpoint = "two_step_end")]
pub async fn end_two_step(form: EndForm) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let EndForm { password, code } = form;
    operations::two_step::end(&operations, &caller, &password, code.reveal()).await?;
    crate::server::lead_plain_form_to("/account/two-step");
    Ok(())
}
