//! The counts, which are the grid's filters: what the check found, and what the dry run says of each
//! row. The one that is pressed stands in the address as `?show=`.

use leptos::prelude::*;
use roster::import::Filter;

use super::desk::Desk;
use crate::text::grouped;

/// In the order in which they are shown.
const ALL: [Filter; 10] = [
    Filter::All,
    Filter::Ready,
    Filter::Create,
    Filter::Update,
    Filter::Unchanged,
    Filter::Skip,
    Filter::Conflict,
    Filter::Errors,
    Filter::Warnings,
    Filter::LeftOut,
];

/// As it stands in the address.
#[must_use]
pub fn word(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "all",
        Filter::Ready => "ready",
        Filter::Errors => "errors",
        Filter::Warnings => "warnings",
        Filter::LeftOut => "left-out",
        Filter::Create => "create",
        Filter::Update => "update",
        Filter::Unchanged => "unchanged",
        Filter::Skip => "skip",
        Filter::Conflict => "conflict",
    }
}

/// The filter of a word in the address; all rows where it is none.
#[must_use]
pub fn from_word(text: Option<&str>) -> Filter {
    ALL.into_iter().find(|filter| Some(word(*filter)) == text).unwrap_or_default()
}

fn label(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "All",
        Filter::Ready => "Ready",
        Filter::Errors => "Errors",
        Filter::Warnings => "Warnings",
        Filter::LeftOut => "Left out",
        Filter::Create => "Create",
        Filter::Update => "Update",
        Filter::Unchanged => "Unchanged",
        Filter::Skip => "Skip",
        Filter::Conflict => "Conflict",
    }
}

/// How many rows the filter has, as far as is known.
#[must_use]
pub fn count(desk: Desk, filter: Filter) -> u32 {
    let verdicts =
        desk.dry_run.with(|dry_run| dry_run.as_ref().map(|it| it.counts).unwrap_or_default());
    match filter {
        Filter::Create => verdicts.create,
        Filter::Update => verdicts.update,
        Filter::Unchanged => verdicts.unchanged,
        Filter::Skip => verdicts.skip,
        Filter::Conflict => verdicts.conflict,
        _ => desk.overview.with(|overview| overview.as_ref().map_or(0, |it| it.counts.of(filter))),
    }
}

/// What is always shown, and what is there while there is something.
fn is_shown(desk: Desk, filter: Filter, chosen: Filter) -> bool {
    match filter {
        Filter::All | Filter::Ready | Filter::Errors | Filter::Warnings => true,
        _ => filter == chosen || count(desk, filter) > 0,
    }
}

#[component]
pub fn Filters(
    desk: Desk,
    #[prop(into)] show: Signal<Filter>,
    #[prop(into)] choose: Callback<Filter>,
) -> impl IntoView {
    let button = move |filter: Filter| {
        let shown = Memo::new(move |_| is_shown(desk, filter, show.get()));
        let one = move || {
            view! {
                <button
                    type="button"
                    aria-pressed=move || (show.get() == filter).to_string()
                    on:click=move |_| choose.run(filter)
                >
                    {label(filter)}
                    " "
                    <span class="count">{move || grouped(count(desk, filter).into())}</span>
                </button>
            }
        };
        view! { <Show when=move || shown.get()>{one()}</Show> }
    };
    view! {
        <div class="filters" role="group" aria-label="Show rows">
            {ALL.into_iter().map(button).collect_view()}
        </div>
    }
}
