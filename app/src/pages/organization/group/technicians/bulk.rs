//! What is done with the technicians that are selected in the table: the bar above it, and the
//! dialogs that ask what can't be taken back or where to.

mod act;
mod delete;
mod move_to;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::id::GroupId;
use roster::many::{Change, License, Selection};

use self::act::{Acting, LeftAlone};
use self::delete::DeleteDialog;
use self::move_to::MoveDialog;
use super::Picked;
use super::wish::Wish;
use crate::components::Dialog;
use crate::pages::organization::place::Place;
use crate::text::{counted, grouped};

/// What is open above the table, by the address's `act`.
const MOVE: &str = "move";
const DELETE: &str = "delete";

#[component]
pub fn Bulk(
    group: GroupId,
    wish: Memo<Wish>,
    picked: Picked,
    /// How many match the filter.
    total: RwSignal<u64>,
    changed: Callback<()>,
) -> impl IntoView {
    let path = Place::Group(group).href();
    let back = Signal::derive(move || wish.with(|wish| wish.href(&path)));
    let who = move || {
        if picked.all.get_untracked() {
            let filter = wish.with_untracked(|wish| wish.listing.filter.clone());
            return Selection::Matching { group, filter };
        }
        Selection::Ids(picked.ids.with_untracked(|ids| ids.iter().copied().collect()))
    };
    let acting = Acting::new(Callback::new(move |()| {
        picked.clear();
        changed.run(());
    }));
    let count = Memo::new(move |_| {
        if picked.all.get() { total.get() } else { picked.ids.with(|ids| ids.len() as u64) }
    });
    let act = move |change: Change| acting.run(who(), change);
    let navigate = use_navigate();
    let open = Callback::new(move |what: &'static str| {
        let back = back.get_untracked();
        let mark = if back.contains('?') { "&" } else { "?" };
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&[&back, mark, "act=", what].concat(), options);
    });
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("act")));
    let asks = move |what: &str| asked.get().as_deref() == Some(what) && count.get() > 0;
    let button = move |label: &'static str, change: Change| {
        view! { <button type="button" on:click=move |_| act(change)>{label}</button> }
    };
    let all_offered = move || {
        let more = !picked.all.get() && count.get() < total.get() && count.get() > 0;
        more.then(|| {
            view! {
                <button type="button" class="quiet" on:click=move |_| picked.all.set(true)>
                    {["Select all ", &grouped(total.get()), " that match"].concat()}
                </button>
            }
        })
    };
    let selected = move || {
        let count = count.get();
        (count > 0).then(|| [&counted(count, "technician", "technicians"), " selected"].concat())
    };
    view! {
        <section class="bulk" aria-label="Selected technicians" aria-busy=move || acting.pending.get().to_string()>
            <p role="status" class="bulk-count">{selected}</p>
            <Show when=move || { count.get() > 0 }>
                {all_offered}
                <div class="actions">
                    <button type="button" on:click=move |_| open.run(MOVE)>"Move…"</button>
                    {button("Enable", Change::Enable)}
                    {button("Disable", Change::Disable)}
                    <button type="button" popovertarget="bulk-licences">"Licences"</button>
                    <div class="columns-menu" id="bulk-licences" popover="auto" role="group" aria-label="Licences">
                        {button("Give Standard License", Change::Give(License::Standard))}
                        {button("Take Standard License", Change::Take(License::Standard))}
                        {button("Give Mobile License", Change::Give(License::Mobile))}
                        {button("Take Mobile License", Change::Take(License::Mobile))}
                    </div>
                    <Export who=Callback::new(move |()| who())/>
                    <button type="button" on:click=move |_| open.run(DELETE)>"Delete…"</button>
                    <button type="button" class="quiet" on:click=move |_| picked.clear()>"Clear"</button>
                </div>
            </Show>
            <LeftAlone left=acting.left/>
        </section>
        {move || {
            asks(MOVE)
                .then(|| {
                    view! {
                        <Dialog id="move-selected" title="Move to Technician Group" back=back.get_untracked()>
                            <MoveDialog
                                count=count
                                from=group
                                act=Callback::new(act)
                                back=back.get_untracked()
                            />
                        </Dialog>
                    }
                })
        }}
        {move || {
            asks(DELETE)
                .then(|| {
                    view! {
                        <Dialog id="delete-selected" title="Delete technicians" back=back.get_untracked()>
                            <DeleteDialog count=count act=Callback::new(act) back=back.get_untracked()/>
                        </Dialog>
                    }
                })
        }}
    }
}

/// Saves the selected technicians as a file of the import's own format.
#[component]
fn Export(who: Callback<(), Selection>) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let fill = move |_| {
        // Plain data of ours, which always has a JSON form.
        chosen.set(serde_json::to_string(&who.run(())).unwrap_or_default());
    };
    view! {
        <form method="post" action="/api/technicians/export" class="inline" on:submit=fill>
            <input type="hidden" name="who" prop:value=chosen/>
            <button type="submit" name="format" value="csv">"Export"</button>
        </form>
    }
}
