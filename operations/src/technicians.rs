//! Technicians one by one: list, find, see, create, edit. Their password and sessions are in
//! `access`, what else there is to know in `about`; what is done with many at once is in `many`.

mod about;
mod access;
mod many;

use roster::account::{
    Account, AccountPage, Password, PasswordState, Role, Source, TechnicianHit, TechnicianLine,
};
use roster::audit::{Action, Entry, difference};
use roster::authority::{Act, Caller, decide};
use roster::fault::Fault;
use roster::fields::{Draft, Field, Person, check_draft};
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId, Timestamp};
use roster::listing::Listing;
use roster::page::{Page, Window};
use roster::secret::Secret;
use roster::starting::{Created, StartingPassword};
use serde_json::{Value, json};
use store::{AccountAct, GroupAct, NewAccount, Permit, Reader, Transaction, WriteConflict};

use crate::groups::shown;
use crate::hashing::Share;
use crate::sight::lineage;
use crate::{Error, Operations, Result, locks, sight, starting, subject};

pub use about::{created_by, permissions};
pub use access::{end_session, end_sessions, reset_password, sessions};
pub(crate) use access::{give, hash_for};
pub(crate) use many::whom;
pub use many::{change_many, take_back};

/// How many people a search finds at most.
const SEARCH_LIMIT: u32 = 20;

/// The technicians of one group itself.
pub async fn list(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    listing: impl Into<Listing>,
    window: Window,
) -> Result<Page<TechnicianLine>> {
    let mut reader = operations.store.read().await?;
    sight::group(&mut reader, caller, group).await?;
    let now = operations.now();
    let mut page = reader.technicians(group, listing, now, window).await?;
    let ids: Vec<AccountId> = page.items.iter().map(|line| line.id).collect();
    let mut locks = locks::of(&mut reader, &ids, now).await?;
    for line in &mut page.items {
        line.password_ended = !line.password.opens(now);
        line.locked = locks.remove(&line.id);
    }
    Ok(page)
}

/// People whose name, nickname, email or Single Sign-On ID holds the text, or whose ID it is; best
/// first, 20 at most.
pub async fn search(
    operations: &Operations,
    caller: &Caller,
    text: &str,
) -> Result<Vec<TechnicianHit>> {
    let areas = sight::areas(caller)?;
    let mut reader = operations.store.read().await?;
    let mut found = reader.search_technicians(text, areas, SEARCH_LIMIT).await?;
    for hit in &mut found {
        hit.path = hit.path.take().map(|path| shown(caller, path));
    }
    Ok(found)
}

/// One technician's page.
pub async fn see(operations: &Operations, caller: &Caller, id: AccountId) -> Result<AccountPage> {
    let mut reader = operations.store.read().await?;
    let (account, path) = sight::account(&mut reader, caller, id).await?;
    page(&mut reader, caller, (account, path), operations.now()).await
}

async fn page(
    reader: &mut Reader,
    caller: &Caller,
    (account, path): (Account, Option<GroupPath>),
    now: Timestamp,
) -> Result<AccountPage> {
    let (subject, role, lineage) = (account.id, account.role, lineage(path.as_ref()));
    let editable =
        decide(caller, &Act::EditTechnician { lineage: &lineage, subject, role }).is_ok();
    let path = path.map(|path| shown(caller, path));
    let directory = reader.account_link(subject).await?;
    let policies = reader.settings().await?.policies;
    let password_due = policies.must_change(account.password);
    let password = Password { state: account.password, ends_at: account.password_ends_at };
    let password_ended = !password.opens(now);
    let locked = locks::of(reader, &[subject], now).await?.remove(&subject);
    Ok(AccountPage { account, path, editable, directory, password_due, password_ended, locked })
}

/// Adds a technician to a group. A password given is temporary: the person chooses another at the
/// first sign-in. Without one the organization's default password holds, or, where none works, a
/// starting password.
pub async fn create(
    operations: &Operations,
    caller: &Caller,
    group: GroupId,
    draft: Draft,
) -> Result<Created> {
    if given(&draft).is_some() {
        // Nothing is hashed for a caller who may not.
        operations.store.write().await?.group_for(caller, group, GroupAct::AddTechnician).await?;
    }
    let hash = hashed(operations, caller, &draft).await?;
    let mut tx = operations.store.write().await?;
    let (path, permit) = tx.group_for(caller, group, GroupAct::AddTechnician).await?;
    let now = operations.now();
    let (account, starting) =
        drafted(&mut tx, Role::Technician, Some(group), &draft, hash, now).await?;
    let place = json!({ "group": path.label() });
    let id = add(tx, caller, &permit, &account, (Action::TechnicianCreated, place)).await?;
    Ok(Created { id, starting })
}

/// The hash of the password that a draft gives.
pub(crate) async fn hashed(
    operations: &Operations,
    caller: &Caller,
    draft: &Draft,
) -> Result<Option<String>> {
    match given(draft) {
        Some(secret) => Ok(Some(operations.hashing.hash(&Share::of(caller), secret).await?)),
        None => Ok(None),
    }
}

