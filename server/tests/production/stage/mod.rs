//! What the tests stand on: programs that end with them, a cluster and its standby, proxies, networks, disks,
//! and the load that people make.

mod clock;
mod haproxy;
mod import;
mod load;
mod muster;
mod network;
mod pgbouncer;
mod postgres;
mod process;
mod session;
mod tmpfs;

use std::{env, path::PathBuf};

pub use self::{
    clock::{Watch, eventually},
    haproxy::Haproxy,
    import::Import,
    load::{Answers, Load, Sample},
    muster::{Muster, Server},
    network::Network,
    pgbouncer::Pgbouncer,
    postgres::{Node, Pair},
    process::{Runner, read},
    session::{Session, ask, readiness},
    tmpfs::Tmpfs,
};

/// The program that is tried; `None`: these tests aren't asked for.
pub fn program() -> Option<PathBuf> {
    env::var_os("MUSTER_TEST_PRODUCTION").map(PathBuf::from)
}

/// What a test found out, for the person who reads along.
pub fn report(line: &str) {
    println!("  {line}");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
