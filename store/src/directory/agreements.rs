//! Confirmed answers that an account belongs to a person of the directory.

use roster::authority::Grant;
use roster::directory::protocol::{Guid, SourceId};
use roster::id::AccountId;

use crate::connection::Transaction;
use crate::error::Error;
use crate::permit::{About, Permit};

impl Transaction {
    /// The account belongs to this person of the directory: the next run links them.
    pub async fn agree_on_account(
        &mut self,
        permit: &Permit,
        source: SourceId,
        guid: Guid,
        account: AccountId,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::DecideDirectoryRun], &About::Source(source))?;
        sqlx::query(
            "INSERT INTO directory_agreements (account_id, source_id, guid) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO UPDATE SET \
                 source_id = excluded.source_id, guid = excluded.guid",
        )
        .bind(account.0)
        .bind(source.0)
        .bind(guid.to_string())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
