//! The service's configuration: a TOML file without secrets, and beside it one file for each secret. Only
//! this module names these files.

use std::fs;
use std::path::{Path, PathBuf};

use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::ldap::{Account, Controller};
use crate::system;

/// The name of the credential with the authority's file.
pub const CA: &str = "ca";

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Configuration {
    /// `https://muster.example.com`
    pub server: String,
    /// `corp.example.com`
    pub domain: String,
    /// Tried in this order; if empty, controllers are found by DNS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controllers: Vec<String>,
    /// Begin with `StartTLS`, also where the port isn't 389.
    #[serde(default, skip_serializing_if = "is_false")]
    pub start_tls: bool,
    /// `None`: the account that runs the program, by Kerberos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind_user: Option<String>,
    /// People below it count; `None`: the whole domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Controllers must be certified by these authorities; for the server they are trusted in addition to the
    /// machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Configuration {
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::NoConfiguration { path: shown });
            }
            Err(error) => {
                let why = format!("it can't be read ({error}).");
                return Err(Failure::Configuration { path: shown, why });
            }
        };
        toml::from_str(&text).map_err(|error| Failure::Configuration {
            path: shown,
            why: error.message().to_owned() + ".",
        })
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let shown = path.display().to_string();
        let why = |why: String| Failure::Write { path: shown.clone(), why };
        let text = toml::to_string(self).map_err(|error| why(error.to_string()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| why(error.to_string()))?;
        }
        fs::write(path, text).map_err(|error| why(error.to_string()))
    }

    /// The secrets that this configuration needs.
    #[must_use]
    pub fn secrets(&self) -> &'static [Kept] {
        if self.bind_user.is_some() { &Kept::ALL } else { &[Kept::Token] }
    }

    pub fn named_controllers(&self) -> Result<Vec<Controller>> {
        self.controllers.iter().map(|it| Controller::parse(it, self.start_tls)).collect()
    }
}

/// The secrets of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Token,
    BindPassword,
}

impl Kept {
    pub const ALL: [Self; 2] = [Self::Token, Self::BindPassword];

    /// The extension of its file, and the name of systemd's credential.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::BindPassword => "bind-password",
        }
    }

    /// Its name in sentences, after “the”.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Token => "service token",
            Self::BindPassword => "reading account's password",
        }
    }
}

/// The configuration's file and the files beside it.
#[derive(Clone, Debug)]
pub struct Files {
    pub configuration: PathBuf,
}

impl Files {
    #[must_use]
    pub fn new(configuration: PathBuf) -> Self {
        Self { configuration }
    }

    /// The copy of the authority's certificates.
    #[must_use]
    pub fn ca(&self) -> PathBuf {
        self.configuration.with_extension("ca.pem")
    }

    /// `muster-sync.toml` has `muster-sync.token` beside it.
    #[must_use]
    pub fn secret(&self, kept: Kept) -> PathBuf {
        self.configuration.with_extension(kept.name())
    }

