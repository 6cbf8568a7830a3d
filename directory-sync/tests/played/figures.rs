//! What `cargo xtask bench directory` measures of a large directory, from its first search to all of it
//! written: `muster` and the service as they are shipped, and the played directory. A line of JSON for
//! each; nothing where `MUSTER_TEST_FIGURES` doesn't name the program `muster`.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::directory::{Directory, Objects, guid};
use super::limits::{deep, many};
use super::stage::GROUP;

const HOLDER: &str = "ada@muster.example.com";
const PASSWORD: &str = "Passw0rd!holder of muster";

/// What it is called, how many people are in it, and how they are laid out.
type Shape = (&'static str, u32, fn(u32) -> Objects);

#[tokio::test(flavor = "multi_thread")]
async fn a_large_directory() {
    let Some(program) = std::env::var_os("MUSTER_TEST_FIGURES") else { return };
    let shapes: [Shape; 3] = [("", 10_000, many), ("deep-", 10_000, deep), ("", 100_000, many)];
    for (shape, count, objects) in shapes {
        let directory = Directory::start(objects(count)).await;
        let muster = Muster::start(program.clone().into());
        muster.set_up(&directory);
        let figure = |name: &str, value: f64| {
            println!("{}", json!({ "name": format!("{name}-{shape}{count}"), "value": value }));
        };
        let (begun, mut peak) = (now(), muster.run(2));
        let run = muster.say(&["directory", "runs", "--json"]);
        let run: Value = serde_json::from_str(run.lines().next().unwrap()).unwrap();
        muster.say(&["directory", "approve", run["run"].as_str().unwrap()]);
        figure("first-run", begun.elapsed().as_secs_f64());
        let begun = now();
        peak = peak.max(muster.run(0));
        figure("unchanged", begun.elapsed().as_secs_f64());
        figure("memory", peak);
        let all = muster.say(&["export", "--format", "csv"]);
        assert_eq!(all.matches("@corp.example.com").count(), usize::try_from(count).unwrap());
    }
}

#[expect(clippy::disallowed_methods, reason = "what is measured is time")]
fn now() -> Instant {
    Instant::now()
}

struct Muster {
    program: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    server: Option<Child>,
}

impl Muster {
    fn start(program: PathBuf) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let mut muster = Self { program, folder, address, server: None };
        muster
            .say_with(&["setup", "--name", "Ada", "--email", HOLDER, "--password-stdin"], PASSWORD);
        let log = fs::File::create(muster.folder.path().join("log")).unwrap();
        let mut serve = muster.command(&["serve", "--listen", &address.to_string()]);
        muster.server = Some(serve.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
        while TcpStream::connect(address).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        muster.say(&["group", "add", "Support"]);
        muster
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        let database = self.folder.path().join("muster.db");
        command
            .args(arguments)
            .env("MUSTER_DATABASE", format!("sqlite:{}", database.display()))
            .current_dir(self.folder.path());
        command
    }

    fn say(&self, arguments: &[&str]) -> String {
        self.say_with(arguments, "")
    }

    fn say_with(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let said = child.wait_with_output().unwrap();
        assert!(said.status.success(), "{arguments:?}");
        String::from_utf8(said.stdout).unwrap()
    }

    fn service(&self) -> Command {
        let mut service = Command::new(env!("CARGO_BIN_EXE_muster-sync"));
        service.arg("--config").arg(self.folder.path().join("muster-sync.toml"));
        service.stdin(Stdio::null()).stdout(Stdio::null());
        service
    }

    fn set_up(&self, directory: &Directory) {
        let token = self.say(&["directory", "token", "--json"]);
        let token: Value = serde_json::from_str(&token).unwrap();
        let file = |name: &str, content: &str| {
            let path = self.folder.path().join(name);
            fs::write(&path, content).unwrap();
            path
        };
        let mut setup = self.service();
        setup
            .args(["setup", "--server", &format!("http://{}", self.address), "--email", HOLDER])
            .arg("--password-file")
            .arg(file("holder", PASSWORD))
            .arg("--token-file")
            .arg(file("given", token["token"].as_str().unwrap()))
            .args(["--domain", "corp.example.com", "--bind-user", "reader"])
            .args(["--controller", &directory.address.to_string(), "--ca-file"])
            .arg(directory.folder.path().join("ca.pem"))
            .arg("--bind-password-file")
            .arg(file("reader", "secret"))
            .args(["--map", &format!("{}=Support", guid(GROUP)), "--no-install"]);
        assert!(setup.status().unwrap().success());
    }

    /// The most memory that the service had, in megabytes.
    fn run(&self, code: i32) -> f64 {
        let mut service = self.service().args(["run", "--once"]).spawn().unwrap();
        let status = PathBuf::from(format!("/proc/{}/status", service.id()));
        let mut peak = 0.0_f64;
        loop {
            if let Some(ended) = service.try_wait().unwrap() {
                assert_eq!(ended.code(), Some(code));
                return peak;
            }
            peak = peak.max(peak_of(&status).unwrap_or_default());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// As the kernel keeps it, in megabytes; `None`: the process has ended.
fn peak_of(status: &Path) -> Option<f64> {
    let mut text = String::new();
    fs::File::open(status).ok()?.read_to_string(&mut text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

impl Drop for Muster {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ended = server.kill().and_then(|()| server.wait());
        }
    }
}
