//! How the file was understood, in one line; encoding and delimiter can be changed and the file is
//! read anew at once.

use leptos::prelude::*;
use roster::import::{Delimiter, Encoding, FileCode};
use roster::worker::Overview;

use super::desk::{Desk, Stage};
use super::words;
use crate::text::counted;

/// Another encoding or delimiter may be the cure.
fn may_be_read_otherwise(code: FileCode) -> bool {
    matches!(
        code,
        FileCode::Encoding
            | FileCode::UnclosedQuote
            | FileCode::MissingColumn
            | FileCode::DuplicateColumn
            | FileCode::TooManyColumns
            | FileCode::NoRows
    )
}

/// Whether there is something to be chosen. It stays while the file is read in another way, so that
/// who chooses keeps the focus.
#[must_use]
pub fn is_shown(desk: Desk) -> bool {
    let chosen = desk.wanted.with(|it| it.encoding.is_some() || it.delimiter.is_some());
    let open = desk.overview.with(Option::is_some);
    desk.stage.with(|stage| match stage {
        Stage::Empty | Stage::Gone | Stage::Broken => false,
        Stage::Working(_) => open || chosen,
        Stage::Unreadable(error) => chosen || may_be_read_otherwise(error.code),
        Stage::Checked | Stage::Sending | Stage::Interrupted(_) | Stage::Ended => open,
    })
}

/// `Windows-1252 · semicolon · header in line 1 · 12,480 rows · 3.1 MB`; of a file that can't be
/// read only what was chosen.
#[component]
pub fn Dialect(desk: Desk) -> impl IntoView {
    let busy = Signal::derive(move || desk.stage.with(Stage::is_under_way));
    let encoding = Signal::derive(move || {
        let found = desk.overview.with(|overview| overview.as_ref().map(|it| it.encoding));
        found.or(desk.wanted.with(|wanted| wanted.encoding)).map(Encoding::as_str)
    });
    let delimiter = Signal::derive(move || {
        let found = desk.overview.with(|overview| overview.as_ref().and_then(|it| it.delimiter));
        found.or(desk.wanted.with(|wanted| wanted.delimiter)).map(Delimiter::as_str)
    });
    let has_delimiter = Memo::new(move |_| {
        desk.overview.with(|overview| overview.as_ref().is_none_or(|it| it.delimiter.is_some()))
    });
    let encodings = Encoding::ALL.map(|it| (it.as_str(), it.label())).to_vec();
    let delimiters = Delimiter::ALL.map(|it| (it.as_str(), it.as_str())).to_vec();
    let rest = move || desk.overview.with(|overview| overview.as_ref().map(facts));
    view! {
        <div class="dialect">
            <b class="dialect-name">{move || desk.file.get().map(|file| file.name)}</b>
            <Choice
                label="Encoding"
                value=encoding
                options=encodings
                busy=busy
                choose=move |word: String| {
                    let chosen = Encoding::ALL.into_iter().find(|it| it.as_str() == word);
                    desk.read_again(|wanted| wanted.encoding = chosen);
                }
            />
            <Show when=move || has_delimiter.get()>
                <Choice
                    label="Delimiter"
                    value=delimiter
                    options=delimiters.clone()
                    busy=busy
                    choose=move |word: String| {
                        let chosen = Delimiter::ALL.into_iter().find(|it| it.as_str() == word);
                        desk.read_again(|wanted| wanted.delimiter = chosen);
                    }
                />
            </Show>
            <span class="dim">{rest}</span>
        </div>
    }
}

fn facts(overview: &Overview) -> String {
    let header = overview.header_line.map(|line| format!("header in line {line}"));
    let parts = [
        Some(overview.format.label().to_owned()),
        header,
        Some(counted(overview.counts.rows.into(), "row", "rows")),
        Some(words::size(overview.bytes)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// One part of the line that can be changed.
#[component]
fn Choice(
    label: &'static str,
    value: Signal<Option<&'static str>>,
    options: Vec<(&'static str, &'static str)>,
    busy: Signal<bool>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let option = move |(word, label): (&'static str, &'static str)| {
        view! { <option value=word prop:selected=move || value.get() == Some(word)>{label}</option> }
    };
    view! {
        <select
            aria-label=label
            title=label
            disabled=busy
            on:change=move |event| choose.run(event_target_value(&event))
        >
            {move || value.get().is_none().then(|| view! {
                <option value="" selected>{label}": by looking at the file"</option>
            })}
            {options.into_iter().map(option).collect_view()}
        </select>
    }
}
