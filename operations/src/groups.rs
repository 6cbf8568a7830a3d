//! Technician Groups: the tree level by level, search, create, rename. What they allow is in
//! `permissions`; moved, copied and deleted they are in `arrange`.

mod arrange;
mod permissions;

use roster::account::Role;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Who, decide};
use roster::fault::Fault;
use roster::group::{self, GroupNode, GroupPage, GroupPath, MAX_COPIED, MAX_DEPTH, NameFault};
use roster::id::GroupId;
use roster::page::{Page, Window};
use serde_json::{Value, json};
use store::{GroupAct, GroupConflict};

use crate::{Error, Operations, Result, permit, sight, subject};

pub use arrange::{copy, delete, move_below};
pub(crate) use permissions::seen;
pub use permissions::{permissions, preview_permissions, set_permissions};

/// How many groups a search finds at most.
const SEARCH_LIMIT: u32 = 20;
/// How many groups the command line lists in one read.
const LIST_PAGE: u32 = 500;

/// Where the caller's tree begins: the root, or the groups that are assigned to them.
pub async fn tops(operations: &Operations, caller: &Caller) -> Result<Vec<GroupNode>> {
    let areas = sight::areas(caller)?.map_or_else(|| vec![GroupId::ROOT], <[GroupId]>::to_vec);
    Ok(operations.store.read().await?.group_nodes(&areas).await?)
}

/// The groups directly below one, by name.
pub async fn below(
    operations: &Operations,
    caller: &Caller,
    parent: GroupId,
    window: Window,
) -> Result<Page<GroupNode>> {
    let mut reader = operations.store.read().await?;
    sight::group(&mut reader, caller, parent).await?;
    Ok(reader.groups_below(parent, window).await?)
}

/// One group's page.
pub async fn see(operations: &Operations, caller: &Caller, id: GroupId) -> Result<GroupPage> {
    let mut reader = operations.store.read().await?;
    let path = sight::group(&mut reader, caller, id).await?;
    let lineage = path.lineage();
    let facts = known(reader.group_page(id).await?)?;
    Ok(GroupPage {
        id,
        name: facts.name,
        path: shown(caller, path),
        version: facts.version,
        technicians: facts.technicians,
        technicians_below: facts.technicians_below,
        groups: facts.groups,
        editable: decide(caller, &Act::RenameGroup { lineage: &lineage }).is_ok(),
    })
}

/// Groups whose name holds the text, or whose ID it is; best first, 20 at most.
pub async fn search(
    operations: &Operations,
    caller: &Caller,
    text: &str,
) -> Result<Vec<GroupPath>> {
    let areas = sight::areas(caller)?;
    let mut reader = operations.store.read().await?;
    let found = reader.search_groups(text.trim(), areas, SEARCH_LIMIT).await?;
    Ok(found.into_iter().map(|path| shown(caller, path)).collect())
}

