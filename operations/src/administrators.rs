//! Who administers what: Master Administrators see it and change it. What they change holds from
//! the next request of the person on: their role and groups are read anew for each.

mod place;

use roster::account::{PasswordState, Role};
use roster::administrator::{AdministratorLine, GroupAdministrators};
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::fields::Draft;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};
use roster::page::{Page, Window};
use roster::secret::Secret;
use roster::starting::{Created, StartingPassword};
use serde_json::{Value, json};
use store::{AccountAct, GroupAct, Permit, SeatCount, Transaction};

use crate::groups::known;
use crate::technicians::{add, drafted, give, hash_for, hashed, no_seat};
use crate::{Operations, Result, locks, permit, starting, subject};

pub use place::leave_tree;

/// How many a search finds at most.
const SEARCH_LIMIT: u32 = 20;

/// Everybody who is more than a technician, by name.
pub async fn list(
    operations: &Operations,
    caller: &Caller,
    filter: &str,
    window: Window,
) -> Result<Page<AdministratorLine>> {
    permit(caller, &Act::SeeAdministrators)?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let mut page = reader.administrators(filter.trim(), window).await?;
    let ids: Vec<AccountId> = page.items.iter().map(|line| line.id).collect();
    let mut locks = locks::of(&mut reader, &ids, now).await?;
    for line in &mut page.items {
        line.password_ended = !line.password.opens(now);
        line.locked = locks.remove(&line.id);
    }
    Ok(page)
}

/// Who is assigned to a group and to the groups above it.
pub async fn of_group(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
) -> Result<GroupAdministrators> {
    permit(caller, &Act::SeeAdministrators)?;
    let mut reader = operations.store.read().await?;
    let path = known(reader.group_path(group).await?)?;
    let assignments = reader.assignments(&path.lineage()).await?;
    Ok(GroupAdministrators { path, assignments })
}

/// The groups that are assigned to somebody.
pub async fn areas(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
) -> Result<Vec<GroupPath>> {
    permit(caller, &Act::SeeAdministrators)?;
    let mut areas = operations.store.read().await?.areas_of(&[id]).await?;
    Ok(areas.remove(&id).unwrap_or_default())
}

/// Administrators who could be assigned to a group: whose name, nickname or email holds the text,
/// by name, 20 at most.
pub async fn search(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    text: &str,
) -> Result<Vec<AdministratorLine>> {
    permit(caller, &Act::SeeAdministrators)?;
    let mut reader = operations.store.read().await?;
    Ok(reader.assignable_administrators(group, text.trim(), SEARCH_LIMIT).await?)
}

/// Creates a Master Administrator or an Administrator, without a place in the tree. A password
/// given is temporary; without one they get a starting password: the default password is for technicians
/// alone.
pub async fn create(
    operations: &Operations,
    caller: &Caller,
    role: Role,
    draft: Draft,
) -> Result<Created> {
    permit(caller, &Act::CreateAdministrator { role })?;
    if role == Role::Technician {
        return Err(Fault::invalid("role", "Choose what the account is to administer.").into());
    }
    let hash = hashed(operations, caller, &draft).await?;
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::CreateAdministrator { role }).await?;
    let (account, starting) = drafted(&mut tx, role, None, &draft, hash, operations.now()).await?;
    let added = (Action::AdministratorCreated, json!({ "role": role }));
    let id = add(tx, caller, &permit, &account, added).await?;
    Ok(Created { id, starting })
}

