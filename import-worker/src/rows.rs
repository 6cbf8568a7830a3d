//! A window of rows for the grid: texts cut to what a cell bears, problems tied to columns.

use roster::fields::{self, Field};
use roster::import::{Review, Role, Rules, Sheet, VerdictKind};
use roster::problem::{Code, Problem};
use roster::worker::{GridDifference, GridProblem, GridRow, Overview, Report, View, Wanted};

use crate::comparing::wide;
use crate::overview;
use crate::state::Loaded;

/// Rows of one window, at most.
const MOST: u32 = 200;
/// Characters of a cell that go to the page.
const LONGEST: usize = 200;

/// The rows, and how many the view has.
pub fn window(loaded: &mut Loaded, view: &View, from: u32, count: u32) -> (Vec<GridRow>, u32) {
    let rows = loaded.rows(view);
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let places = from..from.saturating_add(count.min(MOST));
    let window: Vec<(u32, u32)> =
        places.filter_map(|place| Some((place, *rows.get(wide(place))?))).collect();
    let rows = window.into_iter().map(|(place, row)| grid_row(loaded, place, row));
    (rows.collect(), total)
}

/// The first rows of a file that is still being read, without the organization's rules: what is
/// wrong with them is said once all are there.
pub fn glimpse(sheet: Sheet, most: u32) -> Option<(Overview, Vec<GridRow>)> {
    let rules = Rules { group_chosen: true, default_password_set: true, ..Rules::default() };
    let mut loaded = Loaded {
        review: Review::new(sheet, rules, &mut |_| {}),
        wanted: Wanted::default(),
        viewed: None,
        chunks: Vec::new(),
        plan: String::new(),
        seats: Default::default(),
        seats_needed: Vec::new(),
    };
    let (rows, _) = window(&mut loaded, &View::default(), 0, most);
    let rows: Vec<GridRow> =
        rows.into_iter().map(|row| GridRow { problems: vec![], ..row }).collect();
    (!rows.is_empty()).then(|| (overview::of(&loaded), rows))
}

fn grid_row(loaded: &Loaded, place: u32, row: u32) -> GridRow {
    let Loaded { review, wanted, .. } = loaded;
    let at = wide(row);
    let sheet = review.sheet();
    let group = if wanted.group.is_some() {
        None
    } else {
        fields::group(&sheet.value(at, Field::Group)).ok().flatten()
    };
    let columns = 0..sheet.headers().len();
    let changed = columns.clone().zip(0_u16..).filter(|(column, _)| review.is_changed(at, *column));
    GridRow {
        place,
        row,
        line: sheet.line(at),
        status: review.checked().status(at),
        verdict: review.verdict(at),
        changed: changed.map(|(_, column)| column).collect(),
        cells: columns.map(|column| text(sheet, at, column)).collect(),
        problems: problems(review, at),
        differences: differences(review, at),
        group,
    }
}

/// A cell's whole text, to be edited; a password isn't shown, only replaced.
pub fn cell(loaded: &Loaded, row: u32, column: u16) -> Report {
    let (sheet, at, of) = (loaded.review.sheet(), wide(row), usize::from(column));
    let text = (!sheet.is_secret(at, of)).then(|| sheet.cell(at, of).to_owned());
    Report::Cell { row, column, text }
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

/// Who is there already has a password.
fn problems(review: &Review, row: usize) -> Vec<GridProblem> {
    let there =
        !matches!(review.verdict(row), None | Some(VerdictKind::Create | VerdictKind::Conflict));
    let told = review.problems_of(row).into_iter();
    let told = told.filter(|problem| !(there && problem.code == Code::PasswordNone));
    told.map(|problem| tied(review.sheet(), problem)).collect()
}

fn tied(sheet: &Sheet, problem: Problem) -> GridProblem {
    let columns = match problem.field() {
        Some(field) => columns_of(sheet, field),
        None => Vec::new(),
    };
    GridProblem { columns, severity: problem.severity(), message: problem.message }
}

fn differences(review: &Review, row: usize) -> Vec<GridDifference> {
    if review.verdict(row) != Some(VerdictKind::Update) {
        return Vec::new();
    }
    let sheet = review.sheet();
    let difference = |it: &roster::import::Difference| {
        let text = sheet.value(row, it.field);
        GridDifference {
            field: it.field,
            columns: columns_of(sheet, it.field),
            before: it.before.clone(),
            after: match it.field.default().map(|_| fields::boolean(it.field, &text)) {
                Some(Ok(yes)) => if yes { "yes" } else { "no" }.to_owned(),
                _ => text.into_owned(),
            },
        }
    };
    review.differences(row).iter().map(difference).collect()
}

/// A name may be made of two columns.
fn columns_of(sheet: &Sheet, field: Field) -> Vec<u16> {
    let headers = sheet.headers().iter().zip(0_u16..);
    let of_field = headers.filter(|(header, _)| match header.role {
        Role::Field(other) => other == field,
        Role::FirstName | Role::LastName => field == Field::Name,
        Role::GroupPath | Role::Unknown | Role::Hidden => false,
    });
    of_field.map(|(_, column)| column).collect()
}
