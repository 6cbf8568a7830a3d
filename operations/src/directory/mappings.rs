//! The mappings of AD groups to Technician Groups, which set-up sends. A run after a change is held.

use std::collections::{HashMap, HashSet};

use roster::audit::{Action, Entry, difference};
use roster::authority::Caller;
use roster::directory::protocol::bounds::{self, Excess, MAPPINGS_A_DAY};
use roster::directory::protocol::{Guid, Mapping, Mappings};
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
    let subject = subject::directory(id, &source.identity.domain);
    let changed = tx.audit_count(Action::DirectoryMapped, &subject, now.plus_days(-1)).await?;
    if changed >= MAPPINGS_A_DAY {
        return within_bounds(Err(Excess::Remapped));
    }
    let mut groups: Vec<GroupId> = wish.mappings.iter().map(|it| it.technician_group_id).collect();
    let were = before.iter().map(|kept| kept.mapping.technician_group_id);
    let paths = tx.group_paths(&groups.iter().copied().chain(were).collect::<Vec<_>>()).await?;
    groups.retain(|group| *group == GroupId::ROOT || !paths.contains_key(group));
    if let Some(group) = groups.first() {
        let message = format!(
            "The Technician Group {group} is the root or doesn’t exist. Map the AD group to another one."
        );
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
    let (before, after) = changes(&before, &after, &paths);
    let entry = Entry { action: Action::DirectoryMapped, subject, before, after };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// Keeps what is known about the AD group. A mapping to another Technician Group must be approved again.
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

/// The audited difference: each changed AD group with its Technician Group before and after, and the
/// order of all mappings if the remaining ones were reordered.
fn changes(
    before: &[KeptMapping],
    after: &[KeptMapping],
    paths: &HashMap<GroupId, GroupPath>,
) -> (Value, Value) {
    let both = || before.iter().chain(after).map(|kept| &kept.mapping);
    let mut called: HashMap<&str, HashSet<Guid>> = HashMap::new();
    for mapping in both() {
        called.entry(&mapping.ad_group_name).or_default().insert(mapping.ad_group_guid);
    }
    // AD groups in different units may have the same name.
    let name = |mapping: &Mapping| match called.get(mapping.ad_group_name.as_str()) {
        Some(guids) if guids.len() > 1 => {
            format!("{} ({})", mapping.ad_group_name, mapping.ad_group_guid)
        }
        _ => mapping.ad_group_name.clone(),
    };
    let fields = |mappings: &[KeptMapping]| {
        let field = |kept: &KeptMapping| {
            let group = paths.get(&kept.mapping.technician_group_id).map(GroupPath::label);
            (name(&kept.mapping), json!(group))
        };
        Value::Object(mappings.iter().map(field).collect::<Map<_, _>>())
    };
    let staying = |mappings: &[KeptMapping], others: &[KeptMapping]| -> Vec<Guid> {
        let others: HashSet<Guid> = others.iter().map(|kept| kept.mapping.ad_group_guid).collect();
        let guids = mappings.iter().map(|kept| kept.mapping.ad_group_guid);
        guids.filter(|guid| others.contains(guid)).collect()
    };
    let (mut was, mut becomes) = difference(&fields(before), &fields(after));
    if staying(before, after) != staying(after, before) {
        let order = |mappings: &[KeptMapping]| {
            json!(mappings.iter().map(|kept| name(&kept.mapping)).collect::<Vec<_>>().join(", "))
        };
        was["(order)"] = order(before);
        becomes["(order)"] = order(after);
    }
    (was, becomes)
}
