//! A directory, a server, and the service between them.

use std::net::SocketAddr;
use std::sync::Arc;

use directory_sync::clock;
use directory_sync::configuration::{Configuration, Files, Kept, Setting};
use directory_sync::connect;
use directory_sync::failure::Result;
use directory_sync::run::{Outcome, Run};
use directory_sync::server::{Server, Waits};
use roster::directory::protocol::{DirectoryIdentity, Event, Finding, Mode};
use roster::secret::Secret;
use tempfile::TempDir;

use super::directory::{Directory, Objects, guid};
use super::muster::{Muster, TOKEN};

pub const GROUP: u32 = 500_000;

pub struct Stage {
    pub directory: Directory,
    pub muster: Arc<Muster>,
    pub address: SocketAddr,
    folder: TempDir,
}

impl Stage {
    pub async fn with(objects: Objects) -> Self {
        let directory = Directory::start(objects).await;
        let identity = DirectoryIdentity {
            domain: "corp.example.com".into(),
            domain_guid: guid(900_000),
            domain_sid: "S-1-5-21-1-2-3".into(),
        };
        let (muster, address) = Muster::start(identity, guid(GROUP)).await;
        Self { directory, muster, address, folder: tempfile::tempdir().unwrap() }
    }

    pub fn files(&self) -> Files {
        Files::new(self.folder.path().join("muster-sync.toml"))
    }

    pub fn set(&self, password: &str) -> Setting {
        let files = self.files();
        let configuration = Configuration {
            server: format!("http://{}", self.address),
            domain: "corp.example.com".into(),
            controllers: vec![self.directory.address.to_string()],
            start_tls: false,
            bind_user: Some("reader".into()),
            base: None,
            ca_file: Some(self.directory.folder.path().join("ca.pem")),
        };
        configuration.write(&files.configuration).unwrap();
        files.keep_secret(Kept::Token, &Secret::new(TOKEN)).unwrap();
        files.keep_secret(Kept::BindPassword, &Secret::new(password)).unwrap();
        Setting::read(files).unwrap()
    }

    /// The last run's word about somebody; `None`: it says nothing of them.
    pub fn finding(&self, number: u32) -> Option<Finding> {
        let told = self.muster.told.lock().unwrap();
        let mut absent = told.commits.last().unwrap().absent.iter();
        absent.find(|it| it.guid == guid(number)).map(|it| it.finding)
    }

    /// What the server's page says of all of the directory.
    pub fn said(&self, code: &str) -> Option<String> {
        let told = self.muster.told.lock().unwrap();
        told.events.iter().rev().find_map(|event| match event {
            Event::Error { code: said, message, .. } if said == code => Some(message.clone()),
            _ => None,
        })
    }

    pub async fn run(&self) -> Result<Outcome> {
        self.run_with("secret", Waits::none(3, 10)).await
    }

    pub async fn run_with(&self, password: &str, waits: Waits) -> Result<Outcome> {
        let setting = self.set(password);
        let tls = connect::trust(&setting.configuration).unwrap();
        let address = &setting.configuration.server;
        let server = Server::new(address, setting.token.clone(), &tls.server, waits).unwrap();
        let tls = tls.controllers;
        let (id, mode) = (clock::run_id(), Mode::Apply);
        Run { id, mode, setting: &setting, server: &server, tls }.carry_out().await
    }
}
