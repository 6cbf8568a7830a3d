//! Trusted certificate authorities: for controllers only the given file, or else the machine's authorities; for
//! the server both. Certificate checks can't be switched off.

mod fault;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::failure::{Failure, Result};

pub use fault::Fault;

/// For controllers. `ca_file`: one or several PEM certificates, trusted instead of the machine's authorities: a
/// password is sent there, and a certificate of a public authority doesn't prove the domain.
pub fn to_controllers(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    client(match ca_file {
        Some(path) => added(RootCertStore::empty(), path)?,
        None => of_the_machine(),
    })
}

/// For the server. `ca_file` is trusted in addition to the machine's authorities.
pub fn to_server(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    client(match ca_file {
        Some(path) => added(of_the_machine(), path)?,
        None => of_the_machine(),
    })
}

fn of_the_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // Unparsable certificates of the machine are skipped.
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
        return Err(unusable(path, "it contains no certificate"));
    }
    Ok(certificates)
}

fn unusable(path: &Path, why: impl fmt::Display) -> Failure {
    Failure::CaFile { path: path.display().to_string(), why: why.to_string() }
}
