//! The active cell in full, below the grid: a cell of the grid is cut where its column ends.

use leptos::prelude::*;
use roster::import::RowStatus;
use roster::worker::GridRow;

use super::row::what_happens;
use super::state::Grid;
use super::{act, edit};
use crate::pages::import::desk::{Desk, Stage};

#[component]
pub(super) fn Detail(desk: Desk, grid: Grid) -> impl IntoView {
    let row = Memo::new(move |_| {
        let place = grid.active.get();
        grid.shown.track();
        grid.row_at(place.row).map(|row| row.status)
    });
    let may = move || desk.stage.with(|stage| *stage == Stage::Checked);
    let out = move || row.get() == Some(RowStatus::LeftOut);
    let told = move || {
        let place = grid.active.get();
        grid.shown.track();
        let row = grid.row_at(place.row)?;
        Some(tell(grid, &row, place.column))
    };
    view! {
        <div class="grid-detail">
            {move || told().map(|(label, text, what)| view! {
                <span class="dim">{label}</span>
                <span class="detail-text">{text}</span>
                {what.into_iter().map(|(class, text)| view! { <span class=class>{text}</span> }).collect_view()}
            })}
            <Show when=move || may() && row.get().is_some()>
                <span class="detail-actions">
                    <button type="button" class="quiet" on:click=move |_| {
                        edit::begin(grid, grid.active.get_untracked(), None);
                    }>"Edit cell"</button>
                    <button type="button" class="quiet" on:click=move |_| {
                        act::leave_out(grid, grid.active.get_untracked());
                    }>{move || if out() { "Take the row in" } else { "Leave the row out" }}</button>
                </span>
            </Show>
        </div>
    }
}

/// Where the cell is, its text, and what is wrong with it; of the grid's own columns the whole row.
fn tell(grid: Grid, row: &GridRow, column: u32) -> (String, String, Vec<(&'static str, String)>) {
    let line = format!("Line {}", row.line);
    let at = usize::try_from(column).ok().and_then(|column| column.checked_sub(2));
    let Some((at, cell)) = at.and_then(|at| Some((at, row.cells.get(at)?))) else {
        return (line, String::new(), what_happens(row, grid.group.get_untracked().as_deref()));
    };
    let header =
        grid.columns.with_untracked(|columns| columns.get(at).map(|column| column.header.clone()));
    let text = cell.clone().unwrap_or_else(|| "A password is set.".to_owned());
    let problems = row
        .problems
        .iter()
        .filter(|problem| problem.columns.iter().any(|it| usize::from(*it) == at));
    let class = |problem: &roster::worker::GridProblem| match problem.severity {
        roster::problem::Severity::Error => "bad",
        roster::problem::Severity::Warning => "warn",
    };
    let what = problems.map(|problem| (class(problem), problem.message.clone())).collect();
    (format!("{line} · {}", header.unwrap_or_default()), text, what)
}
