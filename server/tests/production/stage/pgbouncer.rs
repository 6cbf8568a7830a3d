//! PgBouncer in transaction mode, with fewer connections than Muster wants.

use std::fs;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::postgres::Node;
use super::process::{Process, Runner, read};
use super::{eventually, free_port};

pub struct Pgbouncer {
    _process: Process,
    _folder: TempDir,
    port: u16,
}

impl Pgbouncer {
    pub fn before(node: &Node) -> Self {
        let folder = TempDir::with_prefix("muster-production-").unwrap();
        let port = free_port();
        let file = folder.path().join("pgbouncer.ini");
        let settings = format!(
            "[databases]\nmuster = host={} port={} dbname=muster user=muster\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = transaction\ndefault_pool_size = 8\n\
             ignore_startup_parameters = extra_float_digits\n",
            node.host, node.port
        );
        fs::write(&file, settings).unwrap();
        read(Command::new("chown").args(["-R", "postgres"]).arg(folder.path()));
        let mut pgbouncer = Runner::postgres().service("pgbouncer");
        pgbouncer.arg(&file).current_dir(folder.path());
        let process = Process::start(pgbouncer, &folder.path().join("log"));
        let bouncer = Self { _process: process, _folder: folder, port };
        eventually("PgBouncer", Duration::from_secs(30), || {
            bouncer.client(node, "SELECT 1").output().is_ok_and(|output| output.status.success())
        });
        bouncer
    }

    /// What another program is answered by this way.
    pub fn ask(&self, node: &Node, statement: &str) -> String {
        read(&mut self.client(node, statement)).trim().to_owned()
    }

    fn client(&self, node: &Node, statement: &str) -> Command {
        let mut psql = node.client("psql", "muster");
        let port = self.port.to_string();
        psql.args(["-h", "127.0.0.1", "-p", &port, "-d", "muster", "-qAtXc", statement]);
        psql
    }

    /// Muster prepares no statements there: the next one may go to another connection.
    pub fn url(&self) -> String {
        format!("postgres://muster:pw@127.0.0.1:{}/muster?prepare=off", self.port)
    }
}
