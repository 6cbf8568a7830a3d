//! How the file was understood, in one line; encoding and delimiter can be changed and the file is
//! read anew at once.

use leptos::prelude::*;
use roster::import::{Choices, Delimiter, Encoding, FileCode, HeaderAt, Other};
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
    let chosen = desk
        .wanted
        .with(|it| it.encoding.is_some() || it.delimiter.is_some() || it.header.is_some());
    let open = desk.overview.with(Option::is_some);
    desk.stage.with(|stage| match stage {
        Stage::Empty | Stage::Gone | Stage::Broken => false,
        Stage::Working(_) => open || chosen,
        Stage::Unreadable(error) => chosen || may_be_read_otherwise(error.code),
        Stage::Checked | Stage::Sending | Stage::Interrupted(_) | Stage::Ended => open,
    })
}

/// `Windows-1252 · semicolon · header in line 1 · 12,480 rows · 3.1 MB`, each part a menu; of a file
/// that can't be read only what was chosen.
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
    let has_header = Memo::new(move |_| {
        desk.overview.with(|overview| {
            overview.as_ref().is_some_and(|it| it.format == roster::import::Format::Csv)
        })
    });
    let header = Signal::derive(move || {
        desk.overview.with(|it| it.as_ref().and_then(|it| header_word(it.header_line)))
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
            <Show when=move || has_header.get()>
                <Choice
                    label="Header line"
                    value=header
                    options=HEADERS.to_vec()
                    busy=busy
                    choose=move |word: String| {
                        let chosen = match word.parse() {
                            Ok(line) => HeaderAt::Line(line),
                            Err(_) => HeaderAt::None,
                        };
                        desk.read_again(|wanted| wanted.header = Some(chosen));
                    }
                />
            </Show>
            <span class="dim">{rest}</span>
        </div>
    }
}

/// Where the headers can be said to stand.
const HEADERS: [(&str, &str); 11] = [
    ("1", "header in line 1"),
    ("2", "header in line 2"),
    ("3", "header in line 3"),
    ("4", "header in line 4"),
    ("5", "header in line 5"),
    ("6", "header in line 6"),
    ("7", "header in line 7"),
    ("8", "header in line 8"),
    ("9", "header in line 9"),
    ("10", "header in line 10"),
    ("none", "no header"),
];

fn header_word(line: Option<u32>) -> Option<&'static str> {
    let word = line.map_or_else(|| "none".to_owned(), |line| line.to_string());
    HEADERS.into_iter().map(|(known, _)| known).find(|known| *known == word)
}

/// Another way to read the file that is about as likely: both side by side.
#[component]
pub fn OtherReading(desk: Desk) -> impl IntoView {
    let other = Memo::new(move |_| {
        desk.overview.with(|overview| overview.as_ref().and_then(|it| it.other.clone()))
    });
    let checked = move || desk.stage.with(|stage| *stage == Stage::Checked);
    let view = move |(other, taken): (Other, Vec<Vec<String>>)| {
        let Other { choices, sample } = other;
        let way = [
            choices.encoding.map(|it| it.label().to_owned()),
            choices.delimiter.map(|it| it.as_str().to_owned()),
        ];
        let way = way.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let Choices { encoding, delimiter, .. } = choices;
        let take = move |_| {
            desk.read_again(|wanted| {
                (wanted.encoding, wanted.delimiter) = (encoding, delimiter);
            });
        };
        let keep = move |_| {
            desk.overview.update(|overview| {
                if let Some(overview) = overview {
                    overview.other = None;
                }
            });
        };
        view! {
            <section class="readings" aria-label="Two ways to read the file">
                <p>"The file can be read in two ways. Which one is right?"</p>
                <div>
                    {reading(taken)}
                    <button type="button" on:click=keep>"Keep this reading"</button>
                </div>
                <div>
                    {reading(sample)}
                    <button type="button" on:click=take>"Read it as "{way}</button>
                </div>
            </section>
        }
    };
    move || other.get().filter(|_| checked()).map(view)
}

/// The first rows of a reading.
fn reading(rows: Vec<Vec<String>>) -> impl IntoView {
    let row = |cells: Vec<String>| {
        let cells = cells.into_iter().take(6).map(|cell| view! { <td>{cell}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    view! { <table><tbody>{rows.into_iter().map(row).collect_view()}</tbody></table> }
}

fn facts(overview: &Overview) -> String {
    let mut parts = vec![overview.format.label().to_owned()];
    if !overview.is_glimpse() {
        parts.push(counted(overview.counts.rows.into(), "row", "rows"));
    }
    parts.push(words::size(overview.bytes));
    parts.join(" · ")
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
