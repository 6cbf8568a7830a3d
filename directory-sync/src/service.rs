//! The service: makes a run every interval or on request, and contacts the server every minute, until it is
//! stopped.

use std::sync::Arc;
use std::time::Duration;

use roster::directory::protocol::{Command, Event, Hello, Mode};
use roster::id::Timestamp;
use rustls::ClientConfig;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tracing::level_filters::LevelFilter;

use crate::clock;
use crate::commands::Ready;
use crate::configuration::{Files, Setting};
use crate::failure::{Exit, Failure, Result};
use crate::program::in_runtime;
use crate::run::Run;
use crate::server::{Server, Waits};
use crate::state::State;
use crate::{log, system};

/// How often the server is asked whether a run was requested.
const POLL: Duration = Duration::from_mins(1);

/// How often the service manager is notified. It restarts a service that is silent for three times as long.
const ALIVE: Duration = Duration::from_mins(1);

/// Becomes true when the service is to stop.
pub type Stopping = watch::Receiver<bool>;

pub fn run(files: Files) -> Result<Exit> {
    system::this().may_serve()?;
    system::this().serve(files)
}

/// Runs the service until a signal, at a terminal or under a manager that stops it by one.
pub fn until_signalled(files: Files) -> Result<Exit> {
    log::start(LevelFilter::INFO);
    in_runtime(async {
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            if signalled().await.is_ok() {
                // A missing receiver means that the service has stopped already.
                let _stopped = stop.send(true);
            }
        });
        serve(files, stopping).await
    })
}

/// Runs the service until `stopping` becomes true.
pub async fn serve(files: Files, stopping: Stopping) -> Result<Exit> {
    let Ready { setting, server, trust } = Ready::read(files, Waits::of_the_service())?;
    let (address, domain) = (&setting.configuration.server, &setting.configuration.domain);
    tracing::info!(server = address, domain, "keeping technicians in step");
    let service = Service { setting: &setting, server: &server, tls: trust.controllers };
    system::this().ready();
    tokio::select! {
        () = service.keep_in_step(stopping) => (),
        () = alive() => (),
    }
    system::this().stopping();
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// Completes on Ctrl-C or on the service manager's signal.
#[cfg(unix)]
pub async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
pub async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Notifies the service manager forever, also while the service is stopping.
async fn alive() {
    let mut ticks = interval(ALIVE);
    loop {
        ticks.tick().await;
        system::this().alive();
    }
}

struct Service<'a> {
    setting: &'a Setting,
    server: &'a Server,
    tls: Arc<ClientConfig>,
}

impl Service<'_> {
    async fn keep_in_step(&self, mut stopping: Stopping) {
        let mut ticks = interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent = None;
        loop {
            tokio::select! {
                _ = ticks.tick() => (),
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            let hello = self.ask().await;
            tell_once(&mut silent, hello.as_ref().err());
            let began = State::read(&self.setting.files.state()).last_run.map(|run| run.began);
            if hello.is_ok_and(|hello| is_due(&hello, began, clock::now())) {
                self.run(stopping.clone()).await;
            }
        }
    }

    /// Asks for settings and commands; the server notes the contact.
    async fn ask(&self) -> Result<Hello> {
        self.server.events(vec![Event::Heartbeat]).await?;
        self.server.hello().await
    }

    async fn run(&self, mut stopping: Stopping) {
        let run = Run {
            id: clock::run_id(),
            mode: Mode::Apply,
            setting: self.setting,
            server: self.server,
            tls: Arc::clone(&self.tls),
        };
        let stop = async {
            let _stopped = stopping.wait_for(|stop| *stop).await;
        };
        match run.unless(stop).await {
            Ok(outcome) => tracing::info!(
                run = %run.id,
                result = ?outcome.committed.result,
                created = outcome.committed.created,
                updated = outcome.committed.updated,
                disabled = outcome.committed.disabled,
                enabled = outcome.committed.enabled,
                failed = outcome.committed.failed.len(),
                "a run has ended"
            ),
            // A stop was requested, so it is no failure.
            Err(Failure::Stopped {}) => (),
            Err(failure) => {
                tracing::error!(run = %run.id, code = failure.code(), "the run failed: {failure}");
            }
        }
    }
}

fn is_due(hello: &Hello, began: Option<Timestamp>, now: Timestamp) -> bool {
    // Without a mapping a run could only fail.
    if hello.mappings.is_empty() {
        return false;
    }
    let interval = i64::from(hello.interval_seconds);
    // A clock that was set back must not delay a run.
    let elapsed = began.is_none_or(|began| now < began || now.seconds_since(began) >= interval);
    elapsed || hello.commands.contains(&Command::RunNow)
}

/// Logs a failure that recurs every minute only when it begins and when it ends.
fn tell_once(silent: &mut Option<&'static str>, failure: Option<&Failure>) {
    let code = failure.map(Failure::code);
    if *silent == code {
        return;
    }
    if let Some(failure) = failure {
        tracing::warn!(code = failure.code(), "{failure}");
    } else {
        tracing::info!("the server answers again");
    }
    *silent = code;
}

#[cfg(test)]
mod tests {
    use roster::directory::protocol::{DirectoryIdentity, Mapping, SourceId};
    use roster::id::GroupId;

    use super::*;

    const GUID: &str = "00112233-4455-6677-8899-aabbccddeeff";

    #[test]
    fn a_run_is_due_after_the_interval_or_when_asked_for() {
        let check = |began: Option<i64>, asked: bool, mapped: bool, expected: bool| {
            let mapping = Mapping {
                ad_group_guid: GUID.parse().unwrap(),
                ad_group_name: "Support".into(),
                technician_group_id: GroupId(2),
            };
            let hello = Hello {
                protocol: 1,
                server_time: Timestamp(0),
                source_id: SourceId(1),
                directory: DirectoryIdentity {
                    domain: "x".into(),
                    domain_guid: GUID.parse().unwrap(),
                    domain_sid: "S-1-5-21".into(),
                },
                interval_seconds: 900,
                mappings: mapped.then_some(mapping).into_iter().collect(),
                commands: asked.then_some(Command::RunNow).into_iter().collect(),
            };
            let now = Timestamp(10_000_000);
            let began = began.map(|seconds| now.plus_seconds(-seconds));
            assert_eq!(is_due(&hello, began, now), expected, "{began:?} {asked} {mapped}");
        };
        check(None, false, true, true);
        check(Some(899), false, true, false);
        check(Some(900), false, true, true);
        check(Some(1), true, true, true);
        check(Some(-5), false, true, true);
        check(None, true, false, false);
    }
}
