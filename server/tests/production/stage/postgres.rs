//! PostgreSQL: a cluster on this machine or in a namespace, its standby, its end and its return.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::process::{Process, Runner, read};
use super::{eventually, free_port};

const SETTINGS: [&str; 5] = [
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "hot_standby=on",
    "unix_socket_directories=",
];
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Node {
    runner: Runner,
    folder: TempDir,
    pub host: String,
    pub port: u16,
    process: Option<Process>,
}

/// A primary and its synchronous standby.
pub struct Pair {
    pub primary: Node,
    pub standby: Node,
}

impl Pair {
    pub fn here() -> Self {
        let here = || Node::new(Runner::postgres(), "127.0.0.1".to_owned(), free_port());
        Self::of(here(), here())
    }

    pub fn of(mut primary: Node, mut standby: Node) -> Self {
        primary.initialize();
        primary.start();
        primary.fill();
        standby.follow(&primary);
        primary.wait_for_standbys("*");
        eventually("a synchronous standby", PATIENCE, || {
            primary.admin("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                == "1"
        });
        Self { primary, standby }
    }

    pub fn url(&self) -> String {
        addresses(&[&self.primary, &self.standby])
    }
}

/// All hosts in one address.
pub fn addresses(nodes: &[&Node]) -> String {
    let hosts: Vec<String> =
        nodes.iter().map(|node| format!("{}:{}", node.host, node.port)).collect();
    format!("postgres://muster:pw@{}/muster?sslmode=disable", hosts.join(","))
}

impl Node {
    /// Not there yet.
    pub fn new(runner: Runner, host: String, port: u16) -> Self {
        Self::within(&std::env::temp_dir(), runner, host, port)
    }

    fn within(folder: &Path, runner: Runner, host: String, port: u16) -> Self {
        let folder = TempDir::with_prefix_in("muster-production-", folder).unwrap();
        read(Command::new("chown").arg("postgres").arg(folder.path()));
        Self { runner, folder, host, port, process: None }
    }

    /// A cluster by itself, with an empty database for Muster.
    pub fn alone() -> Self {
        Self::alone_in(&std::env::temp_dir())
    }

    /// The same, on the disk of this folder.
    pub fn alone_in(folder: &Path) -> Self {
        let host = "127.0.0.1".to_owned();
        let mut node = Self::within(folder, Runner::postgres(), host, free_port());
        node.initialize();
        node.start();
        node.fill();
        node
    }

    pub fn url(&self) -> String {
        self.url_of("muster")
    }

    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://muster:pw@{}:{}/{database}?sslmode=disable", self.host, self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn initialize(&self) {
        let options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"];
        let mut initdb = self.tool("initdb");
        read(initdb.args(options).arg("--locale=C.UTF-8").arg("--pgdata").arg(self.data()));
        let anybody = "host all all all trust\nhost replication all all trust\n";
        fs::write(self.data().join("pg_hba.conf"), anybody).unwrap();
    }

    fn fill(&self) {
        self.admin("CREATE ROLE muster LOGIN PASSWORD 'pw'");
        self.create_database("muster");
    }

    pub fn create_database(&self, name: &str) {
        self.admin(&format!("CREATE DATABASE {name} OWNER muster"));
    }

    pub fn start(&mut self) {
        let port = self.port.to_string();
        let mut postgres = self.runner.service(programs().join("postgres"));
        postgres.arg("-D").arg(self.data()).args(["-h", &self.host, "-p", &port]);
        for setting in SETTINGS {
            postgres.args(["-c", setting]);
        }
        postgres.current_dir(self.folder.path());
        self.process = Some(Process::start(postgres, &self.folder.path().join("log")));
        eventually("PostgreSQL", PATIENCE, || {
            self.tool("pg_isready")
                .args(["-q", "-h", &self.host, "-p", &port])
                .status()
                .is_ok_and(|status| status.success())
        });
    }

    /// Becomes a standby of this one, whatever it was before.
    pub fn follow(&mut self, primary: &Self) {
        if self.data().exists() {
            fs::remove_dir_all(self.data()).unwrap();
        }
        let mut copy = self.tool("pg_basebackup");
        copy.args(["-h", &primary.host, "-p", &primary.port.to_string(), "-U", "postgres"]);
        copy.args(["-R", "-X", "stream", "-c", "fast", "-C", "-S", "standby"]);
        read(copy.arg("-D").arg(self.data()));
        self.start();
    }

    /// Commits wait for these standbys: `*` for any, nothing for none.
    pub fn wait_for_standbys(&self, names: &str) {
        self.admin(&format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'"));
        self.admin("SELECT pg_reload_conf()");
    }

    pub fn promote(&self) {
        assert_eq!(self.admin("SELECT pg_promote(true, 30)"), "t");
    }

    /// As a service manager does, if it ended by itself.
    pub fn start_again(&mut self) {
        if self.process.as_mut().is_none_or(Process::has_ended) {
            self.start();
        }
    }

    /// At once, with all its processes.
    pub fn kill(&mut self) {
        self.process.take().unwrap().kill();
    }

    /// A statement of the administrator; what it answers, its columns with `|` between them.
    pub fn admin(&self, statement: &str) -> String {
        self.ask("postgres", "postgres", statement)
    }

    /// A statement in Muster's database.
    pub fn sql(&self, statement: &str) -> String {
        self.ask("muster", "muster", statement)
    }

    fn ask(&self, user: &str, database: &str, statement: &str) -> String {
        let mut psql = self.client("psql", user);
        read(psql.args(["-d", database, "-qAtXc", statement])).trim_end().to_owned()
    }

    /// A client program that talks to it.
    pub fn client(&self, program: &str, user: &str) -> Command {
        let mut client = self.tool(program);
        client.args(["-h", &self.host, "-p", &self.port.to_string(), "-U", user]);
        client
    }

    pub fn emails(&self) -> Vec<String> {
        let emails = self.sql("SELECT email FROM accounts WHERE role = 'technician'");
        emails.lines().map(str::to_owned).collect()
    }

    fn tool(&self, program: &str) -> Command {
        let mut tool = self.runner.tool(programs().join(program));
        tool.current_dir(self.folder.path());
        tool
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Its children end with it when it ends in order, not when it is killed.
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }
}

/// Where Debian keeps them, the newest version.
fn programs() -> PathBuf {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql")).unwrap();
    let newest = versions.map(|version| version.unwrap().path()).max();
    newest.unwrap().join("bin")
}
