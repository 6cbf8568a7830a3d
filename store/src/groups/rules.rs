//! What groups say of permissions.

use std::collections::HashMap;

use roster::authority::Permit;
use roster::id::GroupId;
use roster::permission::{Permission, Rule, Rules};
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
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
}

impl Transaction {
    /// What one group says of one permission from now on.
    pub async fn set_group_rule(
        &mut self,
        _permit: &Permit,
        group: GroupId,
        permission: Permission,
        rule: Rule,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO group_rules (group_id, permission, setting, locked) \
             VALUES ($1, $2, $3, $4) \
             ON CONFLICT (group_id, permission) \
             DO UPDATE SET setting = excluded.setting, locked = excluded.locked",
        )
        .bind(group.0)
        .bind(permission.id())
        .bind(rule.setting)
        .bind(rule.locked)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
