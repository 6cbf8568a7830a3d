//! The Active Directory Logger: problems, events, runs and their changes, as one file.

use std::collections::VecDeque;

use roster::authority::{Act, Caller};
use roster::directory::view::{ChangeFilter, RunLine, log};
use roster::page::Window;

use crate::{Operations, Result, permit};

/// Lines read at a time.
const PART: u32 = 500;

/// The whole log of directory synchronization as a CSV file, newest first. It has no secret.
pub async fn download_log(operations: &Operations, caller: &Caller) -> Result<Log> {
    permit(caller, &Act::SeeDirectory)?;
    let (operations, place, runs) = (operations.clone(), Place::Problems(0), VecDeque::new());
    Ok(Log { operations, place, runs })
}

/// The file as a stream of bounded parts.
pub struct Log {
    operations: Operations,
    place: Place,
    /// Runs that were read but not written yet.
    runs: VecDeque<RunLine>,
}

/// The next part.
enum Place {
    Problems(u64),
    Events(u64),
    /// The next run, with the offset of the runs to read after it.
    Run(Option<u64>),
    /// A run's changes from this offset on, and then the next run.
    Changes(Box<RunLine>, u64, Option<u64>),
    End,
}

impl Log {
    /// The next part of the file; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let mut reader = self.operations.store.read().await?;
        let window = |offset| Window { offset, limit: PART };
        let place = std::mem::replace(&mut self.place, Place::End);
        let (bytes, next) = match place {
            Place::Problems(offset) => {
                let page = reader.directory_problems(window(offset)).await?;
                let mut bytes = if offset == 0 { log::head() } else { Vec::new() };
                bytes.extend(page.items.iter().flat_map(log::problem));
                (bytes, page.next_offset().map_or(Place::Events(0), Place::Problems))
            }
            Place::Events(offset) => {
                let events = reader.directory_events(window(offset)).await?;
                let full = events.len() == PART as usize;
                let more = Place::Events(offset + u64::from(PART));
                let next = if full { more } else { Place::Run(Some(0)) };
                (events.iter().flat_map(log::event).collect(), next)
            }
            Place::Run(mut more) => {
                if let (true, Some(offset)) = (self.runs.is_empty(), more) {
                    let page = reader.directory_runs(None, window(offset)).await?;
                    more = page.next_offset();
                    self.runs = page.items.into();
                }
                let Some(run) = self.runs.pop_front() else { return Ok(None) };
                (log::run(&run), Place::Changes(Box::new(run), 0, more))
            }
            Place::Changes(run, offset, more) => {
                let filter = ChangeFilter::default();
                let page = reader.directory_changes(run.id, &filter, window(offset)).await?;
                let bytes = page.items.iter().flat_map(|line| log::change(&run, line)).collect();
                let next = match page.next_offset() {
                    Some(offset) => Place::Changes(run, offset, more),
                    None => Place::Run(more),
                };
                (bytes, next)
            }
            Place::End => return Ok(None),
        };
        self.place = next;
        Ok(Some(bytes))
    }
}
