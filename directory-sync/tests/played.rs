//! What only a Windows controller does, and what goes wrong on the way, played by a small directory
//! and a small server of the tests' own: limits, faults in every search, answers that get lost.

#[path = "played/directory/mod.rs"]
mod directory;
#[path = "played/faults.rs"]
mod faults;
#[path = "played/limits.rs"]
mod limits;
#[path = "played/muster.rs"]
mod muster;
#[path = "played/sending.rs"]
mod sending;
#[path = "played/stage.rs"]
mod stage;
