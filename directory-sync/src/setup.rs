//! The steps of set-up: sign in at a controller, enroll the directory, save the configuration, map groups. The
//! questions are asked elsewhere: at the terminal (`commands::setup`) or on the page (`browser`).

mod answers;
pub mod mapping;

use roster::directory::protocol::{DirectoryIdentity, Enroll, Hello, SourceId};
use roster::secret::Secret;

use crate::configuration::{Files, Kept, Setting};
use crate::connect::{self, Trust};
use crate::directory::{Domain, enrolled_or_refuse};
use crate::failure::{Failure, Result};
use crate::ldap::{Account, Connection};
use crate::memory::Memory;
use crate::server::{Server, Waits};
pub use answers::{Answers, Holder, controllers_typed};

/// The answers, and the files to save them in.
pub struct Setup {
    pub files: Files,
    pub answers: Answers,
    trust: Trust,
}

impl Setup {
    pub fn new(files: Files, answers: Answers) -> Result<Self> {
        let trust = connect::trust(&answers.configuration)?;
        Ok(Self { files, answers, trust })
    }

    /// The server, with the waits for a person.
    pub fn server(&self) -> Result<Server> {
        let (address, token) = (&self.answers.configuration.server, self.answers.token.clone());
        Server::new(address, token, &self.trust.server, Waits::of_a_person())
    }

    /// Signs in at a controller. Nothing has been written before this succeeds.
    pub async fn enter(&self) -> Result<(Connection, Domain)> {
        let Answers { configuration, account, .. } = &self.answers;
        connect::to_directory(configuration, account, &self.trust.controllers).await
    }

    /// Enrolls the directory, unless the token is enrolled already. First checks that the token can be
    /// saved.
    pub async fn enroll(&self, directory: &DirectoryIdentity) -> Result<Option<SourceId>> {
        self.files.try_to_keep()?;
        let Some(Holder { email, password, code }) = &self.answers.holder else { return Ok(None) };
        let enroll = Enroll {
            email: email.clone(),
            password: password.clone(),
            code: code.clone(),
            directory: directory.clone(),
        };
        Ok(Some(self.server()?.enroll(&enroll).await?.source_id))
    }

    /// The server's message if it refused to enroll because a code is missing. Only after the right password
    /// does it say so.
    #[must_use]
    pub fn wants_code<'a>(&self, refusal: &'a Failure) -> Option<&'a str> {
        let given = self.answers.holder.as_ref().is_some_and(|holder| !holder.code.is_empty());
        match refusal {
            Failure::ServerRefused { code, message } if code == CODE && !given => Some(message),
            _ => None,
        }
    }

    pub fn give_code(&mut self, code: Secret) {
        if let Some(holder) = &mut self.answers.holder {
            holder.code = code;
        }
    }

    /// Saves the configuration and its secrets.
    pub fn keep(&self) -> Result<Setting> {
        let Self { files, answers, .. } = self;
        answers.write(files)?;
        files.keep_secret(Kept::Token, &answers.token)?;
        match &answers.account {
            Account::Named { password, .. } => files.keep_secret(Kept::BindPassword, password)?,
            Account::Own => files.forget_secret(Kept::BindPassword)?,
        }
        Memory::forget_controllers(&files.memory())?;
        Setting::read(files.clone())
    }

    /// Checks that the server accepts the token for this directory.
    pub async fn recognized(&self, directory: &DirectoryIdentity) -> Result<Hello> {
        let hello = self.server()?.hello().await?;
        enrolled_or_refuse(directory, &hello.directory)?;
        Ok(hello)
    }
}

/// The server's refusal code for a missing or wrong code.
pub const CODE: &str = "invalid.code";