/// The account that a draft asks for, checked, and its starting password, where it is to have one.
pub(crate) async fn drafted(
    reader: &mut Reader,
    role: Role,
    group: Option<GroupId>,
    draft: &Draft,
    hash: Option<String>,
    created_at: Timestamp,
) -> Result<(NewAccount, Option<StartingPassword>)> {
    let settings = reader.settings().await?;
    let person = checked(draft, settings.strength, &settings.organization)?;
    let made = starting::made(hash, &settings, role, created_at)?;
    let account = NewAccount {
        role,
        group,
        person,
        password: made.state,
        hash: made.hash,
        source: Source::Hand,
        created_at,
        import: None,
    };
    Ok((account, made.shown))
}

/// Creates it; the audit trail has the person's fields and what else is said of them.
pub(crate) async fn add(
    mut tx: Transaction,
    caller: &Caller,
    permit: &Permit,
    account: &NewAccount,
    (action, more): (Action, Value),
) -> Result<AccountId> {
    let person = &account.person;
    let created = tx.create_account(permit, account).await?;
    let id = created.map_err(|conflict| conflicting(conflict, person))?;
    let mut after = subject::person_fields(person);
    if let (Value::Object(fields), Value::Object(more)) = (&mut after, more) {
        fields.extend(more);
    }
    let subject = subject::account(id, &person.name);
    let entry = Entry { action, subject, before: Value::Null, after };
    tx.commit(caller, account.created_at, &[entry]).await?;
    Ok(id)
}

/// Changes a technician's fields. `version` is the one that the form was filled from. A password
/// given goes the way of a reset: it is temporary, and whatever began with the old one ends. The
/// answer is the technician as they are then.
pub async fn edit(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    version: i64,
    draft: Draft,
) -> Result<AccountPage> {
    let hash = match given(&draft) {
        Some(secret) => Some(hash_for(operations, caller, id, secret).await?),
        None => None,
    };
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (found, permit) = tx.account_for(caller, id, AccountAct::Edit).await?;
    let settings = tx.settings().await?;
    let person = checked(&draft, settings.strength, &settings.organization)?;
    if caller.person().is_some_and(|actor| actor.account == id) {
        keeps_credentials(&found.person, &person)?;
    }
    if found.person.enabled && !person.enabled {
        tx.account_for(caller, id, AccountAct::Disable).await?;
    }
    let (mut before, mut after) =
        difference(&subject::person_fields(&found.person), &subject::person_fields(&person));
    tx.edit_account(&permit, id, version, &person)
        .await?
        .map_err(|conflict| conflicting(conflict, &person))?;
    if let Some(hash) = hash {
        let ended = access::give_temporary(&mut tx, caller, id, &hash, now).await?;
        before["password"] = json!(found.password);
        after["password"] = json!(PasswordState::Temporary);
        before["sessions"] = json!(ended);
        after["sessions"] = json!(0);
    }
    let entry = Entry {
        action: Action::TechnicianEdited,
        subject: subject::account(id, &person.name),
        before,
        after,
    };
    let path = match found.group {
        Some(group) => tx.group_path(group).await?,
        None => None,
    };
    let account = tx.account(id).await?.ok_or_else(|| Fault::not_found("technician"))?;
    let page = page(&mut tx, caller, (account, path), now).await?;
    tx.commit(caller, now, &[entry]).await?;
    Ok(page)
}

/// One's own email is changed in My Account, which asks for the password or second factor again.
fn keeps_credentials(before: &Person, after: &Person) -> Result<()> {
    if before.email == after.email {
        return Ok(());
    }
    Err(Fault::invalid(Field::Email.key(), "Change your own email in My Account.").into())
}

pub(crate) fn checked(
    draft: &Draft,
    strength: roster::password::Strength,
    organization: &str,
) -> Result<Person> {
    check_draft(draft, strength, organization)
        .map_err(|problems| Fault::invalid_person(problems).into())
}

pub(crate) fn given(draft: &Draft) -> Option<Secret> {
    draft.password.as_deref().filter(|password| !password.is_empty()).map(Secret::new)
}

pub(crate) fn conflicting(conflict: WriteConflict, person: &Person) -> Error {
    let (field, message) = match conflict {
        WriteConflict::EmailInUse => (
            Field::Email,
            format!("“{}” belongs to another account already.", person.email.as_typed),
        ),
        WriteConflict::SsoIdInUse => {
            (Field::SsoId, "This Single Sign-On ID belongs to another account already.".to_owned())
        }
        WriteConflict::NoStandardSeat => (Field::StandardLicense, no_seat("standard")),
        WriteConflict::NoMobileSeat => (Field::MobileLicense, no_seat("mobile")),
        WriteConflict::Stale => {
            return Fault::conflict(
                "Somebody else changed this technician meanwhile. What they alone changed is taken \
                 over; where both of you changed the same, choose which is to hold. Then save \
                 again.",
            )
            .into();
        }
        WriteConflict::Gone | WriteConflict::HolderExists => {
            return Fault::not_found("technician").into();
        }
    };
    Fault::invalid(field.key(), message).into()
}

pub(crate) fn no_seat(kind: &str) -> String {
    format!("No {kind} seat is left. Disable somebody, or raise the seats in Global Settings.")
}
