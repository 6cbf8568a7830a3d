//! `muster-sync check`: checks each thing that a run needs, and says what is missing.

use std::fmt;

use roster::directory::protocol::Read;

use super::Ready;
use crate::configuration::{Configuration, Files};
use crate::directory::{self, Domain, enrolled_or_refuse};
use crate::failure::{Exit, Failure, Result};
use crate::ldap::Connection;
use crate::server::Waits;
use crate::{clock, connect, say};

/// The most seconds between the machine's clock and the server's.
const APART_SECONDS: i64 = 300;

/// The result of one check.
#[derive(Clone, Debug)]
pub struct Line {
    pub what: String,
    pub found: Found,
}

#[derive(Clone, Debug)]
pub enum Found {
    There,
    Missing(Failure),
    /// Worth knowing, but no obstacle to a run.
    Note,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match &self.found {
            Found::There => write!(f, "ok       {what}"),
            Found::Missing(failure) => {
                write!(f, "MISSING  {what}\n         {failure} [{}]", failure.code())
            }
            Found::Note => write!(f, "note     {what}"),
        }
    }
}

/// Receives each line as soon as it is known.
pub type Told<'a> = &'a mut (dyn FnMut(Line) -> Result<()> + Send);

/// The lines so far.
struct Report<'a> {
    told: Told<'a>,
    missing: bool,
}

impl<'a> Report<'a> {
    fn to(told: Told<'a>) -> Self {
        Self { told, missing: false }
    }

    /// Reports a check, and returns what it found.
    fn item<T>(&mut self, what: &str, found: Result<T>) -> Result<Option<T>> {
        let what = what.to_owned();
        match found {
            Ok(value) => {
                (self.told)(Line { what, found: Found::There })?;
                Ok(Some(value))
            }
            Err(failure) => {
                self.missing = true;
                (self.told)(Line { what, found: Found::Missing(failure) })?;
                Ok(None)
            }
        }
    }

    fn note(&mut self, what: String) -> Result<()> {
        (self.told)(Line { what, found: Found::Note })
    }

    fn exit(&self) -> Exit {
        if self.missing { Exit::Failed } else { Exit::Done }
    }
}

pub async fn run(files: Files) -> Result<Exit> {
    let mut told = |line: Line| say::line(line);
    let mut report = Report::to(&mut told);
    let read = Configuration::read(&files.configuration);
    let what = format!("The configuration {}", files.configuration.display());
    let Some(configuration) = report.item(&what, read)? else { return Ok(report.exit()) };
    for kept in configuration.secrets() {
        report.item(&format!("The {}", kept.what()), files.read_secret(*kept))?;
    }
    if report.missing {
        return Ok(report.exit());
    }
    of(&Ready::read(files, Waits::of_a_person())?, &mut told).await
}

pub async fn of(ready: &Ready, told: Told<'_>) -> Result<Exit> {
    let mut report = Report::to(told);
    let Ready { setting, server, trust } = ready;
    let hello = report.item(
        &format!("The server {} accepts this service’s token", setting.configuration.server),
        server.hello().await,
    )?;
    if let Some(hello) = &hello {
        let apart = clock::now().seconds_since(hello.server_time);
        if apart.abs() > APART_SECONDS {
            report.note(format!("This machine’s clock and the server’s are {apart} s apart."))?;
        }
    }
    let found = connect::carefully(setting, &trust.controllers, clock::now()).await;
    let what = match &found {
        Ok((connection, _)) => format!(
            "The controller {} accepts {}, encrypted ({})",
            connection.controller,
            connection.user,
            if connection.controller.start_tls { "StartTLS" } else { "LDAPS" }
        ),
        Err(_) => format!("A controller of {}", setting.configuration.domain),
    };
    let (Some((mut connection, domain)), Some(hello)) = (report.item(&what, found)?, hello) else {
        return Ok(report.exit());
    };
    let same = enrolled_or_refuse(&domain.identity, &hello.directory);
    let what = format!("It is the enrolled directory, {}", domain.identity.domain_guid);
    if report.item(&what, same)?.is_some() {
        report.item(&format!("People count below {}", domain.base), Ok(()))?;
        let mapped = if hello.mappings.is_empty() { Err(Failure::NoMapping {}) } else { Ok(()) };
        if report.item("AD groups are mapped to Technician Groups", mapped)?.is_some() {
            groups(&mut report, &mut connection, &domain, &hello.mappings).await?;
        }
    }
    connection.close().await;
    Ok(report.exit())
}

async fn groups(
    report: &mut Report<'_>,
    connection: &mut Connection,
    domain: &Domain,
    mappings: &[roster::directory::protocol::Mapping],
) -> Result<()> {
    for mapping in mappings {
        let snapshot = directory::take(connection, domain, std::slice::from_ref(mapping)).await;
        let name = &mapping.ad_group_name;
        let people = &snapshot.people;
        let what = format!("The AD group “{name}” can be read: {} people", people.len());
        let read = snapshot.failures.into_iter().next().map_or(Ok(()), Err);
        if report.item(&what, read)?.is_none() {
            continue;
        }
        if !snapshot.unknown.is_empty() {
            let what = format!("The kinds of the members of “{name}”, people or groups");
            let (user, members) = (connection.user.clone(), some(&snapshot.unknown));
            let failure = Failure::MembersUnknown { user, members, group: name.clone() };
            report.item::<()>(&what, Err(failure))?;
        }
        let unreadable = people.iter().filter(|it| it.read == Read::Unreadable).count();
        let status = match unreadable - snapshot.unknown.len() {
            0 => Ok(()),
            count => Err(Failure::NotPermitted {
                user: connection.user.clone(),
                what: format!(
                    "the status (userAccountControl) of {} in “{name}”",
                    people_of(count)
                ),
            }),
        };
        report.item(&format!("Name, email and status of the people in “{name}”"), status)?;
        let without = people.iter().filter(|it| it.enabled && it.email.is_empty()).count();
        if without > 0 {
            report.note(format!(
                "{without} enabled people in “{name}” have no email (mail): they can’t be \
                 technicians until they have."
            ))?;
        }
    }
    Ok(())
}

fn people_of(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// The first few names.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = names.iter().take(SHOWN).map(|name| format!("“{name}”")).collect();
    if names.len() > SHOWN {
        text.push(format!("{} more", names.len() - SHOWN));
    }
    text.join(", ")
}
