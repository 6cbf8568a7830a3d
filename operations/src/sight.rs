//! What a caller may see of the tree and of people. Whatever is outside of their areas is answered
//! like what doesn't exist.

use roster::account::Account;
use roster::authority::{Act, Caller, Denied, decide};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};
use store::Reader;

use crate::Result;
use crate::groups::{self, known};

const TECHNICIAN: &str = "technician";

/// The groups to which the caller's sight of the tree is limited; `None`: all of it can be seen.
pub(crate) fn areas(caller: &Caller) -> Result<Option<&[GroupId]>> {
    decide(caller, &Act::SeeTree)?;
    Ok(groups::areas(caller))
}

/// The way to a group that the caller may see.
pub(crate) async fn group(reader: &mut Reader, caller: &Caller, id: GroupId) -> Result<GroupPath> {
    areas(caller)?;
    let path = known(reader.group_path(id).await?)?;
    match decide(caller, &Act::SeeGroup { lineage: &path.lineage() }) {
        Err(Denied::OutsideArea) => known(None),
        decided => Ok(decided.map(|_| path)?),
    }
}

/// An account that the caller may see, and the path to its group.
pub(crate) async fn account(
    reader: &mut Reader,
    caller: &Caller,
    id: AccountId,
) -> Result<(Account, Option<GroupPath>)> {
    areas(caller)?;
    let account = reader.account(id).await?.ok_or_else(|| Fault::not_found(TECHNICIAN))?;
    let path = match account.group {
        Some(group) => reader.group_path(group).await?,
        None => None,
    };
    match decide(caller, &Act::SeeTechnician { lineage: &lineage(path.as_ref()) }) {
        Err(Denied::OutsideArea) => Err(Fault::not_found(TECHNICIAN).into()),
        decided => Ok(decided.map(|_| (account, path))?),
    }
}

/// Of somebody in no group it is empty.
pub(crate) fn lineage(path: Option<&GroupPath>) -> Vec<GroupId> {
    path.map(GroupPath::lineage).unwrap_or_default()
}
