//! What the service saw.

use crate::directory::protocol::{Absent, GroupSeen, PersonSeen};

/// A run's batches and its commit. Somebody who was sent twice alike counts once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    pub people: &'a [PersonSeen],
    pub groups: &'a [GroupSeen],
    pub absent: &'a [Absent],
}
