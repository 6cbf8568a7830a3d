//! What may be done with lines of the tree, by the rules that the server goes by too.

use std::collections::HashSet;

use roster::account::Role;
use roster::authority::{Act, Actor, Caller, Denied, Origin, Who, decide};
use roster::group::{Content, makes_cycle};
use roster::id::{AccountId, GroupId};
use serde::{Deserialize, Serialize};

use super::super::place::Place;
use super::rows::{Key, Row};

/// A line with which something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub place: Place,
    pub name: String,
    /// From the root to the group itself, or to the technician's group.
    pub lineage: Vec<GroupId>,
    /// A technician's.
    pub role: Role,
    pub enabled: bool,
    /// A group's, where a dialog asks for it.
    pub content: Content,
}

/// What the menu offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    CreateTechnician,
    CreateGroup,
    Rename,
    Configure,
    Move,
    Copy,
    Administrators,
    Enable,
    Disable,
    /// All technicians of a group.
    EnableAll,
    DisableAll,
    Delete,
}

impl Offer {
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::CreateTechnician => "Create technician",
            Self::CreateGroup => "Create group",
            Self::Rename => "Rename",
            Self::Configure => "Configuration",
            Self::Move => "Move…",
            Self::Copy => "Copy group",
            Self::Administrators => "Assign administrators",
            Self::Enable => "Enable",
            Self::Disable => "Disable",
            Self::EnableAll => "Enable technicians…",
            Self::DisableAll => "Disable technicians…",
            Self::Delete => "Delete…",
        }
    }
}

/// What is offered for these lines, in the menu's order.
#[must_use]
pub fn offers(targets: &[Target]) -> Vec<Offer> {
    use Offer::{
        Administrators, Configure, Copy, CreateGroup, CreateTechnician, Delete, Disable,
        DisableAll, Enable, EnableAll, Move, Rename,
    };
    match targets {
        [Target { place: Place::Group(_), .. }] => {
            let begin = [CreateTechnician, CreateGroup, Rename, Move, Copy, Administrators];
            [&begin[..], &[EnableAll, DisableAll, Delete]].concat()
        }
        [Target { enabled, .. }] => {
            vec![Configure, Rename, Move, if *enabled { Disable } else { Enable }, Delete]
        }
        _ => vec![Move, Enable, Disable, Delete],
    }
}

/// Why it can't be done with any of these lines; `None`: it can be tried.
#[must_use]
pub fn refusal(actor: &Actor, targets: &[Target], offer: Offer) -> Option<String> {
    let mut reason = None;
    for target in targets {
        match may(actor, target, offer) {
            Ok(()) => return None,
            Err(why) => reason = Some(why),
        }
    }
    reason
}

fn may(actor: &Actor, target: &Target, offer: Offer) -> Result<(), String> {
    let lineage = &target.lineage;
    let act = match (target.place, offer) {
        (Place::Group(_), Offer::CreateTechnician) => Act::CreateTechnician { lineage },
        (Place::Group(_), Offer::CreateGroup) => Act::CreateGroup { lineage },
        (Place::Group(_), Offer::Rename) => Act::RenameGroup { lineage },
        (Place::Group(_), Offer::Move | Offer::Copy | Offer::Delete) => {
            Act::ArrangeGroup { lineage }
        }
        (Place::Group(_), Offer::Administrators) => Act::AssignAdministrator,
        (Place::Group(GroupId::ROOT), Offer::EnableAll | Offer::DisableAll) => {
            return Err("Nobody is at the root of the tree.".to_owned());
        }
        (Place::Group(_), Offer::Enable | Offer::Disable) => {
            return Err("That is done with technicians alone, not with groups.".to_owned());
        }
        (Place::Technician(subject), offer) => on_technician(target, subject, offer),
        (Place::Group(_), Offer::Configure | Offer::EnableAll | Offer::DisableAll) => {
            Act::SeeGroup { lineage }
        }
    };
    allowed(actor, &act).map_err(|denied| denied.to_string())
}

