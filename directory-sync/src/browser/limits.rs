//! Limits of the page. Anybody on this machine may connect.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Set-up ends after this long without a request from the browser that began it.
    pub idle: Duration,
    /// For receiving the head of a request.
    pub head: Duration,
    /// For receiving the body.
    pub body: Duration,
    /// For a connection, which serves one request.
    pub connection: Duration,
    pub connections: usize,
    /// The most bytes of a body.
    pub bytes: usize,
    /// Work that takes longer than this gets a progress page.
    pub at_once: Duration,
    /// How long a request of the progress page waits for the work's end.
    pub wait: Duration,
    /// How long the last page can be loaded after *Finish*.
    pub last_page: Duration,
}

impl Limits {
    #[must_use]
    pub fn of_a_person() -> Self {
        Self {
            idle: Duration::from_mins(30),
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            connection: Duration::from_mins(1),
            connections: 32,
            bytes: 64 * 1024,
            at_once: Duration::from_secs(1),
            wait: Duration::from_secs(20),
            last_page: Duration::from_secs(3),
        }
    }
}
