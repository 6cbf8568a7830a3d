//! An import is undone: whom it created is removed, whom it changed is as before, as far as nobody
//! has signed in or been changed since. Step by step, so that it can be gone on with.

use std::collections::BTreeMap;

use roster::audit::{Action, Entry, difference};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::history::{ImportRecord, ImportState, Reversal, UNDO_DAYS, UndoProgress};
use roster::id::{AccountId, GroupId, ImportId, Timestamp};
use serde_json::{Value, json};
use store::{
    Before, Permit, PersonEdit, SeatCount, SeatsFree, StoredPerson, ToUndo, Transaction, UndoStep,
    WriteConflict,
};

use super::groups::Groups;
use super::{record, see};
use crate::{Operations, Result, subject};

/// Rows that are undone at a time.
const STEP: u32 = 2_000;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// Undoes the next rows; `left` are still to be undone.
pub async fn undo(operations: &Operations, caller: &Caller, id: ImportId) -> Result<UndoProgress> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, id).await?;
    // Locks the seats: who undoes the same import waits here, and goes on with what is left.
    let free = tx.free_seats().await?;
    let before = record(&mut tx, id).await?;
    if before.state == ImportState::Undone {
        drop(tx);
        return Ok(UndoProgress { record: before, left: 0 });
    }
    may_undo(&before, now)?;
    let rows = tx.rows_to_undo(id, STEP).await?;
    let done = before.undone.as_ref().map_or(0, |undone| undone.counts.done());
    let all = before.counts.created + before.counts.updated;
    let left = all.saturating_sub(done).saturating_sub(u32::try_from(rows.len()).unwrap_or(0));
    let mut step = Step::decide(&mut tx, caller, free, &rows).await?;
    step.carry_out(&mut tx, &permit).await?;
    let reversals: Vec<(i64, Reversal)> =
        step.ends.iter().map(|(place, end)| (*place, end.clone())).collect();
    let last = rows.len() < STEP as usize || left == 0;
    let groups = Groups::look(&mut tx, caller, step.moved()).await?;
    let undone = UndoStep { by: caller.display_name(), at: now, rows: &reversals, last };
    tx.save_undone(&permit, id, &undone).await?;
    let entry = Entry {
        action: Action::ImportUndone,
        subject: subject::import(id, &before.file_name),
        before: Value::Null,
        after: step.trail(&groups),
    };
    tx.commit(caller, now, &[entry]).await?;
    let left = if last { 0 } else { left };
    Ok(UndoProgress { record: see(operations, caller, id).await?, left })
}

fn may_undo(record: &ImportRecord, now: Timestamp) -> Result<()> {
    if record.state == ImportState::Running {
        return Err(Fault::conflict(
            "This import has not ended yet. Cancel it first, then it can be undone.",
        )
        .into());
    }
    if now.seconds_since(record.started_at) > UNDO_DAYS * SECONDS_A_DAY {
        return Err(Fault::conflict(format!(
            "An import can be undone for {UNDO_DAYS} days after its start, and this one began \
             earlier."
        ))
        .into());
    }
    Ok(())
}

/// What is done with the accounts of some rows.
#[derive(Default)]
struct Step {
    remove: Vec<StoredPerson>,
    /// With the row's place.
    restore: Vec<(i64, PersonEdit)>,
    /// What became of the rows, by their places.
    ends: BTreeMap<i64, Reversal>,
    from: SeatCount,
    to: SeatCount,
}

impl Step {
    async fn decide(
        tx: &mut Transaction,
        caller: &Caller,
        mut free: SeatsFree,
        rows: &[ToUndo],
    ) -> Result<Self> {
        let ids: Vec<AccountId> = rows.iter().map(|row| row.account).collect();
        let people = tx.lock_accounts(&ids).await?;
        let groups: Vec<_> = rows.iter().filter_map(|row| row.before.as_ref()?.group).collect();
        let groups = tx.group_lineages(&groups).await?;
        let mut step = Self::default();
        for row in rows {
            let end = match (people.get(&row.account), &row.before) {
                (None, _) => kept("The account is not there any more."),
                (Some(kept_as), _) if is_caller(caller, kept_as.id) => {
                    kept("It is your own account: nobody removes or changes it but another.")
                }
                (Some(now), _) if now.version != row.version => {
                    kept("The account was changed since the import.")
                }
                (Some(now), None) if now.signed_in => {
                    kept("The person has signed in since the import.")
                }
                (Some(now), None) => {
                    step.exchange(&mut free, now.seats(), SeatCount::default());
                    step.remove.push(now.clone());
                    Reversal::Reversed
                }
                (_, Some(Before { group: Some(group), .. })) if !groups.contains_key(group) => {
                    failed("The Technician Group of before is not there any more.")
                }
                (Some(now), Some(before)) => step.restore(&mut free, row.place, now, before),
            };
            step.ends.insert(row.place, end);
        }
        Ok(step)
    }

