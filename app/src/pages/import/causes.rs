//! What is wrong, by cause and not by row: how many rows have it, what would mend it, shown before
//! and after. A mend is one step, and can be undone.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use roster::group::GroupPath;
use roster::import::{Cause, Filter, Mend, Offer};
use roster::problem::Severity;
use roster::worker::Request;

use super::desk::{Desk, Stage, link};
use crate::browser;
use crate::components::{Chip, Tone};
use crate::pages::group_search::GroupSearch;
use crate::text::grouped;

/// So many causes are shown before somebody asks for the others.
const FEW: usize = 2;
/// The list's id: whoever mends keeps the focus here, though the cause is gone.
const PROBLEMS: &str = "import-problems";
/// Of a mouse; a finger has no other. What the others open may swallow their release.
const MAIN_BUTTON: i16 = 0;

#[component]
pub fn Causes(
    desk: Desk,
    #[prop(into)] show: Signal<Filter>,
    #[prop(into)] choose: Callback<Filter>,
    /// That is looked for in the file.
    text: RwSignal<String>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let many = Memo::new(move |_| desk.causes.with(Vec::len));
    let any = move || many.get() > 0;
    let more = move || many.get() > FEW;
    // While a group is being chosen for rows, the list stands still around the field; while a
    // button is held down, under the pointer.
    let asking = RwSignal::new(false);
    let pressed = pressed();
    let shown = Memo::new(move |before: Option<&Vec<Cause>>| match before {
        Some(before) if asking.get() || pressed.get() => before.clone(),
        _ => {
            let most = if all.get() { usize::MAX } else { FEW };
            desk.causes.with(|causes| causes.iter().take(most).cloned().collect())
        }
    });
    let find = move |cause: &Cause| {
        let filter = if show.get_untracked() == Filter::All { Filter::All } else { of(cause) };
        choose.run(filter);
        text.set(String::new());
        let column = cause.column.unwrap_or_default();
        link::tell(&Request::Find { view: filter.into(), row: cause.first_row, column });
    };
    view! {
        <Show when=any>
            <section class="causes" id=PROBLEMS tabindex="-1" aria-label="Problems">
                <ul on:pointerdown=move |event| pressed.set(event.button() == MAIN_BUTTON)>
                    <For each=move || shown.get() key=|cause| (cause.kind.clone(), cause.rows, cause.first_row) let:cause>
                        <One desk=desk cause=cause asking=asking find=find/>
                    </For>
                </ul>
                <Show when=more>
                    <button type="button" class="link" aria-expanded=move || all.get().to_string()
                        on:click=move |_| all.update(|all| *all = !*all)>
                        {move || if all.get() {
                            "Show fewer".to_owned()
                        } else {
                            format!("Show {} more", grouped((many.get() - FEW) as u64))
                        }}
                    </button>
                </Show>
            </section>
        </Show>
    }
}

/// For as long as a pointer is down, and the click that it makes: a list that moved in between would
/// have another button clicked, or none.
fn pressed() -> RwSignal<bool> {
    let pressed = RwSignal::new(false);
    let release = move || {
        pressed.try_set(false);
    };
    Effect::new(move || {
        let up =
            window_event_listener(ev::pointerup, move |_| set_timeout(release, Duration::ZERO));
        let cancelled = window_event_listener(ev::pointercancel, move |_| release());
        on_cleanup(move || {
            up.remove();
            cancelled.remove();
        });
    });
    pressed
}

fn of(cause: &Cause) -> Filter {
    match cause.severity {
        _ if cause.code.needs_server() => Filter::Conflict,
        Severity::Error => Filter::Errors,
        Severity::Warning => Filter::Warnings,
    }
}

#[component]
fn One<F>(desk: Desk, cause: Cause, asking: RwSignal<bool>, find: F) -> impl IntoView
where
    F: Fn(&Cause) + Copy + Send + Sync + 'static,
{
    let (tone, word) = match cause.severity {
        Severity::Error => (Tone::Bad, "Error"),
        Severity::Warning => (Tone::Warning, "Warning"),
    };
    let sample = cause.mends.iter().find_map(|offer| offer.samples.first().cloned());
    let sample = sample.map(|(before, after)| {
        let after = if after.is_empty() { "nothing".to_owned() } else { format!("“{after}”") };
        view! { <span class="cause-sample">"“"{before}"” → "{after}</span> }
    });
    let busy = move || desk.stage.with(|stage| *stage != Stage::Checked);
    let offers = cause.mends.clone().into_iter();
    let offers =
        offers.map(|offer| view! { <Way offer=offer busy=Signal::derive(busy) asking=asking/> });
    let offers = offers.collect_view();
    let title = cause.title.clone();
    view! {
        <li>
            <Chip tone=tone text=word/>
            <span class="cause-title">{title.clone()}</span>
            {sample}
            <span class="cause-ways">
                <button type="button" class="quiet" on:click=move |_| find(&cause)>
                    "Show"<span class="unseen">": "{title}</span>
                </button>
                {offers}
            </span>
        </li>
    }
}

/// One way to mend it: at once, or with a group that is chosen here.
#[component]
fn Way(
    offer: Offer,
    busy: Signal<bool>,
    /// Any of them asks for a group.
    asking: RwSignal<bool>,
) -> impl IntoView {
    let Offer { mend, label, rows, needs_group, samples, .. } = offer;
    let samples: Vec<String> =
        samples.iter().map(|(before, after)| format!("“{before}” → “{after}”")).collect();
    let text = if rows > 1 { format!("{label} ({})", grouped(rows.into())) } else { label };
    let open = RwSignal::new(false);
    let ask = move |now: bool| {
        open.set(now);
        asking.set(now);
    };
    let mend = StoredValue::new(mend);
    let press = move |_| {
        if needs_group {
            ask(!open.get_untracked());
        } else {
            browser::focus(PROBLEMS);
            mend.with_value(|mend| link::tell(&Request::Mend(mend.clone())));
        }
    };
    // Taken away while it asks, it asks no more.
    on_cleanup(move || {
        if open.try_get_untracked() == Some(true) {
            asking.try_set(false);
        }
    });
    let choose = move |group: Option<GroupPath>| {
        let Some(to) = group.and_then(|path| path.0.last().map(|step| step.id)) else { return };
        browser::focus(PROBLEMS);
        ask(false);
        mend.with_value(|mend| {
            let mend = match mend {
                Mend::Group { value, .. } => Mend::Group { value: value.clone(), to },
                other => other.clone(),
            };
            link::tell(&Request::Mend(mend));
        });
    };
    view! {
        <button
            type="button"
            disabled=busy
            title=samples.join("\n")
            aria-expanded=move || needs_group.then(|| open.get().to_string())
            on:click=press
        >
            {text}
        </button>
        <Show when=move || open.get()>
            <GroupSearch
                id="mend-group"
                chosen=Signal::derive(|| None::<GroupPath>)
                fault=Signal::derive(|| None::<String>)
                disabled=busy
                choose=choose
                label="Technician Group for these rows"
                hint="These rows go into the group that you choose"
            />
        </Show>
    }
}
