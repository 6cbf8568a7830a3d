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

pub use apply::NewLink;
pub use changes::NewChange;
pub use mappings::KeptMapping;
pub use problems::NewProblem;
pub use runs::{KeptRun, RunEnd};
pub use sources::Source;
pub use tokens::LiveToken;
