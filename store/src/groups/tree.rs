//! Levels of the tree with their counts: one statement for a level, however many groups it has.

use roster::group::GroupNode;
use roster::id::GroupId;
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::GroupFacts;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, limit, number_list, offset};

/// The groups that `tops` (a statement in parentheses) names, with their counts, by name.
fn with_counts(tops: &str) -> String {
    format!(
        "WITH RECURSIVE below (top, id) AS ( \
             SELECT id, id FROM technician_groups WHERE id IN {tops} \
             UNION ALL \
             SELECT below.top, child.id \
             FROM below JOIN technician_groups child ON child.parent_id = below.id), \
         counted (top, technicians) AS ( \
             SELECT below.top, COUNT(*) \
             FROM below JOIN accounts ON accounts.group_id = below.id GROUP BY below.top) \
         SELECT top.id, top.name, top.version, \
                (SELECT COUNT(*) FROM technician_groups child WHERE child.parent_id = top.id) \
                    AS child_groups, \
                (SELECT COUNT(*) FROM accounts WHERE accounts.group_id = top.id) AS technicians, \
                COALESCE(counted.technicians, 0) AS technicians_below \
         FROM technician_groups top LEFT JOIN counted ON counted.top = top.id \
         WHERE top.id IN (SELECT id FROM below WHERE below.id = below.top) \
         ORDER BY top.name_key, top.id"
    )
}

impl Reader {
    /// The groups directly below another, by name.
    pub async fn groups_below(
        &mut self,
        parent: GroupId,
        window: Window,
    ) -> Result<Page<GroupNode>, Error> {
        let sql = with_counts(
            "(SELECT id FROM technician_groups WHERE parent_id = $1 \
             ORDER BY name_key LIMIT $2 OFFSET $3)",
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(parent.0)
            .bind(limit(window))
            .bind(offset(window))
            .fetch_all(self.connection())
            .await?;
        let total =
            sqlx::query("SELECT COUNT(*) AS total FROM technician_groups WHERE parent_id = $1")
                .bind(parent.0)
                .fetch_one(self.connection())
                .await?;
        Ok(Page {
            items: rows.iter().map(node).collect::<Result<_, _>>()?,
            total: total.count("total")?,
            offset: window.offset,
        })
    }

    /// These groups, by name: the tops of somebody's tree. Those that aren't there are left out.
    pub async fn group_nodes(&mut self, ids: &[GroupId]) -> Result<Vec<GroupNode>, Error> {
        let rows = self.counted_groups(ids).await?;
        rows.iter().map(node).collect()
    }

    /// What a group's page says.
    pub async fn group_page(&mut self, id: GroupId) -> Result<Option<GroupFacts>, Error> {
        let rows = self.counted_groups(&[id]).await?;
        rows.first()
            .map(|row| {
                Ok(GroupFacts {
                    name: row.text("name")?,
                    version: row.number("version")?,
                    technicians: row.count("technicians")?,
                    technicians_below: row.count("technicians_below")?,
                    groups: row.count("child_groups")?,
                })
            })
            .transpose()
    }

    async fn counted_groups(&mut self, ids: &[GroupId]) -> Result<Vec<AnyRow>, Error> {
        let sql = with_counts(&self.kind.numbers("$1"));
        Ok(sqlx::query(AssertSqlSafe(sql))
            .bind(number_list(ids.iter().map(|id| id.0)))
            .fetch_all(self.connection())
            .await?)
    }
}

fn node(row: &AnyRow) -> Result<GroupNode, Error> {
    Ok(GroupNode {
        id: GroupId(row.number("id")?),
        name: row.text("name")?,
        groups: row.count("child_groups")?,
        technicians: row.count("technicians")?,
        technicians_below: row.count("technicians_below")?,
    })
}
