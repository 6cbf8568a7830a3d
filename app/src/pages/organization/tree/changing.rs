//! Does one thing with several lines of the tree, on the server: people in one go, groups one after
//! the other.

use operations::{Error, Operations, Result, groups, technicians};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::{AccountId, GroupId};
use roster::many::{Change, Outcome, Selection, Step};

use super::super::place::Place;
use super::functions::{Done, Undo};

/// Where one alone is meant and it can't be done, that is the answer.
pub async fn change(
    operations: &Operations,
    caller: &Caller,
    places: &[Place],
    change: Change,
) -> Result<Done> {
    let mut done = Done::default();
    let alone = places.len() == 1;
    let people = people(places);
    if !people.is_empty() {
        let step = Step { who: Selection::Ids(people), change };
        match technicians::change_many(operations, caller, &step).await {
            Ok(outcome) => take_in(&mut done, outcome),
            Err(error) => leave(&mut done, alone, error)?,
        }
    }
    for group in all_groups(places) {
        let moved = match change {
            Change::MoveTo(to) => groups::move_below(operations, caller, group, to).await.map(Some),
            Change::Delete => groups::delete(operations, caller, group).await.map(|()| None),
            _ => {
                Err(Fault::refused("That is done with technicians alone, not with groups.").into())
            }
        };
        match moved {
            Ok(moved) => {
                done.groups += 1;
                done.undo.groups.extend(moved);
            }
            Err(error) => leave(&mut done, alone, error)?,
        }
    }
    // The last move is taken back first.
    done.undo.groups.reverse();
    Ok(done)
}

/// Takes back what was done.
pub async fn take_back(operations: &Operations, caller: &Caller, undo: &Undo) -> Result<Done> {
    let mut done = Done::default();
    for moved in &undo.groups {
        match groups::move_below(operations, caller, moved.group, moved.from).await {
            Ok(_) => done.groups += 1,
            Err(error) => leave(&mut done, false, error)?,
        }
    }
    if !undo.steps.is_empty() {
        let outcome = technicians::take_back(operations, caller, &undo.steps).await?;
        take_in(&mut done, outcome);
    }
    done.undo = Undo::default();
    Ok(done)
}

fn take_in(done: &mut Done, outcome: Outcome) {
    done.technicians += outcome.changed;
    done.left.extend(outcome.left.into_iter().map(|left| (left.name, left.reason)));
    done.undo.steps.extend(outcome.undo);
}

fn leave(done: &mut Done, alone: bool, error: Error) -> Result<()> {
    match error {
        Error::Fault(fault) if !alone => {
            done.left.push((String::new(), fault.to_string()));
            Ok(())
        }
        error => Err(error),
    }
}

fn people(places: &[Place]) -> Vec<AccountId> {
    let one = |place: &Place| match place {
        Place::Technician(id) => Some(*id),
        Place::Group(_) => None,
    };
    places.iter().filter_map(one).collect()
}

/// What lies further down comes first: a group is deleted only when nothing is in it.
fn all_groups(places: &[Place]) -> Vec<GroupId> {
    let one = |place: &Place| match place {
        Place::Group(id) => Some(*id),
        Place::Technician(_) => None,
    };
    places.iter().rev().filter_map(one).collect()
}
