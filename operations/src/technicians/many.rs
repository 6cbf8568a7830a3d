//! What is done with one technician or with thousands: moved, enabled, disabled, given a licence,
//! deleted. One transaction, a few statements; each who can't be changed is left alone, with the
//! reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use roster::audit::{Action, Entry, difference};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId, Timestamp};
use roster::many::{Change, LeftAlone, License, MOST, Outcome, Selection, Step};
use serde_json::{Value, json};
use store::{
    AccountAct, Accounts, GroupAct, NotThisOne, Permit, PersonEdit, Reader, SeatCount, SeatsFree,
    StoredPerson, Transaction,
};

use super::no_seat;
use crate::groups::shown;
use crate::two_step::Leaving;
use crate::{Operations, Result, sight, subject};

/// Does one thing with all who are meant. Where one alone is meant and can't be changed, that is
/// the answer.
pub async fn change_many(operations: &Operations, caller: &Caller, step: &Step) -> Result<Outcome> {
    carry_out(operations, caller, std::slice::from_ref(step)).await
}

/// Takes back what was done, by the steps that it answered: all in one transaction.
pub async fn take_back(
    operations: &Operations,
    caller: &Caller,
    steps: &[Step],
) -> Result<Outcome> {
    carry_out(operations, caller, steps).await
}

async fn carry_out(operations: &Operations, caller: &Caller, steps: &[Step]) -> Result<Outcome> {
    let mut tx = operations.store.write().await?;
    let mut outcome = Outcome::default();
    let mut trail = Vec::new();
    let mut room = MOST;
    for step in steps {
        // Before the tree and the people: the order of locks.
        let free = tx.free_seats().await?;
        let ids = whom(&mut tx, caller, &step.who, room, operations.now()).await?;
        room -= ids.len();
        let alone = steps.len() == 1 && ids.len() == 1;
        let work = Work::plan(&mut tx, caller, step.change, free, &ids).await?;
        if let (true, Some((_, _, Why::Refused(fault)))) = (alone, work.left.first()) {
            return Err(fault.clone().into());
        }
        work.carry_out(&mut tx, &mut outcome, &mut trail).await?;
    }
    if !trail.is_empty() {
        tx.commit(caller, operations.now(), &trail).await?;
    }
    Ok(outcome)
}

/// The ids that a selection means, each once.
pub(crate) async fn whom(
    reader: &mut Reader,
    caller: &Caller,
    who: &Selection,
    room: usize,
    now: Timestamp,
) -> Result<Vec<AccountId>> {
    let ids = match who {
        Selection::Ids(ids) => {
            let mut seen = HashSet::new();
            ids.iter().copied().filter(|id| seen.insert(*id)).collect()
        }
        Selection::Matching { group, filter } => {
            sight::group(reader, caller, *group).await?;
            let limit = u32::try_from(room + 1).unwrap_or(u32::MAX);
            reader.technician_ids(*group, filter, now, limit).await?
        }
    };
    if ids.len() > room {
        return Err(Fault::refused(
            "At most 10,000 technicians can be meant at once, and these are more. Select fewer.",
        )
        .into());
    }
    Ok(ids)
}

/// Why somebody is left alone.
enum Why {
    /// There is nothing to do.
    Already(&'static str),
    Refused(Fault),
}

/// What a step comes to.
struct Work {
    change: Change,
    permit: Option<Permit>,
    edits: Vec<PersonEdit>,
    /// Who, their name, and why.
    left: Vec<(AccountId, String, Why)>,
    from: SeatCount,
    to: SeatCount,
    /// The ways to the groups in which they are, and to the one to which they go.
    paths: HashMap<GroupId, GroupPath>,
}

impl Work {
    async fn plan(
        tx: &mut Transaction,
        caller: &Caller,
        change: Change,
        mut free: SeatsFree,
        ids: &[AccountId],
    ) -> Result<Self> {
        let Accounts { people, mut paths, permit } =
            tx.accounts_for(caller, ids, act(change)).await?;
        if let Change::MoveTo(to) = change {
            let (path, _) = tx.group_for(caller, to, GroupAct::AddTechnician).await?;
            paths.insert(to, path);
        }
        let leaving = match change {
            Change::MoveTo(to) => Some((to, Leaving::look(tx, caller, paths.values()).await?)),
            _ => None,
        };
        let mut work = Self {
            change,
            permit,
            edits: Vec::with_capacity(ids.len()),
            left: Vec::new(),
            from: SeatCount::default(),
            to: SeatCount::default(),
            paths,
        };
        for (id, found) in people {
            match found {
                Ok(person) => {
                    let name = person.person.name.clone();
                    let stays = leaving.as_ref().map_or(Ok(()), |(to, leaving)| {
                        work.may_leave(leaving, caller, &person, *to)
                    });
                    match stays.and_then(|()| work.consider(&mut free, person)) {
                        Ok(edit) => work.edits.push(edit),
                        Err(why) => work.left.push((id, name, why)),
                    }
                }
                Err(NotThisOne { name, why }) => {
                    work.left.push((id, name, Why::Refused(why.into())));
                }
            }
        }
        Ok(work)
    }

    /// A Master Administrator's two-step duty goes with who is moved.
    fn may_leave(
        &self,
        leaving: &Leaving,
        caller: &Caller,
        person: &StoredPerson,
        to: GroupId,
    ) -> std::result::Result<(), Why> {
        let way = |group| self.paths.get(&group).map(GroupPath::lineage).unwrap_or_default();
        let from = person.group.map(way).unwrap_or_default();
        let label = self.paths.get(&to).map(|path| shown(caller, path.clone()).label());
        let to = (way(to), label.unwrap_or_default());
        leaving.allows(&person.person.name, &from, (&to.0, &to.1)).map_err(Why::Refused)
    }

