//! Groups and people for the command palette, asked of the server as one types.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::account::TechnicianHit;
use roster::group::GroupPath;

use super::entries::{Entry, Section};
use crate::ask::ask;
use crate::pages::organization::{FindAnything, Found, Place};

/// Typing pauses at least this long before the server is asked.
const PAUSE: Duration = Duration::from_millis(120);
/// Of groups and of people so many are listed: who looks further types on.
const EACH: usize = 8;

/// What is typed, and what was found for it.
#[derive(Clone, Copy)]
pub struct Search {
    /// This person may find groups and people.
    finds: bool,
    pub text: RwSignal<String>,
    pub found: RwSignal<Vec<Entry>>,
    pub pending: RwSignal<bool>,
    pub failed: RwSignal<Option<String>>,
    /// Counts the questions, so that a late answer is dropped.
    asked: StoredValue<u32>,
}

impl Search {
    #[must_use]
    pub fn new(finds: bool) -> Self {
        Self {
            finds,
            text: RwSignal::default(),
            found: RwSignal::default(),
            pending: RwSignal::new(false),
            failed: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    pub fn typed(self, text: String) {
        let asks = self.finds && !text.trim().is_empty();
        self.text.set(text);
        self.asked.update_value(|asked| *asked += 1);
        self.pending.set(asks);
        if !asks {
            self.found.set(Vec::new());
            return;
        }
        let mine = self.asked.get_value();
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(mine) {
                    self.ask(mine);
                }
            },
            PAUSE,
        );
    }

    fn ask(self, mine: u32) {
        let text = self.text.get_untracked();
        spawn_local(async move {
            let answer = ask(FindAnything { text }).await;
            // Something else was typed, or the palette is closed.
            if self.asked.try_get_value() != Some(mine) {
                return;
            }
            self.pending.set(false);
            self.failed.set(answer.as_ref().err().map(ToString::to_string));
            self.found.set(answer.map(entries).unwrap_or_default());
        });
    }
}

fn entries(found: Found) -> Vec<Entry> {
    let groups = found.groups.iter().take(EACH).filter_map(group);
    groups.chain(found.technicians.into_iter().take(EACH).map(person)).collect()
}

fn group(path: &GroupPath) -> Option<Entry> {
    let last = path.0.last()?;
    Some(Entry {
        section: Section::Groups,
        label: path.label(),
        detail: ["ID ", &last.id.to_string()].concat(),
        href: Place::Group(last.id).href(),
    })
}

fn person(hit: TechnicianHit) -> Entry {
    let place = hit.path.map(|path| [" · ", &path.label()].concat()).unwrap_or_default();
    Entry {
        section: Section::People,
        label: hit.name,
        detail: [hit.email.as_str(), &place].concat(),
        href: Place::Technician(hit.id).href(),
    }
}
