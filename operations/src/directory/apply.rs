//! Applies a plan in one transaction: seats, accounts, links and sessions. `record` has what the run
//! stores about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use roster::account::{PasswordState, Role, Source};
use roster::directory::plan::{Change, Create, FaultCode, Plan, StatusChange};
use roster::directory::protocol::{Guid, PersonFault, RunId, SourceId};
use roster::fault::Fault;
use roster::fields::Person;
use roster::id::{AccountId, Timestamp};
use store::{
    Batch, NewAccount, NewLink, Permit, PersonEdit, SeatCount, SeatsFree, StoredPerson, Transaction,
};

use super::memberships::Memberships;
use crate::keys::Keys;
use crate::{Error, Result, starting};

/// Accounts created in one statement.
const PART: usize = 5_000;

/// What applying a plan needs besides the plan.
pub(super) struct Job<'a> {
    pub permit: &'a Permit,
    pub keys: &'a Keys,
    pub source: SourceId,
    pub run: RunId,
    pub memberships: &'a Memberships<'a>,
    pub now: Timestamp,
}

/// The result of applying a plan.
pub(super) struct Applied {
    /// The new accounts.
    pub created: HashMap<Guid, AccountId>,
    /// Faults that only the store can find: no seat was left, or an email was taken meanwhile.
    pub faults: Vec<PersonFault>,
}

impl Applied {
    pub(super) fn failed(&self) -> HashSet<Guid> {
        self.faults.iter().map(|fault| fault.guid).collect()
    }
}

/// Locks what a plan reads and writes: the seats, then the tree. The source is locked already.
pub(super) async fn lock(tx: &mut Transaction) -> Result<SeatsFree> {
    let free = tx.free_seats().await?;
    tx.lock_tree().await?;
    Ok(free)
}

/// Applies the plan. Fails with [`Fault::Unavailable`] if an account has changed since the plan was made;
/// the run must then be planned again.
pub(super) async fn apply(
    tx: &mut Transaction,
    job: &Job<'_>,
    plan: &Plan,
    mut free: SeatsFree,
) -> Result<Applied> {
    let mut work = Work::hold(tx, plan).await?;
    work.edit(plan)?;
    let mut faults = Vec::new();
    work.seat(plan, &mut free, &mut faults);
    let new = seated(&plan.creates, job, &mut free, &mut work.to, &mut faults);
    if !tx.exchange_seats(job.permit, work.from, work.to).await? {
        return Err(Fault::busy_database().into());
    }
    work.write(tx, job).await?;
    let disabled: Vec<AccountId> = plan.disables.iter().map(|it| it.account).collect();
    tx.disabled_by_directory(job.permit, job.source, &disabled).await?;
    let created = create(tx, job, new, &mut faults).await?;
    work.link(tx, job, plan).await?;
    Ok(Applied { created, faults })
}

/// The existing accounts that change, with their edits and seats.
struct Work {
    held: HashMap<AccountId, StoredPerson>,
    edits: BTreeMap<AccountId, PersonEdit>,
    from: SeatCount,
    to: SeatCount,
}

impl Work {
    async fn hold(tx: &mut Transaction, plan: &Plan) -> Result<Self> {
        let changes = plan.links.iter().chain(&plan.updates);
        let versions: BTreeMap<AccountId, i64> = changes
            .map(|it| (it.account, it.version))
            .chain(plan.disables.iter().chain(&plan.enables).map(|it| (it.account, it.version)))
            .collect();
        let ids: Vec<AccountId> = versions.keys().copied().collect();
        let held = if ids.is_empty() { HashMap::new() } else { tx.lock_accounts(&ids).await? };
        let as_planned = |(id, version): (&AccountId, &i64)| {
            held.get(id).is_some_and(|kept| kept.version == *version)
        };
        if !versions.iter().all(as_planned) {
            return Err(stale());
        }
        let (from, to) = (SeatCount::default(), SeatCount::default());
        Ok(Self { held, edits: BTreeMap::new(), from, to })
    }

    fn of(&mut self, id: AccountId) -> Result<&mut PersonEdit> {
        if !self.edits.contains_key(&id) {
            let before = self.held.get(&id).cloned().ok_or_else(stale)?;
            let (person, group) = (before.person.clone(), before.group);
            self.edits.insert(id, PersonEdit { before, person, group });
        }
        self.edits.get_mut(&id).ok_or_else(stale)
    }

    fn edit(&mut self, plan: &Plan) -> Result<()> {
        for Change { account, before, after, .. } in plan.links.iter().chain(&plan.updates) {
            if before == after {
                continue;
            }
            let person = &mut self.of(*account)?.person;
            // A nickname that is the name follows the name.
            if person.nickname == person.name {
                person.nickname.clone_from(&after.name);
            }
            person.name.clone_from(&after.name);
            person.email = after.email.clone();
        }
        for StatusChange { account, .. } in &plan.disables {
            self.of(*account)?.person.enabled = false;
        }
        for StatusChange { account, .. } in &plan.enables {
            self.of(*account)?.person.enabled = true;
        }
        Ok(())
    }

