//! The Import Summary as files. While the worker still holds the file, the failed rows come from it,
//! just as they stood there; later the server makes them from what it kept.

use leptos::prelude::*;
use roster::id::ImportId;

use crate::pages::import::desk::{Desk, link};

#[component]
pub fn Downloads(id: ImportId, failed_rows: u32) -> impl IntoView {
    let here = Desk::get().ended.with_untracked(|ended| {
        ended.as_ref().is_some_and(|(record, failed_rows)| record.id == id && *failed_rows)
    });
    // The server's HTML knows of no worker.
    let from_worker = RwSignal::new(false);
    Effect::new(move || from_worker.set(here));
    let failed = move || {
        if from_worker.get() {
            view! { <button type="button" on:click=|_| link::failed_rows()>"Failed rows"</button> }
                .into_any()
        } else {
            let href = format!("/api/imports/{id}/failed.csv");
            view! { <a class="button" href=href download rel="external">"Failed rows"</a> }
                .into_any()
        }
    };
    view! {
        <div class="downloads" role="group" aria-label="Download">
            <span class="dim">"Download"</span>
            <a class="button" href=format!("/api/imports/{id}/rows.csv") download rel="external">"All rows, CSV"</a>
            <a class="button" href=format!("/api/imports/{id}/rows.json") download rel="external">"All rows, JSON"</a>
            {(failed_rows > 0).then(|| view! { {failed} })}
        </div>
    }
}