fn on_technician(target: &Target, subject: AccountId, offer: Offer) -> Act<'_> {
    let (lineage, role) = (target.lineage.as_slice(), target.role);
    match offer {
        Offer::Move => Act::MoveTechnician { lineage, subject, role },
        Offer::Disable => Act::DisableTechnician { lineage, subject, role },
        Offer::Delete => Act::DeleteTechnician { lineage, subject, role },
        Offer::Enable | Offer::Rename => Act::EditTechnician { lineage, subject, role },
        _ => Act::SeeTechnician { lineage },
    }
}

/// Why these lines can't be moved into the group with this lineage; `None`: it can be tried.
#[must_use]
pub fn move_refusal(
    actor: &Actor,
    targets: &[Target],
    to: &[GroupId],
    to_name: &str,
) -> Option<String> {
    let people = targets.iter().any(|target| matches!(target.place, Place::Technician(_)));
    let into = if people {
        Act::CreateTechnician { lineage: to }
    } else {
        Act::CreateGroup { lineage: to }
    };
    if let Err(denied) = allowed(actor, &into) {
        return Some(denied.to_string());
    }
    if let Some(why) = refusal(actor, targets, Offer::Move) {
        return Some(why);
    }
    let mut stays = true;
    for target in targets {
        let above = match target.place {
            Place::Group(id) if makes_cycle(id, to) => {
                return Some(["“", &target.name, "” can’t lie below itself."].concat());
            }
            Place::Group(_) => target.lineage.iter().rev().nth(1),
            Place::Technician(_) => target.lineage.last(),
        };
        stays &= above == to.last();
    }
    stays.then(|| ["That is in “", to_name, "” already."].concat())
}

fn allowed(actor: &Actor, act: &Act<'_>) -> Result<(), Denied> {
    let caller = Caller { who: Who::Person(actor.clone()), origin: Origin::default() };
    decide(&caller, act).map(drop)
}

/// The line as a target; `None` where it has no place.
#[must_use]
pub fn target(rows: &[Row], at: usize) -> Option<Target> {
    let row = rows.get(at)?;
    let Key::Place(place) = row.key else { return None };
    let mut lineage: Vec<GroupId> = row.key.group().into_iter().collect();
    let mut level = row.level;
    for above in rows[..at].iter().rev() {
        if above.level < level {
            level = above.level;
            lineage.extend(above.key.group());
        }
    }
    // The top of an administrator's tree lies somewhere below the root.
    if lineage.last() != Some(&GroupId::ROOT) {
        lineage.push(GroupId::ROOT);
    }
    lineage.reverse();
    let name = row.label.clone();
    let (role, enabled, content) = (row.role, !row.disabled, Content::default());
    Some(Target { place, name, lineage, role, enabled, content })
}

