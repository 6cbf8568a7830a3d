//! Signing in by Kerberos as the account that runs this program. Only supported on Windows, where every
//! member of a domain has it; elsewhere an account is needed.

#[cfg(windows)]
use ldap3::LdapError;
use ldap3::{Ldap, LdapResult};

use super::connect::Controller;
#[cfg(windows)]
use super::connect::broken;
use crate::failure::{Failure, Result};

/// The connection must be encrypted already: the ticket is bound to its certificate, and Kerberos itself
/// doesn't encrypt the data here.
#[cfg(windows)]
pub async fn bind(ldap: &mut Ldap, controller: &Controller) -> Result<LdapResult> {
    ldap.sasl_gssapi_bind(&controller.host).await.map_err(|error| match error {
        LdapError::GssapiOperationError(why) => failure(controller, why),
        LdapError::NoGssapiToken => failure(controller, "its answer has no ticket".to_owned()),
        other => broken(controller, &other),
    })
}

#[cfg(not(windows))]
#[expect(clippy::unused_async, reason = "on Windows it waits for the controller")]
pub async fn bind(_ldap: &mut Ldap, controller: &Controller) -> Result<LdapResult> {
    Err(failure(controller, "only the program for Windows knows how".to_owned()))
}

fn failure(controller: &Controller, why: String) -> Failure {
    Failure::Kerberos { controller: controller.to_string(), why }
}
