//! The certificate and its key.

use std::path::Path;

use axum_server::tls_rustls::RustlsConfig;

use crate::failure::{Failure, Result};

pub async fn load(cert: &Path, key: &Path) -> Result<RustlsConfig> {
    // Refused only when there is one already: this is the only place that installs one.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let certificate = file("certificate", "--tls-cert", cert).await?;
    let private_key = file("key", "--tls-key", key).await?;
    RustlsConfig::from_pem(certificate, private_key).await.map_err(|error| {
        Failure::Failed(format!(
            "The certificate {} and the key {} can't be used together: {error}. Both must be PEM \
             files that belong together, the certificate followed by its chain.",
            cert.display(),
            key.display()
        ))
    })
}

async fn file(what: &str, flag: &str, path: &Path) -> Result<Vec<u8>> {
    tokio::fs::read(path).await.map_err(|error| {
        Failure::Failed(format!(
            "The TLS {what} {} can't be read: {error}. Give a PEM file that this user may read to \
             {flag}.",
            path.display()
        ))
    })
}