    /// The state file: in the service manager's folder, else beside the configuration. Commands and the
    /// service use the same file.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        let is_default = self.configuration == system::this().default_configuration();
        match system::this().state_folder(is_default) {
            Some(folder) => folder.join("state.json"),
            None => self.configuration.with_extension("state.json"),
        }
    }

    /// The run under way, beside the state.
    #[must_use]
    pub fn under_way(&self) -> PathBuf {
        self.state().with_extension("run")
    }

    /// What runs remember about the directory, beside the state.
    #[must_use]
    pub fn memory(&self) -> PathBuf {
        self.state().with_extension("seen")
    }

    /// The service's log, on systems that don't keep its standard error.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.configuration.with_extension("log")
    }

    /// Reads a secret from the service manager, else from its file.
    pub fn read_secret(&self, kept: Kept) -> Result<Secret> {
        let path = self.secret(kept);
        let read = match system::this().credential(kept.name()) {
            Some(credential) => fs::read_to_string(credential).map(Secret::new),
            None => system::this().read_secret(&path),
        };
        let secret = read.map_err(|error| Failure::SecretFile {
            what: kept.what().to_owned(),
            path: path.display().to_string(),
            why: error.to_string(),
        })?;
        Ok(first_line(&secret))
    }

    pub fn keep_secret(&self, kept: Kept, secret: &Secret) -> Result<()> {
        let path = self.secret(kept);
        system::this().keep_secret(&path, secret).map_err(|error| Failure::Write {
            path: path.display().to_string(),
            why: error.to_string(),
        })
    }

    /// Removes a secret that isn't needed any more.
    pub fn forget_secret(&self, kept: Kept) -> Result<()> {
        let path = self.secret(kept);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::Write { path: path.display().to_string(), why: error.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Checks that a secret kept beside the configuration can be read again, before one could be lost.
    pub fn try_to_keep(&self) -> Result<()> {
        let path = self.configuration.with_extension("trial");
        let trial = Secret::new("trial");
        let tried = self.configuration.parent().map_or(Ok(()), fs::create_dir_all);
        let tried = tried.and_then(|()| system::this().keep_secret(&path, &trial));
        let read = tried.and_then(|()| system::this().read_secret(&path));
        let _gone = fs::remove_file(&path);
        let why = match read {
            Ok(read) if first_line(&read) == trial => return Ok(()),
            Ok(_) => "what was read differs from what was written".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(Failure::Write { path: path.display().to_string(), why })
    }
}

/// The secret in the first line of a file given by a flag.
pub fn given_secret(path: &Path, what: &str) -> Result<Secret> {
    let text = fs::read_to_string(path).map_err(|error| Failure::SecretFile {
        what: what.to_owned(),
        path: path.display().to_string(),
        why: error.to_string(),
    })?;
    Ok(first_line(&Secret::new(text)))
}

/// Without the line feed with which editors end a file.
fn first_line(secret: &Secret) -> Secret {
    let line = secret.reveal().split(['\r', '\n']).next().unwrap_or_default();
    Secret::new(line)
}

/// The configuration with its secrets.
#[derive(Clone, Debug)]
pub struct Setting {
    pub configuration: Configuration,
    pub files: Files,
    pub token: Secret,
    pub account: Account,
}

impl Setting {
    pub fn read(files: Files) -> Result<Self> {
        let configuration = Configuration::read(&files.configuration)?;
        let token = files.read_secret(Kept::Token)?;
        let account = match configuration.bind_user.clone() {
            Some(user) => Account::Named { user, password: files.read_secret(Kept::BindPassword)? },
            None => Account::Own,
        };
        Ok(Self { configuration, files, token, account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration() -> Configuration {
        Configuration {
            server: "https://muster.example.com".into(),
            domain: "corp.example.com".into(),
            controllers: vec!["dc1.corp.example.com".into()],
            start_tls: false,
            bind_user: Some(r"CORP\reader".into()),
            base: Some("OU=People,DC=corp,DC=example,DC=com".into()),
            ca_file: None,
        }
    }

    #[test]
    fn what_was_written_is_read_and_a_wrong_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("etc/muster-sync.toml");
        assert_eq!(Configuration::read(&path).unwrap_err().code(), "config.missing");
        configuration().write(&path).unwrap();
        assert_eq!(Configuration::read(&path).unwrap(), configuration());
        fs::write(&path, "server = \"x\"\nserve = 1").unwrap();
        let why = Configuration::read(&path).unwrap_err().to_string();
        assert!(why.contains("unknown field `serve`"), "{why}");
    }

    #[test]
    fn secrets_lie_beside_the_configuration_readable_by_their_owner_alone_and_are_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().join("muster-sync.toml"));
        configuration().write(&files.configuration).unwrap();
        assert_eq!(files.read_secret(Kept::Token).unwrap_err().code(), "config.secret");
        files.keep_secret(Kept::Token, &Secret::new("hidden-token")).unwrap();
        files.keep_secret(Kept::Token, &Secret::new("hidden-token-2")).unwrap();
        files.keep_secret(Kept::BindPassword, &Secret::new("hidden-password\n")).unwrap();
        #[cfg(unix)]
        for kept in Kept::ALL {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(files.secret(kept)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o400, "{kept:?}");
        }
        let setting = Setting::read(files).unwrap();
        assert_eq!(setting.token.reveal(), "hidden-token-2");
        let Account::Named { user, password } = &setting.account else { panic!("nobody is named") };
        assert_eq!((user.as_str(), password.reveal()), (r"CORP\reader", "hidden-password"));
        let shown = format!("{setting:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(!fs::read_to_string(&setting.files.configuration).unwrap().contains("hidden"));
        for _twice in 0..2 {
            setting.files.forget_secret(Kept::BindPassword).unwrap();
            assert!(!setting.files.secret(Kept::BindPassword).exists());
        }
    }

    #[test]
    fn whether_secrets_can_be_kept_is_known_beforehand_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = |name: &str| Files::new(folder.path().join(name).join("muster-sync.toml"));
        files("etc").try_to_keep().unwrap();
        assert_eq!(fs::read_dir(folder.path().join("etc")).unwrap().count(), 0);
        fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(files("file").try_to_keep().unwrap_err().code(), "config.write");
    }
}
