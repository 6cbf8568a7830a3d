//! `muster-sync setup` at the terminal: asks for what wasn't given, and goes through the steps of
//! `crate::setup`, then checks, previews, installs.

mod ask;
mod collect;
mod mapping;

use roster::directory::protocol::{DirectoryIdentity, Hello};
use roster::secret::Secret;

use super::{Ready, check, preview, said};
use crate::arguments::Setup as Flags;
use crate::configuration::{Files, Setting};
use crate::directory::Domain;
use crate::failure::{Exit, Failure, Result};
use crate::ldap::Connection;
use crate::server::{Server, Waits};
use crate::setup::{self, Setup};
use crate::{say, system};
use ask::Questions;

pub async fn run(files: Files, flags: Flags) -> Result<Exit> {
    let questions = Questions::of_the_terminal();
    let answers = collect::answers(&flags, &files, &questions)?;
    let mut setup = Setup::new(files, answers)?;
    let (mut connection, domain) = setup.enter().await?;
    say::line(format_args!(
        "{} lets {} in: {}, {}.",
        connection.controller, connection.user, domain.identity.domain, domain.identity.domain_guid
    ))?;
    enroll(&mut setup, &domain.identity, &questions).await?;
    let setting = setup.keep()?;
    say::line(format_args!("{} is written.", setup.files.configuration.display()))?;
    let hello = setup.recognized(&domain.identity).await?;
    map(&flags, &questions, &setup.server()?, &mut connection, &domain, &hello).await?;
    connection.close().await;
    finish(setting, &flags, &questions).await
}

async fn enroll(
    setup: &mut Setup,
    directory: &DirectoryIdentity,
    questions: &Questions,
) -> Result<()> {
    let enrolled = match setup.enroll(directory).await {
        Err(refusal) if questions.can_ask() => match setup.wants_code(&refusal) {
            Some(message) => {
                say::aside(message);
                let question = "Code of the app, a recovery code, or an enrollment code";
                setup.give_code(Secret::new(questions.text(question, "")?));
                setup.enroll(directory).await
            }
            None => Err(refusal),
        },
        other => other,
    }?;
    match enrolled {
        Some(source) => say::line(format_args!("The directory is enrolled as source {source}.")),
        None => Ok(()),
    }
}

async fn map(
    flags: &Flags,
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
        setup::mapping::given(&flags.map, server, connection, domain).await?
    };
    server.put_mappings(mappings).await
}

async fn finish(setting: Setting, flags: &Flags, questions: &Questions) -> Result<Exit> {
    let files = setting.files.clone();
    let ready = Ready::of(setting, Waits::of_a_person())?;
    let exit = check::of(&ready, &mut |line| say::line(line)).await?;
    if exit == Exit::Failed {
        return Ok(exit);
    }
    say::line("\nWhat the first run would do:\n")?;
    let exit = preview::of(&ready).await?;
    let install = !flags.no_install && questions.yes("\nInstall the service and start it?")?;
    if exit != Exit::Failed && install {
        said(system::this().install(&files)?)?;
    }
    // Faults of single people don't make set-up fail.
    Ok(if exit == Exit::Failed { exit } else { Exit::Done })
}
