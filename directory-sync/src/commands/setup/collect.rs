//! Collects the answers from the flags, else from the saved configuration, else by asking.

use std::path::PathBuf;

use roster::secret::Secret;

use super::ask::Questions;
use crate::arguments::Setup;
use crate::configuration::{Configuration, Files, Kept, given_secret};
use crate::failure::Result;
use crate::ldap::Account;
use crate::setup::{Answers, Holder, controllers_typed};

pub fn answers(flags: &Setup, files: &Files, questions: &Questions) -> Result<Answers> {
    let before = Configuration::read(&files.configuration).ok();
    let before = before.as_ref();
    let text =
        |given: &Option<String>, question: &str, flag: &str, before: Option<&str>| match given {
            Some(given) => Ok(given.trim().to_owned()),
            None => questions.needed(question, flag, before),
        };
    let server =
        text(&flags.server, "Address of Muster", "--server", before.map(|it| it.server.as_str()))?;
    let (holder, token) = enrolment(flags, files, questions)?;
    let domain = text(
        &flags.domain,
        "Active Directory domain",
        "--domain",
        before.map(|it| it.domain.as_str()),
    )?;
    let controllers = controllers(flags, before, questions)?;
    let ca_file = ca_file(flags, before, questions)?;
    let account = account(flags, before, files, questions)?;
    let bind_user = match &account {
        Account::Named { user, .. } => Some(user.clone()),
        Account::Own => None,
    };
    let base = base(flags, before, questions)?;
    let start_tls = flags.start_tls || before.is_some_and(|it| it.start_tls);
    let configuration =
        Configuration { server, domain, controllers, start_tls, bind_user, base, ca_file };
    Ok(Answers { configuration, account, token, holder })
}

fn enrolment(
    flags: &Setup,
    files: &Files,
    questions: &Questions,
) -> Result<(Option<Holder>, Secret)> {
    let asked =
        flags.token_file.is_some() || flags.email.is_some() || flags.password_file.is_some();
    if !asked && let Ok(token) = files.read_secret(Kept::Token) {
        return Ok((None, token));
    }
    let email = match &flags.email {
        Some(email) => email.trim().to_owned(),
        None => questions.needed("Email of the Master Account Holder", "--email", None)?,
    };
    let secret = |path: &Option<PathBuf>, what: &str, question: &str, flag: &str| match path {
        Some(path) => given_secret(path, what),
        None => questions.secret(question, flag),
    };
    let password = secret(
        &flags.password_file,
        "holder's password",
        "Their password (used once)",
        "--password-file",
    )?;
    let code = match &flags.code_file {
        Some(path) => given_secret(path, "code of two-step verification")?,
        None => Secret::default(),
    };
    let token = secret(
        &flags.token_file,
        "service token",
        "Service token (Global Settings, Active Directory Synchronization)",
        "--token-file",
    )?;
    Ok((Some(Holder { email, password, code }), token))
}

fn account(
    flags: &Setup,
    before: Option<&Configuration>,
    files: &Files,
    questions: &Questions,
) -> Result<Account> {
    // An earlier set-up without an account name keeps that.
    let own_before = before.is_some_and(|it| it.bind_user.is_none());
    if flags.kerberos || (own_before && flags.bind_user.is_none() && !questions.can_ask()) {
        return Ok(Account::Own);
    }
    let user = if let Some(user) = &flags.bind_user {
        user.trim().to_owned()
    } else {
        let before = before.and_then(|it| it.bind_user.as_deref());
        let question = if cfg!(windows) {
            "Account to read the directory with (empty: this machine’s own, by Kerberos)"
        } else {
            "Account to read the directory with"
        };
        questions.needed(question, "--bind-user", before)?
    };
    if cfg!(windows) && user.is_empty() {
        return Ok(Account::Own);
    }
    let password = if let Some(path) = &flags.bind_password_file {
        given_secret(path, "reading account's password")?
    } else {
        let kept = Kept::BindPassword;
        kept_or(files, kept, questions, "Its password", "--bind-password-file")?
    };
    Ok(Account::Named { user, password })
}

fn kept_or(
    files: &Files,
    kept: Kept,
    questions: &Questions,
    question: &str,
    flag: &str,
) -> Result<Secret> {
    // A set-up that is repeated may change the secret.
    match files.read_secret(kept) {
        Ok(secret) if !questions.can_ask() => Ok(secret),
        Ok(secret) => {
            let typed = questions.secret(&format!("{question} (empty: as it is)"), flag)?;
            Ok(if typed.is_empty() { secret } else { typed })
        }
        Err(_) => questions.secret(question, flag),
    }
}

fn controllers(
    flags: &Setup,
    before: Option<&Configuration>,
    questions: &Questions,
) -> Result<Vec<String>> {
    if !flags.controller.is_empty() {
        return Ok(flags.controller.clone());
    }
    let before = before.map(|it| it.controllers.join(" ")).unwrap_or_default();
    let typed = if questions.can_ask() {
        questions.text("Its controllers, HOST[:PORT] (empty: by DNS)", &before)?
    } else {
        before
    };
    Ok(controllers_typed(&typed))
}

fn ca_file(
    flags: &Setup,
    before: Option<&Configuration>,
    questions: &Questions,
) -> Result<Option<PathBuf>> {
    if let Some(path) = &flags.ca_file {
        return Ok(Some(path.clone()));
    }
    let before = before.and_then(|it| it.ca_file.clone());
    if !questions.can_ask() {
        return Ok(before);
    }
    let before = before.map(|path| path.display().to_string()).unwrap_or_default();
    let question = "File of a certificate authority to trust (empty: this machine’s own)";
    let typed = questions.text(question, &before)?;
    Ok(if typed.is_empty() { None } else { Some(typed.into()) })
}

fn base(
    flags: &Setup,
    before: Option<&Configuration>,
    questions: &Questions,
) -> Result<Option<String>> {
    let before = before.and_then(|it| it.base.clone()).unwrap_or_default();
    let typed = match &flags.base {
        Some(base) => base.clone(),
        None if questions.can_ask() => {
            questions.text("Only people below (empty: the whole domain)", &before)?
        }
        None => before,
    };
    Ok(if typed.trim().is_empty() { None } else { Some(typed.trim().to_owned()) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn without_a_terminal_a_missing_answer_is_named_by_its_flag() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().join("muster-sync.toml"));
        let secret = folder.path().join("secret");
        fs::write(&secret, "hidden\n").unwrap();
        let check = |flags: &Setup, expected: &str| {
            let why = match answers(flags, &files, &Questions::unattended()) {
                Ok(_) => "nothing is missing".to_owned(),
                Err(failure) => failure.to_string(),
            };
            assert!(why.starts_with(expected), "{why}");
        };
        let mut flags = Setup::default();
        check(&flags, "--server is missing");
        flags.server = Some("https://muster.example.com".into());
        check(&flags, "--email is missing");
        flags.email = Some("ada@example.com".into());
        check(&flags, "--password-file is missing");
        flags.password_file = Some(secret.clone());
        check(&flags, "--token-file is missing");
        flags.token_file = Some(secret.clone());
        check(&flags, "--domain is missing");
        flags.domain = Some("corp.example.com".into());
        check(&flags, "--bind-user is missing");
        flags.bind_user = Some("reader".into());
        check(&flags, "--bind-password-file is missing");
        flags.bind_password_file = Some(secret);
        check(&flags, "nothing is missing");
        (flags.bind_user, flags.bind_password_file, flags.kerberos) = (None, None, true);
        check(&flags, "nothing is missing");
    }
}
