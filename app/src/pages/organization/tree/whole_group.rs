//! All technicians of a group enabled or disabled, after their number was said: `?enable=` and
//! `?disable=` name the group.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::hooks::use_navigate;
use roster::id::GroupId;
#[cfg(feature = "ssr")]
use roster::listing::Listing;
use roster::listing::{Filter, State};
use roster::many::{Change, Selection, Step};
#[cfg(feature = "ssr")]
use roster::page::Window;
use serde::{Deserialize, Serialize};

use super::dialogs::{End, back};
use super::state::TreeState;
use crate::ask::fetch;
use crate::components::Loaded;
use crate::error::AppError;
use crate::text::counted;

/// What the dialog does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The group's name, and with how many there is something to do.
#[server(prefix = "/api/fn", endpoint = "tree_whole_group", input = Json)]
pub async fn see_whole_group(group: GroupId, turn: Turn) -> Result<(String, u64), AppError> {
    let (operations, caller) = crate::server::context()?;
    let name = operations::groups::see(&operations, &caller, group).await?.name;
    let listing = Listing { filter: turn.whom(), ..Listing::default() };
    let one = Window { offset: 0, limit: 1 };
    let found = operations::technicians::list(&operations, &caller, group, listing, one).await?;
    Ok((name, found.total))
}

#[component]
pub fn WholeGroup(group: GroupId, turn: Turn) -> impl IntoView {
    let found = fetch(move || Ok(SeeWholeGroup { group, turn }));
    let view = move |(name, count)| {
        view! { <Question group=group name=name turn=turn count=count/> }.into_any()
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
                <a class="button" href=back() data-noscroll="true">"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}
