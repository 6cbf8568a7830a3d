//! A directory with a Windows controller's limits, and with faults on demand.

mod answer;
mod ber;
mod objects;
mod serve;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use tempfile::TempDir;

pub use objects::{Objects, State, guid};

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
    /// Another controller is named, and nothing else.
    Referral,
    /// `noSuchObject`, as to everybody who may not see an object.
    NoSuchObject,
    /// `insufficientAccessRights`
    Refused,
    /// An empty page, and a cookie for the next one.
    EmptyPage,
}

pub type Change = Box<dyn FnOnce(&mut Objects) + Send>;

/// What is shared between the test and the directory's connections.
pub struct Shared {
    pub objects: RwLock<Objects>,
    /// What somebody else changes before a search, by its number.
    pub changes: Mutex<HashMap<usize, Change>>,
    /// Up to which of the others' changes it has them (`replUpToDateVector`); empty: it doesn't say.
    pub vector: Mutex<Vec<u8>>,
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
            objects: RwLock::new(objects),
            changes: Mutex::default(),
            vector: Mutex::default(),
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

    /// What is in it from now on.
    pub fn change(&self, change: impl FnOnce(&mut Objects)) {
        change(&mut self.shared.objects.write().unwrap());
    }

    /// The next searches are counted anew, and somebody changes something before one of them.
    pub fn change_before(&self, number: usize, change: impl FnOnce(&mut Objects) + Send + 'static) {
        self.shared.searches.store(0, Ordering::SeqCst);
        self.shared.changes.lock().unwrap().insert(number, Box::new(change));
    }

    /// Which controller of the domain it is, up to which of its own changes it has come, and up to which of
    /// the others': those whose numbers stand here.
    pub fn plays(&self, number: u8, usn: u64, others: &[(u8, u64)]) {
        self.says("dsServiceName", &objects::settings(number));
        self.says("highestCommittedUSN", &usn.to_string());
        self.change(|objects| objects.controller(number));
        let count = u32::try_from(others.len()).unwrap();
        let mut vector: Vec<u8> =
            [2, 0, count, 0].iter().flat_map(|it: &u32| it.to_le_bytes()).collect();
        for (number, usn) in others {
            vector.extend([*number; 16]);
            vector.extend(usn.to_le_bytes());
            vector.extend([0; 8]);
        }
        *self.shared.vector.lock().unwrap() = vector;
    }

    /// The next searches are counted anew, and one of them goes wrong.
    pub fn fail(&self, number: usize, fault: Fault) {
        self.shared.searches.store(0, Ordering::SeqCst);
        *self.shared.faults.lock().unwrap() = HashMap::from([(number, fault)]);
    }
}
