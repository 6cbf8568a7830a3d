//! Changes of the tree.

use roster::authority::Grant;
use roster::id::{GroupId, Timestamp};

use super::GroupConflict;
use super::count::{Counts, More};
use crate::connection::Transaction;
use crate::error::{Error, Violation, violation};
use crate::permit::{About, Permit};
use crate::sql::{Columns, unaccented};

impl Transaction {
    /// Creates a group; `key` is the name's, by `roster::group::name_key`.
    pub async fn create_group(
        &mut self,
        permit: &Permit,
        parent: GroupId,
        name: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Result<GroupId, GroupConflict>, Error> {
        self.opens(permit, &[Grant::CreateGroup], &About::Group(parent))?;
        self.insert_group(parent, name, key, now).await
    }

    pub(super) async fn insert_group(
        &mut self,
        parent: GroupId,
        name: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Result<GroupId, GroupConflict>, Error> {
        self.lock_tree().await?;
        self.attempt().await?;
        let created = sqlx::query(
            "INSERT INTO technician_groups (parent_id, name, name_key, created_at, sort_key) \
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(parent.0)
        .bind(name)
        .bind(key)
        .bind(now.0)
        .bind(unaccented(name))
        .fetch_one(self.connection())
        .await;
        match created {
            Ok(row) => {
                self.keep().await?;
                let one = More { child_groups: 1, ..More::default() };
                self.add_to_counts(&Counts::from([(parent, one)])).await?;
                Ok(Ok(GroupId(row.number("id")?)))
            }
            Err(cause) => {
                self.take_back_after(&cause).await?;
                conflict_of(cause).map(Err)
            }
        }
    }

    /// Renames the group if it is still in this version.
    pub async fn rename_group(
        &mut self,
        permit: &Permit,
        id: GroupId,
        version: i64,
        name: &str,
        key: &str,
    ) -> Result<Result<(), GroupConflict>, Error> {
        self.opens(permit, &[Grant::RenameGroup], &About::Group(id))?;
        self.attempt().await?;
        let renamed = sqlx::query(
            "UPDATE technician_groups SET name = $3, name_key = $4, sort_key = $5, \
                 version = version + 1 \
             WHERE id = $1 AND version = $2",
        )
        .bind(id.0)
        .bind(version)
        .bind(name)
        .bind(key)
        .bind(unaccented(name))
        .execute(self.connection())
        .await;
        let renamed = match renamed {
            Ok(done) => done.rows_affected() == 1,
            Err(cause) => {
                self.take_back_after(&cause).await?;
                return conflict_of(cause).map(Err);
            }
        };
        self.keep().await?;
        if renamed {
            return Ok(Ok(()));
        }
        let there = sqlx::query("SELECT id FROM technician_groups WHERE id = $1")
            .bind(id.0)
            .fetch_optional(self.connection())
            .await?;
        Ok(Err(if there.is_some() { GroupConflict::Stale } else { GroupConflict::Gone }))
    }
}

pub(super) fn conflict_of(cause: sqlx::Error) -> Result<GroupConflict, Error> {
    match violation(&cause) {
        Some(Violation::GroupName) => Ok(GroupConflict::NameTaken),
        Some(Violation::Missing) => Ok(GroupConflict::ParentGone),
        _ => Err(cause.into()),
    }
}
