//! Who administers may give support, too, and then has a place in the tree. It can be taken away
//! again; it is given by moving them into a group.

use roster::account::Role;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::AccountId;
use serde_json::{Value, json};
use store::{AccountAct, PersonEdit, SeatCount};

use crate::groups::known;
use crate::{Operations, Result, permit, subject};

/// Takes somebody who administers out of the tree: they give no support any more, and their seats
/// are free. `version` is the one that was looked at.
pub async fn leave_tree(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    version: i64,
) -> Result<()> {
    permit(caller, &Act::SeeAdministrators)?;
    let mut tx = operations.store.write().await?;
    let (kept, permit) = tx.account_for(caller, id, AccountAct::LeaveTree).await?;
    if kept.role == Role::Technician {
        let why = "A technician has a place in the tree. Change the role first.";
        return Err(Fault::refused(why).into());
    }
    let Some(group) = kept.group else { return Ok(()) };
    if kept.version != version {
        return Err(Fault::conflict(
            "Somebody else changed this account meanwhile. Reload to see it as it is now.",
        )
        .into());
    }
    let path = known(tx.group_path(group).await?)?;
    let edit = PersonEdit { person: kept.person.clone(), group: None, before: kept };
    let mut done = tx.exchange_seats(&permit, edit.before.seats(), SeatCount::default()).await?;
    let entry = Entry {
        action: Action::TechnicianMoved,
        subject: subject::account(id, &edit.person.name),
        before: json!({ "group": path.label() }),
        after: json!({ "group": Value::Null }),
    };
    done &= tx.update_people(&permit, &[edit]).await?.iter().all(std::result::Result::is_ok);
    if !done {
        // They are held and their seats were taken: the database isn't as it says.
        return Err(Fault::busy_database().into());
    }
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}
