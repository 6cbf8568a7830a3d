//! The failed rows as a file in the file's own columns: of the check, or, once an import has ended,
//! of the import.

use js_sys::{Array, Uint8Array};
use roster::import::{Filter, failed_csv};
use roster::problem::Problem;
use roster::worker::Report;
use web_sys::{Blob, BlobPropertyBag};

use crate::comparing::wide;
use crate::post;
use crate::state::{Loaded, State};

pub fn post(state: &State) {
    let Some(loaded) = &state.loaded else { return };
    let rows = match &state.import {
        Some(import) if import.has_ended() => import.failed_rows(),
        _ => of_check(loaded),
    };
    let bytes = failed_csv(loaded.review.sheet(), &rows);
    let name = state.file.as_ref().map(web_sys::File::name).unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let options = BlobPropertyBag::new();
    options.set_type("text/csv;charset=utf-8");
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        let file_name = format!("{stem} - failed rows.csv");
        post::report_with(&Report::FailedRows { file_name }, &blob);
    }
}

fn of_check(loaded: &Loaded) -> Vec<(usize, Vec<Problem>)> {
    let rows = loaded.review.rows(Filter::Errors).into_iter();
    rows.map(wide).map(|row| (row, loaded.review.problems_of(row))).collect()
}
