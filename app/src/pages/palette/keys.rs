//! The list of keys, opened by `?`.

use leptos::html;
use leptos::prelude::*;

use super::show;
use crate::browser;

/// One way to do it: the keys that are pressed.
type Way = &'static [&'static str];
/// The ways, and what they do.
type Line = (&'static [Way], &'static str);

/// Where keys work, and what each does.
const KEYS: [(&str, &[Line]); 3] = [
    (
        "Everywhere",
        &[
            (&[&["Ctrl", "K"], &["⌘", "K"]], "Go to a page, a group or a person"),
            (&[&["?"]], "Show this list"),
            (&[&["Esc"]], "Close what is open"),
        ],
    ),
    (
        "Organization Tree",
        &[
            (&[&["↑", "↓"], &["Home", "End"]], "Go from line to line"),
            (&[&["→", "←"]], "Open or close a group, go in or out"),
            (&[&["*"]], "Open all groups of this level"),
            (&[&["A letter"]], "Go to the next line that begins with it"),
            (&[&["Enter"]], "Show what the line stands for"),
            (&[&["Space"], &["Shift", "↑", "↓"], &["Ctrl", "A"]], "Select several"),
            (&[&["Menu"], &["Shift", "F10"]], "What can be done with it"),
        ],
    ),
    (
        "Rows of an import",
        &[
            (&[&["↑", "↓", "←", "→"], &["Page", "↑", "↓"]], "Go from cell to cell"),
            (&[&["Enter"], &["F2"]], "Change the cell"),
            (&[&["Tab"]], "Go to the next problem"),
            (&[&["Ctrl", "Z"], &["Ctrl", "Shift", "Z"]], "Undo, redo"),
        ],
    ),
];

#[component]
pub fn Keys(close: Callback<()>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let leave = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        close.run(());
    };
    let way = |keys: &Way| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
        view! { <span class="way">{keys}</span> }
    };
    let table = |(place, keys): (&'static str, &'static [Line])| {
        let line = |(ways, does): &Line| {
            view! {
                <dt>{ways.iter().map(way).collect_view()}</dt>
                <dd>{*does}</dd>
            }
        };
        view! {
            <h3>{place}</h3>
            <dl class="keys">{keys.iter().map(line).collect_view()}</dl>
        }
    };
    view! {
        <dialog
            aria-labelledby="keys-title"
            node_ref=dialog
            on:cancel=move |escape: leptos::ev::Event| {
                escape.prevent_default();
                leave();
            }
            on:click=move |press| if browser::is_itself(&press) { leave() }
        >
            // Outside of the page's content a header would be taken for the page's own.
            <header role="none">
                <h2 id="keys-title">"Keys"</h2>
                <button type="button" class="close" aria-label="Close" on:click=move |_| leave()>
                    <span aria-hidden="true">"×"</span>
                </button>
            </header>
            <div class="keys-list">{KEYS.into_iter().map(table).collect_view()}</div>
        </dialog>
    }
}
