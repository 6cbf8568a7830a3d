//! What a handler gets of a request: who asks and with what to serve them, an address's parts, the
//! JSON that was sent. What can't be read is refused like everything else, as a `Fault`.

use std::convert::Infallible;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use operations::Operations;
use roster::authority::{Caller, Origin};
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::serve::{RequestId, Site};

/// Who asks, and the operations that answer.
pub struct Ask {
    pub operations: Operations,
    pub caller: Caller,
    id: Option<RequestId>,
}

impl Ask {
    /// The operation's refusal; an internal cause is logged under the request's id.
    pub fn refuse(&self, error: operations::Error) -> Refusal {
        let id = self.id.as_ref().map_or("-", RequestId::as_str);
        Refusal::from(error.into_fault(id))
    }

    /// The operation's answer as JSON, or its refusal.
    pub fn answer<T>(&self, result: operations::Result<T>) -> Result<Json<T>, Refusal> {
        result.map(Json).map_err(|error| self.refuse(error))
    }
}

impl FromRequestParts<Site> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let caller = parts.extensions.get().cloned();
        Ok(Self {
            operations: site.operations.clone(),
            caller: caller.unwrap_or_else(|| Caller::anonymous(Origin::default())),
            id: parts.extensions.get().cloned(),
        })
    }
}

/// The parts of the address; one that can't be such a part is an unknown address.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let Path(names) =
            Path::from_request_parts(parts, site).await.map_err(|_| Refusal::no_such_address())?;
        Ok(Self(names))
    }
}

/// The JSON that was sent.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let Json(sent) = Json::from_request(request, site)
            .await
            .map_err(|rejection| Refusal::unreadable(rejection.status(), &rejection.body_text()))?;
        Ok(Self(sent))
    }
}
