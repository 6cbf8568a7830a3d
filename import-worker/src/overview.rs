//! The file as the page shows it above the grid.

use roster::fields::Field;
use roster::import::{Header, Sheet};
use roster::problem::Code;
use roster::worker::{ColumnView, Overview};

use crate::state::Loaded;

/// Rows whose cells a column's width is taken from, all over the file.
const SAMPLE: usize = 200;
/// No column is wider, in characters.
const WIDEST: usize = 60;
/// Rows of a reading that is shown beside another.
const BESIDE: usize = 3;

pub fn of(loaded: &Loaded) -> Overview {
    let (sheet, checked) = (loaded.review.sheet(), loaded.review.checked());
    let columns = sheet.headers().iter().enumerate();
    // Who has chosen needs no other offer.
    let chosen = loaded.wanted.encoding.is_some() || loaded.wanted.delimiter.is_some();
    let other = sheet.other_reading().filter(|_| !chosen);
    Overview {
        format: sheet.format(),
        encoding: sheet.encoding(),
        delimiter: sheet.delimiter(),
        header_line: sheet.header_line(),
        bytes: sheet.size() as u64,
        counts: checked.counts(),
        columns: columns.map(|(column, header)| view(sheet, column, header)).collect(),
        absent: Field::ALL
            .into_iter()
            .filter(|field| sheet.column_of(*field).is_none())
            .filter(|field| *field != Field::Group || !checked.rules().group_chosen)
            .collect(),
        complaints: sheet.complaints(),
        group_ignored: checked.findings().iter().any(|finding| finding.code == Code::GroupIgnored),
        other: other.map(|other| (other, sheet.sample(BESIDE))),
        plan: loaded.plan.clone(),
    }
}

fn view(sheet: &Sheet, column: usize, header: &Header) -> ColumnView {
    let step = sheet.row_count().div_ceil(SAMPLE).max(1);
    let rows = (0..sheet.row_count()).step_by(step);
    let longest = rows.map(|row| sheet.cell(row, column).chars().take(WIDEST).count()).max();
    ColumnView {
        header: header.text.clone(),
        role: header.role,
        offer: header.offer,
        width: u32::try_from(longest.unwrap_or_default()).unwrap_or(u32::MAX),
    }
}
