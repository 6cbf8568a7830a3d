//! At which address passkeys work: they belong to a name, and a browser gives them to nobody else.

use std::sync::Arc;
use std::time::Duration;

use roster::fault::Fault;
use roster::passkey::{ANSWER_SECONDS, NoPasskeys, PublicAddress};
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::Result;

#[derive(Clone)]
pub struct Passkeys(Arc<std::result::Result<Site, NoPasskeys>>);

struct Site {
    address: PublicAddress,
    webauthn: Webauthn,
}

impl Passkeys {
    /// Until an address is known.
    #[must_use]
    pub fn nowhere() -> Self {
        Self(Arc::new(Err(NoPasskeys::NoAddress)))
    }

    #[must_use]
    pub fn at(address: PublicAddress) -> Self {
        Self(Arc::new(site(address)))
    }

    /// Whether they work for who came by this address.
    pub fn open_at(&self, host: &str) -> std::result::Result<(), NoPasskeys> {
        match &*self.0 {
            Ok(site) => site.address.is_open_at(host),
            Err(why) => Err(why.clone()),
        }
    }

    pub fn webauthn(&self) -> Result<&Webauthn> {
        match &*self.0 {
            Ok(site) => Ok(&site.webauthn),
            Err(why) => Err(Fault::refused(why.to_string()).into()),
        }
    }
}

fn site(address: PublicAddress) -> std::result::Result<Site, NoPasskeys> {
    let name = address.relying_party()?;
    let origin = Url::parse(&address.origin()).map_err(|_| NoPasskeys::NoAddress)?;
    let seconds = u64::try_from(ANSWER_SECONDS).unwrap_or_default();
    let webauthn = WebauthnBuilder::new(name, &origin).and_then(|builder| {
        builder
            .rp_name("Muster")
            .allow_any_port(address.any_port())
            .timeout(Duration::from_secs(seconds))
            .build()
    });
    match webauthn {
        Ok(webauthn) => Ok(Site { address, webauthn }),
        Err(why) => {
            tracing::error!(%why, "there are no passkeys at this public address");
            Err(NoPasskeys::NoAddress)
        }
    }
}
