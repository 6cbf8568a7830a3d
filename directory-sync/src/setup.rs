//! Set-up in steps: a controller lets the account in, the server takes the directory, what was answered
//! is kept, groups are mapped. Who asks the questions is none of its business: the terminal does
//! (`commands::setup`), and the page (`browser`).

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

/// What was answered, and where it is to be kept.
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

    /// As somebody who waits talks to it.
    pub fn server(&self) -> Result<Server> {
        let (address, token) = (&self.answers.configuration.server, self.answers.token.clone());
        Server::new(address, token, &self.trust.server, Waits::of_a_person())
    }

    /// A controller that has let the account in. Nothing is written before.
    pub async fn enter(&self) -> Result<(Connection, Domain)> {
        let Answers { configuration, account, .. } = &self.answers;
        connect::to_directory(configuration, account, &self.trust.controllers).await
    }

    /// The server's word that this directory may, unless it has given it already. Asked for once it is
    /// known that the token can be kept.
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

    /// What the server says to the person, where it refused to enroll for want of a code: the account
    /// has two-step verification, which is told to who knows the password.
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

    /// The configuration, and the secrets beside it.
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

    /// The server knows the service, and for this directory.
    pub async fn recognized(&self, directory: &DirectoryIdentity) -> Result<Hello> {
        let hello = self.server()?.hello().await?;
        enrolled_or_refuse(directory, &hello.directory)?;
        Ok(hello)
    }
}

/// Of the server's refusal: a code is missing, or wrong.
pub const CODE: &str = "invalid.code";
