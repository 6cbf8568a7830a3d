//! Faults of the answers: their sentences, and the fields beside which they are shown.

use super::fields::Field;
use crate::failure::Failure;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `None`: the fault belongs to no field.
    pub field: Option<Field>,
    pub sentence: String,
}

impl Fault {
    /// A required field is empty.
    pub fn missing(field: Field) -> Self {
        let sentence = match field {
            Field::Server => "Enter the address of Muster.",
            Field::Token => "Enter the service token.",
            Field::Email => {
                "Enter the Master Account Holder’s email: no directory is enrolled with this token yet."
            }
            Field::Password => "Enter the Master Account Holder’s password.",
            Field::Code => "Enter a code.",
            Field::Domain => "Enter the domain.",
            Field::BindUser => "Enter the account to read the directory with.",
            Field::BindPassword => "Enter its password.",
            _ => "Fill in this field.",
        };
        Self { field: Some(field), sentence: sentence.to_owned() }
    }

    pub fn general(sentence: &str) -> Self {
        Self { field: None, sentence: sentence.to_owned() }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        let sentence = match &failure {
            Failure::ServerRefused { message, .. } => message.clone(),
            other => other.to_string(),
        };
        Self { field: field(&failure), sentence }
    }
}

/// The field whose answer can correct the failure.
fn field(failure: &Failure) -> Option<Field> {
    Some(match failure {
        Failure::ServerAddress { .. }
        | Failure::ServerUnreachable { .. }
        | Failure::ServerCertificate { .. }
        | Failure::NotMuster { .. }
        | Failure::ServerFailing { .. }
        | Failure::Protocol { .. }
        | Failure::Unexpected { .. } => Field::Server,
        Failure::TokenRefused { .. } => Field::Token,
        Failure::ServerRefused { code, .. } => match code.as_str() {
            crate::setup::CODE => Field::Code,
            "denied" | "invalid.email" => Field::Email,
            "refused" | "invalid.password" | "wait" => Field::Password,
            _ => return None,
        },
        Failure::CaFile { .. } => Field::CaFile,
        Failure::NoController { .. }
        | Failure::OtherDomain { .. }
        | Failure::NotEnrolled { .. } => Field::Domain,
        Failure::Usage { .. }
        | Failure::Unreachable { .. }
        | Failure::Certificate { .. }
        | Failure::StartTls { .. }
        | Failure::Timeout { .. }
        | Failure::ConnectionLost { .. }
        | Failure::NotSynchronized { .. }
        | Failure::Malformed { .. } => Field::Controllers,
        Failure::EmptyPassword { .. }
        | Failure::WrongPassword { .. }
        | Failure::PasswordExpired { .. } => Field::BindPassword,
        Failure::AccountLocked { .. }
        | Failure::AccountDisabled { .. }
        | Failure::AccountExpired { .. }
        | Failure::BindRefused { .. }
        | Failure::Kerberos { .. }
        | Failure::Waiting { .. }
        | Failure::NotPermitted { .. } => Field::BindUser,
        Failure::BaseNotFound { .. } => Field::Base,
        _ => return None,
    })
}
