//! What only a Windows controller does, and what goes wrong on the way, played by a small directory
//! and a small server of the tests' own: limits, faults in every search, answers that get lost.

#[cfg(test)]
#[path = "played/confidential.rs"]
mod confidential;
#[cfg(test)]
#[path = "played/directory/mod.rs"]
mod directory;
#[cfg(test)]
#[path = "played/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "played/figures.rs"]
mod figures;
#[cfg(test)]
#[path = "played/gone.rs"]
mod gone;
#[cfg(test)]
#[path = "played/graphs/mod.rs"]
mod graphs;
#[cfg(test)]
#[path = "played/limits.rs"]
mod limits;
#[cfg(test)]
#[path = "played/muster.rs"]
mod muster;
#[cfg(test)]
#[path = "played/page/mod.rs"]
mod page;
#[cfg(test)]
#[path = "played/replication.rs"]
mod replication;
#[cfg(test)]
#[path = "played/rights.rs"]
mod rights;
#[cfg(test)]
#[path = "played/sending.rs"]
mod sending;
#[cfg(test)]
#[path = "played/stage.rs"]
mod stage;
