//! The answers so far, their results, and the current step. Kept only in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use roster::directory::protocol::{GroupChoice, Mapping};
use roster::secret::Secret;

use super::faults::Fault;
use super::fields::Field;
use super::form::Form;
use super::steps::Place;
use super::work::Work;
use crate::arguments::Setup as Flags;
use crate::commands::check::Line;
use crate::commands::preview::Preview;
use crate::configuration::{Configuration, Files, Kept, Setting, given_secret};
use crate::directory::group::AdGroup;
use crate::failure::{Exit, Result};
use crate::ldap::Account;
use crate::setup::{Answers, Holder, Setup, controllers_typed};

pub struct State {
    pub files: Files,
    pub may_install: bool,
    pub texts: BTreeMap<Field, String>,
    pub secrets: BTreeMap<Field, Secret>,
    pub faults: Vec<Fault>,
    pub at: Place,
    /// The furthest step reached.
    pub reached: Place,
    pub work: Option<Work>,

    /// A directory is enrolled with the token, so the Master Account Holder is not needed.
    pub is_enrolled: bool,
    /// The server's reason for asking for a code.
    pub code_wanted: String,
    /// The controllers found by DNS.
    pub found_controllers: Vec<String>,
    /// The saved configuration: set after a controller accepted the account and the server enrolled the
    /// directory.
    pub setting: Option<Setting>,
    pub groups: Groups,
    pub checked: Option<Checked>,
    pub preview: Option<Preview>,
    pub installed: Option<Vec<String>>,
}

#[derive(Default)]
pub struct Groups {
    /// The `--map` flags, until they are resolved.
    pub maps: Vec<String>,
    pub mapped: Vec<Mapping>,
    /// The mappings on the server.
    pub known: Vec<Mapping>,
    /// The paths of Technician Groups by their IDs.
    pub paths: BTreeMap<String, String>,
    pub found: Option<Vec<AdGroup>>,
    /// The AD group for which a Technician Group is being chosen.
    pub chosen: Option<AdGroup>,
    pub places: Option<Vec<GroupChoice>>,
}

pub struct Checked {
    pub lines: Vec<Line>,
    pub exit: Exit,
}

