//! A `PostgreSQL` cluster for the tests: in a temporary folder, forgetful and fast, gone when it is dropped.
//! It refuses to run as root, so for root it runs as an unprivileged user.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    thread::sleep,
    time::Duration,
};

use crate::{
    Outcome,
    command::{command, read, succeeds},
    machine, say,
};

pub struct Cluster {
    pub url: String,
    server: Child,
    folder: PathBuf,
}

impl Cluster {
    /// Makes and starts one. Each test makes its own database in it.
    pub fn start() -> Outcome<Self> {
        let programs = programs()?;
        say::quiet("starting PostgreSQL", || {
            let user = user()?;
            let folder = env::temp_dir().join(format!("muster-postgres-{}", id()));
            let data = folder.join("data");
            fs::create_dir_all(&folder)?;
            if let Some(user) = &user {
                read(command("chown").arg(user).arg(&folder))?;
            }
            let mut initdb = as_user(user.as_deref(), &programs.join("initdb"));
            initdb.args([
                "--auth=trust",
                "--username=muster",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]);
            read(initdb.arg("--pgdata").arg(&data).current_dir(&folder))?;

            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut postgres = as_user(user.as_deref(), &programs.join("postgres"));
            postgres.arg("-D").arg(&data).arg("-k").arg(&folder).args([
                "-h",
                "127.0.0.1",
                "-p",
                &port.to_string(),
            ]);
            for setting in [
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=200",
            ] {
                postgres.args(["-c", setting]);
            }
            let log = fs::File::create(folder.join("log"))?;
            postgres.current_dir(&folder).stdout(Stdio::null()).stderr(log);
            let server = postgres.spawn()?;
            let url = format!("postgres://muster@127.0.0.1:{port}/postgres");
            let mut cluster = Self { url, server, folder };
            cluster.wait()?;
            Ok(cluster)
        })
    }

    /// `PostgreSQL` writes "ready" into its lock file when it takes connections.
    fn wait(&mut self) -> Outcome {
        for _ in 0..300 {
            if fs::read_to_string(self.folder.join("data/postmaster.pid"))
                .is_ok_and(|lock| lock.contains("ready"))
            {
                return Ok(());
            }
            if self.server.try_wait()?.is_some() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("PostgreSQL didn't start:\n{log}").into())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT: at once; there is nothing to keep. Nothing can be done about a failure here.
        if !succeeds(command("kill").arg("-QUIT").arg(self.server.id().to_string())) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs a statement in the database of this address.
pub fn sql(url: &str, statement: &str) -> Outcome {
    read(command(client("psql")?).arg(url).args(["-qc", statement]))?;
    Ok(())
}

/// A client: beside the server, or on PATH; any version will do.
pub fn client(name: &str) -> Outcome<PathBuf> {
    let beside = programs()?.join(name);
    if beside.is_file() { Ok(beside) } else { Ok(machine::find(name).unwrap_or(beside)) }
}

/// The folder of initdb and postgres: on PATH, or where Debian keeps them, the newest first.
fn programs() -> Outcome<PathBuf> {
    if let Some(folder) = installed() {
        return Ok(folder);
    }
    machine::install(&["postgresql"], "Testing against PostgreSQL")?;
    installed().ok_or_else(|| "PostgreSQL is installed, but initdb was not found".into())
}

fn installed() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.extend(machine::find("initdb").and_then(|initdb| initdb.parent().map(Path::to_owned)));
    folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Whom to run as, if it can't be oneself.
fn user() -> Outcome<Option<String>> {
    if !machine::is_root() {
        return Ok(None);
    }
    let known = |user: &&str| succeeds(command("id").arg(user));
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(known)
        .ok_or("PostgreSQL can't run as root, and there is no other user")?;
    Ok(Some(user.to_owned()))
}

/// The program as that user; on Linux it ends when xtask ends, however that happens.
fn as_user(user: Option<&str>, program: &Path) -> Command {
    if machine::find("setpriv").is_none() {
        return command(program);
    }
    let mut setpriv = command("setpriv");
    setpriv.args(["--pdeathsig", "QUIT"]);
    if let Some(user) = user {
        setpriv.args(["--reuid", user, "--regid"]).arg(group(user)).arg("--init-groups");
    }
    setpriv.arg("--").arg(program);
    setpriv
}

fn group(user: &str) -> String {
    let group = read(command("id").args(["-g", user])).unwrap_or_default();
    group.trim().to_owned()
}
