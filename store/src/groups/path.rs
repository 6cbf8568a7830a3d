//! The way from the root to a group.

use std::collections::HashMap;

use roster::group::{GroupPath, PathStep};
use roster::id::GroupId;
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::Columns;

impl Reader {
    /// From the root to the group; `None`: there is no such group.
    pub async fn group_path(&mut self, id: GroupId) -> Result<Option<GroupPath>, Error> {
        Ok(self.group_paths(&[id]).await?.remove(&id))
    }

    /// The same for many, in one statement; those that aren't there are missing.
    pub async fn group_paths(
        &mut self,
        ids: &[GroupId],
    ) -> Result<HashMap<GroupId, GroupPath>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        // The tree has no cycle; the limit is for a database that somebody repaired by hand.
        let sql = format!(
            "WITH RECURSIVE up (wanted, id, name, parent_id, height) AS ( \
                 SELECT id, id, name, parent_id, CAST(0 AS BIGINT) FROM technician_groups \
                 WHERE {} \
                 UNION ALL \
                 SELECT up.wanted, above.id, above.name, above.parent_id, up.height + 1 \
                 FROM up JOIN technician_groups above ON above.id = up.parent_id \
                 WHERE up.height < 1000) \
             SELECT wanted, id, name FROM up ORDER BY wanted, height DESC",
            self.kind.among("id", Type::Number, "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(ids.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?;
        let mut paths: HashMap<GroupId, GroupPath> = HashMap::new();
        for row in &rows {
            let step = PathStep { id: GroupId(row.number("id")?), name: row.text("name")? };
            let wanted = GroupId(row.number("wanted")?);
            paths.entry(wanted).or_insert_with(|| GroupPath(Vec::new())).0.push(step);
        }
        Ok(paths)
    }

    /// The ids on the way from the root to each of these groups; those that aren't there are
    /// missing.
    pub async fn group_lineages(
        &mut self,
        ids: &[GroupId],
    ) -> Result<HashMap<GroupId, Vec<GroupId>>, Error> {
        let paths = self.group_paths(ids).await?;
        Ok(paths.into_iter().map(|(id, path)| (id, path.lineage())).collect())
    }

    /// The group of this name (its key) directly below another.
    pub async fn child_named(
        &mut self,
        parent: GroupId,
        key: &str,
    ) -> Result<Option<GroupId>, Error> {
        let row =
            sqlx::query("SELECT id FROM technician_groups WHERE parent_id = $1 AND name_key = $2")
                .bind(parent.0)
                .bind(key)
                .fetch_optional(self.connection())
                .await?;
        row.map(|row| Ok(GroupId(row.number("id")?))).transpose()
    }
}
