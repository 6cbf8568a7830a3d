//! After a whole life of the service no secret is anywhere but in the file that is there for it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::accounts::DEFAULT;
use super::browser::Browser;
use super::muster::{DONE, FAILED, HELD, HOLDER, Muster, PASSWORD, Sync};
use super::samba::{self, Samba};
use super::traces::{Processes, files, is_in};

/// A password that isn't the right one tells much of that one.
const MISTYPED: &str = "Passw0rd!mistyped";
/// Nobody made it.
const UNKNOWN_TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Files by which secrets were given; whoever gave them takes them away.
const GIVEN: [&str; 4] = ["holder", "token", "reader", "given"];

/// All that was said meanwhile to people and programs.
struct Life {
    muster: Muster,
    sync: Sync,
    said: String,
}

impl Life {
    fn say(&mut self, arguments: &[&str], expected: i32) {
        let (code, said) = self.sync.say(arguments);
        assert_eq!(code, expected, "{arguments:?}\n{said}");
        self.said += &said;
    }

    fn fail(&mut self, arguments: &[&str], code: &str) {
        let before = self.said.len();
        self.say(arguments, FAILED);
        let said = &self.said[before..];
        assert!(said.contains(&format!("[{code}]")), "{arguments:?}: {code} in\n{said}");
    }

    fn fail_to_set_up(&mut self, flags: &[&str], given: &str, code: &str) {
        let given = self.given("given", given);
        self.fail(&[&["setup", "--no-install"], flags, &[given.as_str()]].concat(), code);
    }

    fn given(&self, name: &str, secret: &str) -> String {
        self.muster.secret(name, secret).display().to_string()
    }

    fn hear(&mut self, arguments: &[&str]) {
        self.said += &self.muster.command(arguments);
    }

    fn in_use(&self) -> String {
        fs::read_to_string(self.sync.beside("token")).unwrap()
    }

    fn with_password(&self, password: &str) {
        fs::write(self.sync.beside("bind-password"), password).unwrap();
    }

    /// The service, until its log has these words.
    fn serve_until(&self, words: &str) {
        let log = self.muster.file("service-log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let mut service =
            self.program().arg("run").stdout(Stdio::null()).stderr(file).spawn().unwrap();
        self.muster.until(words, || fs::read_to_string(&log).unwrap().contains(words));
        let told = Command::new("kill").arg(service.id().to_string()).status().unwrap();
        assert!(told.success() && service.wait().unwrap().success());
    }

    /// A run that is killed once the server knows of it.
    fn cut_off(&self) {
        let begun = || {
            let log = fs::read_to_string(self.muster.file("log")).unwrap();
            log.matches("path=\"/api/directory-sync/v1/runs\"").count()
        };
        let before = begun();
        let mut run = self
            .program()
            .args(["run", "--once"])
            .stdout(Stdio::null())
            .stderr(File::create(self.muster.file("cut-off")).unwrap())
            .spawn()
            .unwrap();
        while begun() == before && run.try_wait().unwrap().is_none() {}
        run.kill().unwrap();
        run.wait().unwrap();
    }

    /// As root it would not serve: to itself it isn't.
    fn program(&self) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-user=65534", "--", env!("CARGO_BIN_EXE_muster-sync")]);
        command.arg("--config").arg(self.sync.beside("toml"));
        command
    }
}

