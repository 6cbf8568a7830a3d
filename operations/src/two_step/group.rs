//! What a group asks of everybody in it and below it.

use std::collections::{BTreeSet, HashMap};

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Denied, decide};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::GroupId;
use roster::two_step::{GroupDuty, GroupTwoStep, leaves_masters_duty};
use serde_json::json;
use store::{GroupAct, Transaction};

use crate::groups::known;
use crate::{Operations, Result, may, sight, subject};

/// Whether a group asks for two-step verification.
pub async fn of_group(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
) -> Result<GroupTwoStep> {
    let mut reader = operations.store.read().await?;
    let lineage = sight::group(&mut reader, caller, group).await?.lineage();
    let duty = known(reader.group_two_step(group).await?)?;
    let above = &lineage[..lineage.len().saturating_sub(1)];
    Ok(GroupTwoStep {
        asks: duty.asks,
        asked_above: reader.groups_ask_for_two_step(above).await?,
        held_by_master: duty.by_master && decide(caller, &Act::LiftTwoStep).is_err(),
    })
}

/// From the next request on, in sessions that live, too; or no longer. What a Master Administrator
/// requires, an Administrator doesn't lift, and requiring it again doesn't make it theirs.
pub async fn set_of_group(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    asks: bool,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, group, GroupAct::RequireTwoStep).await?;
    let before = known(tx.group_two_step(group).await?)?;
    let may_lift = may(&mut tx, caller, &Act::LiftTwoStep).await?;
    if before.by_master && !asks && !may_lift {
        return Err(Denied::MasterDuty.into());
    }
    let after = GroupDuty { asks, by_master: asks && (before.by_master || may_lift) };
    if after == before {
        return Ok(());
    }
    if !tx.set_group_two_step(&permit, group, after).await? {
        return Err(Fault::not_found("Technician Group").into());
    }
    let name = path.0.last().map(|step| step.name.clone()).unwrap_or_default();
    let entry = Entry {
        action: Action::GroupTwoStepChanged,
        subject: subject::group(group, &name),
        before: json!({ "twoStepRequired": before.asks }),
        after: json!({ "twoStepRequired": asks }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// What a Master Administrator requires is not got round by going elsewhere: looked at where
/// somebody, or a group, is moved. The tree is locked.
pub(crate) struct Leaving {
    may: bool,
    duties: HashMap<GroupId, GroupDuty>,
}

impl Leaving {
    /// From and to these ways.
    pub async fn look<'a>(
        tx: &mut Transaction,
        caller: &Caller,
        ways: impl Iterator<Item = &'a GroupPath>,
    ) -> Result<Self> {
        if may(tx, caller, &Act::LiftTwoStep).await? {
            return Ok(Self { may: true, duties: HashMap::new() });
        }
        let groups: BTreeSet<GroupId> = ways.flat_map(GroupPath::lineage).collect();
        let groups: Vec<GroupId> = groups.into_iter().collect();
        Ok(Self { may: false, duties: tx.group_duties(&groups).await? })
    }

    /// Refuses to take who is called so from one way to another where nobody would require it.
    pub fn allows(
        &self,
        name: &str,
        from: &[GroupId],
        (to, label): (&[GroupId], &str),
    ) -> std::result::Result<(), Fault> {
        let duties = |way: &[GroupId]| -> Vec<GroupDuty> {
            way.iter().filter_map(|group| self.duties.get(group)).copied().collect()
        };
        if self.may || !leaves_masters_duty(&duties(from), &duties(to)) {
            return Ok(());
        }
        Err(Fault::refused(format!(
            "A Master Administrator requires two-step verification where “{name}” is, and none does \
             in “{label}”. Choose a group in which one requires it, too, or ask a Master \
             Administrator."
        )))
    }
}
