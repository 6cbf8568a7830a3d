//! The program over one database: its commands, its servers.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::process::{Process, Runner, read};
use super::session::{EMAIL, PASSWORD, Session};
use super::{ask, eventually, free_port, program};

pub struct Muster {
    folder: TempDir,
    database: String,
    group: i64,
}

impl Muster {
    /// Set up, with one group, over the database of this address.
    pub fn set_up(database: &str) -> Self {
        let folder = TempDir::with_prefix("muster-production-").unwrap();
        let mut muster = Self { folder, database: database.to_owned(), group: 0 };
        read(muster.command(&["key", "new"]).arg(muster.key()));
        let mut setup =
            muster.command(&["setup", "--name", "Ada", "--email", EMAIL, "--password-stdin"]);
        let mut setup = setup
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        setup.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        let output = setup.wait_with_output().unwrap();
        assert!(output.status.success(), "setup: {}", String::from_utf8_lossy(&output.stderr));
        muster.group = muster.ok(&["group", "add", "Support"]).trim().parse().unwrap();
        muster
    }

    /// The same organization in another database.
    pub fn over(&self, database: &str) -> Self {
        let other = TempDir::with_prefix("muster-production-").unwrap();
        fs::copy(self.key(), other.path().join("key")).unwrap();
        Self { folder: other, database: database.to_owned(), group: self.group }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn key(&self) -> PathBuf {
        self.path("key")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_as(&Runner::default(), arguments)
    }

    pub fn command_as(&self, runner: &Runner, arguments: &[&str]) -> Command {
        self.arranged(runner.tool(program().unwrap()), arguments)
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        read(&mut self.command(arguments))
    }

    /// As a service, which may be killed.
    pub fn start(&self, arguments: &[&str]) -> Process {
        let service = self.arranged(Runner::default().service(program().unwrap()), arguments);
        Process::start(service, &self.path("log"))
    }

    fn arranged(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).current_dir(self.folder.path());
        command.env("MUSTER_DATABASE", &self.database).env("MUSTER_KEY_FILE", self.key());
        command
    }

    /// A file with so many technicians.
    pub fn write_rows(&self, count: u32) -> PathBuf {
        let rows: Vec<String> =
            (0..count).map(|row| format!("Person {row},f{row}@x.example\n")).collect();
        let file = self.path("people.csv");
        fs::write(&file, format!("Name,Email\n{}", rows.concat())).unwrap();
        file
    }

    /// By `muster import`.
    pub fn import_file(&self, count: u32) {
        let file = self.write_rows(count);
        self.ok(&["import", file.to_str().unwrap(), "--group", "Support"]);
    }

    /// The technicians' emails, by `muster export`.
    pub fn exported(&self) -> Vec<String> {
        let csv = self.ok(&["export"]);
        let emails = csv.lines().skip(1).filter_map(|line| line.split(',').nth(2));
        emails.map(|email| email.trim_matches('"').to_owned()).collect()
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    fn serve_with(&self, more: &'static [&'static str]) -> Server {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut server = Server { more, address, log: self.path("log"), process: None };
        server.start(self);
        server
    }

    /// Behind a proxy on this machine.
    pub fn serve_behind_proxy(&self) -> Server {
        self.serve_with(&["--trusted-proxy", "127.0.0.1"])
    }

    pub fn session(&self, address: SocketAddr) -> Session {
        Session::begin(address, self.group)
    }
}

/// `muster serve`, which may be killed, frozen and started again at its address.
pub struct Server {
    more: &'static [&'static str],
    pub address: SocketAddr,
    log: PathBuf,
    process: Option<Process>,
}

impl Server {
    pub fn start(&mut self, muster: &Muster) {
        let listen = self.address.to_string();
        let service = Runner::default().service(program().unwrap());
        let mut serve = muster.arranged(service, &["serve", "--listen", &listen]);
        serve.args(self.more);
        let mut process = Process::start(serve, &self.log);
        eventually("a server", Duration::from_secs(30), || {
            assert!(!process.has_ended(), "the server ended: {}", said(&self.log));
            ask(self.address, "/healthz").status.is_some()
        });
        self.process = Some(process);
    }

    pub fn signal(&self, name: &str) {
        self.process.as_ref().unwrap().signal(name);
    }

    pub fn kill(&mut self) {
        self.process.take().unwrap().kill();
    }

    /// By SIGTERM; until it is gone.
    pub fn stop(&mut self) {
        self.process.take().unwrap().end("-TERM");
    }

    /// What all servers and commands in the background of its folder said.
    pub fn log(&self) -> String {
        said(&self.log)
    }
}

fn said(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}
