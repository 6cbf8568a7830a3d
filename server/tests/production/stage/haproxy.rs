//! HAProxy, set as the manual says.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use tempfile::TempDir;

use super::postgres::Node;
use super::process::{Process, Runner, read};
use super::{ask, eventually, free_port};

pub struct Haproxy {
    _process: Process,
    folder: TempDir,
    pub address: SocketAddr,
}

const SETTINGS: &str = "
global
  maxconn 1000
  log stdout format raw daemon
defaults
  log global
  timeout connect 2s
  timeout client 31m
  timeout server 31m
  timeout queue 30s
  default-server inter 500ms fall 2 rise 1
listen all
";

/// A request's body is waited for: one that comes in pieces is not sent to another server when the first
/// one dies.
const HTTP: &str = "
  mode http
  balance roundrobin
  option httplog
  option forwardfor
  option httpchk GET /readyz
  option redispatch 1
  option http-buffer-request
  retry-on conn-failure empty-response
  acl keyed req.hdr(Idempotency-Key) -m found
  http-request disable-l7-retry if METH_POST !keyed !{ path /api/fn/sign_in }
";

impl Haproxy {
    /// In front of `muster serve`: one that isn't ready gets no request.
    pub fn before_muster(servers: &[SocketAddr]) -> Self {
        let mut lines = HTTP.to_owned();
        for (number, server) in servers.iter().enumerate() {
            writeln!(lines, "  server s{number} {server} check").unwrap();
        }
        let proxy = Self::start(&lines);
        eventually("a server behind HAProxy", Duration::from_secs(30), || {
            ask(proxy.address, "/healthz").status == Some(200)
        });
        proxy
    }

    /// In front of PostgreSQL: connections lead to the one that isn't a standby.
    pub fn before_postgres(nodes: &[&Node]) -> Self {
        let mut lines = String::from("  mode tcp\n  option tcp-check\n  tcp-check connect\n");
        writeln!(lines, "  tcp-check send-binary {}", hexadecimal(&startup())).unwrap();
        // ReadyForQuery, idle.
        lines.push_str("  tcp-check expect binary 5a0000000549\n");
        writeln!(lines, "  tcp-check send-binary {}", hexadecimal(&query())).unwrap();
        // A DataRow with one column: `f`.
        lines.push_str("  tcp-check expect binary 440000000b00010000000166\n");
        lines.push_str("  default-server on-marked-down shutdown-sessions\n");
        for (number, node) in nodes.iter().enumerate() {
            writeln!(lines, "  server p{number} {}:{} check", node.host, node.port).unwrap();
        }
        let proxy = Self::start(&lines);
        let is_primary = || {
            let mut psql = nodes[0].client("psql", "muster");
            psql.args(["-h", "127.0.0.1", "-p", &proxy.address.port().to_string()]);
            psql.args(["-d", "muster", "-qAtXc", "SELECT pg_is_in_recovery()"]);
            psql.output().is_ok_and(|output| output.stdout == b"f\n")
        };
        // Until its first checks, HAProxy takes each of them for one that is well.
        eventually("the primary behind HAProxy", Duration::from_secs(30), || {
            nodes.iter().chain(nodes).all(|_| is_primary())
        });
        proxy
    }

    /// Its log's lines of requests that failed.
    pub fn failures(&self) -> Vec<String> {
        let log = fs::read(self.folder.path().join("log")).unwrap();
        let lines = String::from_utf8_lossy(&log).into_owned();
        let codes = [" 500 ", " 502 ", " 503 ", " 504 "];
        let is_failure =
            |line: &&str| line.contains(" HTTP/1.1") && codes.iter().any(|it| line.contains(it));
        let failed = lines.lines().filter(is_failure);
        failed.map(str::to_owned).collect()
    }

    fn start(lines: &str) -> Self {
        let folder = TempDir::with_prefix("muster-production-").unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, format!("{SETTINGS}  bind {address}\n{lines}")).unwrap();
        read(Runner::default().tool("haproxy").arg("-c").arg("-f").arg(&file));
        let mut haproxy = Runner::default().service("haproxy");
        haproxy.arg("-db").arg("-f").arg(&file);
        let process = Process::start(haproxy, &folder.path().join("log"));
        Self { _process: process, folder, address }
    }
}

/// PostgreSQL's first message of a session, protocol 3.0.
fn startup() -> Vec<u8> {
    let mut rest = 196_608_u32.to_be_bytes().to_vec();
    rest.extend(b"user\0postgres\0database\0postgres\0\0");
    with_length(&rest)
}

fn query() -> Vec<u8> {
    [b"Q".as_slice(), &with_length(b"SELECT pg_is_in_recovery()\0")].concat()
}

fn with_length(rest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(rest.len() + 4).unwrap();
    [&length.to_be_bytes(), rest].concat()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
