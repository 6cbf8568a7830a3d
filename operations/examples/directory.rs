//! For `cargo xtask bench directory`: a directory of many people, as the server takes it.
//!
//! `directory DATABASE PEOPLE` takes an empty database and prints a JSON line for each thing that is
//! measured: `{"name":…,"seconds":…}`. The first run is held; what it takes to be applied is its
//! approval.

mod open;

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use operations::set_up::{SetUp, set_up};
use operations::{Operations, directory, groups};
use roster::authority::{Caller, Origin};
use roster::directory::protocol::{
    BATCH_PEOPLE, Batch, BeginRun, Commit, Committed, DirectoryIdentity, Enroll, GroupSeen,
    GroupStatus, Guid, Ignored, Mapping, Mappings, Mode, PeopleDigest, PersonSeen, Read, RunId,
};
use roster::id::GroupId;
use roster::secret::Secret;
use serde_json::json;
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "Vq7!mReXb2-bench";
const GROUP: Guid = Guid(Uuid::from_u128(9));

struct World {
    operations: Operations,
    service: Caller,
    runs: u128,
}

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, people] = arguments.as_slice() else {
        return Err("directory DATABASE PEOPLE".into());
    };
    let count: u128 = people.parse()?;
    let mut world = World::new(database).await?;
    let mut people: Vec<PersonSeen> = (0..count).map(person).collect();

    let (run, _) = world.run("first run, sent and planned", &people).await?;
    let start = now();
    directory::approve(&world.operations, &Caller::operator(), run).await?;
    report("first run, applied", start)?;
    world.run("nothing changed", &people).await?;
    for person in people.iter_mut().step_by(100) {
        person.name.push('!');
    }
    world.run("one in a hundred changed", &people).await?;
    world.operations.close().await;
    Ok(())
}

fn person(n: u128) -> PersonSeen {
    // Names and GUIDs come in no order.
    let key = n.wrapping_mul(7_368_787) % 9_999_991;
    PersonSeen {
        guid: Guid(Uuid::from_u128(key << 64 | n)),
        name: format!("Person {key}"),
        email: format!("p{key}@corp.example.com"),
        enabled: true,
        reason: None,
        group_guids: vec![GROUP],
        read: Read::Ok,
    }
}

impl World {
    async fn new(database: &str) -> Outcome<Self> {
        let operations = open::open(database).await?;
        let operator = Caller::operator();
        let wish = SetUp {
            code: None,
            organization: "Northwind".to_owned(),
            name: "Ada".to_owned(),
            email: EMAIL.to_owned(),
            password: Secret::new(PASSWORD),
        };
        set_up(&operations, &operator, wish).await?;
        let group = groups::create(&operations, &operator, GroupId::ROOT, "Support").await?;
        let token = directory::create_token(&operations, &operator).await?;
        let wish = Enroll {
            email: EMAIL.to_owned(),
            password: Secret::new(PASSWORD),
            code: Secret::default(),
            directory: DirectoryIdentity {
                domain: "corp.example.com".to_owned(),
                domain_guid: Guid(Uuid::from_u128(1)),
                domain_sid: "S-1-5-21-1".to_owned(),
            },
        };
        let service = by_token(&operations, &token).await?;
        directory::enroll(&operations, &service, &wish).await?;
        let service = by_token(&operations, &token).await?;
        let mapping = Mapping {
            ad_group_guid: GROUP,
            ad_group_name: "Support Staff".to_owned(),
            technician_group_id: group,
        };
        let wish = Mappings { mappings: vec![mapping] };
        directory::put_mappings(&operations, &service, wish).await?;
        Ok(Self { operations, service, runs: 0 })
    }

    /// A whole run; the time is that of its batches and its commit, and of the latter alone.
    async fn run(&mut self, name: &str, people: &[PersonSeen]) -> Outcome<(RunId, Committed)> {
        self.runs += 1;
        let run = RunId(Uuid::from_u128(self.runs));
        let (operations, service) = (&self.operations, &self.service);
        let wish = BeginRun {
            run_id: run,
            mode: Mode::Apply,
            agent: "a benchmark".to_owned(),
            controller: "dc1".to_owned(),
        };
        let mut digest = PeopleDigest::new();
        for person in people {
            digest.add(person);
        }
        let start = now();
        directory::begin_run(operations, service, &wish).await?;
        for (number, part) in (0..).zip(people.chunks(BATCH_PEOPLE)) {
            let batch = Batch { people: part.to_vec() };
            directory::put_batch(operations, service, run, number, &batch).await?;
        }
        report(&[name, ": batches"].concat(), start)?;
        let start = now();
        let members = people.len() as u64;
        let status = GroupStatus::Complete;
        let commit = Commit {
            batches: u32::try_from(people.len().div_ceil(BATCH_PEOPLE))?,
            people: members,
            digest: digest.finish(),
            groups: vec![GroupSeen { guid: GROUP, status, members, ignored: Ignored::default() }],
            absent: Vec::new(),
        };
        let answer = directory::commit(operations, service, run, commit).await?;
        report(&[name, ": commit"].concat(), start)?;
        Ok((run, answer))
    }
}

async fn by_token(operations: &Operations, token: &Secret) -> Outcome<Caller> {
    let found = directory::authenticate(operations, token, Origin::default()).await?;
    found.ok_or_else(|| "the token doesn’t work".into())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

fn report(name: &str, start: Instant) -> Outcome {
    let line = json!({ "name": name, "seconds": start.elapsed().as_secs_f64() });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
