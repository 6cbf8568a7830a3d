//! A program over a database, its server, and browsers that are signed in.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    Outcome,
    command::{command, read},
};

const EMAIL: &str = "holder@example.com";
const PASSWORD: &str = "Vq7!mReXb2";

pub struct Program {
    program: PathBuf,
    pub url: String,
    folder: PathBuf,
}

pub struct Server {
    origin: String,
    log: PathBuf,
    child: Child,
}

pub struct Browser {
    origin: String,
    /// `NAME=VALUE`
    cookie: String,
}

impl Program {
    pub fn new(program: &Path, url: &str, folder: &Path) -> Self {
        Self { program: program.to_owned(), url: url.to_owned(), folder: folder.to_owned() }
    }

    fn command(&self) -> Command {
        let mut muster = command(&self.program);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("MUSTER_")) {
                muster.env_remove(name);
            }
        }
        muster.args(["--database", &self.url, "--key-file"]).arg(self.folder.join("key"));
        muster
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome<String> {
        read(self.command().args(arguments))
    }

    pub fn set_up(&self) -> Outcome {
        read(self.command().args(["key", "new"]).arg(self.folder.join("key")))?;
        let mut setup = self
            .command()
            .args(["setup", "--name", "Grace Holder", "--email", EMAIL, "--password-stdin"])
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = setup.stdin.take() {
            input.write_all(PASSWORD.as_bytes())?;
        }
        if setup.wait()?.success() { Ok(()) } else { Err("`muster setup` failed".into()) }
    }

    pub fn start(&self, name: &str) -> Outcome<Server> {
        let log = self.folder.join(name).with_extension("log");
        let out = self.folder.join(name).with_extension("out");
        let child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(fs::File::create(&out)?)
            .stderr(fs::File::create(&log)?)
            .spawn()?;
        Ok(Server { origin: String::new(), log, child })
    }

    pub fn serve(&self, name: &str) -> Outcome<Server> {
        let mut server = self.start(name)?;
        server.until_up()?;
        Ok(server)
    }
}

impl Server {
    /// Until it says where it listens.
    pub fn until_up(&mut self) -> Outcome {
        for _ in 0..900 {
            let said = fs::read_to_string(self.log.with_extension("out"))?;
            let origin = said.split_whitespace().find(|word| word.starts_with("http://127."));
            if let Some(origin) = origin {
                origin.trim_end_matches('/').clone_into(&mut self.origin);
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(&self.log)?;
                return Err(format!("the server ended: {status}\n{log}").into());
            }
            sleep(Duration::from_millis(100));
        }
        Err("the server doesn't say where it listens".into())
    }

    pub fn sign_in(&self) -> Outcome<Browser> {
        let (email, password) =
            (format!("form[email]={EMAIL}"), format!("form[password]={PASSWORD}"));
        let fields =
            ["--data-urlencode", &email, "--data-urlencode", &password, "--data", "form[next]="];
        let url = format!("{}/api/fn/sign_in", self.origin);
        let answer = read(curl().arg("--include").arg(url).args(fields))?;
        let cookie = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next())?
        });
        let cookie = cookie.ok_or_else(|| format!("signing in gave no cookie:\n{answer}"))?;
        Ok(Browser { origin: self.origin.clone(), cookie: cookie.trim().to_owned() })
    }

    /// The browser, sent here by a proxy.
    pub fn with(&self, browser: &Browser) -> Browser {
        Browser { origin: self.origin.clone(), cookie: browser.cookie.clone() }
    }

    pub fn is_alive(&self) -> Outcome {
        read(curl().arg("--fail").arg(format!("{}/healthz", self.origin))).map(drop)
    }

    pub fn has_no_failures(&self) -> Outcome {
        let log = fs::read_to_string(&self.log)?;
        let failed = log.lines().find(|line| {
            ["panicked at", " ERROR ", "status=500"].iter().any(|word| line.contains(word))
        });
        failed.map_or(Ok(()), |line| Err(format!("its log says: {line}").into()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a failure here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    pub fn visit(&self, page: &str) -> Outcome {
        self.ask(page, &["--header", "Accept: text/html"]).map(drop)
    }

    pub fn create(&self, group: &str, number: usize) -> Outcome {
        let fields = [
            ("group", group.to_owned()),
            ("form[name]", format!("Tess {number}")),
            ("form[nickname]", String::new()),
            ("form[email]", format!("tess{number}@example.com")),
            ("form[singleSignOnId]", String::new()),
            ("form[enabled]", "true".to_owned()),
        ];
        let fields: Vec<String> =
            fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let data: Vec<&str> =
            fields.iter().flat_map(|field| ["--data-urlencode", field.as_str()]).collect();
        self.ask("/api/fn/technician_create", &data).map(drop)
    }

    /// As the browser's worker does it: in chunks, which this server answers.
    pub fn import(&self, group: &str, number: usize, rows: usize) -> Outcome {
        let id = format!("01890a5d-ac96-774b-bcce-{number:012x}");
        let group: i64 = group.parse()?;
        let begun = json!({
            "id": id, "file_name": "people.csv", "file_sha256": "ab".repeat(32), "rows": rows,
            "group": group, "columns": ["Name", "Email"], "delimiter": ",",
        });
        self.send("POST", "/api/imports", &begun)?;
        let row = |row: usize| {
            let email = format!("p{number}.{row}@example.com");
            json!({ "line": row + 2, "values": { "name": format!("Person {row}"), "email": email } })
        };
        for (chunk, from) in (0..rows).step_by(rows / 2).enumerate() {
            let rows: Vec<Value> = (from..rows.min(from + rows / 2)).map(row).collect();
            let address = format!("/api/imports/{id}/chunks/{chunk}");
            self.send("PUT", &address, &json!({ "rows": rows }))?;
        }
        let done = self.send("POST", &format!("/api/imports/{id}/finish"), &json!({}))?;
        let created = serde_json::from_str::<Value>(&done)?["counts"]["created"].as_u64();
        if created == Some(rows as u64) { Ok(()) } else { Err(format!("imported: {done}").into()) }
    }

    fn send(&self, method: &str, address: &str, body: &Value) -> Outcome<String> {
        let body = body.to_string();
        let json = ["--header", "Content-Type: application/json", "--request", method];
        self.ask(address, &[&json[..], &["--data", &body]].concat())
    }

    /// The answer's body, where the server says that it went well.
    fn ask(&self, address: &str, arguments: &[&str]) -> Outcome<String> {
        let mut curl = curl();
        curl.args(["--write-out", "\n%{http_code}", "--header"])
            .arg(format!("Cookie: {}", self.cookie));
        let answer = read(curl.args(arguments).arg([&self.origin, address].concat()))?;
        match answer.rsplit_once('\n') {
            Some((body, "200")) => Ok(body.to_owned()),
            _ => Err(format!("{address} is answered {answer}").into()),
        }
    }
}

fn curl() -> Command {
    let mut curl = command("curl");
    curl.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "60"]);
    curl
}
