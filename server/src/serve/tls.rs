//! The certificate and its key, read at the start and again at SIGHUP.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{SignalKind, signal};

use crate::configuration::Exposure;
use crate::failure::{Failure, Result};

pub async fn load(cert: &Path, key: &Path) -> Result<RustlsConfig> {
    // Refused only when there is one already: this is the only place that installs one.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let (certificate, private_key) = read(cert, key).await?;
    let loaded = RustlsConfig::from_pem(certificate, private_key).await;
    let loaded = loaded.map_err(|error| mismatch(cert, key, &error))?;
    warn_of_open(key).await;
    Ok(loaded)
}

/// A renewed certificate is taken without a restart: connections that are open keep the one before.
/// The signal ends nothing, whether or not there is a certificate.
pub fn reload_on_signal(exposure: &Exposure, tls: Option<RustlsConfig>) {
    let files = match (exposure, tls) {
        (Exposure::Tls { cert, key }, Some(tls)) => Some((cert.clone(), key.clone(), tls)),
        _ => None,
    };
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        tracing::warn!("SIGHUP can't be watched: a renewed certificate needs a restart");
        return;
    };
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let Some((cert, key, tls)) = &files else {
                tracing::info!("SIGHUP: there is no certificate to read again");
                continue;
            };
            match reload(cert, key, tls).await {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(Failure::Failed(why) | Failure::Usage(why)) => {
                    tracing::error!(why, "the certificate from before stays in use");
                }
                Err(Failure::Unread) => {}
            }
        }
    });
}

async fn reload(cert: &Path, key: &Path, tls: &RustlsConfig) -> Result<()> {
    let (certificate, private_key) = read(cert, key).await?;
    let loaded = tls.reload_from_pem(certificate, private_key).await;
    loaded.map_err(|error| mismatch(cert, key, &error))?;
    warn_of_open(key).await;
    Ok(())
}

async fn read(cert: &Path, key: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
    let certificate = file("certificate", "--tls-cert", cert).await?;
    let private_key = file("key", "--tls-key", key).await?;
    Ok((certificate, private_key))
}

async fn warn_of_open(key: &Path) {
    if let Ok(about) = tokio::fs::metadata(key).await
        && is_open(about.permissions().mode())
    {
        tracing::warn!(
            file = %key.display(),
            "other users of this computer may read the private key: take that right away, such as \
             by chmod 600"
        );
    }
}

/// Everybody may read it. The group may be one for keys alone.
fn is_open(mode: u32) -> bool {
    const OTHERS_READ: u32 = 0o004;
    mode & OTHERS_READ != 0
}

fn mismatch(cert: &Path, key: &Path, error: &std::io::Error) -> Failure {
    Failure::Failed(format!(
        "The certificate {} and the key {} can't be used together: {error}. Both must be PEM files \
         that belong together, the certificate followed by its chain.",
        cert.display(),
        key.display()
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_its_owner_and_a_group() {
        for (mode, open) in [(0o600, false), (0o640, false), (0o644, true), (0o100_604, true)] {
            assert_eq!(is_open(mode), open, "{mode:o}");
        }
    }
}
