//! What the file's columns were taken for, as far as it isn't plain from the grid's head: those that
//! are ignored, close misses, fields that no column is for.

use leptos::prelude::*;
use roster::fields::Field;
use roster::import::{FileError, Role};
use roster::worker::{ColumnView, Overview};

use super::desk::Desk;
use super::mapping;

/// The sentences above the grid; nothing where everything matches.
#[component]
pub fn Columns(desk: Desk) -> impl IntoView {
    move || {
        let (sentences, offers) = desk.overview.with(|overview| {
            let overview = overview.as_ref().filter(|it| !it.is_glimpse());
            (overview.map(sentences).unwrap_or_default(), overview.map(offers).unwrap_or_default())
        });
        (!sentences.is_empty() || !offers.is_empty()).then(|| {
            let lines = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> });
            let offers = offers.into_iter().map(|offer| view! { <Offered desk=desk offer=offer/> });
            view! {
                <ul class="column-notes" aria-label="Columns">
                    {offers.collect_view()}
                    {lines.collect_view()}
                </ul>
            }
        })
    }
}

/// A close miss: the column, its header, the field that it may be meant for.
type Offer = (u16, String, Field);

fn offers(overview: &Overview) -> Vec<Offer> {
    let columns = overview.columns.iter().zip(0_u16..);
    let offers = columns.filter_map(|(column, at)| match (column.role, column.offer) {
        (Role::Unknown, Some(field)) => Some((at, column.header.clone(), field)),
        _ => None,
    });
    offers.collect()
}

#[component]
fn Offered(desk: Desk, offer: Offer) -> impl IntoView {
    let (column, header, field) = offer;
    let take = move |_| mapping::choose(desk, column, Role::Field(field));
    view! {
        <li>
            "“"{header}"” is ignored. It may be meant for "{field.header()}". "
            <button type="button" class="link" on:click=take>"Take it for "{field.header()}</button>
        </li>
    }
}

/// What keeps the whole file from being imported until columns are chosen.
#[component]
pub fn Complaints(desk: Desk) -> impl IntoView {
    let complaints = Memo::new(move |_| {
        desk.overview.with(|it| it.as_ref().map(|it| it.complaints.clone()).unwrap_or_default())
    });
    let one = |error: FileError| {
        let line = error.line.map(|line| format!(" · Line {line}"));
        let note = [Some(error.code.to_string()), line].into_iter().flatten().collect::<String>();
        view! { <p>{error.message}" "<span class="dim">{note}</span></p> }
    };
    let name = move || desk.file.get().map(|file| view! { <b>{file.name}</b> });
    view! {
        <Show when=move || !complaints.with(Vec::is_empty)>
            <div class="file-fault" role="alert">
                <p>{name}": choose in the table’s head what each column is taken for."</p>
                {move || complaints.get().into_iter().map(one).collect_view()}
                <p>"Nothing was sent and nothing was changed."</p>
            </div>
        </Show>
    }
}

fn sentences(overview: &Overview) -> Vec<String> {
    let mut sentences = Vec::new();
    if overview.group_ignored {
        sentences.push(
            "Technician Group IDs in the file are ignored: the group chosen above holds for every row.".to_owned(),
        );
    }
    let ignored = overview
        .columns
        .iter()
        .filter(|column| column.role == Role::Unknown && column.offer.is_none());
    let ignored: Vec<_> = ignored.map(quoted).collect();
    match ignored.as_slice() {
        [] => {}
        [one] => {
            sentences.push(format!("The column {one} is ignored: it is no field of a technician."));
        }
        many => sentences.push(format!(
            "The columns {} are ignored: they are no fields of a technician.",
            listed(many)
        )),
    }
    let absent: Vec<_> = overview
        .absent
        .iter()
        .map(|field| format!("{} ({})", field.header(), meaning(*field)))
        .collect();
    if !absent.is_empty() {
        sentences.push(format!("Not in the file: {}.", absent.join(", ")));
    }
    sentences
}

fn quoted(column: &ColumnView) -> String {
    if column.header.is_empty() {
        "without a header".to_owned()
    } else {
        format!("“{}”", column.header)
    }
}

/// What holds for every row when no column is there.
fn meaning(field: Field) -> &'static str {
    match field.default() {
        Some(true) => "yes",
        Some(false) => "no",
        None => match field {
            Field::Nickname => "the name",
            Field::Password => "the default password, or a starting password each",
            _ => "empty",
        },
    }
}

/// All of a few, the first of many.
fn listed(items: &[String]) -> String {
    const MOST: usize = 8;
    let (shown, rest) = items.split_at(items.len().min(MOST));
    match shown {
        _ if !rest.is_empty() => format!("{} and {} more", shown.join(", "), rest.len()),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => shown.concat(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists_are_short() {
        let check = |count: usize, expected: &str| {
            let items: Vec<_> = (1..=count).map(|item| item.to_string()).collect();
            assert_eq!(super::listed(&items), expected);
        };
        check(1, "1");
        check(2, "1 and 2");
        check(3, "1, 2 and 3");
        check(256, "1, 2, 3, 4, 5, 6, 7, 8 and 248 more");
    }
}