/// Gives somebody another role. Who becomes a technician and has no place in the tree yet needs a
/// group; `version` is the one that the form was filled from. Who becomes more than they were, and
/// has a password that they didn't choose, gets another, since others know it: the temporary one
/// given, or a starting password, which is answered. Their sessions end.
pub async fn change_role(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    version: i64,
    role: Role,
    group: Option<GroupId>,
    temporary: Option<Secret>,
) -> Result<Option<StartingPassword>> {
    let hash = match temporary.filter(|secret| !secret.is_empty()) {
        Some(secret) => Some(hash_for(operations, caller, id, secret).await?),
        None => None,
    };
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (account, permit) = tx.account_for(caller, id, AccountAct::ChangeRole { to: role }).await?;
    let needs_place = role == Role::Technician && account.group.is_none();
    let place = match group.filter(|_| needs_place) {
        Some(group) => {
            let (path, _) = tx.group_for(caller, group, GroupAct::AddTechnician).await?;
            Some((group, path))
        }
        None if needs_place => {
            let message = "A technician needs a Technician Group: choose one.";
            return Err(Fault::invalid("group", message).into());
        }
        None => None,
    };
    let mut areas = tx.areas_of(&[id]).await?.remove(&id).unwrap_or_default();
    if role == account.role {
        return Ok(None);
    }
    let is_raised = role > account.role && account.password != PasswordState::Own;
    let password = if is_raised {
        Some(starting::made(hash, &tx.settings().await?, role, now)?)
    } else {
        None
    };
    if place.is_some() {
        let person = &account.person;
        let (standard, mobile) = (person.standard_license, person.mobile_license);
        let seats = SeatCount::of(person.enabled, standard, mobile);
        let free = tx.free_seats().await?;
        if !tx.take_seats(&permit, seats).await? {
            let kind = if standard && free.standard == Some(0) { "standard" } else { "mobile" };
            return Err(Fault::refused(no_seat(kind)).into());
        }
    }
    let target = place.as_ref().map(|(group, _)| *group);
    let ended = tx.set_role(&permit, id, version, role, target).await?.map_err(|_| {
        Fault::conflict(
            "Somebody else changed this account meanwhile. Reload to see it as it is now.",
        )
    })?;
    if role == Role::Administrator {
        areas.clear();
    }
    let mut before = json!({ "role": account.role });
    let mut after = json!({ "role": role });
    if let Some(made) = &password {
        let given = (made.state, made.hash.as_deref());
        give(&mut tx, &permit, id, given, now).await?;
        before["sessions"] = json!(ended);
        after["sessions"] = json!(0);
        before["password"] = json!(account.password);
        after["password"] = json!(made.state);
    }
    if !areas.is_empty() {
        before["groups"] = areas.iter().map(GroupPath::label).collect();
        after["groups"] = json!([]);
    }
    if let Some((_, path)) = &place {
        before["group"] = Value::Null;
        after["group"] = json!(path.label());
    }
    let entry = Entry {
        action: Action::RoleChanged,
        subject: subject::account(id, &account.person.name),
        before,
        after,
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(password.and_then(|made| made.shown))
}

/// Assigns an Administrator to a group, and so to all below it.
pub async fn assign(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    id: AccountId,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (name, path, permit) = find(&mut tx, caller, group, id).await?;
    if !tx.assign_administrator(&permit, id, group).await? {
        return Ok(());
    }
    let entry = Entry {
        action: Action::AdministratorAssigned,
        subject: subject::account(id, &name),
        before: Value::Null,
        after: json!({ "group": path.label(), "id": group }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Takes a group away from an Administrator.
pub async fn unassign(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    id: AccountId,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (name, path, permit) = find(&mut tx, caller, group, id).await?;
    if !tx.unassign_administrator(&permit, id, group).await? {
        return Ok(());
    }
    let entry = Entry {
        action: Action::AdministratorUnassigned,
        subject: subject::account(id, &name),
        before: json!({ "group": path.label(), "id": group }),
        after: Value::Null,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// The Administrator and the group; they stay what they are until the transaction ends.
async fn find(
    tx: &mut Transaction,
    caller: &Caller,
    group: GroupId,
    id: AccountId,
) -> Result<(String, GroupPath, Permit)> {
    let (kept, permit) = tx.account_for(caller, id, AccountAct::Assign).await?;
    let path = known(tx.group_path(group).await?)?;
    if kept.role != Role::Administrator {
        let message = format!(
            "{} is no Administrator: only Administrators have groups assigned to them.",
            kept.person.name
        );
        return Err(Fault::refused(message).into());
    }
    Ok((kept.person.name, path, permit))
}
