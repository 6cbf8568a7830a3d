//! Active Directory as it was read: who belongs to the mapped groups, and what is known of them.
//! Nothing here decides what becomes of anybody.

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
