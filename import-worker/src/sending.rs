//! Sending an import: it begins, its chunks go out several at a time, it ends. What was done stays
//! done: whatever stops it, going on sends what is missing and nothing twice.

mod progress;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use roster::history::{Chunk, ChunkResult, Counts, ImportRecord, ImportState, NewImport};
use roster::id::ImportId;
use roster::import::Outcome;
use roster::problem::Problem;
use roster::worker::{Report, Trouble};
use wasm_bindgen_futures::spawn_local;

use crate::comparing::wide;
use crate::http::{self, Answer};
use crate::state::{Loaded, State};
use crate::{Shared, post};
use progress::Progress;

/// Chunks under way at a time: the server is never idle, and cancelling is quick.
const LANES: u32 = 3;

/// An import of the file that is loaded.
pub struct Import {
    id: ImportId,
    /// Each chunk's rows.
    chunks: Vec<Range<usize>>,
    /// Numbers of the chunks that were not sent yet.
    left: VecDeque<u32>,
    /// Chunks whose results the server told this worker.
    known: BTreeSet<u32>,
    failed: BTreeMap<usize, Vec<Problem>>,
    counts: Counts,
    progress: Progress,
    lanes: u32,
    stopped: bool,
    trouble: Option<Trouble>,
    ended: bool,
}

impl Import {
    fn new(id: ImportId, loaded: &Loaded) -> Self {
        let rows = loaded.review.sheet().row_count();
        Self {
            id,
            chunks: loaded.chunks.clone(),
            left: VecDeque::new(),
            known: BTreeSet::new(),
            failed: BTreeMap::new(),
            counts: Counts::default(),
            progress: Progress::new(rows),
            lanes: 0,
            stopped: false,
            trouble: None,
            ended: false,
        }
    }

    pub fn has_ended(&self) -> bool {
        self.ended
    }

    pub fn is_running(&self) -> bool {
        self.lanes > 0
    }

    /// The rows that failed, with their problems as the server tells them.
    pub fn failed_rows(&self) -> Vec<(usize, Vec<Problem>)> {
        self.failed.iter().map(|(row, problems)| (*row, problems.clone())).collect()
    }

    /// What the server knows already: chunks that need not be sent.
    fn resume(&mut self, record: &ImportRecord, done: &[u32]) {
        self.counts = record.counts;
        self.left =
            (0_u32..).take(self.chunks.len()).filter(|number| !done.contains(number)).collect();
        let rows = |number: &u32| self.chunks.get(wide(*number)).map_or(0, ExactSizeIterator::len);
        let sent: usize = done.iter().map(rows).sum();
        self.progress.resume(u32::try_from(sent).unwrap_or(u32::MAX), post::now());
        self.stopped = false;
        self.trouble = None;
    }

    fn take(&mut self, number: u32, result: ChunkResult) {
        let Some(rows) = usize::try_from(number).ok().and_then(|number| self.chunks.get(number))
        else {
            return;
        };
        let sent = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        for (row, result) in rows.clone().zip(result.rows) {
            self.counts.add(result.outcome);
            if result.outcome == Outcome::Failed {
                self.failed.insert(row, result.problems);
            }
        }
        self.known.insert(number);
        self.progress.add(sent);
    }

    fn tell(&self) {
        post::report(&Report::Sending(self.progress.told(self.counts, post::now())));
    }

    fn end(&mut self, record: ImportRecord) {
        self.ended = true;
        // What the chunks of “all or nothing” answered was only what would be.
        let failed_rows = !record.all_or_nothing && self.known.len() == self.chunks.len();
        post::report(&Report::Ended { record, failed_rows });
    }
}

/// Begins the import with this id, or goes on with it.
pub async fn send(shared: Shared, id: ImportId, all_or_nothing: bool) {
    let Some(wish) = prepare(&mut shared.borrow_mut(), id, all_or_nothing) else { return };
    match begin(&wish).await {
        Ok((record, _)) if record.state != ImportState::Running => {
            with(&shared, |import| import.end(record));
        }
        Ok((record, done)) => {
            with(&shared, |import| {
                import.resume(&record, &done);
                import.lanes = LANES;
                import.tell();
            });
            for _ in 0..LANES {
                spawn_local(lane(shared.clone()));
            }
        }
        Err(trouble) => post::report(&Report::Interrupted(trouble)),
    }
}

