//! Groups found as somebody types.

use roster::group::GroupPath;
use roster::id::GroupId;
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, beginning_with, containing, folded};

impl Reader {
    /// Groups whose name has this text in it, in any case, or whose ID it is; the best first: the
    /// ID, the name itself, names that begin with it, others. `within`: only in these groups and
    /// below them; `None`: everywhere.
    pub async fn search_groups(
        &mut self,
        text: &str,
        within: Option<&[GroupId]>,
        limit: u32,
    ) -> Result<Vec<GroupPath>, Error> {
        let kind = self.kind;
        let (area, groups) = match within {
            None => (String::new(), "technician_groups"),
            // With the names, so that each group is looked at once.
            Some(_) => (
                format!(
                    "WITH RECURSIVE area (id, name_key) AS ( \
                         SELECT id, name_key FROM technician_groups WHERE {} \
                         UNION \
                         SELECT child.id, child.name_key \
                         FROM area JOIN technician_groups child ON child.parent_id = area.id) ",
                    kind.among("id", Type::Number, "$6")
                ),
                "area",
            ),
        };
        let sql = format!(
            r"{area} SELECT id FROM {groups}
              WHERE id = $1 OR name_key LIKE $2 ESCAPE '\'
              ORDER BY CASE WHEN id = $1 THEN 0 WHEN name_key = $3 THEN 1
                            WHEN name_key LIKE $4 ESCAPE '\' THEN 2 ELSE 3 END,
                       name_key, id
              LIMIT $5"
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            // No group has the ID 0.
            .bind(text.trim().parse().unwrap_or(0_i64))
            .bind(containing(text))
            .bind(folded(text))
            .bind(beginning_with(text))
            .bind(i64::from(limit));
        let query = match within {
            None => query,
            Some(groups) => query.bind(kind.list(groups.iter().map(|group| group.0.into()))),
        };
        let rows = query.fetch_all(self.connection()).await?;
        let found = rows
            .iter()
            .map(|row| Ok(GroupId(row.number("id")?)))
            .collect::<Result<Vec<_>, Error>>()?;
        let mut paths = self.group_paths(&found).await?;
        Ok(found.iter().filter_map(|id| paths.remove(id)).collect())
    }
}
