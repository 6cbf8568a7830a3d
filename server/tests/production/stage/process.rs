//! Other programs: services, which are killed when the test ends, and tools, which have a time limit.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where and by which user a program runs.
#[derive(Clone, Default)]
pub struct Runner {
    /// A network namespace; else this machine's own network.
    namespace: Option<String>,
    user: Option<&'static str>,
    options: &'static [&'static str],
}

impl Runner {
    /// Without root's rights, which PostgreSQL and PgBouncer refuse.
    pub fn postgres() -> Self {
        Self { user: Some("postgres"), ..Self::default() }
    }

    /// Held to the owners and modes of files, as an ordinary user is.
    pub fn without_overrides() -> Self {
        let options = &["--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"];
        Self { options, ..Self::default() }
    }

    pub fn in_namespace(self, name: String) -> Self {
        Self { namespace: Some(name), ..self }
    }

    /// A program that runs until it is told to end.
    pub fn service(&self, program: impl AsRef<Path>) -> Command {
        self.command(&["setpriv", "--pdeathsig", "KILL"], program.as_ref())
    }

    /// A program that ends by itself, at the latest after two minutes.
    pub fn tool(&self, program: impl AsRef<Path>) -> Command {
        self.command(&["timeout", "--kill-after=5", "120", "setpriv"], program.as_ref())
    }

    fn command(&self, words: &[&str], program: &Path) -> Command {
        let namespace = self.namespace.iter().flat_map(|name| ["ip", "netns", "exec", name]);
        let mut words = namespace.chain(words.iter().copied());
        let mut command = Command::new(words.next().unwrap());
        command.args(words).stdin(Stdio::null());
        if let Some(user) = self.user {
            let group = read(Command::new("id").args(["-g", user]));
            command.args(["--reuid", user, "--regid", group.trim(), "--init-groups"]);
        }
        command.args(self.options);
        // Muster takes its settings from the test alone.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MUSTER_") {
                command.env_remove(name);
            }
        }
        command.arg("--").arg(program);
        command
    }
}

/// Runs it to success; what it wrote.
pub fn read(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let end = |bytes: &[u8]| {
        String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2_000)..]).into_owned()
    };
    let said = end(&output.stdout) + &end(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{said}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

pub struct Process(Child);

impl Process {
    /// Starts a service; all that it says goes into this file.
    pub fn start(mut service: Command, log: &Path) -> Self {
        let log = File::options().create(true).append(true).open(log).unwrap();
        service.stdout(log.try_clone().unwrap()).stderr(log);
        Self(service.spawn().unwrap())
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    pub fn signal(&self, name: &str) {
        read(Command::new("kill").args([name, &self.id().to_string()]));
    }

    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// At once and with its children, as when a machine loses power.
    pub fn kill(mut self) {
        if self.has_ended() {
            return;
        }
        let id = self.id().to_string();
        // Stopped, it starts no child that would be forgotten.
        self.signal("-STOP");
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", &id]).output().unwrap();
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        let all = children.split_whitespace().chain([id.as_str()]);
        // A child may have ended by itself.
        let _status = Command::new("kill").arg("-KILL").args(all).stderr(Stdio::null()).status();
        self.0.wait().unwrap();
    }

    /// Politely; it has thirty seconds.
    pub fn end(mut self, signal: &str) {
        self.signal(signal);
        let limit = std::time::Duration::from_secs(30);
        super::eventually("the end of a program", limit, || self.has_ended());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}
