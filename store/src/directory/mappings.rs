//! The mappings of AD groups to Technician Groups.

use roster::authority::Grant;
use roster::directory::protocol::{Guid, Mapping, SourceId};
use roster::id::GroupId;

use crate::batch::{Batch, Table, Type};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

const MAPPINGS: Table = Table {
    name: "directory_mappings",
    columns: &[
        ("source_id", Type::Number),
        ("place", Type::Number),
        ("ad_group_guid", Type::Text),
        ("ad_group_name", Type::Text),
        ("group_id", Type::Number),
        ("approved", Type::Flag),
        ("members", Type::Number),
    ],
};

/// A mapping with the results of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMapping {
    pub mapping: Mapping,
    /// The Technician Group exists.
    pub group_exists: bool,
    pub approved: bool,
    /// People in the AD group at the last run that read it completely.
    pub members: Option<u64>,
}

impl Reader {
    /// The source's mappings in their order.
    pub async fn directory_mappings(
        &mut self,
        source: SourceId,
    ) -> Result<Vec<KeptMapping>, Error> {
        let rows = sqlx::query(
            "SELECT ad_group_guid, ad_group_name, group_id, approved, members, \
                    technician_groups.id AS found \
             FROM directory_mappings \
                  LEFT JOIN technician_groups ON technician_groups.id = group_id \
             WHERE source_id = $1 ORDER BY place",
        )
        .bind(source.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                let members = row.maybe_number("members")?;
                Ok(KeptMapping {
                    mapping: Mapping {
                        ad_group_guid: row.word("ad_group_guid")?,
                        ad_group_name: row.text("ad_group_name")?,
                        technician_group_id: GroupId(row.number("group_id")?),
                    },
                    group_exists: row.maybe_number("found")?.is_some(),
                    approved: row.flag("approved")?,
                    members: members.map(|_| row.count("members")).transpose()?,
                })
            })
            .collect()
    }
}

impl Transaction {
    /// Replaces all mappings. `removed`: the source notes that a mapping was removed. The source is locked.
    pub async fn set_directory_mappings(
        &mut self,
        permit: &Permit,
        source: SourceId,
        mappings: &[KeptMapping],
        removed: bool,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        sqlx::query("DELETE FROM directory_mappings WHERE source_id = $1")
            .bind(source.0)
            .execute(self.connection())
            .await?;
        let mut batch = Batch::new(&MAPPINGS);
        for (kept, place) in mappings.iter().zip(0_i64..) {
            let Mapping { ad_group_guid, ad_group_name, technician_group_id } = &kept.mapping;
            let members = kept.members.map(|members| i64::try_from(members).unwrap_or(i64::MAX));
            batch.push([
                source.0.into(),
                place.into(),
                ad_group_guid.to_string().into(),
                ad_group_name.replace('\0', "").into(),
                technician_group_id.0.into(),
                kept.approved.into(),
                members.into(),
            ]);
        }
        batch.insert(self, "").await?;
        if removed {
            sqlx::query("UPDATE directory_sources SET mapping_removed = $2 WHERE id = $1")
                .bind(source.0)
                .bind(true)
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Stores the number of people in a group that was read completely. Unless it is 0, this also approves the
    /// mapping.
    pub async fn note_directory_members(
        &mut self,
        permit: &Permit,
        source: SourceId,
        group: Guid,
        members: u64,
    ) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(source))?;
        sqlx::query(
            "UPDATE directory_mappings SET members = $3, \
                 approved = CASE WHEN $3 > 0 THEN $4 ELSE approved END \
             WHERE source_id = $1 AND ad_group_guid = $2",
        )
        .bind(source.0)
        .bind(group.to_string())
        .bind(i64::try_from(members).unwrap_or(i64::MAX))
        .bind(true)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
