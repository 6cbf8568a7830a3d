//! While the file is read and checked, and what stands in its place when it can't be.

use leptos::prelude::*;
use roster::import::FileError;
use roster::worker::Step;

use super::desk::{Desk, Stage, link};
use super::file_button::FileButton;

/// The bar; the style sheet lets it appear after 300 ms, so that quick work doesn't flicker.
#[component]
pub fn Working(desk: Desk) -> impl IntoView {
    let work = Memo::new(move |_| {
        desk.stage.with(|stage| match stage {
            Stage::Working(work) => Some(*work),
            _ => None,
        })
    });
    let step = move || match work.get().map(|work| work.step) {
        Some(Step::Checking) => "Checking the rows…",
        _ => "Reading the file…",
    };
    // Reading is half of the way.
    let value = move || {
        work.get().map_or(0.0, |work| match work.step {
            Step::Reading => work.part / 2.0,
            Step::Checking => 0.5 + work.part / 2.0,
        })
    };
    view! {
        <Show when=move || work.get().is_some()>
            <div class="working">
                <label for="import-working">{step}</label>
                <progress id="import-working" max="1" prop:value=value></progress>
                <button type="button" on:click=move |_| link::abandon()>"Cancel"</button>
            </div>
        </Show>
    }
}

/// Why nothing of the file was taken, and what to do.
#[component]
pub fn Unreadable(desk: Desk) -> impl IntoView {
    move || {
        let panel = desk.stage.with(|stage| match stage {
            Stage::Unreadable(error) => Some(of_file(desk, error)),
            Stage::Gone => Some(panel(
                desk,
                "This file can’t be read any more",
                "It was changed, moved or deleted after it was chosen. Choose it again.".to_owned(),
                None,
            )),
            Stage::Broken => Some(panel(
                desk,
                "The import can’t go on in this tab",
                "The part of this page that reads files has stopped: the file may need more memory than the browser gives. Load the page again; an import that was under way goes on when you choose the same file.".to_owned(),
                None,
            )),
            _ => None,
        });
        panel.map(|panel| view! { <div role="alert">{panel}</div> })
    }
}

fn of_file(desk: Desk, error: &FileError) -> AnyView {
    let line = error.line.map(|line| format!("Line {line}"));
    let note =
        [Some(error.code.to_string()), line].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    panel(desk, "This file can’t be read", error.message.clone(), Some(note))
}

fn panel(desk: Desk, heading: &'static str, sentence: String, note: Option<String>) -> AnyView {
    let name = desk.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone()));
    view! {
        <section class="file-fault">
            <h2>{heading}</h2>
            <p>
                {name.map(|name| view! { <b>{name}</b>": " })}
                {sentence}
            </p>
            {note.map(|note| view! { <p class="dim">{note}</p> })}
            <p>"Nothing was sent and nothing was changed."</p>
            <FileButton desk=desk label="Choose another file"/>
        </section>
    }
    .into_any()
}
