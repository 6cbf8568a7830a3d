//! The audit trail as it is kept: written with the change, never changed. Each entry carries the
//! hash of the one before; what that means is `roster::audit::chain`'s to say. Reading is in `read`, whose
//! statements are made in `wanted` and `person`.

mod person;
mod read;
mod runs;
mod wanted;

use std::fmt;
use std::sync::{Arc, OnceLock};

use roster::audit::Entry;
use roster::audit::chain::{self, ChainKey, Content, FoundBy, Head};
use roster::authority::Caller;
use roster::id::Timestamp;

use crate::batch::{Batch, Table, Type};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

pub use read::Link;

const AUDIT: Table = Table {
    name: "audit",
    columns: &[
        ("id", Type::Number),
        ("at", Type::Number),
        ("actor_id", Type::Number),
        ("actor", Type::Text),
        ("address", Type::Text),
        ("agent", Type::Text),
        ("action", Type::Text),
        ("subject_kind", Type::Text),
        ("subject_id", Type::Text),
        ("subject_name", Type::Text),
        ("was", Type::Text),
        ("became", Type::Text),
        ("hash", Type::Text),
        ("subject_number", Type::Number),
        ("actor_key", Type::Text),
        ("subject_key", Type::Text),
        ("value_key", Type::Text),
    ],
};

const HEAD: &str = "SELECT begins_after, last_id, last_hash, key_id FROM audit_head WHERE id = 1";

/// Where the keys of the chain come from: they are outside the database.
pub trait ChainKeys: Send + Sync {
    /// The key of this number, if there is one.
    fn chain_key(&self, id: i64) -> Option<ChainKey>;
}

/// What chains the entries of a store; the same for all its clones.
#[derive(Clone, Default)]
pub(crate) struct Chain(Arc<OnceLock<Arc<dyn ChainKeys>>>);

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").field("keyed", &self.0.get().is_some()).finish()
    }
}

impl Chain {
    /// Once: another is not taken.
    pub(crate) fn set(&self, keys: Arc<dyn ChainKeys>) {
        let _ = self.0.set(keys);
    }

    /// Since there are keys no entry is written without one.
    fn key(&self, id: Option<i64>) -> Result<Option<ChainKey>, Error> {
        let Some(id) = id else { return Ok(None) };
        let key = self.0.get().and_then(|keys| keys.chain_key(id));
        key.map(Some).ok_or(Error::NoKey(id))
    }
}

impl Reader {
    /// Where the chain begins and ends.
    pub async fn audit_head(&mut self) -> Result<Head, Error> {
        Ok(self.head(HEAD).await?.0)
    }

    /// With it the number of the key that chains the next entry.
    async fn head(&mut self, sql: &'static str) -> Result<(Head, Option<i64>), Error> {
        let row = sqlx::query(sql).fetch_one(self.connection()).await?;
        let head = Head {
            begins_after: row.number("begins_after")?,
            last: row.number("last_id")?,
            hash: row.text("last_hash")?,
        };
        Ok((head, row.maybe_number("key_id")?))
    }
}

impl Transaction {
    /// The last thing that a transaction does: from here on until it ends nobody else writes an
    /// entry, so that ids follow the chain.
    pub(crate) async fn write_audit(
        &mut self,
        caller: &Caller,
        now: Timestamp,
        trail: &[Entry],
    ) -> Result<(), Error> {
        let (mut head, key) = match self.kind {
            // There is one writer.
            Kind::Sqlite => self.head(HEAD).await?,
            Kind::Postgres => {
                const LOCKED: &str = "SELECT begins_after, last_id, last_hash, key_id FROM audit_head \
                                      WHERE id = 1 FOR UPDATE";
                self.head(LOCKED).await?
            }
        };
        let key = self.chain.key(key)?;
        let mut batch = Batch::new(&AUDIT);
        for entry in trail {
            head.last += 1;
            let content = content(head.last, caller, now, entry);
            let found_by = FoundBy::of(&content);
            head.hash = chain::hash(&head.hash, &content, &found_by, key.as_ref());
            batch.push([
                content.id.into(),
                content.at.into(),
                content.actor_id.into(),
                content.actor.as_str().into(),
                content.address.as_str().into(),
                content.agent.as_str().into(),
                content.action.as_str().into(),
                content.subject_kind.as_str().into(),
                content.subject_id.as_str().into(),
                content.subject_name.as_str().into(),
                content.before.as_str().into(),
                content.after.as_str().into(),
                head.hash.as_str().into(),
                found_by.subject_number.into(),
                found_by.actor_key.into(),
                found_by.subject_key.into(),
                found_by.value_key.into(),
            ]);
        }
        batch.insert(self, "").await?;
        sqlx::query("UPDATE audit_head SET last_id = $1, last_hash = $2 WHERE id = 1")
            .bind(head.last)
            .bind(&head.hash)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn content(id: i64, caller: &Caller, now: Timestamp, entry: &Entry) -> Content {
    Content {
        id,
        at: now.0,
        actor_id: caller.person().map(|actor| actor.account.0),
        actor: caller.display_name().to_owned(),
        address: caller.origin.address.clone(),
        agent: caller.origin.agent.clone(),
        action: entry.action.as_str().to_owned(),
        subject_kind: entry.subject.kind.to_owned(),
        subject_id: entry.subject.id.clone(),
        subject_name: entry.subject.name.clone(),
        before: entry.before.to_string(),
        after: entry.after.to_string(),
    }
}
