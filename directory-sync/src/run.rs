//! One run, from the server's mappings to its answer: everything is read from one controller, sent in
//! batches, and committed. Parts that could not be read are reported, and the server decides about them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use roster::directory::protocol::{
    Absent, BeginRun, Commit, Committed, Event, GroupStatus, Guid, Hello, Mapping, Mode,
    PeopleDigest, RunId, RunResult,
};
use rustls::ClientConfig;

use crate::clock;
use crate::configuration::Setting;
use crate::connect;
use crate::directory::{self, Domain, Progress, Search, Snapshot, Whereabouts, enrolled_or_refuse};
use crate::failure::{Exit, Failure, Result};
use crate::ldap::Connection;
use crate::memory::Memory;
use crate::server::Server;
use crate::state::{LastRun, State};
use crate::system;
use crate::under_way::Mark;

/// The longest wait for aborting a run on the server.
const TO_GIVE_UP: Duration = Duration::from_secs(10);

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub hello: Hello,
    pub snapshot: Snapshot,
    /// The people who may be deleted or hidden, if there are any.
    pub unproven: Option<Failure>,
    pub committed: Committed,
}

impl Outcome {
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.committed.result {
            RunResult::Rejected => Exit::Failed,
            RunResult::Held => Exit::Held,
            _ if !self.committed.failed.is_empty() || !self.snapshot.is_complete() => {
                Exit::SomeFailed
            }
            RunResult::Applied | RunResult::Preview => Exit::Done,
        }
    }
}

/// A run that can be cancelled.
pub struct Run<'a> {
    pub id: RunId,
    pub mode: Mode,
    pub setting: &'a Setting,
    pub server: &'a Server,
    pub tls: Arc<ClientConfig>,
}

impl Run<'_> {
    /// Makes the run and remembers its result. Reports a failure to the server.
    pub async fn carry_out(&self) -> Result<Outcome> {
        let began = clock::now();
        let done = self.attempt().await;
        self.remember(began, &done);
        done
    }

    /// Makes the run, but aborts it, also on the server, if `stop` completes first.
    pub async fn unless(&self, stop: impl Future<Output = ()>) -> Result<Outcome> {
        tokio::select! {
            done = self.carry_out() => done,
            () = stop => {
                let given_up = self.give_up(&Failure::Stopped {});
                // The server ends an abandoned run by itself.
                let _late = tokio::time::timeout(TO_GIVE_UP, given_up).await;
                Err(Failure::Stopped {})
            }
        }
    }

    async fn attempt(&self) -> Result<Outcome> {
        let mut mark = Mark::take(&self.setting.files.under_way());
        let (hello, mut connection, domain) = match self.begin(mark.as_mut()).await {
            Ok(begun) => begun,
            Err(failure) => {
                self.report(&failure).await;
                return Err(failure);
            }
        };
        let done = self.read_and_send(&mut connection, &domain, hello).await;
        connection.close().await;
        let over = match &done {
            Ok(_) => true,
            Err(failure) => self.give_up(failure).await,
        };
        if let (true, Some((mark, _))) = (over, &mut mark) {
            mark.clear();
        }
        done
    }

    async fn begin(
        &self,
        mark: Option<&mut (Mark, Option<RunId>)>,
    ) -> Result<(Hello, Connection, Domain)> {
        let hello = self.server.hello().await?;
        if hello.mappings.is_empty() {
            return Err(Failure::NoMapping {});
        }
        let (mut connection, domain) =
            connect::carefully(self.setting, &self.tls, clock::now()).await?;
        connection.wait(self.server.waits());
        enrolled_or_refuse(&domain.identity, &hello.directory)?;
        if let Some((mark, cut_off)) = mark {
            if let Some(run) = *cut_off {
                match self.server.abort(run, &Failure::Stopped {}).await {
                    // The server refuses if that run had not begun or has ended.
                    Ok(()) | Err(Failure::ServerRefused { .. }) => {}
                    Err(failure) => return Err(failure),
                }
            }
            mark.set(self.id);
        }
        let (run_id, mode, controller) = (self.id, self.mode, domain.controller.clone());
        self.server.begin(&BeginRun { run_id, mode, agent: agent(), controller }).await?;
        Ok((hello, connection, domain))
    }

    async fn read_and_send(
        &self,
        connection: &mut Connection,
        domain: &Domain,
        hello: Hello,
    ) -> Result<Outcome> {
        let path = self.setting.files.memory();
        let mut memory = Memory::read(&path);
        let (snapshot, doubt) = read(connection, domain, &hello.mappings, &mut memory).await;
        for failure in &snapshot.failures {
            tracing::warn!(code = failure.code(), "{failure}");
        }
        if let (true, Some(failure)) = (nothing_read(&snapshot), snapshot.failures.first()) {
            return Err(failure.clone());
        }
        memory.learn(&snapshot);
        let batches = self.server.put_people(self.id, &snapshot.people).await?;
        let (absent, unproven) = if snapshot.is_complete_but_for_groups_that_are_gone() {
            self.absent(connection, domain, &snapshot, &mut memory).await?
        } else {
            // People who weren't seen may be in the part that couldn't be read.
            (Vec::new(), None)
        };
        // Written before the commit, so that the next run knows everything that this commit was based on.
        if self.mode == Mode::Apply
            && let Err(failure) = memory.write(&path)
        {
            tracing::warn!(code = failure.code(), "{failure}");
        }
        let mut digest = PeopleDigest::new();
        snapshot.people.iter().for_each(|person| digest.add(person));
        let commit = Commit {
            batches,
            people: u64::try_from(snapshot.people.len()).unwrap_or(u64::MAX),
            digest: digest.finish(),
            groups: snapshot.groups.clone(),
            absent,
        };
        let committed = self.server.commit(self.id, &commit).await?;
        for failure in doubt.iter().chain(&unproven) {
            self.report(failure).await;
        }
        Ok(Outcome { hello, snapshot, unproven, committed })
    }

    /// Looks up the server's technicians who weren't seen, one by one. Returns the findings, and a failure that
    /// names the people who may be deleted or hidden. A lost connection ends the run: it says nothing about
    /// the people.
    async fn absent(
        &self,
        connection: &mut Connection,
        domain: &Domain,
        snapshot: &Snapshot,
        memory: &mut Memory,
    ) -> Result<(Vec<Absent>, Option<Failure>)> {
        let seen: HashSet<Guid> = snapshot.people.iter().map(|person| person.guid).collect();
        let managed = self.server.managed().await?;
        memory.keep(&snapshot.people, &managed);
        let user = connection.user.clone();
        let mut search = Search::new(connection, domain, snapshot);
        let (mut absent, mut unproven) = (Vec::new(), Vec::new());
        for guid in managed.into_iter().filter(|guid| !seen.contains(guid)) {
            let found = match search.look_for(guid, memory.primary(guid)).await {
                Ok(found) => found,
                Err(failure @ Failure::ConnectionLost { .. }) => return Err(failure),
                Err(failure) => {
                    tracing::warn!(code = failure.code(), %guid, "{failure}");
                    Whereabouts::Unreadable
                }
            };
            if found == Whereabouts::GoneOrHidden {
                unproven.push(guid);
            }
            absent.push(Absent { guid, finding: found.finding() });
        }
        let unproven = gone_or_hidden(user, &unproven);
        if let Some(failure) = &unproven {
            tracing::warn!(code = failure.code(), "{failure}");
        }
        Ok((absent, unproven))
    }

    /// Aborts the run on the server, so that another one can begin at once. False: the server wasn't reached.
    pub async fn give_up(&self, failure: &Failure) -> bool {
        let told = self.server.abort(self.id, failure).await;
        if let Err(other) = &told {
            tracing::info!(
                code = other.code(),
                "the run could not be aborted on the server: {other}"
            );
        }
        told.is_ok()
    }

    /// Reports a failure to the server, except a preview's, which is shown at the terminal.
    async fn report(&self, failure: &Failure) {
        if self.mode == Mode::Preview || failure.code().starts_with("server.") {
            return;
        }
        let event = Event::Error {
            at: clock::now(),
            code: failure.code().to_owned(),
            message: failure.to_string(),
        };
        if let Err(other) = self.server.events(vec![event]).await {
            tracing::info!(code = other.code(), "the failure could not be reported: {other}");
        }
    }

    fn remember(&self, began: roster::id::Timestamp, done: &Result<Outcome>) {
        if self.mode == Mode::Preview {
            return;
        }
        let path = self.setting.files.state();
        let mut state = State::read(&path);
        let failure = done.as_ref().err();
        let result = done.as_ref().ok().map(|outcome| outcome.committed.result);
        if done.as_ref().is_ok_and(|it| it.exit() != Exit::Failed && it.snapshot.is_complete()) {
            state.last_success = Some(clock::now());
        }
        state.last_run = Some(LastRun {
            id: Some(self.id),
            mode: self.mode,
            began,
            result,
            code: failure.map(|it| it.code().to_owned()),
            message: failure.map(ToString::to_string),
        });
        connect::remember(&state, &path);
    }
}