    fn restore(
        &mut self,
        free: &mut SeatsFree,
        place: i64,
        now: &StoredPerson,
        before: &Before,
    ) -> Reversal {
        let edit =
            PersonEdit { before: now.clone(), person: before.person.clone(), group: before.group };
        if !self.exchange(free, now.seats(), edit.seats()) {
            return failed(
                "No seat is left for what the account was before. Raise the seats in Global \
                 Settings, or disable somebody.",
            );
        }
        self.restore.push((place, edit));
        Reversal::Reversed
    }

    fn exchange(&mut self, free: &mut SeatsFree, from: SeatCount, to: SeatCount) -> bool {
        let done = free.exchange(from, to);
        if done {
            self.from.add(from);
            self.to.add(to);
        }
        done
    }

    async fn carry_out(&mut self, tx: &mut Transaction, permit: &Permit) -> Result<()> {
        let mut seats = tx.exchange_seats(permit, self.from, self.to).await?;
        tx.remove_people(permit, &self.remove).await?;
        let edits: Vec<PersonEdit> = self.restore.iter().map(|(_, edit)| edit.clone()).collect();
        let results = tx.update_people(permit, &edits).await?;
        let (mut unused_from, mut unused_to) = (SeatCount::default(), SeatCount::default());
        let mut restored = Vec::new();
        for ((place, edit), result) in self.restore.drain(..).zip(results) {
            let Err(conflict) = result else {
                restored.push((place, edit));
                continue;
            };
            unused_from.add(edit.before.seats());
            unused_to.add(edit.seats());
            self.ends.insert(place, failed(sentence(conflict)));
        }
        self.restore = restored;
        seats &= tx.exchange_seats(permit, unused_to, unused_from).await?;
        // A seat that one was to free was meant for another, and it was not freed: nothing is
        // undone, and the next try finds things as they are.
        if seats { Ok(()) } else { Err(Fault::busy_database().into()) }
    }

    /// The groups from which and to which it moved people.
    fn moved(&self) -> impl Iterator<Item = GroupId> {
        let moved = self.restore.iter().filter(|(_, edit)| edit.before.group != edit.group);
        moved.flat_map(|(_, edit)| [edit.before.group, edit.group]).flatten()
    }

    /// Whom it removed, by the name that they had; whom it put back, and to what.
    fn trail(&self, groups: &Groups) -> Value {
        let removed = self.remove.iter();
        let removed: Vec<Value> = removed
            .map(|kept| json!({ "account": kept.id, "email": kept.person.email.as_typed }))
            .collect();
        let restored = self.restore.iter().map(|(_, edit)| {
            let (before, after) = (&edit.before.person, &edit.person);
            let (mut before, mut after) =
                difference(&subject::person_fields(before), &subject::person_fields(after));
            if edit.before.group != edit.group {
                before["group"] = json!(groups.label(edit.before.group));
                after["group"] = json!(groups.label(edit.group));
            }
            json!({ "account": edit.before.id, "before": before, "after": after })
        });
        json!({ "removed": removed, "restored": restored.collect::<Vec<_>>() })
    }
}

fn is_caller(caller: &Caller, id: AccountId) -> bool {
    caller.person().is_some_and(|actor| actor.account == id)
}

fn kept(why: &str) -> Reversal {
    Reversal::Kept(why.to_owned())
}

fn failed(why: &str) -> Reversal {
    Reversal::Failed(why.to_owned())
}

fn sentence(conflict: WriteConflict) -> &'static str {
    match conflict {
        WriteConflict::SsoIdInUse => {
            "The Single Sign-On ID of before belongs to another account by now."
        }
        WriteConflict::EmailInUse | WriteConflict::HolderExists => {
            "The email of before belongs to another account by now."
        }
        WriteConflict::NoStandardSeat | WriteConflict::NoMobileSeat => "No seat is left.",
        WriteConflict::Gone => "The Technician Group of before is not there any more.",
        WriteConflict::Stale => "The account was changed meanwhile.",
    }
}
