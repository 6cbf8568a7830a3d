//! Passwords at rest: Argon2id on a bounded pool that leaves a core for everybody else. Who is next is
//! said by `queue`.

mod argon;
mod queue;
mod threads;

use std::fmt::Display;

use roster::fault::Fault;
use roster::secret::Secret;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use self::queue::{Full, Queue, Turn};
use self::threads::{Thread, Threads};
use crate::{Error, Result};

pub use self::argon::Verdict;
pub use self::queue::Share;

/// Seconds after which a request that found the queue full may be sent again: by then it has moved on.
const COME_AGAIN: i64 = 2;

#[derive(Clone)]
pub struct Hashing {
    places: usize,
    queue: Queue,
    threads: Threads,
}

/// A place in the pool. Whoever signs in takes it before the database is asked, so that a crowd that
/// signs in at once waits here, and not before the database, where others would wait with them.
pub struct Place {
    // Given back first: who gets the place finds a thread.
    thread: Thread,
    _turn: Turn,
}

impl Hashing {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let places = cores.saturating_sub(1).max(1);
        Self { places, queue: Queue::new(places), threads: Threads::on_last_cores() }
    }

    /// Waits for one; refused at once where too many wait.
    pub async fn place(&self, share: &Share) -> Result<Place> {
        let turn = self.queue.join(share.clone());
        let turn = turn.map_err(|Full| Fault::Busy { seconds: COME_AGAIN })?;
        let turn = turn.await.map_err(|cause| failed(&cause))?;
        let thread = self.threads.take().map_err(|cause| failed(&cause))?;
        Ok(Place { thread, _turn: turn })
    }

    pub async fn hash(&self, share: &Share, password: Secret) -> Result<String> {
        self.place(share)
            .await?
            .run(move || argon::hash(&password))
            .await?
            .map_err(|cause| failed(&cause))
    }

    /// An import's hashes, in the order of the passwords. Only as many wait for a place as there are
    /// places: they go last in any case, and take no room.
    pub async fn hash_all(&self, passwords: Vec<Secret>) -> Result<Vec<String>> {
        let mut hashes = vec![String::new(); passwords.len()];
        let mut waiting = passwords.into_iter().enumerate();
        let mut tasks = JoinSet::new();
        loop {
            while tasks.len() < self.places {
                let Some((place, password)) = waiting.next() else { break };
                let hashing = self.clone();
                tasks.spawn(async move { (place, hashing.hash(&Share::import(), password).await) });
            }
            match tasks.join_next().await {
                None => return Ok(hashes),
                Some(Ok((place, hash))) => hashes[place] = hash?,
                Some(Err(cause)) => {
                    return Err(Error::internal(format!("the hashing pool: {cause}")));
                }
            }
        }
    }

    /// As [`Place::verify`], in the next place.
    pub async fn verify(
        &self,
        share: &Share,
        password: Secret,
        hash: Option<String>,
    ) -> Result<Verdict> {
        self.place(share).await?.verify(password, hash).await
    }
}

impl Place {
    /// `None` compares with nobody's password: always wrong, in the same time.
    pub async fn verify(self, password: Secret, hash: Option<String>) -> Result<Verdict> {
        self.run(move || argon::verify(&password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, result) = oneshot::channel();
        let jobs = self.thread.jobs();
        let job = move || {
            let found = work();
            drop(self);
            // Whoever asked may have gone away.
            let _ = done.send(found);
        };
        jobs.send(Box::new(job)).map_err(|cause| failed(&cause))?;
        result.await.map_err(|cause| failed(&cause))
    }
}

fn failed(cause: &dyn Display) -> Error {
    Error::internal(format!("the hashing pool: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_own_password_alone() {
        let hashing = Hashing::new();
        let passwords = vec![Secret::new("Vq7!mReXb2"), Secret::new("Kt4?wZuLp9")];
        let hashes = hashing.hash_all(passwords.clone()).await.unwrap();
        assert!(hashes.iter().all(|hash| argon::is_current(hash)));
        let verify = async |password: &Secret, hash: Option<&String>| {
            hashing.verify(&Share::import(), password.clone(), hash.cloned()).await.unwrap()
        };
        assert_eq!(verify(&passwords[0], hashes.first()).await, Verdict::Right);
        assert_eq!(verify(&passwords[1], hashes.get(1)).await, Verdict::Right);
        assert_eq!(verify(&passwords[0], hashes.get(1)).await, Verdict::Wrong);
        assert_eq!(verify(&passwords[0], None).await, Verdict::Wrong);
    }
}
