//! A directory with a Windows controller's limits, and with faults on demand.

mod answer;
mod ber;
mod objects;
mod serve;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

pub use objects::{Objects, guid};

/// What happens to one search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `busy`, and no entry.
    Busy,
    /// All entries, then `sizeLimitExceeded`.
    SizeLimit,
    /// The first entry, then `operationsError`.
    ErrorAfterEntries,
    /// The first entry, then the connection is gone.
    Dies,
    /// It ends well, and the attribute that was asked for isn't there.
    Torn,
}

/// What is shared between the test and the directory's connections.
pub struct Shared {
    pub objects: Objects,
    /// What it says of itself otherwise than a good one.
    pub says: Mutex<HashMap<&'static str, String>>,
    /// By the number of the search, from 1 on.
    pub faults: Mutex<HashMap<usize, Fault>>,
    pub searches: AtomicUsize,
    pub binds: AtomicUsize,
    pub password: Mutex<String>,
    /// The largest page that was asked for, and given.
    pub largest_page: AtomicUsize,
}

pub struct Directory {
    pub shared: Arc<Shared>,
    pub address: SocketAddr,
    pub folder: TempDir,
}

impl Directory {
    pub async fn start(objects: Objects) -> Self {
        let shared = Arc::new(Shared {
            objects,
            says: Mutex::default(),
            faults: Mutex::default(),
            searches: AtomicUsize::new(0),
            binds: AtomicUsize::new(0),
            password: Mutex::new("secret".to_owned()),
            largest_page: AtomicUsize::new(0),
        });
        let folder = tempfile::tempdir().unwrap();
        let address = serve::start(Arc::clone(&shared), folder.path()).await;
        Self { shared, address, folder }
    }

    pub fn searches(&self) -> usize {
        self.shared.searches.load(Ordering::SeqCst)
    }

    pub fn says(&self, attribute: &'static str, value: &str) {
        self.shared.says.lock().unwrap().insert(attribute, value.to_owned());
    }

    /// The next searches are counted anew, and one of them goes wrong.
    pub fn fail(&self, number: usize, fault: Fault) {
        self.shared.searches.store(0, Ordering::SeqCst);
        *self.shared.faults.lock().unwrap() = HashMap::from([(number, fault)]);
    }
}
