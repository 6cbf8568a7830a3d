//! `muster` on SQLite, and the service as an administrator runs it, beside Samba.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::samba::{self, BASE, DOMAIN, Samba, Ticket, variable};
use super::wine::Wine;

pub const ADDRESS: &str = "127.0.0.1:3000";
pub const HOLDER: &str = "ada@muster.example.com";
pub const PASSWORD: &str = "Passw0rd!holder of muster";

/// How a command ended.
pub const DONE: i32 = 0;
pub const HELD: i32 = 2;
pub const SOME_FAILED: i32 = 3;
pub const FAILED: i32 = 4;

pub struct Muster {
    folder: TempDir,
    program: PathBuf,
    server: Child,
}

/// A technician, as the export has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technician {
    pub name: String,
    pub enabled: bool,
    pub group: i64,
}

impl Muster {
    pub async fn start() -> Self {
        let program = variable("MUSTER_TEST_MUSTER").expect("MUSTER_TEST_MUSTER names muster");
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let program = PathBuf::from(program);
        let mut setup = command(&program, folder.path())
            .args(["setup", "--name", "Ada Owner", "--email", HOLDER, "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        setup.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(setup.wait().unwrap().success());
        let server = serve(&program, folder.path());
        let muster = Self { folder, program, server };
        muster.wait().await;
        muster
    }

    /// Not even told that it is to stop.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    pub async fn serve_again(&mut self) {
        self.server = serve(&self.program, self.folder.path());
        self.wait().await;
    }

    async fn wait(&self) {
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(ADDRESS).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("muster doesn't answer:\n{}", fs::read_to_string(self.file("log")).unwrap());
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file with a secret in it.
    pub fn secret(&self, name: &str, secret: &str) -> PathBuf {
        let path = self.file(name);
        fs::write(&path, secret).unwrap();
        path
    }

    pub fn command(&self, arguments: &[&str]) -> String {
        let said = command(&self.program, self.folder.path()).args(arguments).output().unwrap();
        assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }

    pub fn group(&self, path: &str) -> i64 {
        self.command(&["group", "add", path]).trim().parse().unwrap()
    }

    /// Those who aren't administrators, by email.
    pub fn technicians(&self) -> BTreeMap<String, Technician> {
        let all: Value =
            serde_json::from_str(&self.command(&["export", "--format", "json"])).unwrap();
        let technician = |account: &Value| {
            let technician = Technician {
                name: account["name"].as_str().unwrap().to_owned(),
                enabled: account["enabled"].as_bool().unwrap_or(true),
                group: account["technicianGroupId"].as_i64().unwrap_or_default(),
            };
            (account["email"].as_str().unwrap().to_owned(), technician)
        };
        let all = all["technicians"].as_array().unwrap().iter();
        all.map(technician).filter(|(email, _)| email != HOLDER).collect()
    }

    /// The emails of the enabled ones, without their domain.
    pub fn enabled(&self) -> Vec<String> {
        let all = self.technicians().into_iter().filter(|(_, it)| it.enabled);
        all.map(|(email, _)| email.split('@').next().unwrap().to_owned()).collect()
    }

    /// The newest first.
    pub fn runs(&self) -> Vec<Value> {
        let lines = self.command(&["directory", "runs", "--json"]);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What a Master Administrator says to the run that waits: `approve` or `drop`.
    pub fn decide(&self, word: &str) {
        let runs = self.runs();
        let held = runs.iter().find(|run| run["state"] == "held").expect("a run waits");
        self.command(&["directory", word, held["run"].as_str().unwrap()]);
    }

    /// What somebody does by hand: a file's rows, for who is there already or is new.
    pub fn by_hand(&self, rows: &str, group: i64) {
        let path = self.secret("by-hand.csv", rows);
        let (path, group) = (path.to_str().unwrap(), group.to_string());
        self.command(&["import", path, "--existing", "update", "--group", &group]);
    }

    /// The service, set up for these AD groups; the first run is approved.
    pub fn sync(&self, samba: &Samba, maps: &[&str]) -> Sync {
        let sync = self.set_up(samba, maps);
        assert_eq!(sync.once(), HELD);
        self.decide("approve");
        sync
    }

    pub fn set_up(&self, samba: &Samba, maps: &[&str]) -> Sync {
        let sync = self.not_set_up();
        let said = sync.setup(self, samba, maps);
        assert_eq!(said.status.code(), Some(DONE), "{said:?}");
        sync
    }

    pub fn not_set_up(&self) -> Sync {
        Sync { config: self.file("sync/muster-sync.toml"), wine: None }
    }

    /// The program for Windows with its default configuration, not set up yet; `None`: there is none.
    pub fn on_windows(&self) -> Option<Sync> {
        let wine = Wine::start(self.folder.path())?;
        let config = wine.file("ProgramData/muster-sync/muster-sync.toml");
        Some(Sync { config, wine: Some(wine) })
    }

    /// Waits for what the service does by itself.
    pub fn until(&self, what: &str, mut there: impl FnMut() -> bool) {
        for _ in 0..300 {
            if there() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what}: never\n{}", fs::read_to_string(self.file("log")).unwrap());
    }
}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    let database = format!("sqlite:{}", folder.join("muster.db").display());
    command.env("MUSTER_DATABASE", database).current_dir(folder);
    command
}

/// Its log goes on.
fn serve(program: &Path, folder: &Path) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    command(program, folder)
        .args(["serve", "--listen", ADDRESS, "--log-level", "trace"])
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

impl Drop for Muster {
    fn drop(&mut self) {
        let _ended = self.server.kill().and_then(|()| self.server.wait());
    }
}

/// `muster-sync` with its configuration.
pub struct Sync {
    config: PathBuf,
    wine: Option<Wine>,
}

impl Sync {
    pub fn setup(&self, muster: &Muster, samba: &Samba, maps: &[&str]) -> Output {
        let password = muster.secret("reader", samba::PASSWORD);
        let user = format!("reader@{DOMAIN}");
        let account = ["--bind-user", &user, "--bind-password-file", password.to_str().unwrap()];
        self.setup_as(&account, muster, samba, maps)
    }

    /// `account`: the flags that say who reads.
    pub fn setup_as(
        &self,
        account: &[&str],
        muster: &Muster,
        samba: &Samba,
        maps: &[&str],
    ) -> Output {
        let token: Value =
            serde_json::from_str(&muster.command(&["directory", "token", "--json"])).unwrap();
        let mut command = self.command();
        command
            .args(["setup", "--server", &format!("http://{ADDRESS}"), "--email", HOLDER])
            .arg("--password-file")
            .arg(muster.secret("holder", PASSWORD))
            .arg("--token-file")
            .arg(muster.secret("token", token["token"].as_str().unwrap()))
            .args(["--domain", DOMAIN, "--controller", "localhost", "--ca-file"])
            .arg(samba.ca())
            .args(account)
            .args(["--base", &format!("OU=People,{BASE}"), "--no-install"]);
        for map in maps {
            command.args(["--map", map]);
        }
        command.output().unwrap()
    }

    pub fn command(&self) -> Command {
        match &self.wine {
            None => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_muster-sync"));
                command.arg("--config").arg(&self.config).stdin(Stdio::null());
                command
            }
            Some(wine) => wine.command(),
        }
    }

    /// Who runs the program for Windows has this ticket.
    pub fn sign_in(&mut self, ticket: Ticket) {
        if let Some(wine) = &mut self.wine {
            wine.sign_in(ticket);
        }
    }

    /// `muster-sync.token`, say.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.config.with_extension(name)
    }

    pub fn say(&self, arguments: &[&str]) -> (i32, String) {
        let said = self.command().args(arguments).output().unwrap();
        let text = [said.stdout, said.stderr].map(|it| String::from_utf8(it).unwrap()).concat();
        (said.status.code().unwrap(), text)
    }

    /// A run that goes on meanwhile.
    pub fn begin(&self) -> Child {
        self.command().args(["run", "--once"]).stdout(Stdio::null()).spawn().unwrap()
    }

    /// A run, and how it ended.
    pub fn once(&self) -> i32 {
        let (code, text) = self.say(&["run", "--once"]);
        println!("{text}");
        code
    }
}
