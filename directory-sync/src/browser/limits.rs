//! How much and how long the page takes from whoever connects: anybody on this machine may.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Without a request of the browser that began it, set-up ends.
    pub idle: Duration,
    /// For the head of a request.
    pub head: Duration,
    /// For its body.
    pub body: Duration,
    /// For a connection, which takes one request.
    pub connection: Duration,
    pub connections: usize,
    /// Of a body.
    pub bytes: usize,
    /// Work that takes longer has a page of its own meanwhile.
    pub at_once: Duration,
    /// How long one request waits for the end of such work.
    pub wait: Duration,
    /// After *Finish*, for the last page to be loaded.
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
