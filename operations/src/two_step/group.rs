//! What a group asks of everybody in it and below it.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, decide};
use roster::fault::Fault;
use roster::id::GroupId;
use roster::two_step::GroupTwoStep;
use serde_json::json;
use store::GroupAct;

use crate::{Operations, Result, sight, subject};

/// Whether a group asks for two-step verification.
pub async fn of_group(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
) -> Result<GroupTwoStep> {
    let mut reader = operations.store.read().await?;
    let lineage = sight::group(&mut reader, caller, group).await?.lineage();
    let above = &lineage[..lineage.len().saturating_sub(1)];
    Ok(GroupTwoStep {
        asks: reader.groups_ask_for_two_step(&[group]).await?,
        asked_above: reader.groups_ask_for_two_step(above).await?,
        editable: decide(caller, &Act::RenameGroup { lineage: &lineage }).is_ok(),
    })
}

/// From the next request on, in sessions that live, too; or no longer.
pub async fn set_of_group(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    asks: bool,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, group, GroupAct::Rename).await?;
    let before = tx.groups_ask_for_two_step(&[group]).await?;
    if !tx.set_group_two_step(&permit, group, asks).await? {
        return Err(Fault::not_found("Technician Group").into());
    }
    let name = path.0.last().map(|step| step.name.clone()).unwrap_or_default();
    let entry = Entry {
        action: Action::GroupTwoStepChanged,
        subject: subject::group(group, &name),
        before: json!({ "twoStepRequired": before }),
        after: json!({ "twoStepRequired": asks }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}
