//! Does one thing with all who are selected, says what became of it, and takes it back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::many::{self, Change, License, Outcome, Selection, Step};

use crate::ask::ask;
use crate::components::{Announcer, use_announcer};
use crate::pages::organization::group::functions::{ChangeTechnicians, TakeBackTechnicians};
use crate::pages::organization::tree::TreeState;
use crate::text::counted;

/// Names that are listed of those who were left as they are.
const NAMED: usize = 12;

/// Acts one at a time.
#[derive(Clone, Copy)]
pub struct Acting {
    pub pending: RwSignal<bool>,
    pub left: RwSignal<Vec<many::LeftAlone>>,
    announcer: Announcer,
    tree: TreeState,
    /// What is shown is not so any more.
    changed: Callback<()>,
}

impl Acting {
    #[must_use]
    pub fn new(changed: Callback<()>) -> Self {
        Self {
            pending: RwSignal::new(false),
            left: RwSignal::default(),
            announcer: use_announcer(),
            tree: expect_context(),
            changed,
        }
    }

    pub fn run(self, who: Selection, change: Change) {
        if self.pending.get_untracked() {
            return;
        }
        self.begin();
        spawn_local(async move {
            let answer = ask(ChangeTechnicians { step: Step { who, change } }).await;
            self.end(answer.map_err(|error| error.to_string()), done(change));
        });
    }

    fn take_back(self, steps: Vec<Step>) {
        self.begin();
        spawn_local(async move {
            let answer = ask(TakeBackTechnicians { steps }).await;
            self.end(answer.map_err(|error| error.to_string()), "as before");
        });
    }

    fn begin(self) {
        // The page may have been left since.
        self.pending.try_set(true);
        self.left.try_set(Vec::new());
    }

    fn end(self, answer: Result<Outcome, String>, done: &'static str) {
        self.pending.try_set(false);
        let outcome = match answer {
            Ok(outcome) => outcome,
            Err(why) => return self.announcer.announce(why),
        };
        let said = said(&outcome, done);
        self.left.try_set(outcome.left);
        if outcome.undo.is_empty() {
            self.announcer.announce(said);
        } else {
            let steps = outcome.undo;
            let undo = Callback::new(move |()| self.take_back(steps.clone()));
            self.announcer.announce_with_undo(said, undo);
        }
        if outcome.changed > 0 {
            if self.changed.try_run(()).is_some() {
                self.tree.refresh(None);
            } else {
                // The list was left; what is shown in its place may be about the same people.
                self.tree.refresh_after_change();
            }
        }
    }
}

/// "12 technicians are moved. 2 are left as they were.", "Nothing is changed. 1 is left as it was."
fn said(outcome: &Outcome, done: &str) -> String {
    let who = counted(outcome.changed.into(), "technician", "technicians");
    let mut said = match outcome.changed {
        0 => "Nothing is changed.".to_owned(),
        1 => [&who, " is ", done, "."].concat(),
        _ => [&who, " are ", done, "."].concat(),
    };
    if !outcome.left.is_empty() {
        let count = outcome.left.len() as u64;
        let left = if count == 1 { " is left as it was." } else { " are left as they were." };
        said.extend([" ", &crate::text::grouped(count), left]);
    }
    said
}

fn done(change: Change) -> &'static str {
    match change {
        Change::MoveTo(_) => "moved",
        Change::Enable => "enabled",
        Change::Disable => "disabled",
        Change::Give(License::Standard) => "given a Standard License",
        Change::Give(License::Mobile) => "given a Mobile License",
        Change::Take(License::Standard) => "without a Standard License now",
        Change::Take(License::Mobile) => "without a Mobile License now",
        Change::Delete => "deleted",
    }
}

/// Who was left as they were, and why.
#[component]
pub fn LeftAlone(left: RwSignal<Vec<many::LeftAlone>>) -> impl IntoView {
    let lines = move || {
        let one = |who: &many::LeftAlone| {
            let name = if who.name.is_empty() {
                ["ID ", &who.id.to_string()].concat()
            } else {
                who.name.clone()
            };
            view! { <li><b>{name}</b> ": " {who.reason.clone()}</li> }
        };
        left.with(|left| left.iter().take(NAMED).map(one).collect_view())
    };
    let others = move || {
        let more = left.with(Vec::len).saturating_sub(NAMED);
        (more > 0).then(|| view! { <li class="dim">{["and ", &counted(more as u64, "other", "others")].concat()}</li> })
    };
    view! {
        <Show when=move || !left.with(Vec::is_empty)>
            <div class="fault" role="group" aria-label="Left as they were">
                <p>"Left as they were:"</p>
                <ul>{lines}{others}</ul>
                <button type="button" class="quiet" on:click=move |_| left.set(Vec::new())>"Dismiss"</button>
            </div>
        </Show>
    }
}
