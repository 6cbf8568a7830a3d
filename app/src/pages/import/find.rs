//! A text is looked for in all rows of the file: the browser's own search finds but those that are in
//! the document.

use leptos::prelude::*;

use super::desk::Desk;
use crate::text::grouped;

#[component]
pub fn Find(desk: Desk, text: RwSignal<String>) -> impl IntoView {
    let found = move || {
        let text = text.with(|text| text.trim().to_owned());
        desk.shown.with(|shown| match shown.total {
            _ if text.is_empty() || shown.view.text != text => String::new(),
            1 => "1 row found".to_owned(),
            rows => format!("{} rows found", grouped(rows.into())),
        })
    };
    view! {
        <div class="find">
            <label class="unseen" for="find">"Find in the file"</label>
            <input
                type="search"
                id="find"
                placeholder="Find in the file"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <span class="dim" role="status">{found}</span>
        </div>
    }
}
