//! Reads Active Directory: the members of the mapped groups and their attributes. All decisions are the
//! server's.

pub mod absence;
pub mod group;
pub mod identity;
mod member;
mod moment;
mod object;
pub mod progress;
mod range;
pub mod reader;
mod rights;
pub mod sid;
pub mod snapshot;
mod values;

pub use absence::{Search, Whereabouts};
pub use identity::{Domain, Root, enrolled_or_refuse};
pub use progress::Progress;
pub use snapshot::{Snapshot, take};
