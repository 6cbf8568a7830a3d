//! Rows are written: within one transaction, seats, updates and new accounts. The chunk, the
//! import of all rows or none and the second try all end here.

use roster::account::{PasswordState, Role, Source};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::{GroupId, ImportId, Timestamp};
use roster::import::{Existing, Expected, Outcome};
use serde_json::{Value, json};
use store::{
    Batch, NewAccount, Permit, PersonEdit, SeatCount, StoredRow, Transaction, WriteConflict,
};

use super::fate::{email_in_use, sso_id_in_use};
use super::place::{account_changed, keys, meet, place, sso_ids};
use super::row::{End, Row};
use super::seat::{fits, seat};
use crate::keys::Keys;
use crate::{Result, starting};

/// What rows are written by.
pub(super) struct Job<'a> {
    pub caller: &'a Caller,
    pub keys: &'a Keys,
    pub import: ImportId,
    pub existing: Existing,
    /// The group for the whole file.
    pub group: Option<GroupId>,
    pub now: Timestamp,
}

/// Writes the rows that are ready; those that can't be written have their problem afterwards.
pub(super) async fn write(
    tx: &mut Transaction,
    job: &Job<'_>,
    permit: &Permit,
    rows: &mut [Row],
) -> Result<()> {
    // Locks the seats: from here on nobody else writes an import.
    let free = tx.free_seats().await?;
    match job.existing {
        Existing::Skip => {
            place(rows, tx, job).await?;
            // Who is there is found by the insert, unless somebody was there already, or seats are
            // short: then none is set aside for a row that will not be written.
            if rows.iter().any(Row::lacks_hash) || !fits(rows, free) {
                refuse_in_use(tx, job, rows).await?;
            }
        }
        Existing::Update => {
            let people = tx.lock_accounts_by_email(&keys(rows)).await?;
            meet(rows, tx, job, &people).await?;
        }
    }
    refuse_without_hash(rows);
    let (from, to) = seat(rows, free);
    exchange(tx, permit, from, to).await?;
    let (mut unused_from, mut unused_to) = (SeatCount::default(), SeatCount::default());
    update(tx, permit, rows, &mut |from, to| {
        unused_from.add(from);
        unused_to.add(to);
    })
    .await?;
    create(tx, job, permit, rows, &mut unused_to).await?;
    exchange(tx, permit, unused_to, unused_from).await
}

async fn exchange(
    tx: &mut Transaction,
    permit: &Permit,
    from: SeatCount,
    to: SeatCount,
) -> Result<()> {
    if tx.exchange_seats(permit, from, to).await? {
        return Ok(());
    }
    // A row that was to free a seat for another was too late itself: nothing is written, and the
    // next try finds things as they are.
    Err(Fault::busy_database().into())
}

/// Somebody had the email when passwords were hashed, and now nobody has.
fn refuse_without_hash(rows: &mut [Row]) {
    for row in rows.iter_mut().filter(|row| row.lacks_hash()) {
        let Some(ready) = row.open() else { continue };
        let what = "the account with this address was removed";
        let problem = account_changed(&ready.person.email.as_typed, what);
        row.fail(problem);
    }
}

async fn update(
    tx: &mut Transaction,
    permit: &Permit,
    rows: &mut [Row],
    unused: &mut impl FnMut(SeatCount, SeatCount),
) -> Result<()> {
    let edits: Vec<PersonEdit> = rows.iter().filter_map(Row::to_update).cloned().collect();
    let results = tx.update_people(permit, &edits).await?;
    let rows = rows.iter_mut().filter(|row| row.to_update().is_some());
    for ((row, edit), result) in rows.zip(&edits).zip(results) {
        let Err(conflict) = result else {
            row.end = Some(End::Updated);
            continue;
        };
        unused(edit.before.seats(), edit.seats());
        let email = &edit.person.email.as_typed;
        row.fail(match conflict {
            WriteConflict::SsoIdInUse => {
                sso_id_in_use(edit.person.sso_id.as_deref().unwrap_or_default())
            }
            WriteConflict::EmailInUse | WriteConflict::HolderExists => email_in_use(email),
            WriteConflict::Stale
            | WriteConflict::Gone
            | WriteConflict::NoStandardSeat
            | WriteConflict::NoMobileSeat => account_changed(email, "the account was changed"),
        });
    }
    Ok(())
}

