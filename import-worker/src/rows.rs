//! A window of rows for the grid: texts cut to what a cell bears, problems tied to columns.

use roster::fields::{self, Field};
use roster::import::{Filter, Role, Sheet};
use roster::problem::Problem;
use roster::worker::{GridProblem, GridRow};

use crate::state::Loaded;

/// Rows of one window, at most.
const MOST: u32 = 200;
/// Characters of a cell that go to the page.
const LONGEST: usize = 200;

pub fn window(loaded: &mut Loaded, filter: Filter, from: u32, count: u32) -> Vec<GridRow> {
    if loaded.filtered.0 != filter {
        loaded.filtered = (filter, loaded.checked.rows(filter));
    }
    let places = from..from.saturating_add(count.min(MOST));
    let rows = places.filter_map(|place| {
        let row = *loaded.filtered.1.get(usize::try_from(place).ok()?)?;
        Some(grid_row(loaded, place, usize::try_from(row).ok()?))
    });
    rows.collect()
}

fn grid_row(loaded: &Loaded, place: u32, row: usize) -> GridRow {
    let Loaded { sheet, checked, .. } = loaded;
    let group = if loaded.wanted.group.is_some() {
        None
    } else {
        fields::group(&sheet.value(row, Field::Group)).ok()
    };
    let problems = checked.problems_of(sheet, row);
    GridRow {
        place,
        line: sheet.line(row),
        status: checked.status(row),
        cells: (0..sheet.headers().len()).map(|column| text(sheet, row, column)).collect(),
        problems: problems.into_iter().map(|problem| tied(sheet, problem)).collect(),
        group: group.flatten(),
    }
}

/// `None`: a password, which the page never gets.
fn text(sheet: &Sheet, row: usize, column: usize) -> Option<String> {
    let cell = sheet.cell(row, column);
    if !cell.is_empty() && sheet.is_secret(row, column) {
        return None;
    }
    Some(match cell.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    })
}

fn tied(sheet: &Sheet, problem: Problem) -> GridProblem {
    let columns = match problem.field() {
        Some(field) => columns_of(sheet, field),
        None => Vec::new(),
    };
    GridProblem { columns, severity: problem.severity(), message: problem.message }
}

/// A name may be made of two columns.
fn columns_of(sheet: &Sheet, field: Field) -> Vec<u16> {
    let headers = sheet.headers().iter().zip(0_u16..);
    let of_field = headers.filter(|(header, _)| match header.role {
        Role::Field(other) => other == field,
        Role::FirstName | Role::LastName => field == Field::Name,
        Role::Unknown | Role::Hidden => false,
    });
    of_field.map(|(_, column)| column).collect()
}
