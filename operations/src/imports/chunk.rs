//! One chunk of an import: checked anew, hashed, written in one transaction with its results.
//! Sending it again answers what was answered before and changes nothing.

use std::collections::HashMap;

use roster::account::{PasswordState, Role, Source};
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, decide};
use roster::email;
use roster::fault::Fault;
use roster::fields::Field;
use roster::history::{CHUNK_ROWS, Chunk, ChunkResult, ImportRecord, ImportState};
use roster::id::{AccountId, GroupId, ImportId};
use roster::import::{
    Outcome, ReadyRow, RowResult, Rules, SubmittedRow, SubmittedValues, check_submitted,
};
use roster::problem::{Code, Problem};
use roster::secret::Secret;
use roster::settings::Settings;
use serde_json::{Value, json};
use store::{ChunkSaved, NewAccount, Reader, SeatCount, SeatsFree, StoredRow};

use super::own;
use crate::{Operations, Result, permit, subject};

/// Takes one chunk.
pub async fn put_chunk(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    number: u32,
    chunk: Chunk,
) -> Result<ChunkResult> {
    let permit = permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = own(&mut reader, caller, id).await?;
    if let Some(rows) = reader.chunk(id, number).await? {
        return Ok(ChunkResult { rows });
    }
    acceptable(&record, &chunk)?;
    let settings = reader.settings().await?;
    let rules = rules(&record, &settings, operations.now());
    let mut rows = check(&chunk.rows, &rules);
    rows.refuse_in_use(&mut reader).await?;
    drop(reader);
    let hashes = rows.hash_passwords(operations).await?;

    let now = operations.now();
    let mut tx = operations.store.write().await?;
    if let Some(rows) = tx.chunk(id, number).await? {
        return Ok(ChunkResult { rows });
    }
    rows.refuse_in_use(&mut tx).await?;
    rows.place(&mut tx, caller, record.group).await?;
    let free = tx.free_seats().await?;
    let seats = rows.seat(free);
    tx.take_seats(&permit, seats).await?;
    let wanted: Vec<(usize, NewAccount)> = rows
        .ready()
        .map(|(place, ready, group)| {
            let hash = hashes.get(&place).cloned();
            (place, new_account(ready, group, hash, id, now))
        })
        .collect();
    let accounts: Vec<NewAccount> = wanted.iter().map(|(_, account)| account.clone()).collect();
    let created = tx.create_accounts(&permit, &accounts).await?;
    let mut unused = SeatCount::default();
    for ((place, account), created) in wanted.iter().zip(created) {
        if created.is_none() {
            unused.add(seats_of(account));
        }
        rows.created(*place, created);
    }
    tx.give_back_seats(&permit, unused).await?;
    // What the insert passed over is in use by now: by another row, or by somebody at work.
    rows.refuse_in_use(&mut tx).await?;

    let results = rows.results(&chunk.rows);
    match tx.save_chunk(&permit, id, number, &results, now).await? {
        ChunkSaved::Saved => {}
        ChunkSaved::Already => {
            drop(tx);
            let rows = operations.store.read().await?.chunk(id, number).await?;
            return Ok(ChunkResult { rows: rows.unwrap_or_default() });
        }
        ChunkSaved::Ended => return Err(Fault::conflict("This import has ended already.").into()),
    }
    let entry = Entry {
        action: Action::ImportChunk,
        subject: subject::import(id, &record.file_name),
        before: Value::Null,
        after: after(number, &results),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(ChunkResult { rows: results.into_iter().map(|row| row.result).collect() })
}

fn acceptable(record: &ImportRecord, chunk: &Chunk) -> Result<()> {
    match record.state {
        ImportState::Running => {}
        ImportState::Finished => {
            return Err(Fault::conflict("This import has ended already.").into());
        }
        ImportState::Canceled => return Err(Fault::conflict("This import was canceled.").into()),
        ImportState::Undoing | ImportState::Undone => {
            return Err(Fault::conflict("This import was undone.").into());
        }
    }
    if chunk.rows.is_empty() || chunk.rows.len() > CHUNK_ROWS {
        return Err(Fault::refused(format!(
            "A chunk has 1 to {CHUNK_ROWS} rows, this one {}.",
            chunk.rows.len()
        ))
        .into());
    }
    Ok(())
}

fn rules(record: &ImportRecord, settings: &Settings, now: roster::id::Timestamp) -> Rules {
    Rules {
        group_chosen: record.group.is_some(),
        strength: settings.strength,
        organization: settings.organization.clone(),
        default_password_set: settings.default_password_works(now),
    }
}

fn new_account(
    ready: &ReadyRow,
    group: GroupId,
    hash: Option<String>,
    import: ImportId,
    now: roster::id::Timestamp,
) -> NewAccount {
    NewAccount {
        role: Role::Technician,
        group: Some(group),
        person: ready.person.clone(),
        password: if hash.is_some() { PasswordState::Temporary } else { PasswordState::Default },
        hash,
        source: Source::Import,
        created_at: now,
        import: Some(import),
    }
}

fn seats_of(account: &NewAccount) -> SeatCount {
    SeatCount::of(
        account.person.enabled,
        account.person.standard_license,
        account.person.mobile_license,
    )
}

/// What the audit trail keeps of a chunk; the rows themselves are in the import.
fn after(number: u32, results: &[StoredRow]) -> Value {
    let created: Vec<AccountId> = results.iter().filter_map(|row| row.result.account).collect();
    json!({ "chunk": number, "rows": results.len(), "created": created })
}

/// A row on its way: ready until something speaks against it.
struct Row {
    ready: Option<ReadyRow>,
    group: Option<GroupId>,
    created: Option<AccountId>,
    skipped: bool,
    problems: Vec<Problem>,
}

impl Row {
    /// Still to be created.
    fn open(&self) -> Option<&ReadyRow> {
        self.ready.as_ref().filter(|_| self.created.is_none())
    }

    fn fail(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.ready = None;
    }
}

struct Rows(Vec<Row>);

fn check(submitted: &[SubmittedRow], rules: &Rules) -> Rows {
    let row = |submitted| {
        let (ready, problems) = check_submitted(submitted, rules);
        Row { ready, group: None, created: None, skipped: false, problems }
    };
    Rows(submitted.iter().map(row).collect())
}

impl Rows {
    fn open(&self) -> impl Iterator<Item = (usize, &ReadyRow)> {
        self.0.iter().enumerate().filter_map(|(place, row)| Some((place, row.open()?)))
    }

    /// Rows that go on, with their group.
    fn ready(&self) -> impl Iterator<Item = (usize, &ReadyRow, GroupId)> {
        self.0.iter().enumerate().filter_map(|(place, row)| Some((place, row.open()?, row.group?)))
    }

    /// Takes out the rows whose email or Single Sign-On ID belongs to an account, and warns of
    /// addresses that look like an account's.
    async fn refuse_in_use(&mut self, reader: &mut Reader) -> Result<()> {
        let keys: Vec<String> = self.open().map(|(_, row)| row.person.email.key.clone()).collect();
        let sso: Vec<String> =
            self.open().filter_map(|(_, row)| row.person.sso_id.clone()).collect();
        let emails = reader.emails_in_use(&keys).await?;
        let sso_ids = reader.sso_ids_in_use(&sso).await?;
        for row in &mut self.0 {
            let Some(ready) = row.open() else { continue };
            let person = &ready.person;
            if emails.contains_key(&person.email.key) {
                let message = format!("“{}” belongs to an account already.", person.email.as_typed);
                row.skipped = true;
                row.fail(Problem::on(Field::Email, Code::EmailInUse, message));
            } else if let Some(sso_id) =
                person.sso_id.as_ref().filter(|id| sso_ids.contains_key(*id))
            {
                let message = format!(
                    "The Single Sign-On ID “{sso_id}” belongs to another account already. Leave it \
                     empty or give another."
                );
                row.fail(Problem::on(Field::SsoId, Code::SsoIdInUse, message));
            }
        }
        self.warn_of_lookalikes(reader).await
    }

    async fn warn_of_lookalikes(&mut self, reader: &mut Reader) -> Result<()> {
        let unwarned = |row: &Row| {
            let ready = row.open()?;
            let warned = row.problems.iter().any(|problem| problem.code == Code::EmailLookalike);
            (!warned).then(|| email::skeleton(&ready.person.email.key))
        };
        let skeletons: Vec<String> = self.0.iter().filter_map(unwarned).collect();
        let found = reader.skeletons_in_use(&skeletons).await?;
        for row in &mut self.0 {
            let Some(other) = unwarned(row).and_then(|skeleton| found.get(&skeleton)) else {
                continue;
            };
            let Some(mine) = row.open().map(|ready| &ready.person.email.as_typed) else { continue };
            // Two plain addresses are told apart by anyone: only foreign letters deceive.
            if mine != other && !(mine.is_ascii() && other.is_ascii()) {
                let message = format!(
                    "“{mine}” looks like “{other}”, which belongs to an account, but is spelled \
                     with other letters."
                );
                row.problems.push(Problem::on(Field::Email, Code::EmailLookalike, message));
            }
        }
        Ok(())
    }

    /// Hashes by the row's place; only for rows that are still to be created.
    async fn hash_passwords(&self, operations: &Operations) -> Result<HashMap<usize, String>> {
        let (places, passwords): (Vec<usize>, Vec<Secret>) = self
            .open()
            .filter_map(|(place, row)| Some((place, Secret::new(row.password.clone()?))))
            .unzip();
        let hashes = operations.hashing.hash_all(passwords).await?;
        Ok(places.into_iter().zip(hashes).collect())
    }

    /// Gives every row its group: the one for the whole file, or the row's own.
    async fn place(
        &mut self,
        reader: &mut Reader,
        caller: &Caller,
        chosen: Option<GroupId>,
    ) -> Result<()> {
        let mut wanted: Vec<GroupId> =
            self.open().filter_map(|(_, row)| chosen.or(row.group)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let lineages = reader.group_lineages(&wanted).await?;
        for row in &mut self.0 {
            let Some(group) = row.open().and_then(|ready| chosen.or(ready.group)) else { continue };
            let problem = match lineages.get(&group) {
                None => Some((
                    Code::GroupUnknown,
                    format!("There is no Technician Group with the ID {group}."),
                )),
                Some(lineage) => decide(caller, &Act::CreateTechnician { lineage })
                    .err()
                    .map(|denied| (Code::GroupNotAllowed, format!("Group {group}: {denied}"))),
            };
            match problem {
                Some((code, message)) => row.fail(Problem::on(Field::Group, code, message)),
                None => row.group = Some(group),
            }
        }
        Ok(())
    }

    /// Seats for the rows in their order, as long as there are any; the sum that is taken.
    fn seat(&mut self, mut free: SeatsFree) -> SeatCount {
        let mut taken = SeatCount::default();
        for row in &mut self.0 {
            let Some(person) = row.open().map(|ready| &ready.person) else { continue };
            let wanted =
                SeatCount::of(person.enabled, person.standard_license, person.mobile_license);
            if free.take(wanted) {
                taken.add(wanted);
            } else {
                let (field, kind) = if free.standard == Some(0) && wanted.standard > 0 {
                    (Field::StandardLicense, "standard")
                } else {
                    (Field::MobileLicense, "mobile")
                };
                row.fail(Problem::on(
                    field,
                    Code::SeatsNoneLeft,
                    format!(
                        "No {kind} seat is left. Raise the seats in Global Settings, disable \
                         somebody, or import this person without the licence."
                    ),
                ));
            }
        }
        taken
    }

    fn created(&mut self, place: usize, account: Option<AccountId>) {
        if let Some(row) = self.0.get_mut(place) {
            row.created = account;
        }
    }

    fn results(self, submitted: &[SubmittedRow]) -> Vec<StoredRow> {
        self.0
            .into_iter()
            .zip(submitted)
            .map(|(row, submitted)| {
                let outcome = match row.created {
                    Some(_) => Outcome::Created,
                    None if row.skipped => Outcome::Skipped,
                    None => Outcome::Failed,
                };
                let values = (outcome != Outcome::Created).then(|| values_json(submitted));
                StoredRow {
                    result: RowResult {
                        line: submitted.line,
                        outcome,
                        name: submitted.values.name.clone().unwrap_or_default(),
                        email: submitted.values.email.clone().unwrap_or_default(),
                        account: row.created,
                        problems: row.problems,
                        place: 0,
                        changes: Vec::new(),
                        reversal: None,
                    },
                    values,
                }
            })
            .collect()
    }
}

/// A row's values for the file of failed rows, without the password.
fn values_json(submitted: &SubmittedRow) -> String {
    let values = SubmittedValues { password: None, ..submitted.values.clone() };
    json!(values).to_string()
}
