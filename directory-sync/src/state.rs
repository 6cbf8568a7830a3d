//! The service's state between runs, also for `status`. It can be lost without harm.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use roster::directory::protocol::{Mode, RunId, RunResult};
use roster::hexadecimal;
use roster::id::Timestamp;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::failure::{Failure, Result};
use crate::ldap::Account;

/// A refused account is tried again after this long.
const REFUSED_SECONDS: i64 = 30 * 60;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    pub last_run: Option<LastRun>,
    pub last_success: Option<Timestamp>,
    refused: Option<Refused>,
}

/// How the last run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    pub id: Option<RunId>,
    pub mode: Mode,
    pub began: Timestamp,
    pub result: Option<RunResult>,
    /// The failure's code.
    pub code: Option<String>,
    pub message: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Refused {
    at: Timestamp,
    /// HMAC of name and password, keyed with the token: useless without the token, which only the service can
    /// read.
    digest: String,
}

impl State {
    /// Reads the file; empty if it can't be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self);
        replace(path, text.map_err(|error| unwritten(path, &error))?)
    }

    /// Refuses a sign-in that failed recently: controllers lock an account after several wrong passwords.
    pub fn may_try(&self, account: &Account, token: &Secret, now: Timestamp) -> Result<()> {
        let Some(refused) = &self.refused else { return Ok(()) };
        let until = refused.at.plus_seconds(REFUSED_SECONDS);
        // A clock that was set back must not extend the wait.
        let waiting = now < until && now >= refused.at;
        if waiting && refused.digest == digest(account, token) {
            let user = account.user().to_owned();
            return Err(Failure::Waiting { user, until: until.rfc3339() });
        }
        Ok(())
    }

    pub fn refused(&mut self, account: &Account, token: &Secret, now: Timestamp) {
        self.refused = Some(Refused { at: now, digest: digest(account, token) });
    }

    pub fn let_in(&mut self) {
        self.refused = None;
    }
}

/// Replaces a file atomically.
pub(crate) fn replace(path: &Path, text: Vec<u8>) -> Result<()> {
    let next = PathBuf::from(format!("{}.new", path.display()));
    fs::write(&next, text)
        .and_then(|()| fs::rename(&next, path))
        .map_err(|error| unwritten(path, &error))
}

pub(crate) fn unwritten(path: &Path, error: &impl Display) -> Failure {
    Failure::Write { path: path.display().to_string(), why: error.to_string() }
}

fn digest(account: &Account, token: &Secret) -> String {
    // HMAC accepts keys of any length, so this can't fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.reveal().as_bytes()) else {
        return String::new();
    };
    mac.update(account.user().as_bytes());
    mac.update(&[0]);
    if let Account::Named { password, .. } = account {
        mac.update(password.reveal().as_bytes());
    }
    hexadecimal::of(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_account_waits_half_an_hour_unless_something_changes() {
        let account = |user: &str, password: &str| Account::Named {
            user: user.to_owned(),
            password: Secret::new(password),
        };
        let token = Secret::new("token");
        let mut state = State::default();
        let at = Timestamp(1_000_000_000_000);
        state.refused(&account("reader", "wrong"), &token, at);
        let check = |user: &str, password: &str, seconds: i64, may: bool| {
            let tried = state.may_try(&account(user, password), &token, at.plus_seconds(seconds));
            assert_eq!(tried.is_ok(), may, "{user} {password} {seconds}");
        };
        check("reader", "wrong", 0, false);
        check("reader", "wrong", 1_799, false);
        check("reader", "wrong", 1_800, true);
        check("reader", "right", 1, true);
        check("other", "wrong", 1, true);
        check("reader", "wrong", -10, true);
    }

    #[test]
    fn it_is_remembered_without_the_password() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        assert_eq!(State::read(&path), State::default());
        let (user, password) = ("reader".to_owned(), Secret::new("hidden"));
        let account = Account::Named { user, password };
        let mut state = State::default();
        state.refused(&account, &Secret::new("token"), Timestamp(1));
        state.write(&path).unwrap();
        assert_eq!(State::read(&path), state);
        assert!(!fs::read_to_string(&path).unwrap().contains("hidden"));
        state.let_in();
        state.write(&path).unwrap();
        let read = State::read(&path);
        assert!(read.may_try(&account, &Secret::new("token"), Timestamp(2)).is_ok());
    }
}
