//! What the file's columns were taken for, as far as it isn't plain from the grid's head: those that
//! are ignored, close misses, fields that no column is for.

use leptos::prelude::*;
use roster::fields::Field;
use roster::import::Role;
use roster::worker::{ColumnView, Overview};

use super::desk::Desk;

/// The sentences above the grid; nothing where everything matches.
#[component]
pub fn Columns(desk: Desk) -> impl IntoView {
    move || {
        let sentences =
            desk.overview.with(|overview| overview.as_ref().map(sentences).unwrap_or_default());
        (!sentences.is_empty()).then(|| {
            let lines = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> });
            view! { <ul class="column-notes" aria-label="Columns">{lines.collect_view()}</ul> }
        })
    }
}

fn sentences(overview: &Overview) -> Vec<String> {
    let mut sentences = Vec::new();
    if overview.group_ignored {
        sentences.push(
            "Technician Group IDs in the file are ignored: the group chosen above holds for every row.".to_owned(),
        );
    }
    for column in &overview.columns {
        if let (Role::Unknown, Some(field)) = (column.role, column.offer) {
            sentences.push(format!(
                "“{}” is ignored. It may be meant for {}: rename the column to “{}” in the file to take it.",
                column.header,
                field.header(),
                field.header(),
            ));
        }
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
            Field::Password => "the default password",
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
