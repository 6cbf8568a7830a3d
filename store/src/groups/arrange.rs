//! Groups moved, copied and deleted.

use std::collections::HashMap;

use roster::authority::Grant;
use roster::group::{Content, MAX_COPIED, MAX_DEPTH, makes_cycle};
use roster::id::{GroupId, Timestamp};
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::GroupConflict;
use super::change::conflict_of;
use super::count::{Counts, More};
use crate::batch::{Batch, Table, Type};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, unaccented};

const GROUPS: Table = Table {
    name: "technician_groups",
    columns: &[
        ("parent_id", Type::Number),
        ("name", Type::Text),
        ("name_key", Type::Text),
        ("sort_key", Type::Text),
        ("created_at", Type::Number),
    ],
};

/// What a copy takes over beside the names: tables with a `group_id`, and their other columns.
const COPIED: [(&str, &str); 1] = [("group_rules", "permission, setting, locked")];

/// A group of a tree that is copied.
struct Original {
    id: GroupId,
    parent: GroupId,
    name: String,
    key: String,
    height: i64,
}

impl Reader {
    /// A group and all below it with their heights above it, level by level; `limit` at most.
    async fn originals(&mut self, top: GroupId, limit: usize) -> Result<Vec<Original>, Error> {
        let rows = sqlx::query(
            "WITH RECURSIVE below (id, parent_id, name, name_key, height) AS ( \
                 SELECT id, parent_id, name, name_key, CAST(0 AS BIGINT) FROM technician_groups \
                 WHERE id = $1 \
                 UNION ALL \
                 SELECT child.id, child.parent_id, child.name, child.name_key, below.height + 1 \
                 FROM below JOIN technician_groups child ON child.parent_id = below.id \
                 WHERE below.height < 1000) \
             SELECT id, parent_id, name, name_key, height FROM below ORDER BY height, id LIMIT $2",
        )
        .bind(top.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Original {
                    id: GroupId(row.number("id")?),
                    parent: GroupId(row.number("parent_id")?),
                    name: row.text("name")?,
                    key: row.text("name_key")?,
                    height: row.number("height")?,
                })
            })
            .collect()
    }

    /// How many levels of groups there are below one.
    async fn levels_below(&mut self, top: GroupId) -> Result<u64, Error> {
        let row = sqlx::query(
            "WITH RECURSIVE below (id, height) AS ( \
                 SELECT id, CAST(0 AS BIGINT) FROM technician_groups WHERE id = $1 \
                 UNION ALL \
                 SELECT child.id, below.height + 1 \
                 FROM below JOIN technician_groups child ON child.parent_id = below.id \
                 WHERE below.height < 1000) \
             SELECT COALESCE(MAX(height), 0) AS levels FROM below",
        )
        .bind(top.0)
        .fetch_one(self.connection())
        .await?;
        row.count("levels")
    }
}

impl Transaction {
    /// Puts a group with all below it below another. Whatever the order of such moves, the tree
    /// stays a tree.
    pub async fn move_group(
        &mut self,
        permit: &Permit,
        to_permit: &Permit,
        id: GroupId,
        to: GroupId,
    ) -> Result<Result<(), GroupConflict>, Error> {
        self.opens(permit, &[Grant::ArrangeGroup], &About::Group(id))?;
        self.opens(to_permit, &[Grant::CreateGroup], &About::Group(to))?;
        self.lock_tree().await?;
        let lineages = self.group_lineages(&[id, to]).await?;
        let Some(from) = lineages.get(&id) else { return Ok(Err(GroupConflict::Gone)) };
        let Some(to_lineage) = lineages.get(&to) else { return Ok(Err(GroupConflict::ParentGone)) };
        if makes_cycle(id, to_lineage) {
            return Ok(Err(GroupConflict::Cycle));
        }
        if to_lineage.len() as u64 + self.levels_below(id).await? > MAX_DEPTH as u64 {
            return Ok(Err(GroupConflict::TooDeep));
        }
        self.attempt().await?;
        let moved = sqlx::query(
            "UPDATE technician_groups SET parent_id = $2, version = version + 1 WHERE id = $1 \
             RETURNING technicians_below",
        )
        .bind(id.0)
        .bind(to.0)
        .fetch_one(self.connection())
        .await;
        let technicians = match moved {
            Ok(row) => row.number("technicians_below")?,
            Err(cause) => {
                self.take_back_after(&cause).await?;
                return conflict_of(cause).map(Err);
            }
        };
        self.keep().await?;
        let mut counts = Counts::new();
        let left = &from[..from.len().saturating_sub(1)];
        for above in left {
            counts.entry(*above).or_default().technicians_below -= technicians;
        }
        for above in to_lineage {
            counts.entry(*above).or_default().technicians_below += technicians;
        }
        if let Some(parent) = left.last() {
            counts.entry(*parent).or_default().child_groups -= 1;
        }
        counts.entry(to).or_default().child_groups += 1;
        self.add_to_counts(&counts).await?;
        Ok(Ok(()))
    }

