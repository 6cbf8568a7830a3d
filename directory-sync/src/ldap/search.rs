//! Searches. Unless every page ends in success, a search is an error: a failed search must never look like an
//! empty one.

use std::iter;

use ldap3::controls::RawControl;
use ldap3::{LdapError, LdapResult, Scope};
use roster::directory::protocol::bounds::RUN_PEOPLE;

use super::connect::{Connection, PATIENCE};
use super::controls::{self, Next};
use super::entry::Entry;
use crate::failure::{Failure, Result};

/// The most answers to one question. Some may be short, or empty; without an end, a run would never end.
pub const ANSWERS: usize = 10_000;

/// Result codes of RFC 4511.
mod code {
    pub const SUCCESS: u32 = 0;
    pub const TIME_LIMIT: u32 = 3;
    pub const SIZE_LIMIT: u32 = 4;
    pub const REFERRAL: u32 = 10;
    pub const ADMIN_LIMIT: u32 = 11;
    pub const NO_SUCH_OBJECT: u32 = 32;
    pub const NOT_PERMITTED: u32 = 50;
    pub const BUSY: u32 = 51;
    pub const UNAVAILABLE: u32 = 52;
}

/// A search or a read.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Names what is searched in the error's sentence: "the members of Support".
    pub what: &'a str,
    pub base: &'a str,
    pub filter: &'a str,
    pub attributes: &'a [&'a str],
}

/// The result of reading one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Entry(Entry),
    NoSuchObject,
    /// Another controller has the object: there was only a referral.
    Elsewhere,
    /// The read succeeded without an entry: the object is hidden.
    Hidden,
}

impl Connection {
    /// All matching objects below the base, read page by page.
    pub async fn search(&mut self, query: Query<'_>) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut cookie = Vec::new();
        for _ in 0..ANSWERS {
            let controls = vec![controls::page(cookie)];
            let end = self.ask(query, Scope::Subtree, controls, &mut entries).await?;
            self.succeeded(query.what, &end)?;
            match controls::next_page(end.ctrls.iter().map(|control| &control.1)) {
                Next::Page(next) => cookie = next,
                Next::End => return Ok(entries),
                Next::Malformed => return Err(self.malformed(query.what)),
            }
        }
        Err(self.too_many(query.what, &format!("{ANSWERS} pages")))
    }

    /// The object at the base.
    pub async fn read(&mut self, query: Query<'_>, values: Values) -> Result<Found> {
        let mut entries = Vec::new();
        let controls = match values {
            Values::Plain => Vec::new(),
            Values::WithGuids => vec![controls::extended_names()],
            Values::AccessList => vec![controls::access_list()],
            Values::OfDeleted => controls::of_deleted(),
        };
        let end = self.ask(query, Scope::Base, controls, &mut entries).await?;
        match end.rc {
            code::NO_SUCH_OBJECT => return Ok(Found::NoSuchObject),
            code::REFERRAL => return Ok(Found::Elsewhere),
            _ => self.succeeded(query.what, &end)?,
        }
        let mut entries = entries.into_iter();
        match (entries.next(), entries.next()) {
            (Some(entry), None) => Ok(Found::Entry(entry)),
            (None, _) => Ok(Found::Hidden),
            (Some(_), Some(_)) => Err(self.malformed(query.what)),
        }
    }

    /// Makes one operation, and repeats it while the controller is busy.
    async fn ask(
        &mut self,
        query: Query<'_>,
        scope: Scope,
        controls: Vec<RawControl>,
        entries: &mut Vec<Entry>,
    ) -> Result<LdapResult> {
        let before = entries.len();
        loop {
            let end = self.ask_once(query, scope, controls.clone(), entries).await?;
            let wait = if end.rc == code::BUSY { self.next_wait() } else { None };
            let Some(wait) = wait else { return Ok(end) };
            tracing::info!(?wait, "{} is busy with {}", self.controller, query.what);
            entries.truncate(before);
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes one operation once. References in its answer are skipped.
    async fn ask_once(
        &mut self,
        query: Query<'_>,
        scope: Scope,
        controls: Vec<RawControl>,
        entries: &mut Vec<Entry>,
    ) -> Result<LdapResult> {
        let what = query.what;
        if self.timeouts.are_too_many() {
            let why = "it didn't answer several times in a row".to_owned();
            return Err(Failure::ConnectionLost { controller: self.controller.to_string(), why });
        }
        self.ldap.with_timeout(PATIENCE);
        if !controls.is_empty() {
            self.ldap.with_controls(controls);
        }
        let attributes = query.attributes.to_vec();
        let started = self.ldap.streaming_search(query.base, scope, query.filter, attributes).await;
        let mut stream = started.map_err(|error| self.broken(what, &error))?;
        let mut came = entries.len() as u64;
        loop {
            let next = stream.next().await;
            came += 1;
            match next {
                Ok(Some(_)) if came > RUN_PEOPLE => {
                    return Err(self.too_many(what, &format!("{RUN_PEOPLE} entries")));
                }
                Ok(Some(item)) if item.is_ref() || item.is_intermediate() => (),
                Ok(Some(item)) => {
                    entries.push(Entry::parse(item.0).ok_or_else(|| self.malformed(what))?);
                }
                Ok(None) => {
                    self.timeouts.clear();
                    return Ok(stream.finish().await);
                }
                Err(error) => return Err(self.broken(what, &error)),
            }
        }
    }

    fn succeeded(&self, what: &str, end: &LdapResult) -> Result<()> {
        let controller = self.controller.to_string();
        let what = what.to_owned();
        let why = iter::once(end.text.trim_matches(['\0', ' ', '\n']))
            .find(|text| !text.is_empty())
            .map_or_else(
                || format!("result {}", end.rc),
                |text| format!("result {}, {text}", end.rc),
            );
        Err(match end.rc {
            code::SUCCESS => return Ok(()),
            code::BUSY | code::UNAVAILABLE => Failure::Busy { controller, what },
            code::TIME_LIMIT | code::SIZE_LIMIT | code::ADMIN_LIMIT => {
                Failure::Limit { controller, what, why }
            }
            code::NOT_PERMITTED => Failure::NotPermitted { user: self.user.clone(), what },
            _ => Failure::SearchFailed { controller, what, why },
        })
    }

    fn broken(&self, what: &str, error: &LdapError) -> Failure {
        let controller = self.controller.to_string();
        let why = match error {
            LdapError::Timeout { .. } => {
                self.timeouts.add();
                return Failure::Timeout { controller };
            }
            LdapError::FilterParsing => {
                let (what, why) = (what.to_owned(), "its filter is invalid".to_owned());
                return Failure::SearchFailed { controller, what, why };
            }
            LdapError::EndOfStream | LdapError::OpSend { .. } | LdapError::ResultRecv { .. } => {
                "the controller closed it".to_owned()
            }
            other => other.to_string(),
        };
        Failure::ConnectionLost { controller, why }
    }

    pub(crate) fn too_many(&self, what: &str, most: &str) -> Failure {
        let (controller, what) = (self.controller.to_string(), what.to_owned());
        let why = format!("more than {most} came, the most for one search");
        Failure::SearchFailed { controller, what, why }
    }

    pub(crate) fn malformed(&self, what: &str) -> Failure {
        Failure::Malformed { controller: self.controller.to_string(), what: what.to_owned() }
    }
}

/// The form of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    Plain,
    /// Names with GUIDs.
    WithGuids,
    /// A security descriptor without the parts for administrators.
    AccessList,
    /// Also of a deleted object.
    OfDeleted,
}