/// What to say of the import; nothing where there is no file or it is being sent already.
fn prepare(state: &mut State, id: ImportId, all_or_nothing: bool) -> Option<NewImport> {
    let loaded = state.loaded.as_ref()?;
    if state.import.as_ref().is_some_and(Import::is_running) {
        return None;
    }
    if state.import.as_ref().is_none_or(|import| import.id != id) {
        state.import = Some(Import::new(id, loaded));
    }
    let sheet = loaded.review.sheet();
    Some(NewImport {
        id,
        file_name: state.file.as_ref()?.name(),
        file_sha256: state.digest.clone()?,
        rows: u32::try_from(sheet.row_count()).ok()?,
        group: loaded.wanted.group,
        columns: sheet.headers().iter().map(|header| header.text.clone()).collect(),
        delimiter: sheet.delimiter().map_or(',', roster::import::Delimiter::char),
        existing: loaded.wanted.existing,
        all_or_nothing,
        plan: loaded.plan.clone(),
    })
}

async fn begin(wish: &NewImport) -> Answer<(ImportRecord, Vec<u32>)> {
    let record: ImportRecord = http::post("/api/imports", Some(wish)).await?;
    let done = http::get(&format!("/api/imports/{}/chunks", wish.id)).await?;
    Ok((record, done))
}

/// Sends one chunk after another, until none is left or something is in the way.
async fn lane(shared: Shared) {
    while let Some((address, chunk, number)) = next(&shared) {
        let tell = |retrying| {
            with(&shared, |import| {
                import.progress.retrying(retrying);
                import.tell();
            });
        };
        let stopped =
            || with(&shared, |import| import.stopped || import.trouble.is_some()).unwrap_or(true);
        match http::put(&address, &chunk, tell, stopped).await {
            Ok(result) => with(&shared, |import| {
                import.take(number, result);
                import.tell();
            }),
            Err(trouble) => with(&shared, |import| {
                import.left.push_front(number);
                import.trouble.get_or_insert(trouble);
            }),
        };
    }
    let lanes = with(&shared, |import| {
        import.lanes -= 1;
        import.lanes
    });
    if lanes == Some(0) {
        conclude(&shared).await;
    }
}

/// The next chunk; its rows are made now, so that no more than those under way are held.
fn next(shared: &Shared) -> Option<(String, Chunk, u32)> {
    let mut state = shared.borrow_mut();
    let State { loaded, import, .. } = &mut *state;
    let (loaded, import) = (loaded.as_ref()?, import.as_mut()?);
    if import.stopped || import.trouble.is_some() {
        return None;
    }
    let number = import.left.pop_front()?;
    let rows = import.chunks.get(usize::try_from(number).ok()?)?.clone();
    let rows = rows.map(|row| loaded.review.submitted(row)).collect();
    Some((format!("/api/imports/{}/chunks/{number}", import.id), Chunk { rows }, number))
}

async fn conclude(shared: &Shared) {
    let Some((id, trouble, stopped)) =
        with(shared, |import| (import.id, import.trouble.clone(), import.stopped))
    else {
        return;
    };
    if let (Some(trouble), false) = (trouble, stopped) {
        post::report(&Report::Interrupted(trouble));
        return;
    }
    let verb = if stopped { "cancel" } else { "finish" };
    with(shared, |import| {
        import.progress.conclude();
        import.tell();
    });
    match http::post::<(), ImportRecord>(&format!("/api/imports/{id}/{verb}"), None).await {
        Ok(record) => {
            with(shared, |import| import.end(record));
        }
        Err(trouble) => post::report(&Report::Interrupted(trouble)),
    }
}

/// Sends nothing after the chunks that are under way, and ends the import.
pub fn stop(shared: &Shared) {
    let running = with(shared, |import| {
        import.stopped = true;
        import.is_running()
    });
    // Interrupted before: no lane is there to conclude it.
    if running == Some(false) {
        let shared = shared.clone();
        spawn_local(async move { conclude(&shared).await });
    }
}

fn with<T>(shared: &Shared, does: impl FnOnce(&mut Import) -> T) -> Option<T> {
    shared.borrow_mut().import.as_mut().map(does)
}
