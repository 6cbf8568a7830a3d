//! Finds the controllers of a domain by DNS. Only hosts of the domain are used: a certificate for another host
//! proves nothing about the domain.

use hickory_resolver::proto::rr::RData;
use hickory_resolver::{ResolverBuilder, TokioResolver};

use super::connect::Controller;
use crate::failure::{Failure, Result};

/// The controllers in the order to try them: by priority, then by weight.
pub async fn controllers(domain: &str, start_tls: bool) -> Result<Vec<Controller>> {
    let none = |why: String| Failure::NoController { domain: domain.to_owned(), why };
    let resolver = TokioResolver::builder_tokio()
        .and_then(ResolverBuilder::build)
        .map_err(|error| none(error.to_string()))?;
    let answer = resolver
        .srv_lookup(format!("_ldap._tcp.dc._msdcs.{domain}."))
        .await
        .map_err(|error| none(error.to_string()))?;
    let mut found = Vec::new();
    for record in answer.answers() {
        if let RData::SRV(srv) = &record.data {
            let host = srv.target.to_utf8().trim_end_matches('.').to_owned();
            found.push((srv.priority, srv.weight, host));
        }
    }
    chosen(domain, start_tls, found)
}

fn chosen(
    domain: &str,
    start_tls: bool,
    found: Vec<(u16, u16, String)>,
) -> Result<Vec<Controller>> {
    let none = |why: String| Failure::NoController { domain: domain.to_owned(), why };
    if found.is_empty() {
        return Err(none("there are no records".to_owned()));
    }
    let (own, foreign): (Vec<String>, Vec<String>) =
        in_order(found).into_iter().partition(|host| is_within(host, domain));
    for host in &foreign {
        tracing::warn!(%host, "this host is not below {domain}, and is skipped");
    }
    if own.is_empty() {
        return Err(none(format!("the records name {}, not below {domain}", foreign.join(", "))));
    }
    // The records' port is the one for StartTLS, so the port is chosen by `start_tls`.
    own.iter().map(|host| Controller::parse(host, start_tls)).collect()
}

/// The domain itself, or a host below it.
fn is_within(host: &str, domain: &str) -> bool {
    let plain = |name: &str| name.trim_end_matches('.').to_lowercase();
    let (host, domain) = (plain(host), plain(domain));
    host.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn in_order(mut found: Vec<(u16, u16, String)>) -> Vec<String> {
    found.sort_by(|one, other| (one.0, other.1, &one.2).cmp(&(other.0, one.1, &other.2)));
    found.into_iter().map(|(_, _, host)| host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_priority_first_then_the_greatest_weight() {
        let found = vec![(10, 0, "far".into()), (0, 10, "light".into()), (0, 100, "heavy".into())];
        assert_eq!(in_order(found), ["heavy", "light", "far"]);
    }

    #[test]
    fn a_host_that_is_not_of_the_domain_is_never_asked() {
        let check = |hosts: &[&str], expected: Result<&[&str], &str>| {
            let found = hosts.iter().map(|host| (0, 0, (*host).to_owned())).collect();
            let chosen = chosen("corp.example.com", false, found);
            let named = chosen.map(|all| all.into_iter().map(|it| it.host).collect::<Vec<_>>());
            match (named, expected) {
                (Ok(named), Ok(expected)) => assert_eq!(named, expected),
                (Err(failure), Err(why)) => {
                    assert_eq!(failure.code(), "ldap.no_controller");
                    assert!(failure.to_string().contains(why), "{failure}");
                }
                (found, _) => panic!("{hosts:?}: {found:?}"),
            }
        };
        check(&["DC1.Corp.Example.com"], Ok(&["DC1.Corp.Example.com"]));
        check(&["corp.example.com"], Ok(&["corp.example.com"]));
        check(&["dc.evil.example", "dc1.corp.example.com"], Ok(&["dc1.corp.example.com"]));
        check(&["dc.evil.example"], Err("the records name dc.evil.example, not below"));
        check(&["evilcorp.example.com"], Err("evilcorp.example.com"));
        check(&["corp.example.com.evil.example"], Err("evil.example"));
        check(&["example.com"], Err("example.com"));
        check(&[], Err("there are no records"));
    }
}
