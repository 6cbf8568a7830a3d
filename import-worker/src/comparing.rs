//! The dry run: what the rows would do to the accounts that exist. It begins by itself after every
//! check and change; only keys and checksums go up, and only of rows that were not compared yet.

use roster::import::{COMPARE_ROWS, CompareRow, Compared, Comparison};
use roster::worker::{DryRun, Report, Seats, Trouble};
use wasm_bindgen_futures::spawn_local;

use crate::http::Answer;
use crate::state::Loaded;
use crate::{Shared, http, post};

/// Compares what was not compared yet.
pub fn begin(shared: &Shared) {
    let mut state = shared.borrow_mut();
    if state.comparing || state.loaded.is_none() {
        return;
    }
    state.comparing = true;
    drop(state);
    let shared = shared.clone();
    spawn_local(async move {
        let trouble = compare(&shared).await.err();
        let mut state = shared.borrow_mut();
        state.comparing = false;
        if let Some(loaded) = &mut state.loaded {
            // Rows may have come into the filter that is shown, or left it.
            loaded.filtered = None;
            tell(loaded, trouble);
            post::report(&Report::Causes(loaded.review.causes()));
        }
    });
}

async fn compare(shared: &Shared) -> Answer<()> {
    while let Some((rows, wish)) = next(shared) {
        let compared: Compared = http::post("/api/imports/compare", Some(&wish)).await?;
        let mut state = shared.borrow_mut();
        let Some(loaded) = &mut state.loaded else { return Ok(()) };
        take(loaded, rows, &wish, compared);
        tell(loaded, None);
    }
    Ok(())
}

/// The next rows to compare, and the question.
fn next(shared: &Shared) -> Option<(Vec<u32>, Comparison)> {
    let state = shared.borrow();
    let Loaded { review, wanted, .. } = state.loaded.as_ref()?;
    let rows = review.uncompared(COMPARE_ROWS);
    let (rows, asked): (Vec<u32>, Vec<CompareRow>) =
        rows.into_iter().filter_map(|row| Some((row, review.compare_row(wide(row))?))).unzip();
    let any = !rows.is_empty();
    let wish = Comparison { existing: wanted.existing, group: wanted.group, rows: asked };
    any.then_some((rows, wish))
}

/// Rows that were changed while the answer was under way are asked about again.
fn take(loaded: &mut Loaded, rows: Vec<u32>, wish: &Comparison, compared: Compared) {
    let Loaded { review, wanted, .. } = loaded;
    loaded.seats = (
        Seats { needed: 0, free: compared.standard_seats_free },
        Seats { needed: 0, free: compared.mobile_seats_free },
    );
    if (wanted.existing, wanted.group) != (wish.existing, wish.group) {
        return;
    }
    let answers = rows.into_iter().zip(&wish.rows).zip(compared.verdicts);
    let (rows, verdicts): (Vec<_>, Vec<_>) = answers
        .filter(|((row, asked), _)| review.compare_row(wide(*row)).as_ref() == Some(*asked))
        .map(|((row, _), verdict)| (row, verdict))
        .unzip();
    review.put_verdicts(&rows, verdicts);
}

fn tell(loaded: &Loaded, trouble: Option<Trouble>) {
    let (mut standard, mut mobile) = loaded.seats;
    if standard.free.is_some() || mobile.free.is_some() {
        for row in loaded.review.rows(roster::import::Filter::Create) {
            let Some(row) = loaded.review.compare_row(wide(row)) else { continue };
            let enabled = row.enabled.unwrap_or(true);
            standard.needed += u32::from(enabled && row.standard_license.unwrap_or(true));
            mobile.needed += u32::from(enabled && row.mobile_license.unwrap_or(false));
        }
    }
    let counts = loaded.review.verdict_counts();
    post::report(&Report::DryRun(DryRun { counts, standard, mobile, trouble }));
}

pub fn wide(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
