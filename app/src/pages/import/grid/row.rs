//! One row of the grid. Its cells are made once, without signals: a row that changes is another row.

use leptos::prelude::*;
use roster::import::{Role, RowStatus};
use roster::problem::Severity;
use roster::worker::GridRow;

use super::cell::cell_id;
use super::keys::Place;
use super::state::{Grid, OWN_COLUMNS};
use crate::components::{Chip, Tone};

/// What stands in place of a password.
const DOTS: &str = "••••••••";

pub(super) fn row_view(grid: Grid, row: &GridRow) -> impl IntoView + use<> {
    let index = row.place;
    let geometry = grid.geometry;
    // Only in a scaled scroll space a row's place changes as it is scrolled.
    let place = move || {
        let geometry = geometry.get();
        let scroll = if geometry.floats() { grid.scroll.get() } else { 0.0 };
        format!("translateY({}px)", geometry.top(index, scroll))
    };
    let ignored = grid.columns.with_untracked(|columns| {
        columns
            .iter()
            .map(|column| matches!(column.role, Role::Unknown | Role::Hidden))
            .collect::<Vec<_>>()
    });
    let cells = row.cells.iter().enumerate().map(|(column, _)| {
        let dim = ignored.get(column).copied().unwrap_or_default();
        file_cell(grid, row, column, dim)
    });
    let cells = cells.collect_view();
    let (class, tone, state) = match row.status {
        RowStatus::Error => ("grid-row has-error", Tone::Bad, "Error"),
        RowStatus::Warning => ("grid-row has-warning", Tone::Warning, "Warning"),
        RowStatus::Ok => ("grid-row", Tone::Good, "Ready"),
        RowStatus::LeftOut => ("grid-row is-left-out", Tone::Plain, "Left out"),
    };
    let tab = move |column: u32| {
        if grid.stop.get_value() == (Place { row: index, column }) { "0" } else { "-1" }
    };
    let id = move |column: u32| cell_id(Place { row: index, column });
    let last = last_column(row);
    let what = what_happens(row, grid.group.get_untracked().as_deref());
    let full: Vec<_> = what.iter().map(|(_, text)| text.clone()).collect();
    let what = what.into_iter().map(|(class, text)| view! { <span class=class>{text}</span> });
    view! {
        <div class=class role="row" aria-rowindex=(index + 2).to_string() style:transform=place>
            <div role="rowheader" class="num" id=id(0) aria-colindex="1" tabindex=tab(0)>{row.line.to_string()}</div>
            <div role="gridcell" id=id(1) aria-colindex="2" tabindex=tab(1)>
                <Chip tone=tone text=state/>
            </div>
            {cells}
            <div role="gridcell" class="what" id=id(last) aria-colindex=(last + 1).to_string() tabindex=tab(last) title=full.join(" ")>
                {what.collect_view()}
            </div>
        </div>
    }
}

fn last_column(row: &GridRow) -> u32 {
    u32::try_from(row.cells.len()).unwrap_or(u32::MAX) + OWN_COLUMNS - 1
}

fn file_cell(grid: Grid, row: &GridRow, column: usize, dim: bool) -> impl IntoView + use<> {
    let number = u32::try_from(column).unwrap_or(u32::MAX) + 2;
    let place = Place { row: row.place, column: number };
    let problems = row
        .problems
        .iter()
        .filter(|problem| problem.columns.iter().any(|it| usize::from(*it) == column));
    let worst = problems.clone().map(|problem| problem.severity).max();
    let title = worst
        .map(|_| problems.map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "));
    let class = match worst {
        Some(Severity::Error) => "err",
        Some(Severity::Warning) => "wrn",
        None if dim => "dim",
        None => "",
    };
    // *What happens* says it to those who don't see the mark.
    let described_by = worst.map(|_| cell_id(Place { row: row.place, column: last_column(row) }));
    let text = match row.cells.get(column) {
        Some(Some(text)) => view! { <span>{text.clone()}</span> }.into_any(),
        _ => view! { <span aria-hidden="true">{DOTS}</span><span class="unseen">"set"</span> }
            .into_any(),
    };
    view! {
        <div
            role="gridcell"
            class=class
            id=cell_id(place)
            aria-colindex=(number + 1).to_string()
            tabindex=if grid.stop.get_value() == place { "0" } else { "-1" }
            title=title
            aria-invalid=(worst == Some(Severity::Error)).then_some("true")
            aria-describedby=described_by
        >
            {text}
        </div>
    }
}

/// The row's messages, the errors first; where it is ready, what becomes of it.
pub(super) fn what_happens(row: &GridRow, group: Option<&str>) -> Vec<(&'static str, String)> {
    let of = |severity: Severity, class: &'static str| {
        let problems = row.problems.iter().filter(move |problem| problem.severity == severity);
        problems.map(move |problem| (class, problem.message.clone()))
    };
    let mut what: Vec<_> = of(Severity::Error, "bad").collect();
    what.extend(of(Severity::Warning, "warn"));
    if row.status != RowStatus::Error {
        let place = match (group, row.group) {
            (Some(group), _) => Some(format!("New in {group}")),
            (None, Some(id)) => Some(format!("New in group {id}")),
            (None, None) => None,
        };
        what.extend(place.map(|place| ("dim", place)));
    }
    what
}