    /// What somebody is to become, or why not.
    fn consider(
        &mut self,
        free: &mut SeatsFree,
        kept: StoredPerson,
    ) -> std::result::Result<PersonEdit, Why> {
        let edit = edited(self.change, kept).map_err(Why::Already)?;
        let (from, to) = (edit.before.seats(), self.seats_after(&edit));
        if !free.exchange(from, to) {
            let standard = free.standard == Some(0) && to.standard > from.standard;
            let kind = if standard { "standard" } else { "mobile" };
            return Err(Why::Refused(Fault::conflict(no_seat(kind))));
        }
        self.from.add(from);
        self.to.add(to);
        Ok(edit)
    }

    fn seats_after(&self, edit: &PersonEdit) -> SeatCount {
        if self.change == Change::Delete { SeatCount::default() } else { edit.seats() }
    }

    async fn carry_out(
        self,
        tx: &mut Transaction,
        outcome: &mut Outcome,
        trail: &mut Vec<Entry>,
    ) -> Result<()> {
        if let Some(permit) = self.permit.as_ref().filter(|_| !self.edits.is_empty()) {
            let mut done = tx.exchange_seats(permit, self.from, self.to).await?;
            if self.change == Change::Delete {
                let people: Vec<StoredPerson> =
                    self.edits.iter().map(|edit| edit.before.clone()).collect();
                tx.remove_people(permit, &people).await?;
            } else {
                let results = tx.update_people(permit, &self.edits).await?;
                done &= results.iter().all(std::result::Result::is_ok);
            }
            if !done {
                // They are held and their seats were free: the database isn't as it says.
                return Err(Fault::busy_database().into());
            }
            trail.extend(self.edits.iter().map(|edit| self.entry(edit)));
        }
        outcome.changed += u32::try_from(self.edits.len()).unwrap_or(u32::MAX);
        outcome.undo.extend(self.undo());
        outcome.left.extend(self.left.into_iter().map(|(id, name, why)| {
            let reason = match why {
                Why::Already(reason) => reason.to_owned(),
                Why::Refused(fault) => fault.to_string(),
            };
            LeftAlone { id, name, reason }
        }));
        Ok(())
    }

    fn undo(&self) -> Vec<Step> {
        let mut steps: BTreeMap<Option<GroupId>, Vec<AccountId>> = BTreeMap::new();
        for edit in &self.edits {
            let was_in = edit.before.group.filter(|_| matches!(self.change, Change::MoveTo(_)));
            steps.entry(was_in).or_default().push(edit.before.id);
        }
        let steps = steps.into_iter().filter_map(|(was_in, ids)| {
            Some(Step { who: Selection::Ids(ids), change: self.change.inverse(was_in)? })
        });
        steps.collect()
    }

    fn entry(&self, edit: &PersonEdit) -> Entry {
        let place = |group: Option<GroupId>| {
            json!(group.and_then(|group| self.paths.get(&group)).map(GroupPath::label))
        };
        let fields = || {
            difference(
                &subject::person_fields(&edit.before.person),
                &subject::person_fields(&edit.person),
            )
        };
        let (action, (before, after)) = match self.change {
            Change::MoveTo(_) => (
                Action::TechnicianMoved,
                (
                    json!({ "group": place(edit.before.group) }),
                    json!({ "group": place(edit.group) }),
                ),
            ),
            Change::Enable => (Action::TechnicianEnabled, fields()),
            Change::Disable => (Action::TechnicianDisabled, fields()),
            Change::Give(_) | Change::Take(_) => (Action::TechnicianEdited, fields()),
            Change::Delete => {
                let mut before = subject::person_fields(&edit.before.person);
                before["group"] = place(edit.before.group);
                (Action::TechnicianDeleted, (before, Value::Null))
            }
        };
        let subject = subject::account(edit.before.id, &edit.before.person.name);
        Entry { action, subject, before, after }
    }
}

fn act(change: Change) -> AccountAct {
    match change {
        Change::MoveTo(_) => AccountAct::Move,
        Change::Enable | Change::Give(_) | Change::Take(_) => AccountAct::Edit,
        Change::Disable => AccountAct::Disable,
        Change::Delete => AccountAct::Delete,
    }
}

/// The person with the change made; or that it is made already.
fn edited(change: Change, kept: StoredPerson) -> std::result::Result<PersonEdit, &'static str> {
    let (mut person, mut group) = (kept.person.clone(), kept.group);
    let already = match change {
        Change::MoveTo(to) => {
            group = Some(to);
            "They are in this group already."
        }
        Change::Enable => {
            person.enabled = true;
            "They are enabled already."
        }
        Change::Disable => {
            person.enabled = false;
            "They are disabled already."
        }
        Change::Give(license) => {
            *license_of(&mut person, license) = true;
            "They have this licence already."
        }
        Change::Take(license) => {
            *license_of(&mut person, license) = false;
            "They don’t have this licence."
        }
        Change::Delete => return Ok(PersonEdit { before: kept, person, group }),
    };
    if (&person, group) == (&kept.person, kept.group) {
        return Err(already);
    }
    Ok(PersonEdit { before: kept, person, group })
}

fn license_of(person: &mut roster::fields::Person, license: License) -> &mut bool {
    match license {
        License::Standard => &mut person.standard_license,
        License::Mobile => &mut person.mobile_license,
    }
}
