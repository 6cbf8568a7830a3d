//! One row of the grid. Its cells are made once, without signals: a row that changes is another row.

use leptos::prelude::*;
use roster::fields::Field;
use roster::import::{Role, RowStatus, VerdictKind};
use roster::problem::Severity;
use roster::worker::{GridDifference, GridRow};

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
    let (class, tone, state) = state_of(row);
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

/// The row's class, and the state that its chip tells.
fn state_of(row: &GridRow) -> (&'static str, Tone, &'static str) {
    let (class, tone) = match row.status {
        RowStatus::LeftOut => return ("grid-row left-out", Tone::Plain, "Left out"),
        RowStatus::Error => return ("grid-row has-error", Tone::Bad, "Error"),
        RowStatus::Warning => ("grid-row has-warning", Tone::Warning),
        RowStatus::Ok => ("grid-row", Tone::Good),
    };
    match row.verdict {
        None if row.status == RowStatus::Warning => (class, tone, "Warning"),
        None => (class, tone, "Ready"),
        Some(VerdictKind::Create) => (class, tone, "Create"),
        Some(VerdictKind::Update) => (class, Tone::Warning, "Update"),
        Some(VerdictKind::Unchanged) => (class, Tone::Plain, "Unchanged"),
        Some(VerdictKind::Skip) => (class, Tone::Plain, "Skip"),
        Some(VerdictKind::Conflict) => ("grid-row has-error", Tone::Bad, "Conflict"),
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
    let difference = row
        .differences
        .iter()
        .find(|difference| difference.columns.iter().any(|it| usize::from(*it) == column));
    let title = match (worst, difference) {
        (Some(_), _) => {
            Some(problems.map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "))
        }
        (None, Some(difference)) => Some(format!("Now: {}", shown(&difference.before))),
        (None, None) => None,
    };
    let changed = row.changed.iter().any(|it| usize::from(*it) == column);
    let class = match worst {
        Some(Severity::Error) if changed => "err edited",
        Some(Severity::Error) => "err",
        Some(Severity::Warning) if changed => "wrn edited",
        Some(Severity::Warning) => "wrn",
        None if difference.is_some() => "upd",
        None if changed => "edited",
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
    if row.verdict == Some(VerdictKind::Update) {
        what.push(("dim", differences(row, group)));
    }
    what.extend(of(Severity::Warning, "warn"));
    if row.status == RowStatus::Error || row.verdict == Some(VerdictKind::Conflict) {
        return what;
    }
    if row.status == RowStatus::LeftOut {
        return vec![("dim", "Not imported: you left it out".to_owned())];
    }
    what.extend(match row.verdict {
        Some(VerdictKind::Update) => None,
        Some(VerdictKind::Unchanged) => Some(("dim", "Nothing changes".to_owned())),
        Some(VerdictKind::Skip) => Some(("dim", "Exists already".to_owned())),
        Some(VerdictKind::Create | VerdictKind::Conflict) | None => match (group, row.group) {
            (Some(group), _) => Some(("dim", format!("New in {group}"))),
            (None, Some(id)) => Some(("dim", format!("New in group {id}"))),
            (None, None) => None,
        },
    });
    what
}

/// “Mobile License: no → yes”
fn differences(row: &GridRow, group: Option<&str>) -> String {
    let one = |it: &GridDifference| {
        let after = match (it.field, group) {
            (Field::Group, Some(group)) => group,
            _ => it.after.as_str(),
        };
        format!("{}: {} → {}", it.field.header(), shown(&it.before), shown(after))
    };
    row.differences.iter().map(one).collect::<Vec<_>>().join(" · ")
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "empty" } else { text }
}
