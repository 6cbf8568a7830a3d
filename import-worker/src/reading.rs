//! Reading and checking the file. It comes in slices, so that it is held once; its first rows are
//! shown before the rest is read.

use std::time::Duration;

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use roster::import::{Choices, FileCode, FileError, Intake, Review, Sheet, limit};
use roster::worker::{Report, Step, Wanted};
use web_sys::File;

use crate::state::{Loaded, rules};
use crate::{Shared, comparing, digest, overview, plan, post, rows, timer};

/// The first slice is small: its rows are on the screen before the rest is read.
const FIRST: u64 = 128 * 1024;
const SLICE: u64 = 8 * 1024 * 1024;
/// The page paints the first rows before this thread takes a processor again: where there are only
/// two, it would stand still for longer than anybody overlooks.
const PAINT: Duration = Duration::from_millis(60);
/// Rows that the page gets with the first slice.
const GLIMPSE: u32 = 60;

enum Failure {
    /// The file can't be read any more.
    Gone,
    Unreadable(FileError),
}

/// Reads the file as it is wanted and tells the page what was found.
pub async fn read(shared: &Shared, wanted: Wanted) {
    let (file, org) = {
        let state = shared.borrow();
        match (state.file.clone(), state.org.clone()) {
            (Some(file), Some(org)) => (file, org),
            _ => return,
        }
    };
    // What was read before makes room for what is read now.
    shared.borrow_mut().loaded = None;
    let choices = Choices {
        encoding: wanted.encoding,
        delimiter: wanted.delimiter,
        header: wanted.header,
        lenient: true,
        ..Choices::default()
    };
    let sheet = match sheet(&file, &choices).await {
        Ok(sheet) => sheet,
        Err(Failure::Gone) => return post::report(&Report::Gone),
        Err(Failure::Unreadable(error)) => return post::report(&Report::Unreadable(error)),
    };
    let chunks = plan::chunks(&sheet);
    let mut review = Review::new(sheet, rules(&org, &wanted), &mut post::progress(Step::Checking));
    if !wanted.roles.is_empty() {
        review.set_roles(&wanted.roles, &mut post::progress(Step::Checking));
    }
    let plan = plan::name(&chunks);
    let seats_needed = vec![0; review.sheet().row_count()];
    let loaded = Loaded {
        review,
        wanted,
        viewed: None,
        chunks,
        plan,
        seats: Default::default(),
        seats_needed,
    };
    tell(&loaded);
    let known = {
        let mut state = shared.borrow_mut();
        state.loaded = Some(loaded);
        state.digest.is_some()
    };
    comparing::begin(shared);
    if !known {
        digest::begin(shared);
    }
}

/// Checks what is loaded as it is wanted now; false: it has to be read anew.
pub fn check_again(shared: &Shared, wanted: &Wanted) -> bool {
    let mut state = shared.borrow_mut();
    let Some(org) = state.org.clone() else { return false };
    let Some(loaded) = &mut state.loaded else { return false };
    let before = std::mem::replace(&mut loaded.wanted, wanted.clone());
    if (before.encoding, before.delimiter, before.header)
        != (wanted.encoding, wanted.delimiter, wanted.header)
    {
        loaded.wanted = before;
        return false;
    }
    if before.roles != wanted.roles {
        loaded.review.set_roles(&wanted.roles, &mut post::progress(Step::Checking));
    }
    if before.group.is_some() != wanted.group.is_some() {
        loaded.review.set_rules(rules(&org, wanted), &mut post::progress(Step::Checking));
    }
    if (before.group, before.existing) != (wanted.group, wanted.existing) {
        loaded.review.forget_verdicts();
    }
    loaded.viewed = None;
    tell(loaded);
    drop(state);
    comparing::begin(shared);
    true
}

fn tell(loaded: &Loaded) {
    post::report(&Report::Checked(overview::of(loaded)));
    post::report(&Report::Causes(loaded.review.causes()));
}

async fn sheet(file: &File, choices: &Choices) -> Result<Sheet, Failure> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a count"
    )]
    let size = file.size() as u64;
    if size > limit::BYTES as u64 {
        return Err(Failure::Unreadable(too_large(size)));
    }
    let blob = Blob::from(file.clone());
    let mut intake = Intake::with_size(usize::try_from(size).unwrap_or_default());
    let mut progress = post::progress(Step::Reading);
    let mut at = 0;
    while at < size {
        let end = size.min(at + if at == 0 { FIRST } else { SLICE });
        let slice = read_as_bytes(&blob.slice(at, end)).await.map_err(|_| Failure::Gone)?;
        intake.push(&slice);
        if at == 0 && end < size && glimpse(&intake, choices) {
            timer::sleep(PAINT).await;
        }
        at = end;
        progress(half(at, size));
    }
    intake.read(choices, &mut |part| progress(0.5 + part / 2.0)).map_err(Failure::Unreadable)
}

/// Said before a byte is read: so much memory may not be there.
fn too_large(size: u64) -> FileError {
    let message = format!(
        "The file is larger than 256 MiB ({} MiB). Split it into smaller files.",
        size.div_ceil(1024 * 1024)
    );
    FileError { code: FileCode::TooLarge, message, line: None, offers: Vec::new() }
}

/// Reading the bytes is about half of the step.
fn half(done: u64, of: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a progress bar has some hundred pixels")]
    let part = done as f32 / of.max(1) as f32;
    part / 2.0
}

/// Shows the first rows, if there are any to show yet.
fn glimpse(intake: &Intake, choices: &Choices) -> bool {
    let found = intake.glimpse(choices).and_then(|sheet| rows::glimpse(sheet, GLIMPSE));
    let shown = found.is_some();
    if let Some((overview, rows)) = found {
        post::report(&Report::Glimpse { overview, rows });
    }
    shown
}
