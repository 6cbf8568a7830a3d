//! What is attacked: `muster` with an organization in it, on this machine's own address, and a session of
//! its holder.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use crate::{
    Outcome,
    bench::native::Kind,
    command::{command, read},
    place,
};

const TECHNICIANS: usize = 300;
const GROUPS: [&str; 3] = ["Support/Tier 1", "Support/Tier 2", "Sales"];
const EMAIL: &str = "holder@example.com";
const PASSWORD: &str = "Vq7!mReXb2";

pub struct Target {
    pub kind: Kind,
    /// `http://127.0.0.1:PORT`
    pub origin: String,
    /// Where tools keep what they write.
    pub folder: PathBuf,
    /// `NAME=VALUE` of the holder's session.
    pub cookie: String,
    log: PathBuf,
    server: Child,
}

impl Target {
    pub fn serve(kind: Kind, url: &str, folder: &Path) -> Outcome<Self> {
        let muster = || muster(url, folder);
        read(muster()?.args(["key", "new"]).arg(key_file(folder)))?;
        fill(muster, folder)?;
        let log = folder.join("log");
        let server = muster()?
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(fs::File::create(folder.join("out"))?)
            .stderr(fs::File::create(&log)?)
            .spawn()?;
        let mut target = Self {
            kind,
            origin: String::new(),
            folder: folder.to_owned(),
            cookie: String::new(),
            log,
            server,
        };
        target.origin = target.listening()?;
        target.cookie = target.sign_in()?;
        Ok(target)
    }

    fn listening(&mut self) -> Outcome<String> {
        for _ in 0..600 {
            for file in [self.folder.join("out"), self.log.clone()] {
                let said = fs::read_to_string(file)?;
                let origin = said.split_whitespace().find(|word| word.starts_with("http://127."));
                if let Some(origin) = origin {
                    return Ok(origin.trim_end_matches('/').to_owned());
                }
            }
            if let Some(status) = self.server.try_wait()? {
                return Err(format!("the server ended: {status}").into());
            }
            sleep(Duration::from_millis(100));
        }
        Err("the server doesn't say where it listens".into())
    }

    fn sign_in(&self) -> Outcome<String> {
        let url = format!("{}/api/fn/sign_in", self.origin);
        let answer = read(curl().arg("--include").arg(url).args([
            "--data-urlencode",
            &format!("form[email]={EMAIL}"),
            "--data-urlencode",
            &format!("form[password]={PASSWORD}"),
        ]))?;
        let cookie = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next())?
        });
        let cookie = cookie.map(|cookie| cookie.trim().to_owned());
        cookie.ok_or_else(|| format!("signing in gave no cookie:\n{answer}").into())
    }

    /// The addresses that the server has, by their method: the list that its tests hold it to.
    pub fn addresses(method: &str) -> Outcome<Vec<String>> {
        let list = fs::read_to_string(place::root().join("server/src/serve/addresses.txt"))?;
        let of_method = list.lines().filter_map(|line| {
            let (found, rest) = line.split_once(' ')?;
            (found == method).then(|| rest.split_whitespace().next()).flatten()
        });
        Ok(of_method.map(str::to_owned).collect())
    }

    /// Within so long. From another address than the tools', which may have used up their own's share.
    pub fn answers(&self, within: Duration) -> bool {
        let mut curl = curl();
        curl.args(["--fail", "--interface", "127.0.0.2"]);
        curl.args(["--max-time", &within.as_secs().to_string()]);
        read(curl.arg(format!("{}/healthz", self.origin))).is_ok()
    }

    /// The session lives: without it, tools find the page for signing in alone.
    pub fn is_signed_in(&self) -> bool {
        let mut curl = curl();
        curl.args(["--max-time", "60", "--interface", "127.0.0.2", "--output", "/dev/null"]);
        curl.args(["--header", &format!("Cookie: {}", self.cookie), "--write-out", "%{http_code}"]);
        read(curl.arg(format!("{}/organization", self.origin))).is_ok_and(|status| status == "200")
    }

    /// What the log says of internal errors and panics, each once.
    pub fn failures(&self) -> Outcome<Vec<String>> {
        let log = fs::read_to_string(&self.log)?;
        let mut found: Vec<String> = log
            .lines()
            .filter(|line| {
                ["panicked at", " ERROR ", "status=500"].iter().any(|word| line.contains(word))
            })
            .map(without_time)
            .collect();
        found.sort();
        found.dedup();
        found.truncate(20);
        Ok(found)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Nothing can be done about a failure here.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub fn curl() -> Command {
    let mut curl = command("curl");
    curl.args(["--silent", "--show-error", "--noproxy", "*"]);
    curl
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("key")
}

fn muster(url: &str, folder: &Path) -> Outcome<Command> {
    let mut muster = command(place::muster("debug")?);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("MUSTER_")) {
            muster.env_remove(name);
        }
    }
    muster.args(["--database", url, "--key-file"]).arg(key_file(folder));
    Ok(muster)
}

fn fill(muster: impl Fn() -> Outcome<Command>, folder: &Path) -> Outcome {
    let mut setup = muster()?;
    setup.args([
        "setup",
        "--name",
        "Grace Holder",
        "--email",
        EMAIL,
        "--organization",
        "Northwind",
    ]);
    let mut setup = setup.arg("--password-stdin").stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = setup.stdin.take() {
        input.write_all(PASSWORD.as_bytes())?;
    }
    if !setup.wait()?.success() {
        return Err("`muster setup` failed".into());
    }
    for (number, group) in GROUPS.into_iter().enumerate() {
        read(muster()?.args(["group", "add", group]))?;
        let mut rows = String::from("Name,Email,Password\n");
        for row in (0..TECHNICIANS).filter(|row| row % GROUPS.len() == number) {
            writeln!(rows, "Tess {row},t{row}@example.com,Kz{row}!qwPm4xTo")?;
        }
        let file = folder.join(format!("{number}.csv"));
        fs::write(&file, rows)?;
        read(muster()?.arg("import").arg(&file).args(["--group", group]))?;
    }
    Ok(())
}

/// From its level on, a line of the log is the same in each run, but for its numbers.
fn without_time(line: &str) -> String {
    let words = line.split_whitespace().filter(|word| {
        !["request_id=", "id=", "ms=", "latency="].iter().any(|name| word.starts_with(name))
    });
    let is_time = |word: &&str| word.starts_with("20") && word.ends_with('Z');
    words.skip_while(is_time).collect::<Vec<_>>().join(" ")
}
