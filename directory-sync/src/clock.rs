//! The one place that reads the machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use roster::id::Timestamp;

#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the clock")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A UUID v7: it begins with the time.
#[must_use]
pub fn run_id() -> roster::directory::protocol::RunId {
    roster::directory::protocol::RunId(uuid::Uuid::now_v7())
}
