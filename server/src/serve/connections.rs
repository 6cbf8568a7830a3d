//! Who may be connected, and how long a connection may take to say what it wants. Nobody who says
//! nothing keeps others out.

pub mod files;
mod patience;
mod places;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Server;
use axum_server::accept::Accept;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpStream;

pub use patience::Patience;
use patience::{Activity, Counted, Watched};
pub use places::{Bounds, Places};

/// HTTP/1: until a request's head is there; also between two requests.
const HEAD: Duration = Duration::from_secs(30);
/// HTTP/2: a client that is gone without a word is noticed.
const ALIVE: Duration = Duration::from_secs(30);
/// HTTP/2: the most requests at once over one connection.
const STREAMS: u32 = 100;

pub fn limited(mut server: Server<SocketAddr>) -> Server<SocketAddr> {
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(ALIVE)
        .max_concurrent_streams(STREAMS);
    server
}

/// Lets in as many as there are places for, and watches them from then on.
#[derive(Clone)]
pub struct Doorkeeper<A> {
    inner: A,
    places: Places,
    patience: Patience,
}

impl<A> Doorkeeper<A> {
    pub fn before(inner: A, places: Places, patience: Patience) -> Self {
        Self { inner, places, patience }
    }
}

type Accepting<I, S> = Pin<Box<dyn Future<Output = io::Result<(I, S)>> + Send>>;

impl<A, S> Accept<TcpStream, S> for Doorkeeper<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
{
    type Stream = Watched<A::Stream>;
    type Service = Counted<A::Service>;
    type Future = Accepting<Self::Stream, Self::Service>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().and_then(|peer| {
            let place = self.places.take(peer.ip());
            place.ok_or_else(|| io::Error::other("there are enough connections"))
        });
        let place = match place {
            Ok(place) => place,
            // The stream is dropped: it is closed at once.
            Err(full) => return Box::pin(std::future::ready(Err(full))),
        };
        let patience = self.patience;
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            let activity = Arc::new(Activity::begin(patience));
            let counted = Counted::new(service, activity.clone());
            Ok((Watched::new(stream, activity, place), counted))
        })
    }
}