#[test]
fn no_secret_is_anywhere_but_in_its_own_file() {
    samba::test("secrets::no_secret_is_anywhere_but_in_its_own_file", async |mut samba: Samba| {
        let processes = Processes::watch();
        let anna = samba.technician("Anna", "anna").await;
        samba.group("Support", &[&anna]).await;
        let muster = Muster::start().await;
        muster.group("Support");
        assert!(Browser::sign_in(&samba, HOLDER, MISTYPED).await.is_none());
        let holder = Browser::of_the_holder(&samba).await;
        holder.set_default_password(DEFAULT).await;
        let sync = muster.set_up(&samba, &["Support=Support"]);
        let mut life = Life { muster, sync, said: String::new() };
        let first = life.in_use();
        // Enrolled anew, with another token.
        let again = life.sync.setup(&life.muster, &samba, &["Support=Support"]);
        assert_eq!(again.status.code(), Some(DONE), "{again:?}");
        for said in [again.stdout, again.stderr] {
            life.said += &String::from_utf8(said).unwrap();
        }
        let second = life.in_use();

        life.say(&["check"], DONE);
        life.say(&["preview"], DONE);
        life.serve_until("a run has ended");
        life.say(&["run", "--once"], HELD);
        life.muster.decide("approve");
        life.say(&["run", "--once"], DONE);

        go_wrong(&mut life);

        life.say(&["rotate-token"], DONE);
        let rotated = life.in_use();
        assert!(first != second && second != rotated);
        life.say(&["run", "--once"], DONE);
        life.cut_off();
        life.say(&["status"], DONE);
        life.say(&["status", "--json"], DONE);
        life.hear(&["directory", "runs"]);
        life.hear(&["directory", "runs", "--json"]);
        life.hear(&["export", "--format", "json"]);
        let nothing = Value::Null;
        for (function, question) in [
            ("directory", json!({})),
            ("directory_tokens", json!({})),
            ("directory_problems", json!({ "from": 0 })),
            ("directory_runs", json!({ "source": nothing, "from": 0 })),
        ] {
            life.said += &holder.see(function, question).await.to_string();
        }
        life.said += &holder.log().await;

        let seen = processes.seen();
        let secrets = [
            ("the holder's password", PASSWORD),
            ("the default password", DEFAULT),
            ("the reading account's password", samba::PASSWORD),
            ("a mistyped password", MISTYPED),
            ("the first token", &first),
            ("the second token", &second),
            ("the token in use", &rotated),
            ("a token that nobody made", UNKNOWN_TOKEN),
        ];
        assert_eq!(
            kept(&life, &secrets),
            [
                ("sync/muster-sync.bind-password".to_owned(), "the reading account's password"),
                ("sync/muster-sync.token".to_owned(), "the token in use"),
            ]
            .into()
        );
        for (what, secret) in secrets {
            assert!(!is_in(secret, life.said.as_bytes()), "{what} is in\n{}", life.said);
            for word in &seen {
                let shown = String::from_utf8_lossy(word);
                assert!(!is_in(secret, word), "{what} is in {shown}");
            }
        }
        // They were looked at.
        for command in ["serve", "setup", "run", "rotate-token"] {
            assert!(seen.contains(command.as_bytes()), "{command} was not seen");
        }
    });
}

/// Whatever is given wrongly, and to whomever.
fn go_wrong(life: &mut Life) {
    let token = life.in_use();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    life.fail_to_set_up(&["--ca-file"], &other.cert.pem(), "ldap.certificate");
    life.fail_to_set_up(&["--bind-password-file"], MISTYPED, "ldap.wrong_password");
    let own = life.given("token", &token);
    let flags = ["--email", HOLDER, "--token-file", &own, "--password-file"];
    life.fail_to_set_up(&flags, MISTYPED, "server.refused");
    let own = life.given("holder", PASSWORD);
    let flags = ["--email", HOLDER, "--password-file", &own, "--token-file"];
    life.fail_to_set_up(&flags, UNKNOWN_TOKEN, "server.token_refused");
    life.with_password(MISTYPED);
    life.fail(&["run", "--once"], "ldap.wrong_password");
    life.fail(&["run", "--once"], "ldap.waiting");
    life.fail(&["check"], "ldap.waiting");
    fs::remove_file(life.sync.beside("state.json")).unwrap();
    life.serve_until("the run failed");
    life.with_password(samba::PASSWORD);
    fs::write(life.sync.beside("token"), UNKNOWN_TOKEN).unwrap();
    life.fail(&["run", "--once"], "server.token_refused");
    fs::write(life.sync.beside("token"), token).unwrap();
    life.say(&["run", "--once"], DONE);
}

/// Which files hold which secret: those of the database, both logs, the configuration and all that is
/// beside it.
fn kept<'a>(life: &Life, secrets: &[(&'a str, &str)]) -> BTreeSet<(String, &'a str)> {
    for given in GIVEN {
        fs::remove_file(life.muster.file(given)).unwrap();
    }
    let folder = life.muster.file("");
    let mut found = BTreeSet::new();
    for path in files(&folder) {
        let content = fs::read(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        for (what, secret) in secrets {
            if is_in(secret, &content) {
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o400, "{what} is in {name}");
                found.insert((name.clone(), *what));
            }
        }
    }
    found
}
