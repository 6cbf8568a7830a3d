//! Whom both connections trust: for controllers the authority that was named, alone, or else the
//! machine's; for the server both. Nothing here can switch the check of a certificate off.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use crate::failure::{Failure, Result};

/// For controllers. `ca_file`: PEM, one or several certificates, trusted in the place of the machine's
/// own: a password goes there, and whoever has a certificate of a public authority is not the domain.
pub fn to_controllers(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    client(match ca_file {
        Some(path) => added(RootCertStore::empty(), path)?,
        None => of_the_machine(),
    })
}

/// For the server. `ca_file`: trusted beside the machine's own.
pub fn to_server(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    client(match ca_file {
        Some(path) => added(of_the_machine(), path)?,
        None => of_the_machine(),
    })
}

fn of_the_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // A machine may hold certificates that nobody can read: the others are good all the same.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn added(mut roots: RootCertStore, path: &Path) -> Result<RootCertStore> {
    for certificate in named(path)? {
        roots.add(certificate).map_err(|error| unusable(path, error))?;
    }
    Ok(roots)
}

fn client(roots: RootCertStore) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::Usage { why: format!("TLS can't be used: {error}.") })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn named(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(path, error))?;
    if certificates.is_empty() {
        return Err(unusable(path, "there is no certificate in it"));
    }
    Ok(certificates)
}

fn unusable(path: &Path, why: impl fmt::Display) -> Failure {
    Failure::CaFile { path: path.display().to_string(), why: why.to_string() }
}

/// What is wrong with a certificate, if that is what an error comes from.
#[must_use]
pub fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(words(tls));
        }
        // An error of input and output doesn't name what it wraps as its source.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn words(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(fault) = error else { return error.to_string() };
    match fault {
        CertificateError::UnknownIssuer => "this machine doesn't know who issued it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it isn't valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name (only its subjectAltName counts)".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        other => other.to_string(),
    }
}
