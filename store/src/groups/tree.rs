//! Levels of the tree with their counts: one statement for a level, however large the tree is.

use roster::group::GroupNode;
use roster::id::GroupId;
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::GroupFacts;
use crate::batch::Type;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, from_the_end, limit, offset};

/// Groups with their counts, by name; `condition` says which.
fn with_counts(condition: &str) -> String {
    format!("SELECT {NODE} FROM technician_groups WHERE {condition}")
}

const NODE: &str = "id, name, version, technicians, technicians_below, child_groups";

/// The page first, along the index; `order`: the one in which the groups before it are passed over.
/// Each line has the `total`: the tree's beginning is one question.
fn children(order: &str) -> String {
    format!(
        "SELECT {NODE}, (SELECT child_groups FROM technician_groups WHERE id = $1) AS total \
         FROM technician_groups \
         WHERE id IN (SELECT id FROM technician_groups WHERE parent_id = $1 \
                      ORDER BY {order} LIMIT $2 OFFSET $3) \
         ORDER BY {FORWARD}"
    )
}

const FORWARD: &str = "sort_key, id";
const BACKWARD: &str = "sort_key DESC, id DESC";

impl Reader {
    /// The groups directly below another, by name.
    pub async fn groups_below(
        &mut self,
        parent: GroupId,
        window: Window,
    ) -> Result<Page<GroupNode>, Error> {
        if window.offset == 0 {
            let rows = self.level(parent, FORWARD, window).await?;
            let total = rows.first().map_or(Ok(0), |row| row.count("total"))?;
            return page(&rows, total, window);
        }
        let above = sqlx::query("SELECT child_groups FROM technician_groups WHERE id = $1")
            .bind(parent.0)
            .fetch_optional(self.connection())
            .await?;
        let total = above.map_or(Ok(0), |row| row.count("child_groups"))?;
        let (order, near) = match from_the_end(window, total) {
            None => (FORWARD, window),
            Some(near) => (BACKWARD, near),
        };
        page(&self.level(parent, order, near).await?, total, window)
    }

    async fn level(
        &mut self,
        parent: GroupId,
        order: &str,
        window: Window,
    ) -> Result<Vec<AnyRow>, Error> {
        Ok(sqlx::query(AssertSqlSafe(children(order)))
            .bind(parent.0)
            .bind(limit(window))
            .bind(offset(window))
            .fetch_all(self.connection())
            .await?)
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
        let wanted = self.kind.among("id", Type::Number, "$1");
        let sql = with_counts(&format!("{wanted} ORDER BY {FORWARD}"));
        Ok(sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(ids.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?)
    }
}

fn page(rows: &[AnyRow], total: u64, window: Window) -> Result<Page<GroupNode>, Error> {
    let items = rows.iter().map(node).collect::<Result<_, _>>()?;
    Ok(Page { items, total, offset: window.offset })
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

#[cfg(test)]
mod tests {
    use super::{BACKWARD, FORWARD, children};
    use crate::plan::check;

    #[tokio::test]
    async fn a_level_is_read_along_the_index() {
        for order in [FORWARD, BACKWARD] {
            let no_scan = ["SCAN technician_groups", "accounts"];
            check(&children(order), "INDEX technician_groups_level", &no_scan).await;
        }
    }
}
