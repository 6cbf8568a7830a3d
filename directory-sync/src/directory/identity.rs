//! Identifies the directory that answers, and checks that the controller is synchronized.

use roster::directory::protocol::DirectoryIdentity;
use roster::id::Timestamp;

use super::moment;
use super::rights::Token;
use super::sid::Sid;
use crate::failure::{Failure, Result};
use crate::ldap::dn::Dn;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, Entry};

/// One domain, as one of its controllers describes it.
#[derive(Clone, Debug)]
pub struct Domain {
    pub identity: DirectoryIdentity,
    pub sid: Sid,
    /// `DC=corp,DC=example,DC=com`
    pub name: String,
    /// People below it count; the domain's name if no base was set.
    pub base: String,
    /// The controller's name, for the list of runs.
    pub controller: String,
    /// The time of the controller's clock.
    pub now: Timestamp,
    /// The account that reads, and its groups.
    pub token: Token,
}

impl Domain {
    #[must_use]
    pub fn has(&self, dn: &str) -> bool {
        // A subdomain doesn't count: it has its own controllers.
        Dn::parse(dn).domain() == Dn::parse(&self.name).domain()
    }

    #[must_use]
    pub fn counts(&self, dn: &str) -> bool {
        Dn::parse(dn).is_within(&Dn::parse(&self.base))
    }

    /// Reads the domain after a sign-in. `domain` is the configured DNS name, `base` the search base.
    pub async fn read(
        connection: &mut Connection,
        domain: &str,
        base: Option<&str>,
    ) -> Result<Self> {
        Root::read(connection, domain).await?.domain(connection, base).await
    }
}

/// What a controller says about itself without a sign-in (its rootDSE), checked to be of the domain.
#[derive(Clone, Debug)]
pub struct Root {
    /// `DC=corp,DC=example,DC=com`
    name: String,
    /// `corp.example.com`
    domain: String,
    controller: String,
    now: Timestamp,
}

impl Root {
    /// `domain` is the configured DNS name.
    pub async fn read(connection: &mut Connection, domain: &str) -> Result<Self> {
        let root = root(connection).await?;
        if !root.texts("supportedcapabilities").any(|it| it == ACTIVE_DIRECTORY) {
            return Err(Failure::NotActiveDirectory {
                controller: connection.controller.to_string(),
            });
        }
        let missing = || connection.malformed(WHAT);
        let name = root.text("defaultnamingcontext").ok_or_else(missing)?.to_owned();
        let now = root.text("currenttime").and_then(moment::generalized).ok_or_else(missing)?;
        let controller = root
            .text("dnshostname")
            .map_or_else(|| connection.controller.to_string(), str::to_owned);
        if !root.text("issynchronized").is_some_and(|it| it.eq_ignore_ascii_case("TRUE")) {
            return Err(Failure::NotSynchronized { controller });
        }
        let found = Dn::parse(&name).domain();
        if !found.eq_ignore_ascii_case(domain.trim_end_matches('.')) {
            return Err(Failure::OtherDomain { controller, found, domain: domain.to_owned() });
        }
        Ok(Self { name, domain: found, controller, now })
    }

    /// Reads the domain after a sign-in.
    pub async fn domain(self, connection: &mut Connection, base: Option<&str>) -> Result<Domain> {
        let Self { name, domain, controller, now } = self;
        let (identity, sid) = itself(connection, &name, domain).await?;
        let base = match base {
            Some(base) => existing(connection, base).await?,
            None => name.clone(),
        };
        let token = Token::read(connection).await?;
        Ok(Domain { identity, sid, name, base, controller, now, token })
    }
}

const WHAT: &str = "its description of itself (rootDSE)";

/// `LDAP_CAP_ACTIVE_DIRECTORY_OID`: Microsoft's and Samba's controllers have it; AD LDS and other directories
/// don't.
const ACTIVE_DIRECTORY: &str = "1.2.840.113556.1.4.800";

async fn root(connection: &mut Connection) -> Result<Entry> {
    let attributes = [
        "supportedCapabilities",
        "defaultNamingContext",
        "dnsHostName",
        "currentTime",
        "isSynchronized",
    ];
    let query = Query { what: WHAT, base: "", filter: "(objectClass=*)", attributes: &attributes };
    match connection.read(query, Values::Plain).await? {
        Found::Entry(entry) => Ok(entry),
        _ => Err(connection.malformed(WHAT)),
    }
}

async fn itself(
    connection: &mut Connection,
    name: &str,
    domain: String,
) -> Result<(DirectoryIdentity, Sid)> {
    let what = "the domain's own object";
    let attributes = ["objectGUID", "objectSid"];
    let query = Query { what, base: name, filter: "(objectClass=*)", attributes: &attributes };
    let Found::Entry(entry) = connection.read(query, Values::Plain).await? else {
        return Err(Failure::NotPermitted { user: connection.user.clone(), what: what.to_owned() });
    };
    let sid = entry.bytes("objectsid").and_then(Sid::parse);
    match (entry.guid(), sid) {
        (Some(domain_guid), Some(sid)) => {
            Ok((DirectoryIdentity { domain, domain_guid, domain_sid: sid.to_string() }, sid))
        }
        _ => Err(Failure::NotPermitted { user: connection.user.clone(), what: what.to_owned() }),
    }
}

/// The search base, spelled as on the controller. A missing one is an error, because everybody would be
/// absent.
async fn existing(connection: &mut Connection, base: &str) -> Result<String> {
    let attributes = ["objectGUID"];
    let filter = "(objectClass=*)";
    let query = Query { what: "the search base", base, filter, attributes: &attributes };
    match connection.read(query, Values::Plain).await {
        Ok(Found::Entry(entry)) => Ok(entry.dn),
        // A controller refuses an invalid name in its own way.
        Ok(_) | Err(Failure::SearchFailed { .. }) => {
            Err(Failure::BaseNotFound { base: base.to_owned() })
        }
        Err(failure) => Err(failure),
    }
}

/// Refuses any directory but the enrolled one: another one of the same name has other people.
pub fn enrolled_or_refuse(found: &DirectoryIdentity, enrolled: &DirectoryIdentity) -> Result<()> {
    let same = found.domain_guid == enrolled.domain_guid && found.domain_sid == enrolled.domain_sid;
    let named = |it: &DirectoryIdentity| format!("{}, {}", it.domain, it.domain_guid);
    if same {
        Ok(())
    } else {
        Err(Failure::NotEnrolled { found: named(found), enrolled: named(enrolled) })
    }
}
