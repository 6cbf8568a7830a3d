//! Whether a database, or a backup of one, is whole: its file, the counts that must add up, the audit
//! trail. That its key file is the right one shows when it is opened.

use roster::authority::{Act, Caller};
use store::Miscount;

pub use store::{Counted, Miscount as Count};

use crate::audit::{self, Expected, Verified};
use crate::{Operations, Result, permit};

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Of an SQLite file, in SQLite's words.
    pub damage: Vec<String>,
    pub miscounts: Vec<Miscount>,
    /// `None`: the file is damaged, and nothing more was looked at.
    pub trail: Option<Verified>,
}

impl Found {
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let trail_is_whole = self.trail.as_ref().is_some_and(|trail| trail.broken.is_none());
        trail_is_whole && self.damage.is_empty() && self.miscounts.is_empty()
    }
}

/// Looks at everything; others may write meanwhile.
pub async fn verify_database(
    operations: &Operations,
    caller: &Caller,
    expected: Expected,
) -> Result<Found> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.snapshot().await?;
    let damage = reader.damage().await?;
    if !damage.is_empty() {
        return Ok(Found { damage, miscounts: Vec::new(), trail: None });
    }
    let miscounts = reader.miscounts().await?;
    drop(reader);
    let trail = audit::verify(operations, caller, expected).await?;
    Ok(Found { damage, miscounts, trail: Some(trail) })
}
