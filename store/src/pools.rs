//! The pools of connections that are in use, and how a call ends once the server behind its connection
//! is lost.

use std::future::{self, Future};
use std::io;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use sqlx::{AnyPool, Error};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

/// A request waits this long for a connection before the database counts as unavailable.
pub(crate) const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);

/// Between two tries to connect.
const PAUSE: Duration = Duration::from_millis(100);

/// How many connections to a PostgreSQL server there may be at once. One more watches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSizes {
    pub readers: u32,
    pub writers: u32,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { readers: 10, writers: 6 }
    }
}

/// The connections to one database server, or to the SQLite file.
#[derive(Clone)]
pub(crate) struct Pools {
    pub readers: AnyPool,
    /// SQLite: one connection, so that writers queue here and not at the file.
    pub writers: AnyPool,
    pub link: Link,
    /// Tells the watch of a PostgreSQL server to look at it again.
    pub suspicion: Arc<Notify>,
}

impl Pools {
    /// Waits for what runs, then ends the connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// What a call must know about the server behind its connection.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub lost: Lost,
    /// The connection keeps prepared statements from one transaction to the next.
    pub prepares: bool,
}

impl Link {
    /// Of a file.
    pub const FILE: Self = Self { lost: Lost(None), prepares: true };
}

/// Says when the server is lost: what waits for it then waits in vain.
#[derive(Clone, Debug)]
pub(crate) struct Lost(Option<watch::Receiver<bool>>);

impl Lost {
    pub fn of(server: watch::Receiver<bool>) -> Self {
        Self(Some(server))
    }

    fn is_watched(&self) -> bool {
        self.0.is_some()
    }

    fn is_lost(&self) -> bool {
        self.0.as_ref().is_some_and(|server| *server.borrow())
    }

    /// The call's result, or an error as soon as the server is lost.
    pub async fn race<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some(server) = self.0.clone() else { return call.await };
        tokio::select! {
            biased;
            () = lost(server) => Err(error()),
            done = call => done,
        }
    }

    /// The same for an answer of many parts.
    pub fn guard<'e, T: 'e>(
        &self,
        mut answer: BoxStream<'e, Result<T, Error>>,
    ) -> BoxStream<'e, Result<T, Error>> {
        let Some(server) = self.0.clone() else { return answer };
        let mut lost = Some(Box::pin(lost(server)));
        stream::poll_fn(move |context| match &mut lost {
            None => Poll::Ready(None),
            Some(waiting) => match waiting.as_mut().poll(context) {
                Poll::Ready(()) => {
                    lost = None;
                    Poll::Ready(Some(Err(error())))
                }
                Poll::Pending => answer.poll_next_unpin(context),
            },
        })
        .boxed()
    }
}

async fn lost(mut server: watch::Receiver<bool>) {
    if server.wait_for(|is_lost| *is_lost).await.is_err() {
        // The watch ended with the store; what was begun may end.
        future::pending::<()>().await;
    }
}

fn error() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::ConnectionAborted, "the database server was lost"))
}

/// The pools that are in use: none while no server is found.
#[derive(Clone)]
pub(crate) struct Current(watch::Receiver<Option<Pools>>);

impl Current {
    pub fn always(pools: Pools) -> Self {
        Self(watch::channel(Some(pools)).1)
    }

    pub fn of(pools: watch::Receiver<Option<Pools>>) -> Self {
        Self(pools)
    }

    /// Takes a connection, from other pools where those are lost meanwhile.
    pub async fn take<T, F>(&self, take: impl Fn(Pools) -> F) -> Result<(T, Link), Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        timeout(WAIT_FOR_CONNECTION, async {
            let mut current = self.0.clone();
            loop {
                let pools = match current.wait_for(Option::is_some).await {
                    Ok(pools) => pools.clone().ok_or(Error::PoolClosed)?,
                    Err(_) => return Err(Error::PoolClosed),
                };
                let link = pools.link.clone();
                match link.lost.race(take(pools.clone())).await {
                    Ok(taken) => return Ok((taken, link)),
                    Err(_) if link.lost.is_lost() || current.has_changed().unwrap_or(false) => {}
                    // As behind a proxy that has no server to connect to.
                    Err(cause @ (Error::Io(_) | Error::Protocol(_))) if link.lost.is_watched() => {
                        tracing::debug!(%cause, "no connection to the database server");
                        pools.suspicion.notify_one();
                        sleep(PAUSE).await;
                    }
                    Err(cause) => return Err(cause),
                }
            }
        })
        .await
        .unwrap_or(Err(Error::PoolTimedOut))
    }

    pub async fn close(&self) {
        let pools = self.0.borrow().clone();
        if let Some(pools) = pools {
            pools.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn what_waits_ends_when_the_server_is_lost() {
        let (server, lost) = watch::channel(false);
        let lost = Lost::of(lost);
        assert_eq!(lost.race(async { Ok(1) }).await.unwrap(), 1);
        let parts = lost.guard(stream::iter([Ok(1), Ok(2)]).boxed());
        assert_eq!(parts.try_collect::<Vec<_>>().await.unwrap(), [1, 2]);

        let waiting = lost.race(future::pending::<Result<(), Error>>());
        let parts = lost.guard(stream::pending::<Result<(), Error>>().boxed());
        let (waited, parts, ()) = tokio::join!(waiting, parts.try_collect::<Vec<_>>(), async {
            server.send_replace(true);
        });
        assert!(matches!((waited, parts), (Err(Error::Io(_)), Err(Error::Io(_)))));
        // Whatever is asked later isn't even begun.
        assert!(lost.race(async { Ok(1) }).await.is_err());
    }

    #[tokio::test]
    async fn the_end_of_the_watch_ends_nothing() {
        let (server, lost) = watch::channel(false);
        drop(server);
        let late = async {
            tokio::task::yield_now().await;
            Ok(1)
        };
        assert_eq!(Lost::of(lost).race(late).await.unwrap(), 1);
    }
}
