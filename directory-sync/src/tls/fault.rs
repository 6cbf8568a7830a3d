//! Failures of TLS for administrators: what is wrong, and what to do.

use std::error::Error;
use std::{io, iter};

use roster::id::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, OtherError};

/// A failure, in sentences that follow a colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Certificate(String),
    /// The handshake failed for another reason than the certificate.
    Handshake(String),
}

impl Fault {
    /// `None`: the error has nothing to do with TLS.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let tls = iter::successors(Some(error), |error| cause(*error))
            .find_map(|error| error.downcast_ref::<rustls::Error>())?;
        Some(match tls {
            rustls::Error::InvalidCertificate(fault) => Self::Certificate(of_certificate(fault)),
            other => Self::Handshake(of_handshake(other)),
        })
    }
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // An I/O error doesn't return the error it wraps as its source.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn of_handshake(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => "what answers there speaks no TLS. Check name and port.".to_owned(),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity,
        ) => "there is no version of TLS, or no cipher, that both sides take. Let it take TLS 1.2 or 1.3 with \
              ECDHE and AES-GCM."
            .to_owned(),
        rustls::Error::AlertReceived(alert) => {
            format!("it broke off with the alert {alert:?}. Its own log may say why.")
        }
        other => format!("{other}. Check that nothing stands between."),
    }
}

fn of_certificate(fault: &CertificateError) -> String {
    match fault {
        CertificateError::UnknownIssuer => {
            "the authority that issued it isn't known here, or it has issued itself. Name the authority \
             with --ca-file; if one is named, it must be this certificate's."
        }
        CertificateError::BadSignature => {
            "the authority known here under the name of its issuer hasn't signed it. If that authority has a \
             new key, give its new certificate with --ca-file; else somebody pretends to be it."
        }
        CertificateError::Expired => "it has expired. Renew it.",
        CertificateError::ExpiredContext { not_after, .. } => {
            return format!(
                "it has expired, on {}. Renew it; if it hasn't, set this machine's clock right.",
                date(*not_after)
            );
        }
        CertificateError::NotValidYet => "it isn't valid yet. Set this machine's clock right.",
        CertificateError::NotValidYetContext { not_before, .. } => {
            return format!(
                "it isn't valid before {}. Set this machine's clock right, or wait.",
                date(*not_before)
            );
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            return for_another_name(&expected.to_str(), presented);
        }
        CertificateError::NotValidForName => {
            "it is for another name (only its subjectAltName counts). Have one issued for the name by which \
             it is reached."
        }
        CertificateError::Revoked => "it was revoked. Have another one issued.",
        CertificateError::BadEncoding => "it can't be read. Have another one issued.",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it isn't meant for a server (extended key usage). Have one issued for server authentication."
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "it is signed in a way that isn't trusted any more, such as SHA-1. Have one issued that is \
             signed with SHA-256."
        }
        CertificateError::Other(OtherError(other)) => return of_another_kind(other.as_ref()),
        other => return format!("{other}. Have another one issued."),
    }
    .to_owned()
}

fn of_another_kind(fault: &(dyn Error + 'static)) -> String {
    match fault.downcast_ref::<webpki::Error>() {
        Some(webpki::Error::UnsupportedCertVersion) => {
            "it is of the old version 1, which can't hold the names that count (subjectAltName). Have one of \
             version 3 issued."
                .to_owned()
        }
        Some(webpki::Error::CaUsedAsEndEntity) => {
            "it is the certificate of an authority. Have one issued for the name by which it is reached."
                .to_owned()
        }
        _ => format!("{fault}. Have another one issued."),
    }
}

/// `names`: `DnsName("dc1.example.com")`, `IpAddress(127.0.0.1)`.
fn for_another_name(expected: &str, names: &[String]) -> String {
    let plain = |name: &String| {
        let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner);
        inner.trim_end_matches(')').trim_matches('"').to_owned()
    };
    let names: Vec<String> = names.iter().map(plain).collect();
    let has = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
    format!(
        "it is for {has} and not for {expected} (only its subjectAltName counts). Have one issued for that \
         name, or give a name that it is for."
    )
}

/// `2026-11-25`
fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 1_000);
    Timestamp(seconds.saturating_mul(1_000)).rfc3339().chars().take(10).collect()
}
