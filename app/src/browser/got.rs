//! What came back of a request: an answer, a fault, or something that goes by.

use leptos::server_fn::Bytes;
use leptos::server_fn::error::FromServerFnError;
use roster::fault::{Fault, Outage};

use crate::ask::{Again, Answer};
use crate::error::{AppError, OUT_OF_REACH};

/// What came of a request; status 0: nothing came.
pub struct Got {
    pub status: u16,
    pub text: String,
}

impl Got {
    pub fn read(&self, again: Again, repeatable: bool) -> Answer {
        match self.status {
            0 => Err(AppError(Fault::refused(OUT_OF_REACH))),
            1..400 => Ok(self.text.clone()),
            502..=504 => Err(AppError(match (serde_json::from_str(&self.text), again) {
                // A proxy's own page: the server got the request, or did not.
                (Err(_), Again::Write) => Fault::OutcomeUnknown { repeatable },
                (Err(_) | Ok(Fault::OutcomeUnknown { .. }), Again::Read) => {
                    Fault::Unavailable { reason: Outage::Silent }
                }
                (Ok(fault), _) => fault,
            })),
            _ => {
                let error = AppError::de(Bytes::from(self.text.clone()));
                // The words of a proxy that has no server.
                let foreign = self.status >= 500 && error.0.is_updated();
                Err(if foreign { AppError(Fault::refused(OUT_OF_REACH)) } else { error })
            }
        }
    }

    /// Waiting helps, and no person has to mend anything.
    pub fn is_passing(&self, fault: &Fault) -> bool {
        match fault {
            Fault::OutcomeUnknown { .. } => true,
            Fault::Unavailable { reason } => reason.seconds() <= 1,
            _ => self.status == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waiting_helps_against_is_sent_again() {
        let check = |status, text: &str, again, expected: Result<&str, bool>| {
            let got = Got { status, text: text.to_owned() };
            let found = got.read(again, true);
            let found = found.as_deref().map_err(|AppError(fault)| got.is_passing(fault));
            assert_eq!(found, expected, "{status} {text}");
        };
        check(200, "null", Again::Write, Ok("null"));
        check(0, "", Again::Write, Err(true));
        check(502, "<html>Bad Gateway</html>", Again::Write, Err(true));
        check(503, r#"{"code":"unavailable"}"#, Again::Read, Err(true));
        check(503, r#"{"code":"outcome_unknown"}"#, Again::Write, Err(true));
        check(503, r#"{"code":"unavailable","reason":"disk_full"}"#, Again::Write, Err(false));
        check(409, r#"{"code":"conflict","message":"x"}"#, Again::Write, Err(false));
        check(500, r#"{"code":"internal","request":"x"}"#, Again::Write, Err(false));
        check(401, "", Again::Read, Err(false));
    }
}
