//! How many rows ended how: the counts, which are the table's filters (`?outcome=`).

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::history::Counts;
use roster::id::ImportId;
use roster::import::Outcome;

use crate::components::Tone;
use crate::text::grouped;

#[component]
pub fn Outcomes(id: ImportId, counts: Counts) -> impl IntoView {
    let query = use_query_map();
    let current = Memo::new(move |_| query.with(|query| query.get("outcome")));
    let all = [
        (None, "All", counts.done()),
        (Some(Outcome::Created), "Succeeded", counts.created),
        (Some(Outcome::Updated), "Updated", counts.updated),
        (Some(Outcome::Unchanged), "Unchanged", counts.unchanged),
        (Some(Outcome::Skipped), "Skipped", counts.skipped),
        (Some(Outcome::Failed), "Failed", counts.failed),
    ];
    // Outcomes that only some imports have are shown where they are.
    let shown = all.into_iter().filter(|(outcome, _, count)| {
        *count > 0 || !matches!(outcome, Some(Outcome::Updated | Outcome::Unchanged))
    });
    let link = move |(outcome, label, count): (Option<Outcome>, &'static str, u32)| {
        let word = outcome.map(Outcome::as_str);
        let href = match word {
            Some(word) => format!("/account/imports/{id}?outcome={word}"),
            None => format!("/account/imports/{id}"),
        };
        view! {
            <a class="button" href=href data-noscroll="true"
                aria-current=move || (current.get().as_deref() == word).then_some("true")>
                {label}" "<span class="count">{grouped(count.into())}</span>
            </a>
        }
    };
    view! { <nav class="filters" aria-label="Show rows">{shown.map(link).collect_view()}</nav> }
}

/// An outcome's colour and word in the table.
#[must_use]
pub fn chip(outcome: Outcome) -> (Tone, &'static str) {
    let tone = match outcome {
        Outcome::Created | Outcome::Updated => Tone::Good,
        Outcome::Unchanged => Tone::Plain,
        Outcome::Skipped => Tone::Warning,
        Outcome::Failed => Tone::Bad,
    };
    (tone, outcome.label())
}
