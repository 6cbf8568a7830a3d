//! Permits about imports.

use roster::authority::{Act, Caller, decide};
use roster::id::ImportId;

use super::{About, Permit, Refused};
use crate::connection::Transaction;
use crate::error::Error;

const IMPORT: &str = "import";

impl Transaction {
    /// A permit about an import that is there. Its row is locked where rows are saved and counted:
    /// seats, groups and people come before it.
    pub async fn import_for(&mut self, caller: &Caller, id: ImportId) -> Result<Permit, Error> {
        let caller = self.present(caller).await?;
        let decided = decide(&caller, &Act::Import).map_err(Refused::Denied)?;
        let found = sqlx::query("SELECT id FROM imports WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.connection())
            .await?;
        found.ok_or(Refused::Absent(IMPORT))?;
        Ok(self.bind(decided, About::Import(id)))
    }
}