/// Reads all mapped groups. Also returns a failure if the controller may be behind; nobody counts as absent
/// then.
async fn read(
    connection: &mut Connection,
    domain: &Domain,
    mappings: &[Mapping],
    memory: &mut Memory,
) -> (Snapshot, Option<Failure>) {
    let before = Progress::read(connection, domain, &mut memory.progress).await;
    let mut snapshot = directory::take(connection, domain, mappings).await;
    // The snapshot may include changes that reached the controller meanwhile.
    let after = Progress::read(connection, domain, &mut memory.progress).await;
    let doubt = match before {
        Ok(before) if before.includes(&memory.progress) => after.as_ref().err().cloned(),
        Ok(_) => Some(Failure::Behind { controller: domain.controller.clone() }),
        Err(failure) => Some(failure),
    };
    if let Ok(after) = after {
        memory.progress.add(&after);
    }
    if let Some(failure) = &doubt {
        snapshot.doubt(failure.clone());
    }
    (snapshot, doubt)
}

fn gone_or_hidden(user: String, people: &[Guid]) -> Option<Failure> {
    const NAMED: usize = 20;
    if people.is_empty() {
        return None;
    }
    let mut named: Vec<String> = people.iter().take(NAMED).map(ToString::to_string).collect();
    if people.len() > NAMED {
        named.push("…".to_owned());
    }
    Some(Failure::GoneOrHidden { user, count: people.len(), people: named.join(", ") })
}

fn nothing_read(snapshot: &Snapshot) -> bool {
    snapshot.groups.iter().all(|group| group.status == GroupStatus::Failed)
}

/// "muster-sync 0.1.0, linux"
fn agent() -> String {
    format!("muster-sync {}, {}", env!("CARGO_PKG_VERSION"), system::this().name())
}
