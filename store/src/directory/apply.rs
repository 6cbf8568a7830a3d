//! What a run writes besides accounts: links, who disabled an account, and emails that go from one person to
//! another.

use roster::authority::Grant;
use roster::directory::protocol::{Guid, SourceId};
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;

use super::links::written;
use crate::batch::{Batch, Table, Type};
use crate::connection::Transaction;
use crate::error::Error;
use crate::permit::{About, Permit};

const LINKS: Table = Table {
    name: "directory_links",
    columns: &[
        ("source_id", Type::Number),
        ("guid", Type::Text),
        ("account_id", Type::Number),
        ("placed_id", Type::Number),
        ("disabled_by_sync", Type::Flag),
        ("ad_groups", Type::Text),
    ],
};

const SEEN_IN: Table = Table {
    name: "directory_links",
    columns: &[("source_id", Type::Number), ("guid", Type::Text), ("ad_groups", Type::Text)],
};

/// An account that a directory keeps in step from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    pub guid: Guid,
    pub account: AccountId,
    /// Their Technician Group. If it differs later, they were moved by hand.
    pub placed: GroupId,
    /// The mapped groups in which they were seen.
    pub seen_in: Vec<Guid>,
}

impl Transaction {
    /// Links accounts with the source. A link to a deleted account is replaced.
    pub async fn link_accounts(
        &mut self,
        permit: &Permit,
        source: SourceId,
        links: &[NewLink],
    ) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(source))?;
        let mut batch = Batch::new(&LINKS);
        for link in links {
            batch.push([
                source.0.into(),
                link.guid.to_string().into(),
                link.account.0.into(),
                link.placed.0.into(),
                false.into(),
                written(&link.seen_in).into(),
            ]);
        }
        batch.insert(self, "").await?;
        // The links carry out the agreements.
        let ids: Vec<AccountId> = links.iter().map(|link| link.account).collect();
        self.delete_by_ids("directory_agreements", "account_id", &ids).await
    }

    /// Stores the mapped groups in which people were last seen.
    pub async fn note_directory_groups(
        &mut self,
        permit: &Permit,
        source: SourceId,
        seen: &[(Guid, Vec<Guid>)],
    ) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(source))?;
        let mut batch = Batch::new(&SEEN_IN);
        for (person, groups) in seen {
            batch.push([source.0.into(), person.to_string().into(), written(groups).into()]);
        }
        let same = "directory_links.source_id = new.source_id AND directory_links.guid = new.guid";
        batch.update(self, "ad_groups = new.ad_groups", same, "").await?;
        Ok(())
    }

    /// Notes that a run disabled these accounts, so that a later run may enable them again.
    pub async fn disabled_by_directory(
        &mut self,
        permit: &Permit,
        source: SourceId,
        ids: &[AccountId],
    ) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(source))?;
        self.note_disabled_by(ids, Some(source)).await
    }

    /// Notes that these accounts were enabled or disabled, so that runs no longer enable them. A run that disables
    /// accounts calls [`Self::disabled_by_directory`] afterwards.
    pub(crate) async fn status_changed(&mut self, ids: &[AccountId]) -> Result<(), Error> {
        self.note_disabled_by(ids, None).await
    }

    async fn note_disabled_by(
        &mut self,
        ids: &[AccountId],
        source: Option<SourceId>,
    ) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let among = self.kind.among("account_id", Type::Number, "$2");
        let list = self.kind.list(ids.iter().map(|id| id.0.into()));
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE directory_links SET disabled_by_sync = $1 \
             WHERE {among} AND source_id = COALESCE($3, source_id)"
        )))
        .bind(source.is_some())
        .bind(list)
        .bind(source.map(|source| source.0))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Replaces the emails of technicians who exchange them by placeholders. Each gets their new email later in
    /// this transaction.
    pub async fn let_go_of_emails(
        &mut self,
        permit: &Permit,
        source: SourceId,
        ids: &[AccountId],
    ) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(source))?;
        if ids.is_empty() {
            return Ok(());
        }
        let among = self.kind.among("id", Type::Number, "$1");
        let list = self.kind.list(ids.iter().map(|id| id.0.into()));
        // Without an @, a placeholder can't equal an email's key.
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE accounts SET email_key = 'on its way: ' || id \
             WHERE {among} AND role = 'technician'"
        )))
        .bind(list)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
