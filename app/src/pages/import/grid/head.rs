//! The grid's head: each column as the file calls it, and below what it is taken for, to be changed
//! right there.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::Event;
use leptos::prelude::*;
use roster::fields::Field;
use roster::import::Role;
use roster::worker::ColumnView;

use crate::pages::import::desk::{Desk, Stage};
use crate::pages::import::mapping;

/// The line's column and the state's.
const FIRST: [u32; 2] = [80, 106];
/// *What happens*, at least.
const LAST: u32 = 320;

/// One column's width in pixels, by its longest text.
fn width(column: &ColumnView) -> u32 {
    let header = u32::try_from(column.header.chars().count()).unwrap_or(u32::MAX);
    // Headers are bold, and so wider.
    (column.width.min(30) * 8).max(header.min(24) * 8).max(96) + 26
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
pub fn Head(desk: Desk, columns: Memo<Arc<Vec<ColumnView>>>) -> impl IntoView {
    let last = move || (columns.with(|columns| columns.len()) + 3).to_string();
    view! {
        <div class="grid-head" role="rowgroup">
            <div class="grid-row" role="row" aria-rowindex="1">
                <div role="columnheader" aria-colindex="1" class="num">"Line"</div>
                <div role="columnheader" aria-colindex="2">"State"</div>
                {move || {
                    let columns = columns.get();
                    let heads = columns.iter().zip(0_u16..).map(|(column, at)| column_head(desk, column, at));
                    heads.collect_view()
                }}
                <div role="columnheader" aria-colindex=last class="what">"What happens"</div>
            </div>
        </div>
    }
}

/// What a column can be taken for, as the menu's value and name.
fn choices() -> impl Iterator<Item = (Role, String)> {
    let fields =
        Field::ALL.into_iter().map(|field| (Role::Field(field), field.header().to_owned()));
    fields.chain([
        (Role::FirstName, "First name (part of the Name)".to_owned()),
        (Role::LastName, "Last name (part of the Name)".to_owned()),
        (Role::GroupPath, "Technician Group Path".to_owned()),
        (Role::Unknown, "Ignored".to_owned()),
    ])
}

fn column_head(desk: Desk, column: &ColumnView, at: u16) -> impl IntoView + use<> {
    let role = if column.role == Role::Hidden { Role::Unknown } else { column.role };
    let class = if role == Role::Unknown { "taken-for ignored" } else { "taken-for" };
    let header =
        if column.header.is_empty() { "(no header)".to_owned() } else { column.header.clone() };
    let busy = move || desk.stage.with(|stage| *stage != Stage::Checked);
    let choose = move |event: Event| {
        let chosen = event_target_value(&event).parse().ok();
        if let Some((role, _)) = chosen.and_then(|chosen| choices().nth(chosen)) {
            mapping::choose(desk, at, role);
        }
    };
    // The menus of all columns in one go would be felt: until the rows are checked nobody can use
    // them, and then one after the other gets its options.
    let whole = RwSignal::new(false);
    Effect::new(move || {
        if !busy() && !whole.get_untracked() {
            let turn = Duration::from_millis(u64::from(at + 1) * 16);
            set_timeout(
                move || {
                    // The columns may be others by then.
                    whole.try_set(true);
                },
                turn,
            );
        }
    });
    // One piece of text, all of it ours.
    let options = move || {
        let whole = whole.get();
        let offered = choices().enumerate().filter(|(_, (of, _))| whole || *of == role);
        let option = |(value, (of, name)): (usize, (Role, String))| {
            let selected = if of == role { " selected" } else { "" };
            format!("<option value={value}{selected}>{name}</option>")
        };
        offered.map(option).collect::<String>()
    };
    let label = format!("“{header}” is taken for");
    view! {
        <div role="columnheader" aria-colindex=(u32::from(at) + 3).to_string() title=header.clone()>
            <span>{header.clone()}</span>
            <select class=class aria-label=label disabled=busy on:change=choose inner_html=options></select>
        </div>
    }
}
