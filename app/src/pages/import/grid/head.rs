//! The grid's head: each column as the file calls it, and below what it is taken for.

use std::sync::Arc;

use leptos::prelude::*;
use roster::import::Role;
use roster::worker::ColumnView;

/// The line's column and the state's.
const FIRST: [u32; 2] = [76, 96];
/// *What happens*, at least.
const LAST: u32 = 320;

/// One column's width in pixels, by its longest text.
fn width(column: &ColumnView) -> u32 {
    let header = u32::try_from(column.header.chars().count()).unwrap_or(u32::MAX);
    // Headers are bold, and so wider.
    (column.width.min(30) * 7).max(header.min(24) * 8).max(56) + 26
}

/// The tracks of the grid's columns, as CSS writes them.
#[must_use]
pub fn track_list(columns: &[ColumnView]) -> String {
    let mut tracks = format!("{}px {}px", FIRST[0], FIRST[1]);
    for column in columns {
        tracks.extend([" ", &width(column).to_string(), "px"]);
    }
    tracks + &format!(" minmax({LAST}px,1fr)")
}

/// The width of all columns together, at least.
#[must_use]
pub fn whole_width(columns: &[ColumnView]) -> String {
    let all = FIRST.iter().sum::<u32>() + LAST + columns.iter().map(width).sum::<u32>();
    format!("{all}px")
}

#[component]
pub fn Head(columns: Memo<Arc<Vec<ColumnView>>>) -> impl IntoView {
    let last = move || (columns.with(|columns| columns.len()) + 3).to_string();
    view! {
        <div class="grid-head" role="rowgroup">
            <div class="grid-row" role="row" aria-rowindex="1">
                <div role="columnheader" aria-colindex="1" class="num">"Line"</div>
                <div role="columnheader" aria-colindex="2">"State"</div>
                {move || columns.get().iter().zip(3_u32..).map(column_head).collect_view()}
                <div role="columnheader" aria-colindex=last class="what">"What happens"</div>
            </div>
        </div>
    }
}

fn column_head((column, index): (&ColumnView, u32)) -> impl IntoView + use<> {
    let (taken_for, class) = match column.role {
        Role::Field(field) if field.header() == column.header => (String::new(), "dim"),
        Role::Field(field) => (format!("= {}", field.header()), "dim"),
        Role::FirstName | Role::LastName => ("a part of the Name".to_owned(), "dim"),
        Role::Unknown | Role::Hidden => ("ignored".to_owned(), "ignored"),
    };
    let header =
        if column.header.is_empty() { "(no header)".to_owned() } else { column.header.clone() };
    view! {
        <div role="columnheader" aria-colindex=index.to_string() title=header.clone()>
            <span>{header.clone()}</span>
            <span class=class>{taken_for}</span>
        </div>
    }
}
