//! The controllers of a domain, as its DNS names them.

use hickory_resolver::proto::rr::RData;
use hickory_resolver::{ResolverBuilder, TokioResolver};

use super::connect::Controller;
use crate::failure::{Failure, Result};

/// In the order in which they are to be tried: by priority, within one by weight.
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
    in_order(found)
        .into_iter()
        // The records name the port for StartTLS.
        .map(|host| Controller::parse(&host, start_tls))
        .collect::<Result<Vec<_>>>()
        .and_then(|found| {
            if found.is_empty() { Err(none("there are no records".to_owned())) } else { Ok(found) }
        })
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
}
