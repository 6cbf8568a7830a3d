//! Which of the servers in the address is used, until when, and which one then. A connection of its own
//! asks the server every second: a busy one still answers it, one that is gone does not.

use std::collections::VecDeque;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use sqlx::{AnyConnection, Error};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{Answer, ask, connect, pools};
use crate::address::servers::{Server, Servers, Wanted};
use crate::pools::{PoolSizes, Pools};

const EVERY: Duration = Duration::from_secs(1);
/// With it and the pause before, what waits for a lost host ends within six seconds.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Between two looks for a server, or because of a suspicion.
const PAUSE: Duration = Duration::from_millis(250);

/// A server that was found, by the connection that watches it from then on.
pub(super) struct Found {
    pub server: Server,
    pub connection: AnyConnection,
    pub answer: Answer,
}

/// Why a server can't be used, for each of them.
pub(super) type Faults = VecDeque<(String, Fault)>;

pub(super) enum Fault {
    Refused(Error),
    TakesNoWrites,
}

/// Asks all servers at once, and takes the first that will do.
pub(super) async fn find(servers: &Servers) -> Result<Found, Faults> {
    let asked = servers.list.iter().map(|server| async move {
        (
            server,
            timeout(servers.connect_within, connect(server))
                .await
                .unwrap_or(Err(Error::PoolTimedOut)),
        )
    });
    let mut asked: FuturesUnordered<_> = asked.collect();
    let mut faults = Faults::new();
    let mut reads = None;
    while let Some((server, answer)) = asked.next().await {
        match answer {
            Ok((connection, answer)) => {
                let found = Found { server: server.clone(), connection, answer };
                match servers.wanted {
                    Wanted::Any => return Ok(found),
                    _ if found.answer.takes_writes => return Ok(found),
                    Wanted::PreferWrites => reads = Some(found),
                    Wanted::Writes => {
                        faults.push_back((server.shown.clone(), Fault::TakesNoWrites));
                    }
                }
            }
            Err(cause) => faults.push_back((server.shown.clone(), Fault::Refused(cause))),
        }
    }
    reads.ok_or(faults)
}

/// The time of a server's pools.
pub(super) struct Watch {
    pub servers: Servers,
    pub sizes: PoolSizes,
    pub current: watch::Sender<Option<Pools>>,
}

/// What ends when other pools come.
pub(super) struct Used {
    pub found: Found,
    pub pools: Pools,
    pub lost: watch::Sender<bool>,
}

/// Why a server's pools are at their end.
struct End {
    next: Option<Found>,
    /// The server may be silent: what waits for it is ended.
    is_lost: bool,
}

impl Watch {
    /// Until the store is gone.
    pub async fn run(self, mut used: Used) {
        loop {
            let end = used.end(&self.servers).await;
            self.current.send_replace(None);
            used.leave(end.is_lost);
            let found = if let Some(found) = end.next {
                found
            } else {
                let server = &used.found.server.shown;
                tracing::warn!(
                    server,
                    "the database server is lost; one that answers is looked for"
                );
                self.another().await
            };
            let (server, takes_writes) = (found.server.shown.clone(), found.answer.takes_writes);
            tracing::info!(server, takes_writes, "the database server is used from now on");
            used = match pools(found, &self.servers, self.sizes) {
                Ok(used) => used,
                Err(cause) => return tracing::error!(%cause, "there is no way to the database"),
            };
            self.current.send_replace(Some(used.pools.clone()));
        }
    }

    async fn another(&self) -> Found {
        loop {
            if let Ok(found) = find(&self.servers).await {
                return found;
            }
            sleep(PAUSE).await;
        }
    }
}

impl Used {
    async fn end(&mut self, servers: &Servers) -> End {
        loop {
            let is_suspect = tokio::select! {
                () = sleep(EVERY) => false,
                () = self.pools.suspicion.notified() => true,
            };
            let Ok(answer) = timeout(ANSWERS_WITHIN, ask(&mut self.found.connection)).await else {
                return End { next: None, is_lost: true };
            };
            let is_steady = answer.as_ref().is_ok_and(|answer| *answer == self.found.answer);
            let will_do = self.found.answer.takes_writes || servers.wanted == Wanted::Any;
            if is_steady && will_do && !is_suspect {
                continue;
            }
            match find(servers).await {
                Ok(found) if found.answer == self.found.answer => {
                    self.found.connection = found.connection;
                }
                Ok(found) => return End { next: Some(found), is_lost: answer.is_err() },
                Err(_) if is_steady => {}
                Err(_) => return End { next: None, is_lost: true },
            }
            sleep(PAUSE).await;
        }
    }

    /// What runs may end, unless the server is lost.
    fn leave(&self, is_lost: bool) {
        if is_lost {
            self.lost.send_replace(true);
        }
        let pools = self.pools.clone();
        tokio::spawn(async move { pools.close().await });
    }
}
