//! `muster-sync setup`: asks for what wasn't given, looks whether it works, enrolls, maps, checks,
//! previews, installs. Nothing is written before the directory has let the account in.

mod answers;
mod ask;
mod mapping;

use roster::directory::protocol::{DirectoryIdentity, Enroll, Hello};
use roster::secret::Secret;
use rustls::ClientConfig;
use std::sync::Arc;

use super::{check, preview, said};
use crate::arguments::Setup;
use crate::configuration::{Files, Kept, Setting};
use crate::directory::{Domain, enrolled_or_refuse};
use crate::failure::{Exit, Failure, Result};
use crate::ldap::{Account, Connection};
use crate::memory::Memory;
use crate::server::{Server, Waits};
use crate::{connect, say, system};
use answers::{Answers, Holder};
use ask::Questions;

pub async fn run(files: Files, flags: Setup) -> Result<Exit> {
    let questions = Questions::of_the_terminal();
    let answers = Answers::collect(&flags, &files, &questions)?;
    let trust = connect::trust(&answers.configuration)?;
    let (configuration, account) = (&answers.configuration, &answers.account);
    let (mut connection, domain) =
        connect::to_directory(configuration, account, &trust.controllers).await?;
    say::line(format_args!(
        "{} lets {} in: {}, {}.",
        connection.controller, connection.user, domain.identity.domain, domain.identity.domain_guid
    ))?;
    files.try_to_keep()?;
    let server = enrolled(&answers, &domain.identity, &trust.server, &questions).await?;
    let setting = keep(files, &answers)?;
    let hello = server.hello().await?;
    enrolled_or_refuse(&domain.identity, &hello.directory)?;
    map(&flags, &questions, &server, &mut connection, &domain, &hello).await?;
    connection.close().await;
    finish(setting, &flags, &questions).await
}

/// The server's word that this directory may, unless it has given it already.
async fn enrolled(
    answers: &Answers,
    directory: &DirectoryIdentity,
    tls: &Arc<ClientConfig>,
    questions: &Questions,
) -> Result<Server> {
    let (address, token) = (&answers.configuration.server, answers.token.clone());
    let server = Server::new(address, token, tls, Waits::of_a_person())?;
    let Some(Holder { email, password, code }) = &answers.holder else { return Ok(server) };
    let mut enroll = Enroll {
        email: email.clone(),
        password: password.clone(),
        code: code.clone(),
        directory: directory.clone(),
    };
    let enrolled = match server.enroll(&enroll).await {
        // The account may have two-step verification: that is told to who knows the password.
        Err(Failure::ServerRefused { code, message })
            if code == "invalid.code" && enroll.code.is_empty() && questions.can_ask() =>
        {
            say::aside(message);
            enroll.code = Secret::new(
                questions.text("Code of the app, a recovery code, or an enrollment code", "")?,
            );
            server.enroll(&enroll).await
        }
        other => other,
    }?;
    say::line(format_args!("The directory is enrolled as source {}.", enrolled.source_id))?;
    Ok(server)
}

fn keep(files: Files, answers: &Answers) -> Result<Setting> {
    answers.write(&files)?;
    files.keep_secret(Kept::Token, &answers.token)?;
    match &answers.account {
        Account::Named { password, .. } => files.keep_secret(Kept::BindPassword, password)?,
        Account::Own => files.forget_secret(Kept::BindPassword)?,
    }
    Memory::forget_controllers(&files.memory())?;
    say::line(format_args!("{} is written.", files.configuration.display()))?;
    Setting::read(files)
}

async fn map(
    flags: &Setup,
    questions: &Questions,
    server: &Server,
    connection: &mut Connection,
    domain: &Domain,
    hello: &Hello,
) -> Result<()> {
    let mappings = if flags.map.is_empty() {
        if !questions.can_ask() {
            return if hello.mappings.is_empty() { Err(Failure::NoMapping {}) } else { Ok(()) };
        }
        mapping::asked(questions, server, connection, domain, &hello.mappings).await?
    } else {
        mapping::given(&flags.map, server, connection, domain).await?
    };
    server.put_mappings(mappings).await
}

async fn finish(setting: Setting, flags: &Setup, questions: &Questions) -> Result<Exit> {
    let files = setting.files.clone();
    let (ready, exit) = check::of_setting(setting).await?;
    if exit == Exit::Failed {
        return Ok(exit);
    }
    say::line("\nWhat the first run would do:\n")?;
    let exit = preview::of(&ready).await?;
    let install = !flags.no_install && questions.yes("\nInstall the service and start it?")?;
    if exit != Exit::Failed && install {
        said(system::this().install(&files)?)?;
    }
    // People's own faults don't make a set-up fail.
    Ok(if exit == Exit::Failed { exit } else { Exit::Done })
}
