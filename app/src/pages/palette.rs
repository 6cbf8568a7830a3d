//! What lies above every page when it is called: the command palette, and the list of keys. Both
//! are short-lived: they have no address, they lead to one.

mod entries;
mod keys;
mod search;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use self::entries::{Entry, Section, matching};
pub use self::keys::Keys;
use self::search::Search;
use crate::browser;
use crate::components::Offers;
use crate::text::counted;

/// A page: its name and its address.
pub type Page = (&'static str, &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    Palette,
    Keys,
}

const LIST: &str = "palette-list";

fn option_id(at: usize) -> String {
    [LIST, "-", &at.to_string()].concat()
}

/// Opens the dialog above everything as soon as it is in the document, and not before.
fn show(dialog: NodeRef<html::Dialog>) {
    Effect::new(move || {
        dialog.track();
        request_animation_frame(move || {
            let dialog = dialog.try_get_untracked().flatten();
            // Only what is not in the document can't be opened: the page was left meanwhile.
            let _ = dialog.map(|dialog| dialog.show_modal());
        });
    });
}

/// Goes to any page, group or person, and does what the page offers.
#[component]
pub fn Palette(pages: Vec<Page>, finds: bool, close: Callback<()>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let search = Search::new(finds);
    let active = RwSignal::new(0_usize);
    let offers = use_context::<Offers>();
    let entries = Memo::new(move |_| {
        let offers = offers.map(Offers::get).unwrap_or_default();
        let text = search.text.get();
        let mut entries = matching(&text, &offers, &pages);
        entries.extend(search.found.get());
        entries
    });
    let leave = move || {
        // Closing gives the focus back to where it was.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        close.run(());
    };
    let navigate = use_navigate();
    let go = Callback::new(move |at: usize| {
        let href = entries.with_untracked(|entries| Some(entries.get(at)?.href.clone()));
        if let Some(href) = href {
            leave();
            navigate(&href, NavigateOptions::default());
        }
    });
    let step = move |by: isize| {
        let count = entries.with_untracked(Vec::len);
        if count > 0 {
            active.update(|at| *at = (*at + count).saturating_add_signed(by) % count);
            browser::reveal(&option_id(active.get_untracked()));
        }
    };
    let press = move |key: KeyboardEvent| {
        match key.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" => go.run(active.get_untracked()),
            _ => return,
        }
        key.prevent_default();
    };
    let count = move || {
        if search.pending.get() {
            return "Searching…".to_owned();
        }
        match entries.with(Vec::len) {
            0 => "Nothing here has this name. Try another word, or an ID.".to_owned(),
            count => counted(count as u64, "result", "results"),
        }
    };
    let none = move || entries.with(Vec::is_empty);
    view! {
        <dialog
            class="palette"
            aria-label="Go to"
            node_ref=dialog
            on:cancel=move |escape: leptos::ev::Event| {
                escape.prevent_default();
                leave();
            }
            on:click=move |press| if browser::is_itself(&press) { leave() }
        >
            <input
                type="text"
                role="combobox"
                aria-label="Go to a page, a group or a person"
                aria-autocomplete="list"
                aria-expanded=move || (!none()).to_string()
                aria-controls=LIST
                aria-activedescendant=move || (!none()).then(|| option_id(active.get()))
                placeholder=if finds { "A page, a group, a person, or their ID" } else { "A page" }
                autocomplete="off"
                spellcheck="false"
                autofocus=true
                on:input=move |event| {
                    active.set(0);
                    search.typed(event_target_value(&event));
                }
                on:keydown=press
            />
            <div class="results" id=LIST role="listbox" aria-label="Results" hidden=none>
                {move || sections(entries.get(), active, go)}
            </div>
            <p class="palette-count" class:unseen=move || !none() role="status">{count}</p>
            {move || search.failed.get().map(|why| view! { <p class="palette-count" role="alert">{why}</p> })}
        </dialog>
    }
}

fn sections(entries: Vec<Entry>, active: RwSignal<usize>, go: Callback<usize>) -> impl IntoView {
    let mut numbered: Vec<(usize, Entry)> = entries.into_iter().enumerate().collect();
    Section::ALL
        .into_iter()
        .filter_map(move |section| {
            let (mine, others): (Vec<_>, Vec<_>) =
                numbered.drain(..).partition(|(_, entry)| entry.section == section);
            numbered = others;
            if mine.is_empty() {
                return None;
            }
            let options = mine.into_iter().map(move |(at, entry)| option(at, entry, active, go));
            Some(view! {
                <div role="group" aria-label=section.label()>
                    <span class="heading" aria-hidden="true">{section.label()}</span>
                    {options.collect_view()}
                </div>
            })
        })
        .collect_view()
}

fn option(
    at: usize,
    entry: Entry,
    active: RwSignal<usize>,
    go: Callback<usize>,
) -> impl IntoView + use<> {
    view! {
        <div
            role="option"
            id=option_id(at)
            aria-selected=move || (active.get() == at).to_string()
            on:mousemove=move |_| if active.get_untracked() != at { active.set(at) }
            on:click=move |_| go.run(at)
        >
            <span>{entry.label}</span>
            <span class="dim">{entry.detail}</span>
        </div>
    }
}