    /// Disabled accounts free their seats for the ones being enabled; an account without a seat stays
    /// disabled.
    fn seat(&mut self, plan: &Plan, free: &mut SeatsFree, faults: &mut Vec<PersonFault>) {
        for status in plan.disables.iter().chain(&plan.enables) {
            let Some(edit) = self.edits.get_mut(&status.account) else { continue };
            let (from, to) = (edit.before.seats(), edit.seats());
            if free.exchange(from, to) {
                self.from.add(from);
                self.to.add(to);
            } else {
                edit.person.enabled = false;
                faults.push(no_seat(status.guid));
            }
        }
        self.edits.retain(|_, edit| edit.person != edit.before.person);
    }

    async fn write(&self, tx: &mut Transaction, job: &Job<'_>) -> Result<()> {
        tx.let_go_of_emails(job.permit, job.source, &self.passed_on()).await?;
        let edits: Vec<PersonEdit> = self.edits.values().cloned().collect();
        let results = tx.update_people(job.permit, &edits).await?;
        if results.iter().all(std::result::Result::is_ok) { Ok(()) } else { Err(stale()) }
    }

    /// The accounts whose email goes to another account of this plan.
    fn passed_on(&self) -> Vec<AccountId> {
        let wanted: HashSet<&str> = self
            .edits
            .values()
            .filter(|edit| edit.person.email.key != edit.before.person.email.key)
            .map(|edit| edit.person.email.key.as_str())
            .collect();
        let passes_on = |edit: &&PersonEdit| {
            let had = &edit.before.person.email.key;
            edit.person.email.key != *had && wanted.contains(had.as_str())
        };
        self.edits.values().filter(passes_on).map(|edit| edit.before.id).collect()
    }

    async fn link(&self, tx: &mut Transaction, job: &Job<'_>, plan: &Plan) -> Result<()> {
        let mut links = Vec::with_capacity(plan.links.len());
        for change in &plan.links {
            let placed = self.held.get(&change.account).and_then(|kept| kept.group);
            // Only technicians are linked, and each is in a group.
            let placed = placed.ok_or_else(stale)?;
            let (guid, account) = (change.guid, change.account);
            links.push(NewLink { guid, account, placed, seen_in: job.memberships.seen(guid) });
        }
        tx.link_accounts(job.permit, job.source, &links).await?;
        Ok(())
    }
}

/// Takes a seat for each new account; those without one become faults.
fn seated<'a>(
    creates: &'a [Create],
    job: &Job<'_>,
    free: &mut SeatsFree,
    taken: &mut SeatCount,
    faults: &mut Vec<PersonFault>,
) -> Vec<(&'a Create, NewAccount)> {
    let mut new = Vec::with_capacity(creates.len());
    for create in creates {
        let account = new_account(create, job.now);
        let person = &account.person;
        let seats = SeatCount::of(true, person.standard_license, person.mobile_license);
        if free.take(seats) {
            taken.add(seats);
            new.push((create, account));
        } else {
            faults.push(no_seat(create.guid));
        }
    }
    new
}

async fn create(
    tx: &mut Transaction,
    job: &Job<'_>,
    new: Vec<(&Create, NewAccount)>,
    faults: &mut Vec<PersonFault>,
) -> Result<HashMap<Guid, AccountId>> {
    let mut created = HashMap::with_capacity(new.len());
    let mut unused = SeatCount::default();
    let (steps, mut accounts): (Vec<&Create>, Vec<NewAccount>) = new.into_iter().unzip();
    let batch = Batch::Run(job.run);
    starting::give(tx, job.keys, job.permit, batch, &mut accounts, job.now).await?;
    for (steps, accounts) in steps.chunks(PART).zip(accounts.chunks(PART)) {
        let ids = tx.create_accounts(job.permit, accounts).await?;
        let mut links = Vec::with_capacity(ids.len());
        for ((step, new), id) in steps.iter().zip(accounts).zip(ids) {
            if let Some(account) = id {
                created.insert(step.guid, account);
                let (guid, placed) = (step.guid, step.group);
                links.push(NewLink { guid, account, placed, seen_in: job.memberships.seen(guid) });
            } else {
                let person = &new.person;
                unused.add(SeatCount::of(true, person.standard_license, person.mobile_license));
                faults.push(taken_meanwhile(step));
            }
        }
        tx.link_accounts(job.permit, job.source, &links).await?;
    }
    tx.give_back_seats(job.permit, unused).await?;
    Ok(created)
}

/// The same account that an import creates from only a name and an email.
fn new_account(create: &Create, now: Timestamp) -> NewAccount {
    let name = &create.after.name;
    NewAccount {
        role: Role::Technician,
        group: Some(create.group),
        person: Person {
            name: name.clone(),
            nickname: name.clone(),
            email: create.after.email.clone(),
            sso_id: None,
            description: String::new(),
            enabled: true,
            standard_license: true,
            mobile_license: false,
        },
        password: PasswordState::Default,
        hash: None,
        source: Source::Directory,
        created_at: now,
        import: None,
    }
}

fn no_seat(guid: Guid) -> PersonFault {
    let message = "No seat is left. Raise the seats in Global Settings, or disable an account.";
    fault(guid, FaultCode::SeatsNoneLeft, message.to_owned())
}

fn taken_meanwhile(create: &Create) -> PersonFault {
    let email = &create.after.email;
    let message = format!("“{email}” belongs to another account already.");
    fault(create.guid, FaultCode::EmailInUse, message)
}

fn fault(guid: Guid, code: FaultCode, message: String) -> PersonFault {
    PersonFault { guid, code: code.to_string(), message }
}

/// An account has changed since the plan was made. The service sends its commit again, which plans again.
fn stale() -> Error {
    Fault::busy_database().into()
}
