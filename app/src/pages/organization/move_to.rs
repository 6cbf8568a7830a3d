//! *Move to Technician Group* on a technician's page: opens the dialog that the tree has for it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::id::AccountId;

use super::place::Place;

/// The button; nothing where one may only look.
#[component]
pub fn MoveTo(id: AccountId, editable: bool) -> impl IntoView {
    let place = Place::Technician(id);
    let navigate = use_navigate();
    let target = [&place.href(), "?move=", &place.mark()].concat();
    let open = move |press: leptos::ev::SubmitEvent| {
        press.prevent_default();
        navigate(&target, NavigateOptions { scroll: false, ..Default::default() });
    };
    editable.then(|| {
        view! {
            <div class="actions">
                <form method="get" action=place.href() class="inline" on:submit=open>
                    <button type="submit" name="move" value=place.mark()>"Move to Technician Group"</button>
                </form>
            </div>
        }
    })
}
