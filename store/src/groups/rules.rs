//! What groups say of permissions.

use std::collections::HashMap;

use roster::authority::Grant;
use roster::group::GroupPath;
use roster::id::GroupId;
use roster::permission::{Permission, Region, Rule, Rules};
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

impl Reader {
    /// What each group of a lineage says, in its order: what effective permissions follow from.
    pub async fn group_rules(
        &mut self,
        lineage: &[GroupId],
    ) -> Result<Vec<(GroupId, Rules)>, Error> {
        let sql = format!(
            "SELECT group_id, permission, setting, locked FROM group_rules WHERE {}",
            self.kind.among("group_id", Type::Number, "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(lineage.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?;
        let mut rules: HashMap<GroupId, Rules> = HashMap::new();
        for row in &rows {
            let rule = Rule { setting: row.maybe_flag("setting")?, locked: row.flag("locked")? };
            let of_group = rules.entry(GroupId(row.number("group_id")?)).or_default();
            of_group.insert(row.word::<Permission>("permission")?, rule);
        }
        Ok(lineage.iter().map(|id| (*id, rules.remove(id).unwrap_or_default())).collect())
    }

    /// The parts of a group's tree in which the same holds of these permissions: it, and each
    /// group below that says something of one. One statement walks the tree, another brings what
    /// they say.
    pub async fn permission_regions(
        &mut self,
        group: GroupId,
        permissions: &[Permission],
    ) -> Result<Vec<Region>, Error> {
        let sql = regions(self.kind);
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(group.0)
            .bind(self.kind.list(permissions.iter().map(|permission| permission.id().into())))
            .fetch_all(self.connection())
            .await?;
        let ids = rows.iter().map(|row| Ok(GroupId(row.number("region")?)));
        let ids = ids.collect::<Result<Vec<_>, Error>>()?;
        let rules = self.group_rules(&ids).await?;
        rows.iter()
            .zip(rules)
            .map(|(row, (group, rules))| {
                Ok(Region {
                    group,
                    within: row.maybe_number("around")?.map(GroupId),
                    technicians: row.count("technicians")?,
                    groups: row.count("inhabited")?,
                    rules,
                })
            })
            .collect()
    }
}

/// Outer ones first.
fn regions(kind: Kind) -> String {
    format!(
        "WITH RECURSIVE below (id, region, around, technicians, depth) AS ( \
             SELECT id, id, CAST(NULL AS BIGINT), technicians, CAST(0 AS BIGINT) \
             FROM technician_groups WHERE id = $1 \
             UNION ALL \
             SELECT child.id, \
                    CASE WHEN EXISTS (SELECT 1 FROM group_rules \
                                      WHERE group_id = child.id AND {}) \
                         THEN child.id ELSE below.region END, \
                    below.region, child.technicians, below.depth + 1 \
             FROM below JOIN technician_groups child ON child.parent_id = below.id) \
         SELECT region, MAX(CASE WHEN id = region THEN around END) AS around, \
                CAST(SUM(technicians) AS BIGINT) AS technicians, \
                COUNT(CASE WHEN technicians > 0 THEN 1 END) AS inhabited \
         FROM below GROUP BY region ORDER BY MIN(depth), region",
        kind.among("permission", Type::Text, "$2")
    )
}

impl Transaction {
    /// The way to a group and what each group on it says; nobody changes either until this
    /// transaction ends. `None`: there is no such group.
    pub async fn hold_group_rules(
        &mut self,
        group: GroupId,
    ) -> Result<Option<(GroupPath, Vec<(GroupId, Rules)>)>, Error> {
        self.lock_tree().await?;
        let Some(path) = self.group_path(group).await? else { return Ok(None) };
        let rules = self.group_rules(&path.lineage()).await?;
        Ok(Some((path, rules)))
    }

    /// What one group says of these permissions from now on; of the others what it said before.
    pub async fn set_group_rules(
        &mut self,
        permit: &Permit,
        group: GroupId,
        rules: &Rules,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::ChangePermissions], &About::Group(group))?;
        self.lock_tree().await?;
        let among = self.kind.among("permission", Type::Text, "$2");
        let list = self.kind.list(rules.keys().map(|permission| permission.id().into()));
        sqlx::query(AssertSqlSafe(format!(
            "DELETE FROM group_rules WHERE group_id = $1 AND {among}"
        )))
        .bind(group.0)
        .bind(list)
        .execute(self.connection())
        .await?;
        // Who says nothing has no row.
        for (permission, rule) in rules.iter().filter(|(_, rule)| **rule != Rule::default()) {
            sqlx::query(
                "INSERT INTO group_rules (group_id, permission, setting, locked) \
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(group.0)
            .bind(permission.id())
            .bind(rule.setting)
            .bind(rule.locked)
            .execute(self.connection())
            .await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::regions;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn the_tree_is_walked_along_the_index() {
        let no_scan = ["SCAN technician_groups", "SCAN child", "SCAN group_rules"];
        check(&regions(Kind::Sqlite), "technician_groups_level", &no_scan).await;
    }
}
