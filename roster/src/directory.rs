//! Directory synchronization: the protocol between `muster-sync` and the server, and the plan of a run.
//! The service only reads; all decisions are made here.

pub mod plan;
pub mod protocol;
pub mod view;
mod words;
