//! A directory that is played: people in it, and the service that reads and sends them.

use operations::{Result, directory};
use roster::authority::{Caller, Origin};
use roster::directory::protocol::{
    Absent, Batch, BeginRun, Commit, Committed, DirectoryIdentity, Enroll, Finding, GroupSeen,
    GroupStatus, Guid, Mapping, Mappings, Mode, PeopleDigest, PersonSeen, Read, RunId,
};
use roster::id::GroupId;
use roster::secret::Secret;
use uuid::Uuid;

use crate::database::Database;
use crate::world::{PASSWORD, World};

pub fn guid(n: u128) -> Guid {
    Guid(Uuid::from_u128(n))
}

/// The directory group whose members go to a Technician Group.
pub const GROUP: u128 = 900;

pub struct Corp {
    domain: &'static str,
    guid: u128,
}

pub fn corp() -> Corp {
    Corp { domain: "corp.example.com", guid: 500 }
}

pub fn other() -> Corp {
    Corp { domain: "other.example.com", guid: 501 }
}

pub fn origin() -> Origin {
    Origin {
        address: "192.0.2.9".to_owned(),
        agent: "muster-sync".to_owned(),
        device: None,
        repeat: None,
    }
}

impl Corp {
    pub fn enroll(&self, password: &str) -> Enroll {
        Enroll {
            email: "ada@example.com".to_owned(),
            password: Secret::new(password),
            code: Secret::default(),
            directory: DirectoryIdentity {
                domain: self.domain.to_owned(),
                domain_guid: guid(self.guid),
                domain_sid: "S-1-5-21-1-2-3".to_owned(),
            },
        }
    }

    /// Its service, with a token of its own.
    pub async fn enrolled(&self, world: &World) -> Caller {
        let token = directory::create_token(&world.operations, &world.holder).await.unwrap();
        let caller = by_token(world, &token).await.unwrap();
        directory::enroll(&world.operations, &caller, &self.enroll(PASSWORD)).await.unwrap();
        by_token(world, &token).await.unwrap()
    }
}

pub async fn by_token(world: &World, token: &Secret) -> Option<Caller> {
    directory::authenticate(&world.operations, token, origin()).await.unwrap()
}

/// Somebody in the mapped group.
pub fn seen(n: u128, name: &str, email: &str) -> PersonSeen {
    PersonSeen {
        guid: guid(n),
        name: name.to_owned(),
        email: email.to_owned(),
        enabled: true,
        reason: None,
        group_guids: vec![guid(GROUP)],
        read: Read::Ok,
    }
}

pub fn disabled(n: u128, name: &str, email: &str) -> PersonSeen {
    PersonSeen { enabled: false, ..seen(n, name, email) }
}

/// So many people, the first of them number 1.
pub fn crowd(count: u128) -> Vec<PersonSeen> {
    (1..=count).map(|n| seen(n, &format!("Person {n}"), &format!("p{n}@corp.example"))).collect()
}

pub fn begin(run: RunId) -> BeginRun {
    BeginRun {
        run_id: run,
        mode: Mode::Apply,
        agent: "muster-sync 0.1.0, linux".to_owned(),
        controller: "dc1.corp.example.com".to_owned(),
    }
}

pub fn run_id(n: u128) -> RunId {
    RunId(Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0000 + n))
}

/// The commit for these people, and for those who are gone.
pub fn commit_of(people: &[PersonSeen], gone: &[u128]) -> Commit {
    let mut digest = PeopleDigest::new();
    for person in people {
        digest.add(person);
    }
    let absent = |n: &u128| Absent { guid: guid(*n), finding: Finding::LeftGroups };
    Commit {
        batches: u32::from(!people.is_empty()),
        people: people.len() as u64,
        digest: digest.finish(),
        groups: vec![GroupSeen {
            guid: guid(GROUP),
            status: GroupStatus::Complete,
            members: people.len() as u64,
            ignored: roster::directory::protocol::Ignored::default(),
        }],
        absent: gone.iter().map(absent).collect(),
    }
}

/// A world with the directory enrolled, and its group mapped to the one inside.
pub struct Synced {
    pub world: World,
    pub service: Caller,
    runs: std::sync::atomic::AtomicU64,
}

impl Synced {
    pub async fn new() -> Self {
        Self::on(&Database::Sqlite).await
    }

    pub async fn on(database: &Database) -> Self {
        Self::of(World::on(database).await).await
    }

    pub async fn of(world: World) -> Self {
        let service = corp().enrolled(&world).await;
        let synced = Self { world, service, runs: std::sync::atomic::AtomicU64::new(0) };
        synced.map_to(synced.world.inside).await;
        synced
    }

    /// The first run is approved: these people are in step.
    pub async fn with(people: &[PersonSeen]) -> Self {
        let synced = Self::new().await;
        let (run, answer) = synced.run(people, &[]).await;
        assert_eq!(answer.held.map(|held| held.count), Some(people.len() as u64));
        let operations = &synced.world.operations;
        directory::approve(operations, &synced.world.master, run).await.unwrap();
        synced
    }

    pub async fn map_to(&self, group: GroupId) {
        let mapping = Mapping {
            ad_group_guid: guid(GROUP),
            ad_group_name: "Support Staff".to_owned(),
            technician_group_id: group,
        };
        let wish = Mappings { mappings: vec![mapping] };
        directory::put_mappings(&self.world.operations, &self.service, wish).await.unwrap();
    }

    pub fn next_run(&self) -> RunId {
        run_id(u128::from(self.runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst)))
    }

    /// A run up to its commit.
    pub async fn send(&self, run: BeginRun, people: &[PersonSeen]) -> Result<()> {
        let operations = &self.world.operations;
        directory::begin_run(operations, &self.service, &run).await?;
        if people.is_empty() {
            return Ok(());
        }
        let batch = Batch { people: people.to_vec() };
        directory::put_batch(operations, &self.service, run.run_id, 0, &batch).await
    }

    /// A whole run.
    pub async fn run(&self, people: &[PersonSeen], gone: &[u128]) -> (RunId, Committed) {
        let run = self.next_run();
        self.send(begin(run), people).await.unwrap();
        let operations = &self.world.operations;
        let commit = commit_of(people, gone);
        (run, directory::commit(operations, &self.service, run, commit).await.unwrap())
    }
}
