//! How many may be connected: in all, and from one address. Beyond that the newest is turned away.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ipnet::IpNet;

use crate::serve::layers::address;

/// So often at most the log says that somebody was turned away.
const SAY_EVERY: Duration = Duration::from_mins(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub all: usize,
    pub per_address: usize,
}

/// The places for connections. Clones share them.
#[derive(Clone)]
pub struct Places {
    bounds: Bounds,
    /// The proxies: many people come by their address.
    exempt: Arc<[IpNet]>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_network: HashMap<Network, usize>,
    said: Option<Instant>,
}

/// An address of IPv4, or the first bits of one of IPv6.
type Network = (IpAddr, u32);

/// One connection's place; given back when dropped.
pub struct Place {
    networks: Vec<Network>,
    places: Places,
}

impl Places {
    pub fn new(bounds: Bounds, exempt: Arc<[IpNet]>) -> Self {
        Self { bounds, exempt, taken: Arc::default() }
    }

    /// `None`: there are enough connections already.
    pub fn take(&self, ip: IpAddr) -> Option<Place> {
        let networks = networks(ip);
        let Bounds { all, per_address } = self.bounds;
        let mut taken = self.taken();
        let is_exempt = address::is_among(ip, &self.exempt);
        let mut of_networks = networks.iter().zip([1, NETWORKS_OF_ONE_CUSTOMER]);
        let here = taken.by_network.get(&networks[0]).copied().unwrap_or(0);
        let full = of_networks.any(|(network, times)| {
            let here = taken.by_network.get(network).copied().unwrap_or(0);
            here >= per_address.saturating_mul(times)
        });
        if taken.all >= all || (full && !is_exempt) {
            #[expect(
                clippy::disallowed_methods,
                reason = "how often it is said is nobody’s decision"
            )]
            let now = Instant::now();
            if taken.said.is_none_or(|said| now.duration_since(said) >= SAY_EVERY) {
                taken.said = Some(now);
                tracing::warn!(
                    address = %ip.to_canonical(), from_there = here, in_all = taken.all,
                    "a connection is refused: --max-connections-per-address is {per_address}, \
                     --max-connections is {all}"
                );
            }
            return None;
        }
        taken.all += 1;
        for network in &networks {
            *taken.by_network.entry(*network).or_default() += 1;
        }
        drop(taken);
        Some(Place { networks, places: self.clone() })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        for network in &self.networks {
            if let Some(here) = taken.by_network.get_mut(network) {
                *here -= 1;
                if *here == 0 {
                    taken.by_network.remove(network);
                }
            }
        }
    }
}

/// A host with one address of IPv6 has all that begin with the same 64 bits, and a customer's line may have
/// many such networks within 48 bits: all of them together get this many times the connections of one.
const NETWORKS_OF_ONE_CUSTOMER: usize = 4;

/// The nearest first.
fn networks(ip: IpAddr) -> Vec<Network> {
    match ip.to_canonical() {
        IpAddr::V6(ip) => [64, 48]
            .into_iter()
            .map(|bits| {
                let others = 128 - bits;
                (IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> others << others)), bits)
            })
            .collect(),
        ip @ IpAddr::V4(_) => vec![(ip, 32)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, per_address: usize) -> Places {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        Places::new(Bounds { all, per_address }, proxies.into())
    }

    fn take(places: &Places, ip: &str) -> Option<Place> {
        places.take(ip.parse().unwrap())
    }

    #[test]
    fn an_address_has_so_many_and_no_more() {
        let places = places(100, 2);
        let check = |same: [&str; 3], another: &str| {
            let first = take(&places, same[0]);
            let second = take(&places, same[1]);
            assert!(first.is_some() && second.is_some());
            assert!(take(&places, same[2]).is_none(), "{same:?}");
            assert!(take(&places, another).is_some(), "{another}");
            drop(first);
            assert!(take(&places, same[2]).is_some(), "{same:?}");
        };
        check(["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"], "192.0.2.2");
        check(["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"], "2001:db8:0:1::1");
    }

    #[test]
    fn a_customers_line_has_so_many_however_many_networks_it_has() {
        let places = places(100, 2);
        let taken: Vec<_> =
            (0..20).filter_map(|n| take(&places, &format!("2001:db8:0:{n:x}::1"))).collect();
        assert_eq!(taken.len(), 2 * NETWORKS_OF_ONE_CUSTOMER);
        assert!(take(&places, "2001:db8:1::1").is_some(), "another line");
        drop(taken);
        assert!(take(&places, "2001:db8:0:9::1").is_some());
    }

    #[test]
    fn a_proxy_has_as_many_as_there_are() {
        let places = places(4, 1);
        let taken: Vec<_> = (0..4).map(|_| take(&places, "10.0.0.1")).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(take(&places, "10.0.0.1").is_none());
        assert!(take(&places, "192.0.2.1").is_none(), "in all");
        drop(taken);
        assert!(take(&places, "192.0.2.1").is_some());
    }

    #[test]
    fn nothing_is_remembered_of_who_is_gone() {
        let places = places(4, 4);
        for host in 0..100 {
            drop(take(&places, &format!("192.0.2.{host}")));
        }
        assert!(places.taken().by_network.is_empty());
        assert_eq!(places.taken().all, 0);
    }
}