async fn create(
    tx: &mut Transaction,
    job: &Job<'_>,
    permit: &Permit,
    rows: &mut [Row],
    unused: &mut SeatCount,
) -> Result<()> {
    let mut new: Vec<NewAccount> = rows.iter().filter_map(|row| new_account(row, job)).collect();
    let batch = Batch::Import(job.import);
    starting::give(tx, job.keys, permit, batch, &mut new, job.now).await?;
    let created = tx.create_accounts(permit, &new).await?;
    let mut all = true;
    let wanted = rows.iter_mut().filter(|row| row.to_create().is_some());
    for (row, id) in wanted.zip(created) {
        match (id, row.seats()) {
            (Some(id), _) => row.end = Some(End::Created(id)),
            (None, Some((_, seats))) => {
                all = false;
                unused.add(seats);
            }
            (None, None) => {}
        }
    }
    if all {
        return Ok(());
    }
    refuse_in_use(tx, job, rows).await?;
    for row in rows {
        if let Some(ready) = row.to_create() {
            // Whoever was in the way is gone already.
            let problem = email_in_use(&ready.person.email.as_typed);
            row.fail(problem);
        }
    }
    Ok(())
}

fn new_account(row: &Row, job: &Job<'_>) -> Option<NewAccount> {
    let ready = row.to_create()?;
    Some(NewAccount {
        role: Role::Technician,
        group: row.group,
        person: ready.person.clone(),
        password: match row.hash {
            Some(_) => PasswordState::Temporary,
            None => PasswordState::Default,
        },
        hash: row.hash.clone(),
        source: Source::Import,
        created_at: job.now,
        import: Some(job.import),
    })
}

/// Takes out the rows whose email or Single Sign-On ID belongs to an account: by now that may be
/// another row's.
async fn refuse_in_use(tx: &mut Transaction, job: &Job<'_>, rows: &mut [Row]) -> Result<()> {
    let emails = tx.emails_in_use(&keys(rows)).await?;
    let sso_ids = tx.sso_ids_in_use(&sso_ids(rows)).await?;
    for row in rows {
        let Some(ready) = row.to_create() else { continue };
        let email = ready.person.email.as_typed.clone();
        let sso_id = ready.person.sso_id.clone().filter(|id| sso_ids.contains_key(id));
        match (emails.contains_key(&ready.person.email.key), sso_id) {
            (true, _) if job.existing == Existing::Skip => row.skip(email_in_use(&email)),
            (true, _) if row.expected == Some(Expected::Nobody) => {
                row.fail(account_changed(&email, "an account with it was created"));
            }
            (true, _) => row.fail(email_in_use(&email)),
            (false, Some(sso_id)) => row.fail(sso_id_in_use(&sso_id)),
            (false, None) => {}
        }
    }
    Ok(())
}

/// What the audit trail keeps of rows; the rows themselves are in the import.
pub(super) fn trail(results: &[StoredRow]) -> Value {
    let of = |outcome| results.iter().filter(move |row| row.result.outcome == outcome);
    let created: Vec<_> = of(Outcome::Created).filter_map(|row| row.result.account).collect();
    let updated: Vec<Value> = of(Outcome::Updated)
        .map(|row| {
            let changes = row.result.changes.iter().map(|change| {
                let key = change.field.key().to_owned();
                (key, json!({ "before": change.before, "after": change.after }))
            });
            json!({
                "account": row.result.account,
                "changes": changes.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    let mut trail = json!({ "rows": results.len(), "created": created });
    if !updated.is_empty() {
        trail["updated"] = Value::from(updated);
    }
    trail
}
