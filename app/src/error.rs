//! The error of every server function: a `Fault` on its way to the browser. It carries a public
//! code and a sentence; the cause stays in the server's log.

use std::fmt;

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use roster::authority::Denied;
use roster::fault::Fault;
use serde::{Deserialize, Serialize};

pub(crate) const OUT_OF_REACH: &str =
    "The server can’t be reached. Check the connection and try again.";

/// What a server function answers when it can't do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(pub Fault);

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl From<Fault> for AppError {
    fn from(fault: Fault) -> Self {
        #[cfg(feature = "ssr")]
        crate::server::set_status(&fault);
        Self(fault)
    }
}

impl FromServerFnError for AppError {
    type Encoder = FaultEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self(Fault::refused(OUT_OF_REACH)),
            // On the server: what the browser sent. In the browser: what the server answered.
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Deserialization(_) => Fault::updated().into(),
            _ => Self(Fault::refused("Something went wrong on the server. Its log has the cause.")),
        }
    }
}

/// A fault as JSON. The layer that turns anonymous requests away answers without a body: that is
/// read as what it means.
pub struct FaultEncoding;

impl ContentType for FaultEncoding {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for FaultEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<AppError> for FaultEncoding {
    type Error = serde_json::Error;

    fn encode(error: &AppError) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(error).map(Bytes::from)
    }
}

impl Decodes<AppError> for FaultEncoding {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<AppError, Self::Error> {
        if bytes.is_empty() {
            return Ok(AppError(Fault::Denied { denied: Denied::NotSignedIn }));
        }
        serde_json::from_slice(&bytes)
    }
}
