//! How many technicians are in each group and below it, and how many groups are directly below: kept
//! with every change of the tree and of who is where, so that a level of any size is shown at once.

use std::collections::BTreeMap;

use roster::id::GroupId;
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::connection::{Kind, Transaction};
use crate::error::Error;

/// So many more, in one group.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct More {
    pub technicians: i64,
    /// With all below it.
    pub technicians_below: i64,
    pub child_groups: i64,
}

pub(super) type Counts = BTreeMap<GroupId, More>;

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
        let mut counts = Counts::new();
        for (group, more) in more {
            counts.entry(*group).or_default().technicians += more;
            for above in lineages.get(group).into_iter().flatten() {
                counts.entry(*above).or_default().technicians_below += more;
            }
        }
        self.add_to_counts(&counts).await
    }

    /// So many more in each of these groups; the tree is locked.
    pub(super) async fn add_to_counts(&mut self, counts: &Counts) -> Result<(), Error> {
        let changes: Vec<_> = counts
            .iter()
            .filter(|(_, more)| **more != More::default())
            .map(|(group, more)| {
                json!([group.0, more.technicians, more.technicians_below, more.child_groups])
            })
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        let list = match self.kind {
            Kind::Sqlite => {
                "SELECT value ->> 0 AS id, value ->> 1 AS own, value ->> 2 AS below, \
                        value ->> 3 AS groups \
                 FROM json_each($1)"
            }
            Kind::Postgres => {
                "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS own, \
                        (value ->> 2)::bigint AS below, (value ->> 3)::bigint AS groups \
                 FROM json_array_elements($1::json) list (value)"
            }
        };
        let sql = format!(
            "UPDATE technician_groups \
             SET technicians = technicians + change.own, \
                 technicians_below = technicians_below + change.below, \
                 child_groups = child_groups + change.groups \
             FROM ({list}) change WHERE technician_groups.id = change.id"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(json!(changes).to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
