//! What every request needs to know of this server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::server::CookieStyle;
use axum::extract::FromRef;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use operations::Operations;
use roster::authority::Caller;
use roster::passkey::PublicAddress;

use super::readiness::Readiness;
use crate::assets::Others;
use crate::configuration::Exposure;

#[derive(Clone)]
pub struct Site {
    pub operations: Operations,
    pub cookie: CookieStyle,
    pub readiness: Arc<Readiness>,
    /// Who may say for whom they ask.
    pub proxies: Arc<[IpNet]>,
    /// The browser sees TLS.
    pub encrypted: bool,
    /// By which address browsers know this server, where that was said: `https://muster.example.com`.
    pub public: Option<Arc<str>>,
    /// Assets of other versions that were asked for.
    pub others: Others,
    options: LeptosOptions,
    set_up: Arc<AtomicBool>,
}

impl Site {
    pub fn new(operations: Operations, exposure: Exposure) -> Self {
        let encrypted = exposure.is_encrypted();
        let proxies = match exposure {
            Exposure::Proxy(networks) => networks,
            Exposure::Loopback | Exposure::Tls { .. } => Vec::new(),
        };
        let (name, device) = if encrypted {
            ("__Host-muster", "__Host-muster-device")
        } else {
            ("muster", "muster-device")
        };
        Self {
            readiness: Arc::new(Readiness::new(operations.clone())),
            operations,
            cookie: CookieStyle { name, device, secure: encrypted },
            proxies: proxies.into(),
            encrypted,
            public: None,
            others: Others::default(),
            options: LeptosOptions::builder().output_name("frontend").build(),
            set_up: Arc::default(),
        }
    }

    pub fn at(mut self, address: Option<&PublicAddress>) -> Self {
        // Without TLS it is this computer alone, by whichever name and port it is asked.
        let address = address.filter(|_| self.encrypted);
        self.public = address.map(|address| address.origin().into());
        self
    }

    /// There is a Master Account Holder. It is asked until it is so: it stays so.
    pub async fn is_set_up(&self, caller: &Caller) -> operations::Result<bool> {
        if self.set_up.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let set_up = operations::set_up::is_set_up(&self.operations, caller).await?;
        self.set_up.store(set_up, Ordering::Relaxed);
        Ok(set_up)
    }
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}