impl State {
    /// Starts with the flags, else with the saved configuration.
    pub fn new(files: Files, flags: &Flags) -> Result<Self> {
        let before = Configuration::read(&files.configuration).ok();
        let before = before.as_ref();
        let path = |path: &PathBuf| path.display().to_string();
        let of_before = |text: fn(&Configuration) -> Option<String>| before.and_then(text);
        let mut texts = BTreeMap::new();
        for (field, given, before) in [
            (Field::Server, flags.server.clone(), of_before(|it| Some(it.server.clone()))),
            (Field::Email, flags.email.clone(), None),
            (Field::Domain, flags.domain.clone(), of_before(|it| Some(it.domain.clone()))),
            (
                Field::Controllers,
                Some(flags.controller.join(" ")).filter(|it| !it.is_empty()),
                of_before(|it| Some(it.controllers.join(" "))),
            ),
            (Field::BindUser, flags.bind_user.clone(), of_before(|it| it.bind_user.clone())),
            (Field::Base, flags.base.clone(), of_before(|it| it.base.clone())),
            (
                Field::CaFile,
                flags.ca_file.as_ref().map(path),
                before.and_then(|it| it.ca_file.as_ref().map(path)),
            ),
            (Field::StartTls, flags.start_tls.then(on), of_before(|it| it.start_tls.then(on))),
        ] {
            texts.extend(given.or(before).map(|text| (field, text)));
        }
        if flags.kerberos {
            texts.remove(&Field::BindUser);
        }
        let mut secrets = BTreeMap::new();
        for (field, given, kept) in [
            (Field::Token, &flags.token_file, Some(Kept::Token)),
            (Field::Password, &flags.password_file, None),
            (Field::Code, &flags.code_file, None),
            (Field::BindPassword, &flags.bind_password_file, Some(Kept::BindPassword)),
        ] {
            let secret = match (given, kept) {
                (Some(path), _) => Some(given_secret(path, field.label())?),
                (None, Some(kept)) => files.read_secret(kept).ok(),
                (None, None) => None,
            };
            secrets.extend(secret.map(|secret| (field, secret)));
        }
        let groups = Groups { maps: flags.map.clone(), ..Groups::default() };
        let faults = files.try_to_keep().err().map(Fault::from).into_iter().collect();
        Ok(Self {
            files,
            may_install: !flags.no_install,
            texts,
            secrets,
            faults,
            at: Place::Muster,
            reached: Place::Muster,
            work: None,
            is_enrolled: false,
            code_wanted: String::new(),
            found_controllers: Vec::new(),
            setting: None,
            groups,
            checked: None,
            preview: None,
            installed: None,
        })
    }

    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map(String::as_str).unwrap_or_default()
    }

    pub fn secret(&self, field: Field) -> Secret {
        self.secrets.get(&field).cloned().unwrap_or_default()
    }

    pub fn fault(&self, field: Field) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.field == Some(field))
    }

    /// Remembers everything typed, valid or not. An empty secret field keeps its earlier value.
    pub fn remember(&mut self, place: Place, form: &Form) {
        for &field in place.fields() {
            if field.is_secret() {
                // Secrets aren't trimmed: spaces may be part of them.
                let typed = form.get(field.name()).filter(|typed| !typed.is_empty());
                self.secrets.extend(typed.map(|typed| (field, Secret::new(typed))));
                continue;
            }
            match form.all(field) {
                Some(typed) => {
                    self.texts.insert(field, typed);
                }
                None if field.is_tick() => {
                    self.texts.remove(&field);
                }
                None => (),
            }
        }
    }

    /// A fault for each needed field that is empty.
    pub fn missing(&self, needed: &[Field]) -> Vec<Fault> {
        let is_empty = |field: &Field| {
            if field.is_secret() {
                self.secret(*field).is_empty()
            } else {
                self.text(*field).is_empty()
            }
        };
        needed.iter().copied().filter(is_empty).map(Fault::missing).collect()
    }

    /// Whether the directory is read by Kerberos as the account that runs the program.
    pub fn reads_as_itself(&self) -> bool {
        cfg!(windows) && self.text(Field::BindUser).is_empty()
    }

    pub fn setup(&self) -> Result<Setup> {
        let filled = |field| Some(self.text(field).to_owned()).filter(|it| !it.is_empty());
        let user = self.text(Field::BindUser).to_owned();
        let account = if self.reads_as_itself() {
            Account::Own
        } else {
            Account::Named { user: user.clone(), password: self.secret(Field::BindPassword) }
        };
        let configuration = Configuration {
            server: self.text(Field::Server).to_owned(),
            domain: self.text(Field::Domain).to_owned(),
            controllers: self.controllers(),
            start_tls: self.texts.contains_key(&Field::StartTls),
            bind_user: Some(user).filter(|_| !self.reads_as_itself()),
            base: filled(Field::Base),
            ca_file: filled(Field::CaFile).map(PathBuf::from),
        };
        let holder = Holder {
            email: self.text(Field::Email).to_owned(),
            password: self.secret(Field::Password),
            code: self.secret(Field::Code),
        };
        let holder = Some(holder).filter(|_| !self.is_enrolled);
        let token = self.secret(Field::Token);
        Setup::new(self.files.clone(), Answers { configuration, account, token, holder })
    }

    /// The chosen controllers, each once: one may be both ticked and typed.
    pub fn controllers(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let all = controllers_typed(self.text(Field::Controllers)).into_iter();
        all.filter(|controller| seen.insert(controller.clone())).collect()
    }

    /// Forgets the Master Account Holder's answers after the directory was enrolled.
    pub fn enrolled(&mut self) {
        self.is_enrolled = true;
        self.secrets.remove(&Field::Password);
        self.secrets.remove(&Field::Code);
    }
}

fn on() -> String {
    "on".to_owned()
}
