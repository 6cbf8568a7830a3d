//! Muster where machines, networks and disks fail: real PostgreSQL with a standby, HAProxy, PgBouncer, network
//! namespaces and full disks around the real program. The tests run where `MUSTER_TEST_PRODUCTION` names the
//! program (`cargo xtask test production`), as root, one at a time.

#[cfg(test)]
#[path = "../contract/client.rs"]
mod client;
#[cfg(test)]
mod stage;

#[cfg(test)]
mod disks;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod pools;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod upkeep;
