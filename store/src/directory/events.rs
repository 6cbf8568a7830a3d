//! Errors that services reported outside their runs.

use roster::authority::Grant;
use roster::directory::protocol::SourceId;
use roster::directory::protocol::bounds::KEPT_EVENTS;
use roster::directory::view::EventLine;
use roster::id::Timestamp;
use roster::page::Window;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, limit, offset};

impl Transaction {
    /// Stores an event, and removes the oldest ones beyond the limit of the source.
    pub async fn add_directory_event(
        &mut self,
        permit: &Permit,
        source: SourceId,
        at: Timestamp,
        code: &str,
        message: &str,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        sqlx::query(
            "INSERT INTO directory_events (source_id, at, code, message) VALUES ($1, $2, $3, $4)",
        )
        .bind(source.0)
        .bind(at.0)
        .bind(code.replace('\0', ""))
        .bind(message.replace('\0', ""))
        .execute(self.connection())
        .await?;
        sqlx::query(
            "DELETE FROM directory_events WHERE source_id = $1 AND id <= (\
                 SELECT id FROM directory_events WHERE source_id = $1 \
                 ORDER BY id DESC LIMIT 1 OFFSET $2)",
        )
        .bind(source.0)
        .bind(KEPT_EVENTS)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Reader {
    /// The newest first.
    pub async fn directory_events(&mut self, window: Window) -> Result<Vec<EventLine>, Error> {
        let rows = sqlx::query(
            "SELECT events.source_id, sources.domain, events.at, events.code, events.message \
             FROM directory_events events \
                  JOIN directory_sources sources ON sources.id = events.source_id \
             ORDER BY events.at DESC, events.id DESC LIMIT $1 OFFSET $2",
        )
        .bind(limit(window))
        .bind(offset(window))
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(EventLine {
                    source: SourceId(row.number("source_id")?),
                    domain: row.text("domain")?,
                    at: row.moment("at")?,
                    code: row.text("code")?,
                    message: row.text("message")?,
                })
            })
            .collect()
    }
}
