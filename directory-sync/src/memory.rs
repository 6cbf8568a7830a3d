//! What a run remembers about the directory for the next one: only by comparison can a run tell deleted objects
//! from hidden ones, and a controller that is behind. Without it, nobody counts as deleted because of a
//! missing object.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use roster::directory::protocol::{Guid, PersonSeen, Read};
use serde::{Deserialize, Serialize};

use crate::directory::{Progress, Snapshot};
use crate::failure::Result;
use crate::state::{replace, unwritten};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The replication state of all controllers that were read.
    pub progress: Progress,
    /// The RIDs of people's primary groups when they were last readable.
    primaries: BTreeMap<Guid, u32>,
}

impl Memory {
    /// Reads the file; empty if it can't be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec(self);
        replace(path, text.map_err(|error| unwritten(path, &error))?)
    }

    /// Forgets the replication state: a controller may be permanently gone.
    pub fn forget_controllers(path: &Path) -> Result<()> {
        if !path.exists() {
            return Ok(());
        }
        Self { progress: Progress::default(), ..Self::read(path) }.write(path)
    }

    #[must_use]
    pub fn primary(&self, guid: Guid) -> Option<u32> {
        self.primaries.get(&guid).copied()
    }

    /// Remembers the readable people; unreadable ones keep their earlier values.
    pub fn learn(&mut self, snapshot: &Snapshot) {
        let readable = snapshot.people.iter().filter(|person| person.read == Read::Ok);
        for person in readable {
            self.primaries.remove(&person.guid);
        }
        self.primaries.extend(&snapshot.primaries);
    }

    /// Forgets all people except these, so that the file doesn't grow.
    pub fn keep(&mut self, people: &[PersonSeen], managed: &[Guid]) {
        let seen = people.iter().map(|person| person.guid);
        let kept: HashSet<Guid> = seen.chain(managed.iter().copied()).collect();
        self.primaries.retain(|guid, _| kept.contains(guid));
    }
}
