//! What a run has seen of the directory, for the next one: an object that isn't there may be hidden, and a
//! controller may not have all changes yet; only who knows what was there before can tell. Where it is lost, or
//! of somebody nothing is known, nobody is taken for gone for that.

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
    /// How far the controllers were that were read.
    pub progress: Progress,
    /// The last part of the identifier of somebody's primary group, when they could last be read.
    primaries: BTreeMap<Guid, u32>,
}

impl Memory {
    /// One that can't be read is none.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec(self);
        replace(path, text.map_err(|error| unwritten(path, &error))?)
    }

    /// Forgets which controllers were read: one of them may be gone for good.
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

    /// Who can't be read now is kept as they were when they could be.
    pub fn learn(&mut self, snapshot: &Snapshot) {
        let readable = snapshot.people.iter().filter(|person| person.read == Read::Ok);
        for person in readable {
            self.primaries.remove(&person.guid);
        }
        self.primaries.extend(&snapshot.primaries);
    }

    /// Of others than these nothing is asked any more.
    pub fn keep(&mut self, people: &[PersonSeen], managed: &[Guid]) {
        let seen = people.iter().map(|person| person.guid);
        let kept: HashSet<Guid> = seen.chain(managed.iter().copied()).collect();
        self.primaries.retain(|guid, _| kept.contains(guid));
    }
}
