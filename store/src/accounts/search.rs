//! People found as somebody types.

use roster::account::TechnicianHit;
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::{Columns, behind, folded, unaccented};

/// How somebody matches, the best first.
#[derive(Clone, Copy)]
enum Match {
    /// The ID, the email or the single sign-on ID is the text.
    Exact,
    NameBegins,
    EmailBegins,
    /// It is somewhere in what is searched.
    Anywhere,
}

impl Match {
    const ALL: [Self; 4] = [Self::Exact, Self::NameBegins, Self::EmailBegins, Self::Anywhere];

    /// The text as it is held against the column.
    fn key(self, text: &str) -> String {
        match self {
            Self::Exact | Self::EmailBegins => folded(text),
            Self::NameBegins | Self::Anywhere => unaccented(text),
        }
    }

    /// Each goes along an index and stops when it has found enough. `$1` is the text's key, `$2`
    /// what is behind all that begin with it, `$4` and `$5` are the text as an ID of either kind.
    fn condition(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Exact, _) => "(id = $4 OR email_key = $1 OR sso_id = $5) ORDER BY id",
            (Self::NameBegins, _) => "search >= $1 AND search < $2 ORDER BY search, id",
            (Self::EmailBegins, _) => "email_key >= $1 AND email_key < $2 ORDER BY email_key",
            (Self::Anywhere, Kind::Sqlite) => "instr(search, $1) > 0 ORDER BY search, id",
            (Self::Anywhere, Kind::Postgres) => "strpos(search, $1) > 0 ORDER BY search, id",
        }
    }

    fn statement(self, kind: Kind, limited: bool) -> String {
        let condition = self.condition(kind);
        if !limited {
            return format!("SELECT id FROM accounts WHERE {condition} LIMIT $3");
        }
        // The second half of the condition keeps the databases from beginning with the groups and
        // reading all who are in them.
        let area = kind.among("id", Type::Number, "$6");
        format!(
            "WITH RECURSIVE area (id) AS ( \
                 SELECT id FROM technician_groups WHERE {area} \
                 UNION \
                 SELECT child.id FROM area JOIN technician_groups child ON child.parent_id = area.id) \
             SELECT id FROM accounts \
             WHERE (group_id IN (SELECT id FROM area) OR 1 = 0) AND {condition} LIMIT $3"
        )
    }
}

impl Reader {
    /// People whose name, nickname, email or single sign-on ID has this text in it, in any case
    /// and with any accents, or whose ID it is; the best first. `within`: only in these groups and
    /// below them; `None`: everybody.
    pub async fn search_technicians(
        &mut self,
        text: &str,
        within: Option<&[GroupId]>,
        limit: u32,
    ) -> Result<Vec<TechnicianHit>, Error> {
        let text = text.trim();
        let mut found: Vec<AccountId> = Vec::new();
        let areas = within.map(|groups| self.kind.list(groups.iter().map(|group| group.0.into())));
        for how in Match::ALL {
            let key = how.key(text);
            if key.is_empty() || found.len() >= limit as usize {
                break;
            }
            let sql = how.statement(self.kind, areas.is_some());
            let query = sqlx::query(AssertSqlSafe(sql))
                .bind(&key)
                .bind(behind(&key))
                .bind(i64::from(limit))
                // No account has the ID 0.
                .bind(text.parse().unwrap_or(0_i64))
                .bind(text);
            let query = match &areas {
                None => query,
                Some(groups) => query.bind(groups),
            };
            for row in query.fetch_all(self.connection()).await? {
                let id = AccountId(row.number("id")?);
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found.truncate(limit as usize);
        self.hits(&found).await
    }

    /// These people with their places, in this order.
    async fn hits(&mut self, ids: &[AccountId]) -> Result<Vec<TechnicianHit>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id, group_id, name, nickname, email, sso_id, enabled FROM accounts WHERE {}",
            self.kind.among("id", Type::Number, "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(ids.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?;
        let mut hits = rows.iter().map(hit).collect::<Result<Vec<_>, _>>()?;
        let groups: Vec<GroupId> = hits.iter().filter_map(|(group, _)| *group).collect();
        let paths = self.group_paths(&groups).await?;
        hits.sort_by_key(|(_, hit)| ids.iter().position(|id| *id == hit.id));
        Ok(hits
            .into_iter()
            .map(|(group, hit)| TechnicianHit {
                path: group.and_then(|group| paths.get(&group).cloned()),
                ..hit
            })
            .collect())
    }
}

fn hit(row: &AnyRow) -> Result<(Option<GroupId>, TechnicianHit), Error> {
    let hit = TechnicianHit {
        id: AccountId(row.number("id")?),
        name: row.text("name")?,
        nickname: row.text("nickname")?,
        email: row.text("email")?,
        sso_id: row.maybe_text("sso_id")?,
        enabled: row.flag("enabled")?,
        path: None,
    };
    Ok((row.maybe_number("group_id")?.map(GroupId), hit))
}

#[cfg(test)]
mod tests {
    use super::Match;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn searches_go_along_their_indexes() {
        for limited in [false, true] {
            for (how, index) in [
                (Match::Exact, "accounts_email_key"),
                (Match::NameBegins, "COVERING INDEX accounts_search"),
                (Match::EmailBegins, "accounts_email_key"),
                (Match::Anywhere, "COVERING INDEX accounts_search"),
            ] {
                check(&how.statement(Kind::Sqlite, limited), index, &["accounts_group"]).await;
            }
        }
    }
}
