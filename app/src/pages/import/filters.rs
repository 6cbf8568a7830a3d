//! All / Ready / Errors / Warnings: the counts, which are the grid's filters. The one that is
//! pressed stands in the address as `?show=`.

use leptos::prelude::*;
use roster::import::Filter;

use super::desk::Desk;
use crate::text::grouped;

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
    Filter::ALL.into_iter().find(|filter| Some(word(*filter)) == text).unwrap_or_default()
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

#[component]
pub fn Filters(
    desk: Desk,
    #[prop(into)] show: Signal<Filter>,
    #[prop(into)] choose: Callback<Filter>,
) -> impl IntoView {
    let button = move |filter: Filter| {
        let count = move || {
            desk.overview.with(|overview| overview.as_ref().map_or(0, |it| it.counts.of(filter)))
        };
        view! {
            <button
                type="button"
                aria-pressed=move || (show.get() == filter).to_string()
                on:click=move |_| choose.run(filter)
            >
                {label(filter)}
                " "
                <span class="count">{move || grouped(count().into())}</span>
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label="Show rows">
            {Filter::ALL.into_iter().map(button).collect_view()}
        </div>
    }
}
