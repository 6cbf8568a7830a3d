//! What a use case ends with when it doesn't end well: a refusal that may be told to anyone, or a
//! cause that is only logged.

use roster::authority::Denied;
use roster::fault::{Fault, Outage};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Fault(#[from] Fault),
    #[error("the database: {0}")]
    Store(store::Error),
    #[error("{0}")]
    Internal(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Refused(refused) => Self::Fault(refused.into()),
            other => Self::Store(other),
        }
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Fault(denied.into())
    }
}

impl Error {
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::Internal(cause.into())
    }

    /// Why the database can't be used at the moment, where that is the cause.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Fault(Fault::Unavailable { reason }) => Some(*reason),
            Self::Store(cause) => cause.outage(),
            Self::Fault(_) | Self::Internal(_) => None,
        }
    }

    /// The refusal as it may be sent; an internal cause goes to the log under the request's id.
    #[must_use]
    pub fn into_fault(self, request: &str) -> Fault {
        match self {
            Self::Fault(fault) => fault,
            Self::Store(cause) if let Some(reason) = cause.outage() => {
                tracing::error!(request, %cause, "{}", reason.statement());
                Fault::Unavailable { reason }
            }
            Self::Store(_) | Self::Internal(_) => {
                tracing::error!(request, cause = %self, "a use case failed");
                Fault::Internal { request: request.to_owned() }
            }
        }
    }
}
