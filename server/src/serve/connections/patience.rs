//! How long a connection may take: to say in which protocol it speaks, to ask for something, to take the
//! answer, and to ask again. One that takes longer is closed.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use tower::Service;

use super::places::Place;

/// The limits.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the beginning, or the end of the TLS handshake, until the protocol is known.
    pub first_bytes: Duration,
    /// From then until the first request is there.
    pub first_request: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// A part of an answer may lie so long untaken.
    pub answer: Duration,
}

impl Patience {
    pub const USUAL: Self = Self {
        first_bytes: Duration::from_secs(10),
        first_request: Duration::from_secs(20),
        idle: Duration::from_mins(1),
        answer: Duration::from_mins(2),
    };
}

/// What a connection is about at the moment.
pub struct Activity {
    patience: Patience,
    now: Mutex<Now>,
}

struct Now {
    /// Requests whose answer is being made: that has limits of its own.
    handled: usize,
    /// Answers on their way.
    sent: usize,
    any_request: bool,
    /// When that was so.
    since: Instant,
}

impl Activity {
    pub fn begin(patience: Patience) -> Self {
        let since = Instant::now();
        Self { patience, now: Mutex::new(Now { handled: 0, sent: 0, any_request: false, since }) }
    }

    /// `None`: the server is at it, and nothing is asked of the client.
    fn deadline(&self, protocol_known: bool) -> Option<Instant> {
        let now = self.now();
        let more = match &*now {
            Now { handled: 1.., .. } => return None,
            Now { sent: 1.., .. } => self.patience.answer,
            Now { any_request: true, .. } => self.patience.idle,
            _ if protocol_known => self.patience.first_request,
            _ => self.patience.first_bytes,
        };
        Some(now.since + more)
    }

    fn change(&self, change: impl FnOnce(&mut Now)) {
        let mut now = self.now();
        now.since = Instant::now();
        change(&mut now);
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection's bytes, as long as it keeps to the limits.
pub struct Watched<I> {
    stream: I,
    activity: Arc<Activity>,
    opening: Opening,
    alarm: Pin<Box<Sleep>>,
    _place: Place,
}

impl<I> Watched<I> {
    pub fn new(stream: I, activity: Arc<Activity>, place: Place) -> Self {
        let alarm = Box::pin(sleep_until(Instant::now()));
        Self { stream, activity, opening: Opening::default(), alarm, _place: place }
    }

    /// Ready where the limit is over; else it wakes the task then.
    fn overdue<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        loop {
            let deadline = self.activity.deadline(self.opening.is_known());
            match deadline {
                Some(deadline) if self.alarm.deadline() != deadline => {
                    self.alarm.as_mut().reset(deadline);
                }
                // Looked at again by then: an answer may have ended unseen from here.
                None if self.alarm.is_elapsed() => {
                    self.alarm.as_mut().reset(Instant::now() + self.activity.patience.idle);
                }
                _ => {}
            }
            ready!(self.alarm.as_mut().poll(cx));
            if deadline.is_some() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
    }

    /// Somebody takes an answer, however large: what is written else is small.
    fn written(&self, came: &Poll<io::Result<usize>>) {
        const PART_OF_ANSWER: usize = 1024;
        if matches!(came, Poll::Ready(Ok(PART_OF_ANSWER..))) {
            self.activity.change(|_| ());
        }
    }

    /// What came of it, or that it took too long.
    fn within<T>(
        &mut self,
        cx: &mut Context<'_>,
        came: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if came.is_ready() { came } else { self.overdue(cx) }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let came = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.opening.see(&buffer.filled()[before..]);
        self.within(cx, came)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Watched<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(&came);
        self.within(cx, came)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.written(&came);
        self.within(cx, came)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.stream).poll_flush(cx);
        self.within(cx, came)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.within(cx, came)
    }
}

/// The first bytes. They say HTTP/1 as soon as one differs from how HTTP/2 begins.
#[derive(Default)]
struct Opening {
    alike: usize,
    differs: bool,
}

impl Opening {
    /// RFC 9113, 3.4.
    const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    fn is_known(&self) -> bool {
        self.differs || self.alike == Self::HTTP2.len()
    }

    fn see(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.is_known() {
                return;
            }
            if Self::HTTP2[self.alike] == *byte {
                self.alike += 1;
            } else {
                self.differs = true;
            }
        }
    }
}

/// A service that tells the connection what it is at.
#[derive(Clone)]
pub struct Counted<S> {
    service: S,
    activity: Arc<Activity>,
}

impl<S> Counted<S> {
    pub fn new(service: S, activity: Arc<Activity>) -> Self {
        Self { service, activity }
    }
}

type Answering<E> = Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>;

impl<S, R> Service<R> for Counted<S>
where
    S: Service<R, Response = Response>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Answering<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let handled = Handled::begin(self.activity.clone());
        let answer = self.service.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            let sent = Sent::begin(handled.0.clone());
            Ok(answer.map(|body| Body::new(Watching { body, sent })))
        })
    }
}

struct Handled(Arc<Activity>);

impl Handled {
    fn begin(activity: Arc<Activity>) -> Self {
        activity.change(|now| {
            now.handled += 1;
            now.any_request = true;
        });
        Self(activity)
    }
}

impl Drop for Handled {
    fn drop(&mut self) {
        self.0.change(|now| now.handled -= 1);
    }
}

struct Sent(Arc<Activity>);

impl Sent {
    fn begin(activity: Arc<Activity>) -> Self {
        activity.change(|now| now.sent += 1);
        Self(activity)
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.0.change(|now| now.sent -= 1);
    }
}

/// An answer's body: each part that is taken begins the time anew.
struct Watching {
    body: Body,
    sent: Sent,
}

impl HttpBody for Watching {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.sent.0.change(|_| ());
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_is_known_by_its_first_bytes() {
        let check = |parts: &[&str], expected: bool| {
            let mut opening = Opening::default();
            for part in parts {
                opening.see(part.as_bytes());
            }
            assert_eq!(opening.is_known(), expected, "{parts:?}");
        };
        check(&[], false);
        check(&["G"], true);
        check(&["P"], false);
        check(&["PO"], true);
        check(&["PRI * HTTP/2.0\r\n", "\r\nSM\r\n"], false);
        check(&["PRI * HTTP/2.0\r\n", "\r\nSM\r\n\r\n"], true);
    }
}
