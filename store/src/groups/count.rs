//! How many technicians are in each group and below it: kept with every change of who is where.

use std::collections::BTreeMap;

use roster::id::GroupId;
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::connection::{Kind, Transaction};
use crate::error::Error;

impl Transaction {
    /// Whoever changes the tree, or who is where in it, does this first. From here on the tree
    /// stays as it is until this transaction ends, and so do its counts.
    pub async fn lock_tree(&mut self) -> Result<(), Error> {
        match self.kind {
            // There is one writer.
            Kind::Sqlite => {}
            Kind::Postgres => {
                sqlx::query("SELECT id FROM technician_groups WHERE id = 1 FOR NO KEY UPDATE")
                    .execute(self.connection())
                    .await?;
            }
        }
        Ok(())
    }

    /// So many technicians more in each of these groups; the tree is locked.
    pub(crate) async fn count_technicians(
        &mut self,
        more: &BTreeMap<GroupId, i64>,
    ) -> Result<(), Error> {
        let groups: Vec<GroupId> = more.keys().copied().collect();
        let lineages = self.group_lineages(&groups).await?;
        let mut below: BTreeMap<GroupId, i64> = BTreeMap::new();
        for (group, more) in more {
            for above in lineages.get(group).into_iter().flatten() {
                *below.entry(*above).or_default() += more;
            }
        }
        self.add_to_counts(more, &below).await
    }

    /// So many more in each group itself, and in each with all below it.
    pub(super) async fn add_to_counts(
        &mut self,
        own: &BTreeMap<GroupId, i64>,
        below: &BTreeMap<GroupId, i64>,
    ) -> Result<(), Error> {
        if below.is_empty() {
            return Ok(());
        }
        let changes: Vec<_> = below
            .iter()
            .map(|(group, below)| json!([group.0, own.get(group).unwrap_or(&0), below]))
            .collect();
        let list = match self.kind {
            Kind::Sqlite => {
                "SELECT value ->> 0 AS id, value ->> 1 AS own, value ->> 2 AS below \
                 FROM json_each($1)"
            }
            Kind::Postgres => {
                "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS own, \
                        (value ->> 2)::bigint AS below \
                 FROM json_array_elements($1::json) list (value)"
            }
        };
        let sql = format!(
            "UPDATE technician_groups \
             SET technicians = technicians + change.own, \
                 technicians_below = technicians_below + change.below \
             FROM ({list}) change WHERE technician_groups.id = change.id"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(json!(changes).to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