/// Makes a group below another.
pub async fn create(
    operations: &Operations,
    caller: &Caller,
    parent: GroupId,
    name: &str,
) -> Result<GroupId> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, parent, GroupAct::CreateBelow).await?;
    if path.0.len() > MAX_DEPTH {
        return Err(Fault::conflict(format!(
            "Groups nest {MAX_DEPTH} levels deep at most, and “{}” is on the last.",
            shown(caller, path).label()
        ))
        .into());
    }
    let name = group::name(name).map_err(refused)?;
    let id = tx
        .create_group(&permit, parent, &name, &group::name_key(&name), now)
        .await?
        .map_err(|conflict| conflicting(conflict, &name))?;
    let entry = Entry {
        action: Action::GroupCreated,
        subject: subject::group(id, &name),
        before: Value::Null,
        after: json!({ "name": name, "parent": parent, "path": path.label() }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(id)
}

/// Gives a group another name.
pub async fn rename(
    operations: &Operations,
    caller: &Caller,
    id: GroupId,
    version: i64,
    name: &str,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, id, GroupAct::Rename).await?;
    let before = path.0.last().map(|step| step.name.clone());
    let name = group::name(name).map_err(refused)?;
    tx.rename_group(&permit, id, version, &name, &group::name_key(&name))
        .await?
        .map_err(|conflict| conflicting(conflict, &name))?;
    let entry = Entry {
        action: Action::GroupRenamed,
        subject: subject::group(id, &name),
        before: json!({ "name": before }),
        after: json!({ "name": name }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// The group of this path, with what is missing made on the way; for the command line.
pub async fn make_path(operations: &Operations, caller: &Caller, path: &str) -> Result<GroupId> {
    permit(caller, &Act::Operate)?;
    let names = group::parse_path(path).map_err(refused)?;
    let mut id = GroupId::ROOT;
    if names.len() == 1 && group::name_key(&names[0]) == group::name_key(group::ROOT_NAME) {
        return Ok(id);
    }
    for name in names {
        let key = group::name_key(&name);
        let child = operations.store.read().await?.child_named(id, &key).await?;
        id = match child {
            Some(child) => child,
            None => create(operations, caller, id, &name).await?,
        };
    }
    Ok(id)
}

/// The group with this ID, or of this path.
pub async fn find(operations: &Operations, caller: &Caller, text: &str) -> Result<GroupPath> {
    sight::areas(caller)?;
    let mut reader = operations.store.read().await?;
    let found = match text.trim().parse() {
        Ok(id) => reader.group_path(id).await?,
        Err(_) => None,
    };
    let found = match found {
        Some(path) => Some(path),
        None => by_names(&mut reader, text).await?,
    };
    let seen =
        |path: &GroupPath| decide(caller, &Act::SeeGroup { lineage: &path.lineage() }).is_ok();
    let path = found.filter(seen).ok_or_else(|| {
        Fault::refused(format!("There is no Technician Group with the ID or path “{text}”."))
    })?;
    Ok(shown(caller, path))
}

async fn by_names(reader: &mut store::Reader, path: &str) -> Result<Option<GroupPath>> {
    let Ok(names) = group::parse_path(path) else { return Ok(None) };
    let mut id = GroupId::ROOT;
    let is_root =
        names.len() == 1 && group::name_key(&names[0]) == group::name_key(group::ROOT_NAME);
    for name in names.iter().filter(|_| !is_root) {
        match reader.child_named(id, &group::name_key(name)).await? {
            Some(child) => id = child,
            None => return Ok(None),
        }
    }
    Ok(reader.group_path(id).await?)
}

/// All groups, parents before their children; for the command line.
pub async fn all_paths(operations: &Operations, caller: &Caller) -> Result<Vec<GroupPath>> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.read().await?;
    let mut waiting: Vec<GroupPath> = reader.group_path(GroupId::ROOT).await?.into_iter().collect();
    let mut paths = Vec::new();
    while let Some(path) = waiting.pop() {
        let Some(last) = path.0.last().map(|step| step.id) else { continue };
        let mut children = Vec::new();
        let mut window = Window { offset: 0, limit: LIST_PAGE };
        loop {
            let page = reader.groups_below(last, window).await?;
            let next = page.next_offset();
            children.extend(page.items);
            let Some(offset) = next else { break };
            window.offset = offset;
        }
        for child in children.into_iter().rev() {
            let mut below = path.clone();
            below.0.push(group::PathStep { id: child.id, name: child.name });
            waiting.push(below);
        }
        paths.push(path);
    }
    Ok(paths)
}

/// The groups to which a caller's sight is limited; `None`: the whole tree.
pub(crate) fn areas(caller: &Caller) -> Option<&[GroupId]> {
    match &caller.who {
        Who::Person(actor) if actor.role < Role::Master => Some(&actor.areas),
        Who::Person(_) | Who::Directory(_) | Who::Operator | Who::Anonymous => None,
    }
}

/// A path as who looks may know it: what lies above their areas isn't on it.
pub(crate) fn shown(caller: &Caller, mut path: GroupPath) -> GroupPath {
    if let Some(areas) = areas(caller) {
        let above = path.0.iter().take_while(|step| !areas.contains(&step.id)).count();
        path.0.drain(..above);
    }
    path
}

pub(crate) fn known<T>(found: Option<T>) -> Result<T> {
    found.ok_or_else(|| Fault::not_found("Technician Group").into())
}

fn refused(fault: NameFault) -> Error {
    Fault::invalid("name", fault.to_string()).into()
}

fn conflicting(conflict: GroupConflict, name: &str) -> Error {
    match conflict {
        GroupConflict::NameTaken => {
            let message = format!("There is a group “{name}” here already. Choose another name.");
            Fault::invalid("name", message)
        }

        GroupConflict::Stale => Fault::conflict(
            "Somebody else changed this group meanwhile. Reload to see it as it is now.",
        ),
        GroupConflict::Gone | GroupConflict::ParentGone => Fault::not_found("Technician Group"),
        GroupConflict::Cycle => Fault::conflict(format!("“{name}” can’t lie below itself.")),
        GroupConflict::TooDeep => Fault::conflict(format!(
            "Groups nest {MAX_DEPTH} levels deep at most, and there “{name}” or what is below it \
             would lie deeper."
        )),
        GroupConflict::NotEmpty(content) => {
            Fault::conflict(content.refusal(name).unwrap_or_default())
        }
        GroupConflict::TooMany => Fault::conflict(format!(
            "“{name}” has more than {MAX_COPIED} groups, and no more are copied at once. Copy \
             groups further down."
        )),
    }
    .into()
}