    /// Deletes a group in which there is nobody and no group.
    pub async fn delete_group(
        &mut self,
        permit: &Permit,
        id: GroupId,
    ) -> Result<Result<(), GroupConflict>, Error> {
        self.opens(permit, &[Grant::ArrangeGroup], &About::Group(id))?;
        self.lock_tree().await?;
        let Some(facts) = self.group_page(id).await? else { return Ok(Err(GroupConflict::Gone)) };
        let content = Content { groups: facts.groups, technicians: facts.technicians_below };
        if content != Content::default() {
            return Ok(Err(GroupConflict::NotEmpty(content)));
        }
        let deleted =
            sqlx::query("DELETE FROM technician_groups WHERE id = $1 RETURNING parent_id")
                .bind(id.0)
                .fetch_one(self.connection())
                .await?;
        if let Some(parent) = deleted.maybe_number("parent_id")? {
            let one_less = More { child_groups: -1, ..More::default() };
            self.add_to_counts(&Counts::from([(GroupId(parent), one_less)])).await?;
        }
        Ok(Ok(()))
    }

    /// Makes a group of this name (`key`: by `roster::group::name_key`) beside another, with the
    /// same groups below it, the same rules and two-step duties, and nobody in it. How many groups
    /// it made is with it.
    pub async fn copy_group(
        &mut self,
        permit: &Permit,
        id: GroupId,
        (name, key): (&str, &str),
        now: Timestamp,
    ) -> Result<Result<(GroupId, usize), GroupConflict>, Error> {
        self.opens(permit, &[Grant::ArrangeGroup], &About::Group(id))?;
        self.lock_tree().await?;
        let originals = self.originals(id, MAX_COPIED + 1).await?;
        let Some(top) = originals.first() else { return Ok(Err(GroupConflict::Gone)) };
        if originals.len() > MAX_COPIED {
            return Ok(Err(GroupConflict::TooMany));
        }
        let copy = match self.insert_group(top.parent, name, key, now).await? {
            Ok(copy) => copy,
            Err(conflict) => return Ok(Err(conflict)),
        };
        let mut copies = HashMap::from([(id, copy)]);
        for level in originals[1..].chunk_by(|a, b| a.height == b.height) {
            self.copy_level(level, &mut copies, now).await?;
        }
        self.copy_contents(&copies).await?;
        Ok(Ok((copy, copies.len())))
    }

    async fn copy_level(
        &mut self,
        level: &[Original],
        copies: &mut HashMap<GroupId, GroupId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut batch = Batch::new(&GROUPS);
        let mut counts = Counts::new();
        let mut places = HashMap::with_capacity(level.len());
        for original in level {
            let parent = copies.get(&original.parent).copied().unwrap_or(GroupId::ROOT);
            places.insert((parent.0, original.key.as_str()), original.id);
            counts.entry(parent).or_default().child_groups += 1;
            batch.push([
                parent.0.into(),
                original.name.as_str().into(),
                original.key.as_str().into(),
                unaccented(&original.name).into(),
                now.0.into(),
            ]);
        }
        for row in batch.returning(self, "RETURNING id, parent_id, name_key").await? {
            let place = (row.number("parent_id")?, row.text("name_key")?);
            if let Some(original) = places.get(&(place.0, place.1.as_str())) {
                copies.insert(*original, GroupId(row.number("id")?));
            }
        }
        self.add_to_counts(&counts).await
    }

    async fn copy_contents(&mut self, copies: &HashMap<GroupId, GroupId>) -> Result<(), Error> {
        let pairs: Vec<_> = copies.iter().map(|(id, copy)| json!([id.0, copy.0])).collect();
        let pairs = json!(pairs).to_string();
        let list = match self.kind {
            Kind::Sqlite => "SELECT value ->> 0 AS id, value ->> 1 AS copy FROM json_each($1)",
            Kind::Postgres => {
                "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS copy \
                 FROM json_array_elements($1::json) list (value)"
            }
        };
        for (table, columns) in COPIED {
            let sql = format!(
                "INSERT INTO {table} (group_id, {columns}) SELECT copies.copy, {columns} \
                 FROM ({list}) copies JOIN {table} original ON original.group_id = copies.id"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(&pairs).execute(self.connection()).await?;
        }
        // Who had it ask stays with it: what a Master Administrator requires is theirs in the copy, too.
        let sql = format!(
            "UPDATE technician_groups SET two_step = original.two_step, \
                 two_step_by_master = original.two_step_by_master \
             FROM ({list}) copies JOIN technician_groups original ON original.id = copies.id \
             WHERE technician_groups.id = copies.copy"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(&pairs).execute(self.connection()).await?;
        Ok(())
    }
}