/// The lines that something done here means: all that are marked, if this one is, or this one
/// alone. What lies in a group that is meant too goes with it.
#[must_use]
pub fn targets(rows: &[Row], marks: &HashSet<Place>, here: Place) -> Vec<Target> {
    let meant =
        |place: Place| if marks.contains(&here) { marks.contains(&place) } else { place == here };
    let all: Vec<Target> = (0..rows.len())
        .filter(|&at| matches!(rows[at].key, Key::Place(place) if meant(place)))
        .filter_map(|at| target(rows, at))
        .collect();
    let groups: HashSet<GroupId> = all
        .iter()
        .filter_map(|target| match target.place {
            Place::Group(id) => Some(id),
            Place::Technician(_) => None,
        })
        .collect();
    let lies_in_another = |target: &Target| {
        let own = usize::from(matches!(target.place, Place::Group(_)));
        let above = target.lineage.len() - own;
        target.lineage[..above].iter().any(|group| groups.contains(group))
    };
    all.iter().filter(|target| !lies_in_another(target)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use roster::id::SessionId;

    use super::*;

    fn actor(role: Role, areas: &[i64]) -> Actor {
        Actor {
            account: AccountId(1),
            name: "Ada".to_owned(),
            role,
            areas: areas.iter().copied().map(GroupId).collect(),
            session: SessionId(1),
            must_change_password: false,
            two_step_due: false,
        }
    }

    fn row(place: Place, level: usize) -> Row {
        Row {
            key: Key::Place(place),
            level,
            label: place.mark(),
            count: String::new(),
            title: String::new(),
            opens: false,
            disabled: false,
            role: Role::Technician,
            position: None,
            siblings: 1,
        }
    }

    fn group(id: i64) -> Place {
        Place::Group(GroupId(id))
    }

    fn technician(id: i64) -> Place {
        Place::Technician(AccountId(id))
    }

    /// Group 2 with group 3 in it, in which is 7; 8 is in group 2; beside them group 4.
    fn rows() -> Vec<Row> {
        let places =
            [(group(2), 1), (group(3), 2), (technician(7), 3), (technician(8), 2), (group(4), 1)];
        places.into_iter().map(|(place, level)| row(place, level)).collect()
    }

    fn lineage(ids: &[i64]) -> Vec<GroupId> {
        ids.iter().copied().map(GroupId).collect()
    }

    #[test]
    fn a_target_knows_where_it_is() {
        let check = |at, expected: &[i64]| {
            assert_eq!(target(&rows(), at).unwrap().lineage, lineage(expected));
        };
        check(0, &[1, 2]);
        check(1, &[1, 2, 3]);
        check(2, &[1, 2, 3]);
        check(3, &[1, 2]);
        check(4, &[1, 4]);
    }

    #[test]
    fn marked_lines_are_meant_together() {
        let check = |marks: &[Place], here, expected: &[Place]| {
            let marks = marks.iter().copied().collect();
            let found: Vec<_> =
                targets(&rows(), &marks, here).into_iter().map(|target| target.place).collect();
            assert_eq!(found, expected);
        };
        check(&[], technician(7), &[technician(7)]);
        check(&[technician(8)], technician(7), &[technician(7)]);
        check(&[technician(7), technician(8)], technician(7), &[technician(7), technician(8)]);
        check(&[group(3), technician(7), group(4)], group(4), &[group(3), group(4)]);
    }

    #[test]
    fn moves_are_refused_with_the_reason() {
        let rows = rows();
        let check = |role, areas: &[i64], at: usize, to: &[i64], expected: Option<&str>| {
            let targets = vec![target(&rows, at).unwrap()];
            let found = move_refusal(&actor(role, areas), &targets, &lineage(to), "it");
            assert_eq!(found.as_deref(), expected, "{at} to {to:?}");
        };
        let master = Role::Master;
        check(master, &[], 0, &[1, 4], None);
        check(master, &[], 0, &[1, 2, 3], Some("“g2” can’t lie below itself."));
        check(master, &[], 1, &[1, 2], Some("That is in “it” already."));
        check(master, &[], 3, &[1, 2], Some("That is in “it” already."));
        check(
            master,
            &[],
            3,
            &[1],
            Some("Nobody is at the root of the tree: choose a Technician Group."),
        );
        let administrator = Role::Administrator;
        check(administrator, &[2], 2, &[1, 2], None);
        let top = Denied::TopOfArea.to_string();
        check(administrator, &[2, 4], 0, &[1, 4], Some(&top));
        let outside = Denied::OutsideArea.to_string();
        check(administrator, &[2], 2, &[1, 4], Some(&outside));
    }

    #[test]
    fn what_is_offered_says_why_not() {
        let rows = rows();
        let refused = |role, at: usize, offer| {
            let targets = vec![target(&rows, at).unwrap()];
            refusal(&actor(role, &[2]), &targets, offer)
        };
        assert_eq!(refused(Role::Master, 0, Offer::Delete), None);
        assert_eq!(refused(Role::Administrator, 0, Offer::CreateGroup), None);
        assert!(refused(Role::Administrator, 0, Offer::Copy).is_some());
        assert!(refused(Role::Administrator, 0, Offer::Administrators).is_some());
        assert!(refused(Role::Administrator, 2, Offer::Disable).is_none());
        let labels: Vec<_> =
            offers(&[target(&rows, 2).unwrap()]).into_iter().map(Offer::label).collect();
        assert_eq!(labels, ["Configuration", "Rename", "Move…", "Disable", "Delete…"]);
    }
}
