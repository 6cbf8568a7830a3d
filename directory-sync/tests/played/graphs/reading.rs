//! The played directory read by the service's own reader, over a connection of its own.

use std::collections::{BTreeMap, BTreeSet};

use directory_sync::directory::{Domain, Search, Snapshot, Whereabouts, take};
use directory_sync::ldap::{Account, Connection, Controller};
use directory_sync::tls;
use roster::directory::plan::Seen;
use roster::directory::protocol::{Absent, Guid, Mapping};
use roster::secret::Secret;

use super::rights::{Lists, READER};
use crate::directory::{Directory, Objects};

pub struct Reading {
    connection: Connection,
    domain: Domain,
    pub snapshot: Snapshot,
    _directory: Directory,
}

impl Reading {
    pub async fn of(objects: Objects, lists: Lists, mappings: &[Mapping]) -> Self {
        let directory = Directory::start(objects).await;
        if lists != Lists::None {
            directory.says("tokenGroups", READER);
        }
        let controller = Controller::parse(&directory.address.to_string(), false).unwrap();
        let account = Account::Named { user: "reader".into(), password: Secret::new("secret") };
        let trust = tls::to_controllers(Some(&directory.folder.path().join("ca.pem"))).unwrap();
        let mut connection = Connection::open(&controller, &account, trust).await.unwrap();
        connection.sign_in(&account).await.unwrap();
        let mut domain = Domain::read(&mut connection, "corp.example.com", None).await.unwrap();
        domain.base = "OU=People,DC=corp,DC=example,DC=com".into();
        let snapshot = take(&mut connection, &domain, mappings).await;
        Self { connection, domain, snapshot, _directory: directory }
    }

    /// What became of those who weren't seen, as the run sends it.
    pub async fn absent(
        &mut self,
        managed: impl Iterator<Item = Guid>,
        primaries: &BTreeMap<Guid, u32>,
    ) -> Vec<Absent> {
        if !self.snapshot.is_complete_but_for_groups_that_are_gone() {
            return Vec::new();
        }
        let seen: BTreeSet<Guid> = self.snapshot.people.iter().map(|person| person.guid).collect();
        let mut absent = Vec::new();
        let mut search = Search::new(&mut self.connection, &self.domain, &self.snapshot);
        for guid in managed.filter(|guid| !seen.contains(guid)) {
            let found = search.look_for(guid, primaries.get(&guid).copied()).await;
            let finding = found.unwrap_or(Whereabouts::Unreadable).finding();
            absent.push(Absent { guid, finding });
        }
        absent
    }

    pub fn seen<'a>(&'a self, absent: &'a [Absent]) -> Seen<'a> {
        Seen { people: &self.snapshot.people, groups: &self.snapshot.groups, absent }
    }
}
