//! A program to run, a server to talk to, somebody who is signed in.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use super::client::{Answer, send, try_send};

pub const EMAIL: &str = "ada@northwind.example";
pub const PASSWORD: &str = "Kt4?wZuLp9-bridge";

/// A folder with a database that is not there yet.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// Set up, with the account of [`EMAIL`].
    pub fn set_up() -> Self {
        let place = Self::new();
        place.set_up_with(&[]);
        place
    }

    /// The same with more arguments.
    pub fn set_up_with(&self, more: &[&str]) {
        let mut arguments = vec!["setup", "--name", "Ada", "--email", EMAIL, "--password-stdin"];
        arguments.extend(more);
        let output = self.run_with(&arguments, PASSWORD.as_bytes());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// The program in this folder, with no setting from outside.
    pub fn muster(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(arguments);
        self.here(command)
    }

    /// Another program in this folder, with no setting from outside.
    pub fn here(&self, mut command: Command) -> Command {
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MUSTER_") {
                command.env_remove(name);
            }
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.muster(arguments).output().unwrap()
    }

    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .muster(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs it to success and gives what it wrote.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    pub fn serve_with(&self, more: &[&str]) -> Server {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(more);
        Server::start(self.muster(&arguments), Stdio::null())
    }

    /// With its log, line by line as JSON, in this file.
    pub fn serve_logging_to(&self, name: &str) -> Server {
        let log = std::fs::File::create(self.path(name)).unwrap();
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--log", "json"];
        Server::start(self.muster(&arguments), log.into())
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn json_lines(bytes: &[u8]) -> Vec<Value> {
    text(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../roster/fixtures").join(name)
}

/// A server that is up; killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// What it said before it was up.
    pub said: Vec<String>,
}

impl Server {
    pub fn start(mut command: Command, stderr: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, address: ([0; 4], 0).into(), said: Vec::new() };
        for line in lines.map(Result::unwrap) {
            let up = line.starts_with("Muster is listening on http");
            server.said.push(line);
            if up {
                let address = server.said.last().and_then(|line| line.split("://").nth(1));
                server.address = address.unwrap().parse().unwrap();
                return server;
            }
        }
        panic!("the server ended before it was up: {:?}", server.said);
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// At once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Politely, by SIGTERM.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    pub fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// As a browser goes to a page.
    pub fn visit(&self, path: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/html")], b"")
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        send(self.address, method, path, headers, body)
    }

    /// Signs in as [`EMAIL`]; the cookie to send from then on.
    pub fn sign_in(&self) -> Browser<'_> {
        let answer = self.send_form(
            "/api/fn/sign_in",
            &[("form[email]", EMAIL), ("form[password]", PASSWORD), ("form[next]", "")],
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a cookie");
        Browser { server: self, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    pub fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &headers, form(fields).as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// Somebody who is signed in.
pub struct Browser<'a> {
    pub server: &'a Server,
    pub cookie: String,
}

impl Browser<'_> {
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut all = vec![("Cookie", self.cookie.as_str())];
        all.extend(headers);
        self.server.send(method, path, &all, body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn visit(&self, path: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/html")], b"")
    }

    pub fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &headers, form(fields).as_bytes())
    }

    pub fn send_json(&self, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.send(method, path, &headers, body.to_string().as_bytes())
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        bytes.concat()
    };
    let fields = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    fields.collect::<Vec<_>>().join("&")
}
