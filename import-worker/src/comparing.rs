//! The dry run: what the rows would do to the accounts that exist. It begins by itself after every
//! check and change; only keys and checksums go up, and only of rows that were not compared yet.

use std::time::Duration;

use roster::import::{COMPARE_ROWS, CompareRow, Compared, Comparison, VerdictKind};
use roster::worker::{DryRun, Report, Seats, Trouble};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::http::Answer;
use crate::sending::Import;
use crate::state::Loaded;
use crate::timer::sleep;
use crate::{Shared, http, post};

/// Rows that are made ready in one go: some milliseconds, after which the page is answered.
const STRETCH: usize = 500;
/// A change is shown before it is compared.
const PAUSE: Duration = Duration::from_millis(100);

/// Compares what was not compared yet.
pub fn begin(shared: &Shared) {
    let mut state = shared.borrow_mut();
    if state.comparing || state.loaded.is_none() {
        return;
    }
    state.comparing = true;
    let file = state.file.clone();
    drop(state);
    let shared = shared.clone();
    spawn_local(async move {
        sleep(PAUSE).await;
        let trouble = compare(&shared, file.as_ref()).await.err();
        let mut state = shared.borrow_mut();
        // Another file has a comparison of its own.
        if state.file != file {
            return;
        }
        state.comparing = false;
        if let Some(loaded) = &mut state.loaded {
            // Rows may have come into the filter that is shown, or left it.
            loaded.viewed = None;
            tell(loaded, trouble);
            post::report(&Report::Causes(loaded.review.causes()));
        }
    });
}

async fn compare(shared: &Shared, file: Option<&File>) -> Answer<()> {
    while let Some((rows, wish)) = next(shared).await {
        let compared: Compared = http::post("/api/imports/compare", Some(&wish)).await?;
        let mut state = shared.borrow_mut();
        if state.file.as_ref() != file {
            return Ok(());
        }
        let Some(loaded) = &mut state.loaded else { return Ok(()) };
        take(loaded, rows, &wish, compared);
        tell(loaded, None);
    }
    Ok(())
}

/// The next rows to compare, and the question.
async fn next(shared: &Shared) -> Option<(Vec<u32>, Comparison)> {
    let (open, wanted) = {
        let state = shared.borrow();
        // What is being imported is there by now: a comparison would only find itself.
        if state.import.as_ref().is_some_and(Import::is_running) {
            return None;
        }
        let loaded = state.loaded.as_ref()?;
        (loaded.review.uncompared(COMPARE_ROWS), loaded.wanted.clone())
    };
    let (mut rows, mut asked) = (Vec::new(), Vec::new());
    for stretch in open.chunks(STRETCH) {
        {
            let state = shared.borrow();
            let review = &state.loaded.as_ref()?.review;
            let ready = |row: &u32| Some((*row, review.compare_row(wide(*row))?));
            let (more_rows, more): (Vec<u32>, Vec<CompareRow>) =
                stretch.iter().filter_map(ready).unzip();
            rows.extend(more_rows);
            asked.extend(more);
        }
        sleep(Duration::ZERO).await;
    }
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
    for row in &rows {
        let needed = seats_of(review.compare_row(wide(*row)).as_ref());
        if let Some(seats) = loaded.seats_needed.get_mut(wide(*row)) {
            *seats = needed;
        }
    }
    review.put_verdicts(&rows, verdicts);
}

/// What a new technician takes: bits of [`STANDARD`] and [`MOBILE`].
fn seats_of(row: Option<&CompareRow>) -> u8 {
    let Some(row) = row.filter(|row| row.enabled.unwrap_or(true)) else { return 0 };
    let standard = if row.standard_license.unwrap_or(true) { STANDARD } else { 0 };
    let mobile = if row.mobile_license.unwrap_or(false) { MOBILE } else { 0 };
    standard | mobile
}

const STANDARD: u8 = 1;
const MOBILE: u8 = 2;

fn tell(loaded: &Loaded, trouble: Option<Trouble>) {
    let (mut standard, mut mobile) = loaded.seats;
    if standard.free.is_some() || mobile.free.is_some() {
        for (row, needed) in loaded.seats_needed.iter().enumerate() {
            if *needed > 0 && loaded.review.verdict(row) == Some(VerdictKind::Create) {
                standard.needed += u32::from(needed & STANDARD);
                mobile.needed += u32::from(needed & MOBILE > 0);
            }
        }
    }
    let counts = loaded.review.verdict_counts();
    post::report(&Report::DryRun(DryRun { counts, standard, mobile, trouble }));
}

pub fn wide(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
