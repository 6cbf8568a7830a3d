//! *Search technician group…*: a combobox that finds groups by typing, by the WAI-ARIA pattern
//! (editable, list autocomplete).

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;
use leptos::web_sys::HtmlInputElement;
use roster::group::GroupPath;

use crate::ask::look;
use crate::browser;
use crate::components::{Typed, Typing};
use crate::error::AppError;

/// Groups whose name has the text in it, or whose ID it is; the best first, twenty at most.
#[server(prefix = "/api/fn", endpoint = "import_groups", input = Json)]
pub async fn search_groups(text: String) -> Result<Vec<GroupPath>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::groups::search(&operations, &caller, &text).await?)
}

#[derive(Clone, Copy)]
struct Search {
    text: RwSignal<String>,
    found: RwSignal<Vec<GroupPath>>,
    open: RwSignal<bool>,
    /// The option that Enter takes.
    active: RwSignal<Option<usize>>,
    typing: Typing,
    failed: RwSignal<Option<String>>,
}

impl Search {
    fn new() -> Self {
        Self {
            text: RwSignal::default(),
            found: RwSignal::default(),
            open: RwSignal::new(false),
            active: RwSignal::new(None),
            typing: Typing::new(),
            failed: RwSignal::new(None),
        }
    }

    fn typed(self, text: String) {
        let blank = text.trim().is_empty();
        self.text.set(text);
        let typed = self.typing.typed();
        if blank {
            self.close();
            return;
        }
        typed.then(move || self.ask(typed));
    }

    fn ask(self, typed: Typed) {
        let text = self.text.get_untracked();
        spawn_local(async move {
            let answer = look(SearchGroups { text }).await;
            if !typed.is_last() {
                return;
            }
            self.failed.set(answer.as_ref().err().map(ToString::to_string));
            let found = answer.unwrap_or_default();
            self.active.set((!found.is_empty()).then_some(0));
            self.found.set(found);
            self.open.set(true);
        });
    }

    fn close(self) {
        // What is still asked for would open it again.
        self.typing.typed();
        self.open.set(false);
        self.active.set(None);
    }

    fn step(self, by: isize) {
        let count = self.found.with_untracked(Vec::len);
        if count > 0 {
            let from =
                self.active.get_untracked().map_or(if by > 0 { count - 1 } else { 0 }, |it| it);
            self.active.set(Some((from + count).saturating_add_signed(by) % count));
        }
    }
}

/// The field, its list, and the group that is chosen.
#[component]
pub fn GroupSearch(
    #[prop(into)] chosen: Signal<Option<GroupPath>>,
    /// Why the group in the address can't be had.
    #[prop(into)]
    fault: Signal<Option<String>>,
    #[prop(into)] disabled: Signal<bool>,
    #[prop(into)] choose: Callback<Option<GroupPath>>,
    /// Unique on the page.
    #[prop(default = "import-group")]
    id: &'static str,
    #[prop(default = "Search technician group…")] label: &'static str,
    /// It is what its dialog is about.
    #[prop(optional)]
    autofocus: bool,
    #[prop(default = "Leave empty if every row names its own Technician Group ID")]
    hint: &'static str,
) -> impl IntoView {
    let search = Search::new();
    let (list, hint_id) = (format!("{id}s"), format!("{id}-hint"));
    let take = move |path: &GroupPath| {
        search.close();
        search.text.set(String::new());
        choose.run(Some(path.clone()));
    };
    let on_key = move |key: KeyboardEvent| {
        let open = search.open.get_untracked();
        match key.key().as_str() {
            "ArrowDown" if open => search.step(1),
            "ArrowUp" if open => search.step(-1),
            "Enter" if open => {
                let active = search.active.get_untracked();
                if let Some(path) = active
                    .and_then(|at| search.found.with_untracked(|found| found.get(at).cloned()))
                {
                    take(&path);
                }
            }
            "Escape" if open => search.close(),
            // Where nothing was typed, it is for the dialog around.
            "Escape" if search.text.with_untracked(|text| !text.is_empty()) => {
                search.text.set(String::new());
            }
            _ => return,
        }
        key.prevent_default();
    };
    let clear = move |_| {
        choose.run(None);
        browser::focus(id);
    };
    // While nothing is typed the field shows what is chosen.
    let shown = move || {
        let typed = search.text.get();
        if typed.is_empty() {
            chosen.with(|path| path.as_ref().map(GroupPath::label).unwrap_or_default())
        } else {
            typed
        }
    };
    // Typing replaces what is chosen.
    let on_focus = |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
    let on_blur = move |_| {
        search.close();
        search.text.set(String::new());
    };
    view! {
        <div class="group-search">
            <label for=id>{label}</label>
            <div class="combo">
                <input
                    type="text"
                    id=id
                    role="combobox"
                    autocomplete="off"
                    autofocus=autofocus
                    spellcheck="false"
                    placeholder="Name or ID"
                    aria-autocomplete="list"
                    aria-controls=list.clone()
                    aria-describedby=hint_id.clone()
                    aria-expanded=move || search.open.get().to_string()
                    aria-activedescendant=move || {
                        search.active.get().filter(|_| search.open.get()).map(|at| format!("{id}s-{at}"))
                    }
                    disabled=disabled
                    prop:value=shown
                    on:input=move |event| search.typed(event_target_value(&event))
                    on:focus=on_focus
                    on:keydown=on_key
                    on:blur=on_blur
                />
                {move || chosen.with(|path| path.as_ref().and_then(|path| path.0.last()).map(|step| view! {
                    <span class="combo-id">{format!("ID {}", step.id)}</span>
                    <button type="button" class="combo-clear" aria-label="Clear the Technician Group" disabled=disabled on:click=clear>
                        "×"
                    </button>
                }))}
                <Options list=list search=search take=move |path: &GroupPath| take(path)/>
            </div>
            <p class="hint" id=hint_id>
                {move || fault.get().or_else(|| search.failed.get()).unwrap_or_else(|| hint.to_owned())}
            </p>
        </div>
    }
}

/// The list below the field. It is always there, as the combobox names it.
#[component]
fn Options<F>(list: String, search: Search, take: F) -> impl IntoView
where
    F: Fn(&GroupPath) + Copy + Send + Sync + 'static,
{
    let prefix = list.clone();
    let option = move |(at, path): (usize, GroupPath)| {
        let option_id = format!("{prefix}-{at}");
        let id = path.0.last().map(|step| format!("ID {}", step.id));
        let label = path.label();
        view! {
            <li
                id=option_id
                role="option"
                aria-selected=move || (search.active.get() == Some(at)).to_string()
                // Before the field loses the focus, and with it the list.
                on:mousedown=move |press| {
                    press.prevent_default();
                    take(&path);
                }
            >
                <span>{label}</span>
                <span class="dim">{id}</span>
            </li>
        }
    };
    let nothing =
        move || {
            (search.open.get() && search.found.with(Vec::is_empty)).then(|| view! {
            <p class="combo-none" role="status">"No Technician Group has this name or ID."</p>
        })
        };
    view! {
        <ul id=list role="listbox" aria-label="Technician Groups" class="combo-list"
            hidden=move || !search.open.get() || search.found.with(Vec::is_empty)>
            {move || search.found.get().into_iter().enumerate().map(option.clone()).collect_view()}
        </ul>
        {nothing}
    }
}
