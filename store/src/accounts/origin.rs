//! How an account came to be.

use roster::account::CreatedBy;
use roster::id::AccountId;

use crate::connection::Reader;
use crate::error::Error;
use crate::sql::Columns;

impl Reader {
    /// Who made the account and, where it was one, by which import; `None`: there is no such
    /// account.
    pub async fn created_by(&mut self, id: AccountId) -> Result<Option<CreatedBy>, Error> {
        // The first that the trail says of an account is how it was made. An import says it
        // of all, and so does a directory.
        let row = sqlx::query(
            "SELECT imports.id AS import_id, imports.file_name, imports.begun_by, \
                    CASE WHEN accounts.source = 'directory' THEN sources.domain END AS domain, \
                    (SELECT actor FROM audit WHERE subject_kind = 'account' AND subject_id = $2 \
                     ORDER BY id LIMIT 1) AS actor \
             FROM accounts LEFT JOIN imports ON imports.id = accounts.import_id \
                  LEFT JOIN directory_links links ON links.account_id = accounts.id \
                  LEFT JOIN directory_sources sources ON sources.id = links.source_id \
             WHERE accounts.id = $1",
        )
        .bind(id.0)
        .bind(id.to_string())
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            let import = match row.maybe_text("import_id")? {
                Some(_) => Some((row.word("import_id")?, row.text("file_name")?)),
                None => None,
            };
            let who = match (&import, row.maybe_text("domain")?) {
                (Some(_), _) => row.maybe_text("begun_by")?,
                (None, Some(domain)) => Some(roster::directory::view::caller_name(&domain)),
                (None, None) => row.maybe_text("actor")?,
            };
            Ok(CreatedBy { who, import })
        })
        .transpose()
    }
}
