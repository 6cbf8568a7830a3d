//! All technicians of a group enabled or disabled, after their number was said: `?enable=` and
//! `?disable=` name the group.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use roster::account::TechnicianLine;
use roster::id::GroupId;
use roster::listing::{Filter, Listing, State};
use roster::many::{Change, Selection, Step};
use roster::page::Page;

use super::dialogs::{End, back};
use super::state::TreeState;
use crate::ask::fetch;
use crate::components::Loaded;
use crate::pages::organization::group::functions::ListTechnicians;
use crate::text::counted;

/// What the dialog does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    On,
    Off,
}

impl Turn {
    fn change(self) -> Change {
        match self {
            Self::On => Change::Enable,
            Self::Off => Change::Disable,
        }
    }

    /// Those with whom there is something to do.
    fn whom(self) -> Filter {
        let state = match self {
            Self::On => State::Disabled,
            Self::Off => State::Enabled,
        };
        Filter { state: Some(state), ..Filter::default() }
    }
}

#[component]
pub fn WholeGroup(group: GroupId, name: String, turn: Turn) -> impl IntoView {
    let listing = move || Listing { filter: turn.whom(), ..Listing::default() };
    let found = fetch(move || Ok(ListTechnicians { group, listing: listing(), from: 0 }));
    let view = move |page: Page<TechnicianLine>| {
        view! { <Question group=group name=name.clone() turn=turn count=page.total/> }.into_any()
    };
    view! { <Loaded from=found view=view/> }
}

#[component]
fn Question(group: GroupId, name: String, turn: Turn, count: u64) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let navigate = use_navigate();
    let end = End::at(back());
    let (fault, pending) = (end.fault, end.pending);
    let who = counted(count, "technician", "technicians");
    let (question, meaning, label) = match turn {
        Turn::On => (
            ["Enable ", &who, " in ", &name, "?"].concat(),
            "All who are disabled in this group itself; each takes the seats of their licences again.",
            "Enable",
        ),
        Turn::Off => (
            ["Disable ", &who, " in ", &name, "?"].concat(),
            "All who are enabled in this group itself: they are signed out, and their seats are free.",
            "Disable",
        ),
    };
    let done = match turn {
        Turn::On => "enabled",
        Turn::Off => "disabled",
    };
    if count == 0 {
        let nobody = ["Nobody in ", &name, " could be ", done, "."].concat();
        return view! { <p class="about">{nobody}</p> }.into_any();
    }
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !pending.get_untracked() {
            let who = Selection::Matching { group, filter: turn.whom() };
            let step = Step { who, change: turn.change() };
            state.change_group(step, done, end.then(navigate.clone()));
        }
    };
    view! {
        <form class="form" on:submit=send>
            <p class="about">{question}</p>
            <p>{meaning} " Those in the groups below stay as they are."</p>
            <p class="reason" role="alert">{move || fault.get()}</p>
            <div class="actions">
                <button
                    type="submit"
                    class=if turn == Turn::Off { "main danger" } else { "main" }
                    autofocus=true
                    aria-disabled=move || pending.get().then_some("true")
                >
                    {label}
                </button>
            </div>
        </form>
    }
    .into_any()
}
