//! Groups moved, copied and deleted. What is decided by the way to a group is decided while the
//! tree stands still.

use roster::audit::{Action, Entry};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::group::{GroupMove, GroupPath, copy_name, name_key};
use roster::id::GroupId;
use serde_json::{Value, json};
use store::{GroupAct, GroupConflict, Permit, Transaction};

use super::{conflicting, known, shown};
use crate::two_step::Leaving;
use crate::{Operations, Result, subject};

/// Puts a group with all below it below another; says where it was.
pub async fn move_below(
    operations: &Operations,
    caller: &Caller,
    id: GroupId,
    to: GroupId,
) -> Result<GroupMove> {
    let mut tx = operations.store.write().await?;
    let Arranged { path, name, above: from, permit } = arranged(&mut tx, caller, id).await?;
    let (to_path, to_permit) = tx.group_for(caller, to, GroupAct::CreateBelow).await?;
    if from == to {
        let message = format!("“{name}” is in “{}” already.", shown(caller, to_path).label());
        return Err(Fault::conflict(message).into());
    }
    let leaving = Leaving::look(&mut tx, caller, [&path, &to_path].into_iter()).await?;
    let mut to_way = to_path.lineage();
    to_way.push(id);
    let label = shown(caller, to_path.clone()).label();
    leaving.allows(&name, &path.lineage(), (&to_way, &label))?;
    tx.move_group(&permit, &to_permit, id, to).await?.map_err(|conflict| match conflict {
        GroupConflict::NameTaken => Fault::conflict(format!(
            "There is a group “{name}” in “{}” already. Rename one of them first.",
            shown(caller, to_path).label()
        ))
        .into(),
        other => conflicting(other, &name),
    })?;
    let now_at = known(tx.group_path(id).await?)?;
    let entry = Entry {
        action: Action::GroupMoved,
        subject: subject::group(id, &name),
        before: json!({ "path": path.label() }),
        after: json!({ "path": now_at.label() }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(GroupMove { group: id, from })
}

/// Makes a group like another beside it: its groups, its rules, nobody in it.
pub async fn copy(operations: &Operations, caller: &Caller, id: GroupId) -> Result<GroupId> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let Arranged { path, name, above: parent, permit } = arranged(&mut tx, caller, id).await?;
    let mut copies = 1;
    let copy = loop {
        let copy = copy_name(&name, copies);
        if tx.child_named(parent, &name_key(&copy)).await?.is_none() {
            break copy;
        }
        copies += 1;
    };
    let (made, groups) = tx
        .copy_group(&permit, id, (&copy, &name_key(&copy)), now)
        .await?
        .map_err(|conflict| conflicting(conflict, &name))?;
    let made_at = known(tx.group_path(made).await?)?;
    let entry = Entry {
        action: Action::GroupCopied,
        subject: subject::group(made, &copy),
        before: Value::Null,
        after: json!({
            "name": copy, "path": made_at.label(), "copyOf": path.label(), "groups": groups
        }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(made)
}

/// Deletes a group in which there is nobody and no group.
pub async fn delete(operations: &Operations, caller: &Caller, id: GroupId) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let Arranged { path, name, permit, .. } = arranged(&mut tx, caller, id).await?;
    tx.delete_group(&permit, id).await?.map_err(|conflict| conflicting(conflict, &name))?;
    let entry = Entry {
        action: Action::GroupDeleted,
        subject: subject::group(id, &name),
        before: json!({ "name": name, "path": path.label() }),
        after: Value::Null,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// A group that the caller may arrange.
struct Arranged {
    path: GroupPath,
    name: String,
    above: GroupId,
    permit: Permit,
}

/// From here on the tree stands still.
async fn arranged(tx: &mut Transaction, caller: &Caller, id: GroupId) -> Result<Arranged> {
    let (path, permit) = tx.group_for(caller, id, GroupAct::Arrange).await?;
    let [.., above, group] = path.0.as_slice() else {
        return known(None);
    };
    let (name, above) = (group.name.clone(), above.id);
    Ok(Arranged { path, name, above, permit })
}
