//! Directory synchronization as it is kept: tokens, sources, mappings, who is linked, what runs did.
//! Whoever changes a source or its runs locks the source first, before the settings row: so two runs
//! of one directory never cross.

mod agreements;
mod apply;
mod batches;
mod changes;
mod events;
mod links;
mod mappings;
mod problems;
mod runs;
mod settings;
mod sources;
mod tidy;
mod tokens;
mod unasked;

pub use apply::NewLink;
pub use batches::{BatchRefused, NewBatch};
pub use changes::NewChange;
pub use mappings::KeptMapping;
pub use problems::NewProblem;
pub use runs::{KeptRun, RunEnd};
pub use sources::Source;
pub use tokens::{LiveToken, TokenFor};
pub use unasked::Unasked;

/// A length as a column keeps it.
fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
