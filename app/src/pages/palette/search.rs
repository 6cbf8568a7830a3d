//! Groups and people for the command palette, asked of the server as one types.

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::account::TechnicianHit;
use roster::group::GroupPath;

use super::entries::{Entry, Section};
use crate::ask::look;
use crate::components::{Typed, Typing};
use crate::pages::organization::{FindAnything, Found, Place};

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
    typing: Typing,
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
            typing: Typing::new(),
        }
    }

    pub fn typed(self, text: String) {
        let asks = self.finds && !text.trim().is_empty();
        self.text.set(text);
        let typed = self.typing.typed();
        self.pending.set(asks);
        if !asks {
            self.found.set(Vec::new());
            return;
        }
        typed.then(move || self.ask(typed));
    }

    fn ask(self, typed: Typed) {
        let text = self.text.get_untracked();
        spawn_local(async move {
            let answer = look(FindAnything { text }).await;
            // Something else was typed, or the palette is closed.
            if !typed.is_last() {
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
