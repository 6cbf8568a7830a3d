//! Which directory groups' members go to which Technician Groups: the service's wizard says it, and
//! a run with a changed mapping is held.

use std::collections::{HashMap, HashSet};

use roster::audit::{Action, Entry};
use roster::authority::Caller;
use roster::directory::protocol::{Mapping, Mappings, bounds};
use roster::directory::view::{RunCounts, RunState};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::GroupId;
use serde_json::{Map, Value, json};
use store::KeptMapping;

use super::{admitted, ours, within_bounds};
use crate::{Operations, Result, subject};

/// Replaces all mappings.
pub async fn put_mappings(operations: &Operations, caller: &Caller, wish: Mappings) -> Result<()> {
    ours(caller)?;
    within_bounds(bounds::mappings(&wish.mappings))?;
    let mut seen = HashSet::new();
    if let Some(twice) = wish.mappings.iter().find(|it| !seen.insert(it.ad_group_guid)) {
        let message = format!("“{}” is mapped twice.", twice.ad_group_name);
        return Err(Fault::refused(message).into());
    }
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    let id = source.id;
    let before = tx.directory_mappings(id).await?;
    if before.iter().map(|kept| &kept.mapping).eq(&wish.mappings) {
        return Ok(());
    }
    let mut groups: Vec<GroupId> = wish.mappings.iter().map(|it| it.technician_group_id).collect();
    let were = before.iter().map(|kept| kept.mapping.technician_group_id);
    let paths = tx.group_paths(&groups.iter().copied().chain(were).collect::<Vec<_>>()).await?;
    groups.retain(|group| *group == GroupId::ROOT || !paths.contains_key(group));
    if let Some(group) = groups.first() {
        let message = format!("Nobody can be put into the Technician Group {group}.");
        return Err(Fault::refused(message).into());
    }
    let after: Vec<KeptMapping> =
        wish.mappings.into_iter().map(|mapping| carried_on(mapping, &before)).collect();
    let still = |kept: &KeptMapping| {
        after.iter().any(|it| it.mapping.ad_group_guid == kept.mapping.ad_group_guid)
    };
    let removed = !before.iter().all(still);
    tx.set_directory_mappings(&permit, id, &after, removed).await?;
    if let Some(held) = tx.open_directory_run(id, RunState::Held).await? {
        let (state, none) = (RunState::Replaced, RunCounts::default());
        tx.decide_directory_run(&permit, held.line.id, state, none, None).await?;
    }
    let entry = Entry {
        action: Action::DirectoryMapped,
        subject: subject::directory(id, &source.identity.domain),
        before: fields(&before, &paths),
        after: fields(&after, &paths),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// What was known of the group; one that goes elsewhere is to be approved anew.
fn carried_on(mapping: Mapping, before: &[KeptMapping]) -> KeptMapping {
    let was = before.iter().find(|kept| kept.mapping.ad_group_guid == mapping.ad_group_guid);
    let same =
        |kept: &&KeptMapping| kept.mapping.technician_group_id == mapping.technician_group_id;
    KeptMapping {
        group_exists: true,
        approved: was.filter(same).is_some_and(|kept| kept.approved),
        members: was.and_then(|kept| kept.members),
        mapping,
    }
}

fn fields(mappings: &[KeptMapping], paths: &HashMap<GroupId, GroupPath>) -> Value {
    let field = |kept: &KeptMapping| {
        let group = paths.get(&kept.mapping.technician_group_id).map(GroupPath::label);
        (kept.mapping.ad_group_name.clone(), json!(group))
    };
    Value::Object(mappings.iter().map(field).collect::<Map<_, _>>())
}
