//! What a group allows: seen with its origins, tried out, and changed.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, decide};
use roster::fault::{Fault, FieldProblem};
use roster::group::GroupPath;
use roster::id::GroupId;
use roster::permission::{
    self, Change, Effective, GroupPermissions, Permission, PermissionLine, Rule, Rules, Seen,
    check_change,
};
use serde_json::Value;

use super::{known, shown};
use store::GroupAct;

use crate::{Operations, Result, may, permit, sight, subject};

/// What a group says of each permission, and what holds above it.
pub async fn permissions(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
) -> Result<GroupPermissions> {
    let mut reader = operations.store.read().await?;
    let path = sight::group(&mut reader, caller, group).await?;
    let lineage = path.lineage();
    let rules = reader.group_rules(&lineage).await?;
    let (own, above) = known(rules.split_last())?;
    let seen = seen(caller, &path);
    let line = |permission: &Permission| PermissionLine {
        own: said(&own.1, *permission),
        above: Effective::of(*permission, above).told(&seen),
    };
    Ok(GroupPermissions {
        lines: Permission::ALL.iter().map(line).collect(),
        editable: decide(caller, &Act::ChangePermissions { lineage: &lineage }).is_ok(),
        may_lock: decide(caller, &Act::LockPermissions).is_ok(),
        group: known(path.0.into_iter().last())?,
    })
}

/// What would change for whom if the group said this; of the other permissions what it says now.
pub async fn preview_permissions(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    wish: &Rules,
) -> Result<Vec<Change>> {
    let mut reader = operations.store.read().await?;
    let lineage = sight::group(&mut reader, caller, group).await?.lineage();
    permit(caller, &Act::ChangePermissions { lineage: &lineage })?;
    let rules = reader.group_rules(&lineage).await?;
    let (_, own) = known(rules.last())?;
    let wish = different(own, wish);
    let concerned: Vec<Permission> = wish.keys().copied().collect();
    let regions = reader.permission_regions(group, &concerned).await?;
    Ok(permission::changes(&rules, &wish, &regions))
}

/// Changes what a group says, all or nothing. `seen` is what it said when the form was filled:
/// where somebody else has changed the same permission since, nothing is done.
pub async fn set_permissions(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    seen: &Rules,
    wish: &Rules,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, group, GroupAct::ChangePermissions).await?;
    let rules = tx.group_rules(&path.lineage()).await?;
    let may_lock = may(&mut tx, caller, &Act::LockPermissions).await?;
    let (own, above) = known(rules.split_last())?;
    let wish = different(&own.1, &different(seen, wish));
    if wish.is_empty() {
        return Ok(());
    }
    if wish.keys().any(|&permission| said(&own.1, permission) != said(seen, permission)) {
        return Err(Fault::conflict(
            "Somebody else changed permissions of this group meanwhile. What they alone changed is \
             taken over; where both of you changed the same, choose which is to hold. Then save \
             again.",
        )
        .into());
    }
    let problems: Vec<FieldProblem> = wish
        .iter()
        .filter_map(|(&permission, &rule)| {
            let above = Effective::of(permission, above);
            let refusal =
                check_change(&above, group, said(&own.1, permission), rule, may_lock).err()?;
            let message = format!("“{}”: {refusal}", permission.label());
            Some(FieldProblem::new(permission.id(), message))
        })
        .collect();
    if !problems.is_empty() {
        return Err(Fault::Invalid { problems }.into());
    }
    tx.set_group_rules(&permit, group, &wish).await?;
    let name = path.0.last().map(|step| step.name.as_str()).unwrap_or_default();
    let words = |rule: &dyn Fn(Permission) -> Rule| -> Value {
        let fields = wish.keys().map(|&it| (it.id().to_owned(), rule(it).words().into()));
        Value::Object(fields.collect())
    };
    let entry = Entry {
        action: Action::GroupPermissionsChanged,
        subject: subject::group(group, name),
        before: words(&|permission| said(&own.1, permission)),
        after: words(&|permission| said(&wish, permission)),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

fn said(rules: &Rules, permission: Permission) -> Rule {
    rules.get(&permission).copied().unwrap_or_default()
}

/// Of a wish, what differs from what is said.
fn different(said_now: &Rules, wish: &Rules) -> Rules {
    let wish = wish.iter().map(|(permission, rule)| (*permission, *rule));
    wish.filter(|(permission, rule)| said(said_now, *permission) != *rule).collect()
}

/// How the groups on a way are told to who looks: what lies above their areas has no name.
pub(crate) fn seen(caller: &Caller, path: &GroupPath) -> impl Fn(GroupId) -> Seen + use<> {
    let visible = shown(caller, path.clone()).0;
    move |id| {
        let step = visible.iter().find(|step| step.id == id).cloned();
        step.map_or(Seen::Above, Seen::Group)
    }
}
