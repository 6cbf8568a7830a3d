//! Puts a part of the tree together from the use cases, on the server.

use operations::{Error, Operations, Result, groups, technicians};
use roster::account::{Role, TechnicianLine};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::group::{Content, GroupNode, GroupPage};
use roster::id::GroupId;
use roster::page::{PAGE_SIZE, Page, Window};

use super::super::place::Place;
use super::acts::Target;
use super::functions::{Branch, Extent, Leaf, More, Way};

/// Lines that are brought at once, at most.
const MOST: u32 = 1000;
/// Branches that are brought at once, at most, beside those on the way to what is selected.
const MOST_BRANCHES: usize = 100;
/// Lines of which a dialog is told all; of more it is enough to know how many they are.
const MOST_TARGETS: usize = 20;

/// The tops, and the branches on the way to what is selected; what can't be seen is left out.
pub async fn way(
    operations: &Operations,
    caller: &Caller,
    selected: Option<Place>,
    shown: &[Extent],
) -> Result<Way> {
    let tops = groups::tops(operations, caller).await?;
    let first = || tops.first().map(|top| top.id).into_iter().collect();
    let (steps, leaf) = match selected {
        Some(Place::Group(id)) => match groups::see(operations, caller, id).await {
            Ok(page) => (page.path.lineage(), None),
            Err(_) => (first(), None),
        },
        Some(Place::Technician(id)) => match technicians::see(operations, caller, id).await {
            Ok(page) => {
                let steps = page.path.map(|path| path.lineage()).unwrap_or_default();
                let account = page.account;
                let leaf =
                    Leaf { id, name: account.name, enabled: account.enabled, role: account.role };
                (steps, Some(leaf))
            }
            Err(_) => (first(), None),
        },
        None => (first(), None),
    };
    let mut branches = Vec::with_capacity(steps.len());
    for (index, &group) in steps.iter().enumerate() {
        let next = steps.get(index + 1).copied();
        let leaf = leaf.as_ref().filter(|_| next.is_none());
        let extent = shown.iter().find(|extent| extent.group == group);
        // A step above one's areas is as if it weren't there.
        if let Ok(branch) = branch(operations, caller, group, extent, next, leaf).await {
            branches.push(branch);
        }
    }
    let others = shown.iter().filter(|extent| !steps.contains(&extent.group)).take(MOST_BRANCHES);
    for extent in others {
        // It may be gone by now.
        if let Ok(branch) = branch(operations, caller, extent.group, Some(extent), None, None).await
        {
            branches.push(branch);
        }
    }
    Ok(Way { tops, steps, branches, actor: caller.person().cloned() })
}

/// What the lines stand for; what can't be seen is left out.
pub async fn targets(
    operations: &Operations,
    caller: &Caller,
    places: &[Place],
) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for &place in places.iter().take(MOST_TARGETS) {
        let target = match place {
            Place::Group(id) => groups::see(operations, caller, id).await.map(|page| Target {
                place,
                name: page.name,
                lineage: page.path.lineage(),
                role: Role::Technician,
                enabled: true,
                content: Content { groups: page.groups, technicians: page.technicians_below },
            }),
            Place::Technician(id) => {
                technicians::see(operations, caller, id).await.map(|page| Target {
                    place,
                    name: page.account.name,
                    lineage: page.path.map(|path| path.lineage()).unwrap_or_default(),
                    role: page.account.role,
                    enabled: page.account.enabled,
                    content: Content::default(),
                })
            }
        };
        match target {
            Ok(target) => targets.push(target),
            Err(Error::Fault(Fault::NotFound { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(targets)
}

async fn branch(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    extent: Option<&Extent>,
    next: Option<GroupId>,
    leaf: Option<&Leaf>,
) -> Result<Branch> {
    let enough = |shown: Option<u32>| shown.unwrap_or(0).clamp(PAGE_SIZE, MOST);
    let wanted = Extent {
        group,
        groups: enough(extent.map(|extent| extent.groups)),
        leaves: enough(extent.map(|extent| extent.leaves)),
    };
    let none = Extent { group, groups: 0, leaves: 0 };
    let More { groups, leaves } = more(operations, caller, none, wanted).await?;
    let pinned_group = match next.filter(|next| groups.items.iter().all(|node| node.id != *next)) {
        Some(next) => Some(node(groups::see(operations, caller, next).await?)),
        None => None,
    };
    let pinned_leaf =
        leaf.filter(|leaf| leaves.items.iter().all(|other| other.id != leaf.id)).cloned();
    Ok(Branch { group, groups, leaves, pinned_group, pinned_leaf })
}

/// The lines below a group from one extent on.
pub async fn more(
    operations: &Operations,
    caller: &Caller,
    from: Extent,
    wanted: Extent,
) -> Result<More> {
    let window = |offset: u32, limit: u32| Window { offset: offset.into(), limit: limit.min(MOST) };
    let groups = match wanted.groups {
        0 => empty(),
        limit => groups::below(operations, caller, from.group, window(from.groups, limit)).await?,
    };
    let leaves = match wanted.leaves {
        0 => empty(),
        limit => {
            let page =
                technicians::list(operations, caller, from.group, "", window(from.leaves, limit))
                    .await?;
            Page {
                items: page.items.into_iter().map(leaf).collect(),
                total: page.total,
                offset: page.offset,
            }
        }
    };
    Ok(More { groups, leaves })
}

fn empty<T>() -> Page<T> {
    Page { items: Vec::new(), total: 0, offset: 0 }
}

fn leaf(line: TechnicianLine) -> Leaf {
    let TechnicianLine { id, name, enabled, role, .. } = line;
    Leaf { id, name, enabled, role }
}

fn node(page: GroupPage) -> GroupNode {
    GroupNode {
        id: page.id,
        name: page.name,
        groups: page.groups,
        technicians: page.technicians,
        technicians_below: page.technicians_below,
    }
}
