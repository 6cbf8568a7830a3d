//! Links of accounts with directories, and the accounts that have certain emails.

use roster::directory::plan::{Holder, KnownPerson};
use roster::directory::protocol::{Guid, SourceId};
use roster::directory::view::{AccountLink, Follows};
use roster::email::Email;
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::Columns;

/// Read along the links of the source, with each account by its ID.
const PEOPLE: &str = "SELECT links.guid, links.placed_id, links.disabled_by_sync, links.ad_groups, \
                             accounts.id, \
                             accounts.version, accounts.role, accounts.name, accounts.email, \
                             accounts.email_key, accounts.enabled, accounts.group_id \
                      FROM directory_links links \
                           JOIN accounts ON accounts.id = links.account_id \
                      WHERE links.source_id = $1";

const MANAGED: &str = "SELECT links.guid FROM directory_links links \
                           JOIN accounts ON accounts.id = links.account_id \
                       WHERE links.source_id = $1 AND links.guid > $2 \
                         AND accounts.enabled AND accounts.role = 'technician' \
                       ORDER BY links.guid LIMIT $3";

impl Reader {
    /// All people linked with the source.
    pub async fn directory_people(&mut self, source: SourceId) -> Result<Vec<KnownPerson>, Error> {
        let rows = sqlx::query(PEOPLE).bind(source.0).fetch_all(self.connection()).await?;
        rows.iter().map(person).collect()
    }

    /// Accounts not linked with the source that have one of these emails, given by their keys.
    pub async fn directory_holders(
        &mut self,
        source: SourceId,
        keys: &[String],
    ) -> Result<Vec<Holder>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let list = self.kind.list(keys.iter().map(|key| key.as_str().into()));
        let rows = sqlx::query(AssertSqlSafe(holders(self.kind)))
            .bind(source.0)
            .bind(list)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(holder).collect()
    }

    /// The GUIDs of the source's enabled technicians after this one, ascending.
    pub async fn directory_managed(
        &mut self,
        source: SourceId,
        after: Option<Guid>,
        limit: usize,
    ) -> Result<Vec<Guid>, Error> {
        let rows = sqlx::query(MANAGED)
            .bind(source.0)
            .bind(after.map(|guid| guid.to_string()).unwrap_or_default())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| row.word("guid")).collect()
    }

    /// The directory that keeps an account in step; `None`: none does.
    pub async fn account_link(&mut self, id: AccountId) -> Result<Option<AccountLink>, Error> {
        let row = sqlx::query(
            "SELECT links.source_id, links.guid, links.placed_id, links.disabled_by_sync, \
                    sources.domain, accounts.group_id, directory_settings.follow_moved \
             FROM directory_links links \
                  JOIN directory_sources sources ON sources.id = links.source_id \
                  JOIN accounts ON accounts.id = links.account_id \
                  JOIN directory_settings ON directory_settings.id = 1 \
             WHERE links.account_id = $1 AND accounts.role = 'technician'",
        )
        .bind(id.0)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            let moved = row.maybe_number("group_id")? != Some(row.number("placed_id")?);
            let status_alone = moved && !row.flag("follow_moved")?;
            Ok(AccountLink {
                source: SourceId(row.number("source_id")?),
                domain: row.text("domain")?,
                guid: row.word("guid")?,
                follows: if status_alone { Follows::Status } else { Follows::All },
                disabled_by_directory: row.flag("disabled_by_sync")?,
            })
        })
        .transpose()
    }
}

fn holders(kind: Kind) -> String {
    format!(
        "SELECT accounts.id, accounts.version, accounts.role, accounts.name, accounts.email, \
                accounts.email_key, links.source_id, agreed.guid AS agreed \
         FROM accounts \
              LEFT JOIN directory_links links ON links.account_id = accounts.id \
              LEFT JOIN directory_agreements agreed \
                  ON agreed.account_id = accounts.id AND agreed.source_id = $1 \
         WHERE {} AND (links.source_id IS NULL OR links.source_id <> $1)",
        kind.among("accounts.email_key", Type::Text, "$2")
    )
}

fn person(row: &AnyRow) -> Result<KnownPerson, Error> {
    let enabled = row.flag("enabled")?;
    Ok(KnownPerson {
        guid: row.word("guid")?,
        account: AccountId(row.number("id")?),
        version: row.number("version")?,
        role: row.word("role")?,
        name: row.text("name")?,
        email: Email { as_typed: row.text("email")?, key: row.text("email_key")? },
        enabled,
        disabled_by_sync: !enabled && row.flag("disabled_by_sync")?,
        group: row.maybe_number("group_id")?.map(GroupId),
        placed: GroupId(row.number("placed_id")?),
        seen_in: row.maybe_text("ad_groups")?.as_deref().map(guids).transpose()?,
    })
}

/// Parses what [`written`] wrote.
fn guids(text: &str) -> Result<Vec<Guid>, Error> {
    let corrupt = |_| Error::Corrupt(format!("ad_groups is “{text}”"));
    text.split_ascii_whitespace().map(|word| word.parse().map_err(corrupt)).collect()
}

/// Formats groups for one column.
pub(super) fn written(groups: &[Guid]) -> String {
    groups.iter().map(Guid::to_string).collect::<Vec<_>>().join(" ")
}

fn holder(row: &AnyRow) -> Result<Holder, Error> {
    Ok(Holder {
        account: AccountId(row.number("id")?),
        version: row.number("version")?,
        role: row.word("role")?,
        name: row.text("name")?,
        email: Email { as_typed: row.text("email")?, key: row.text("email_key")? },
        elsewhere: row.maybe_number("source_id")?.is_some(),
        agreed: row.maybe_text("agreed")?.map(|_| row.word("agreed")).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{MANAGED, PEOPLE, holders};
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn people_are_found_along_their_links() {
        let never = ["SCAN links", "SCAN accounts", "TEMP B-TREE"];
        check(PEOPLE, "PRIMARY KEY", &never).await;
        check(MANAGED, "PRIMARY KEY", &never).await;
        check(&holders(Kind::Sqlite), "accounts_email_key", &["SCAN accounts", "SCAN links"]).await;
    }
}
