//! One run, from the server's mappings to its answer: everything is read on one controller, sent in
//! batches, and committed. What could not be read is said; what follows from it the server knows.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use roster::directory::protocol::{
    Absent, BeginRun, Commit, Committed, Event, Finding, GroupStatus, Guid, Hello, Mode,
    PeopleDigest, RunId, RunResult,
};
use rustls::ClientConfig;

use crate::clock;
use crate::configuration::Setting;
use crate::connect;
use crate::directory::{self, Domain, Snapshot, enrolled_or_refuse};
use crate::failure::{Exit, Failure, Result};
use crate::ldap::Connection;
use crate::server::Server;
use crate::state::{LastRun, State};
use crate::system;
use crate::under_way::Mark;

/// For the server to hear that a run is given up.
const TO_GIVE_UP: Duration = Duration::from_secs(10);

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub hello: Hello,
    pub snapshot: Snapshot,
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

/// A run that can be given up from outside.
pub struct Run<'a> {
    pub id: RunId,
    pub mode: Mode,
    pub setting: &'a Setting,
    pub server: &'a Server,
    pub tls: Arc<ClientConfig>,
}

impl Run<'_> {
    /// To its end, which is remembered; a failure is told to the server.
    pub async fn carry_out(&self) -> Result<Outcome> {
        let began = clock::now();
        let done = self.attempt().await;
        self.remember(began, &done);
        done
    }

    /// The same, but given up, and the server told, if `stop` is over first.
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
                    // It had not begun, or has ended after all.
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
        let snapshot = directory::take(connection, domain, &hello.mappings).await;
        for failure in &snapshot.failures {
            tracing::warn!(code = failure.code(), "{failure}");
        }
        if let (true, Some(failure)) = (nothing_read(&snapshot), snapshot.failures.first()) {
            return Err(failure.clone());
        }
        let batches = self.server.put_people(self.id, &snapshot.people).await?;
        let absent = if snapshot.is_complete() {
            self.absent(connection, domain, &snapshot).await?
        } else {
            // Who wasn't seen may be among those who couldn't be read.
            Vec::new()
        };
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
        Ok(Outcome { hello, snapshot, committed })
    }

    /// Those whom the server keeps and nobody saw, looked for one by one.
    async fn absent(
        &self,
        connection: &mut Connection,
        domain: &Domain,
        snapshot: &Snapshot,
    ) -> Result<Vec<Absent>> {
        let seen: HashSet<Guid> = snapshot.people.iter().map(|person| person.guid).collect();
        let managed = self.server.managed().await?;
        let mut absent = Vec::new();
        for guid in managed.into_iter().filter(|guid| !seen.contains(guid)) {
            let found = directory::look_for(connection, domain, snapshot, guid).await;
            let finding = found.unwrap_or_else(|failure| {
                tracing::warn!(code = failure.code(), %guid, "{failure}");
                Finding::Unreadable
            });
            absent.push(Absent { guid, finding });
        }
        Ok(absent)
    }

    /// The server takes up another run at once. False: it has not heard of it.
    pub async fn give_up(&self, failure: &Failure) -> bool {
        let told = self.server.abort(self.id, failure).await;
        if let Err(other) = &told {
            tracing::info!(code = other.code(), "the run could not be given up: {other}");
        }
        told.is_ok()
    }

    /// A preview's failure is on the terminal of whoever asked for it.
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

fn nothing_read(snapshot: &Snapshot) -> bool {
    snapshot.groups.iter().all(|group| group.status == GroupStatus::Failed)
}

/// "muster-sync 0.1.0, linux"
fn agent() -> String {
    format!("muster-sync {}, {}", env!("CARGO_PKG_VERSION"), system::this().name())
}
