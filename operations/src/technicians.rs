//! Technicians one by one: list, find, see, create, edit. Their password and sessions are in
//! `access`, what else there is to know in `about`; what is done with many at once is in `many`.

mod about;
mod access;
mod many;

use roster::account::{
    Account, AccountPage, Password, PasswordState, Role, Source, TechnicianHit, TechnicianLine,
};
use roster::audit::{Action, Entry, difference};
use roster::authority::{Act, Caller, Permit, decide};
use roster::fault::Fault;
use roster::fields::{Draft, Field, Person, check_draft};
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};
use roster::listing::Listing;
use roster::page::{Page, Window};
use roster::secret::Secret;
use roster::starting::{Created, StartingPassword};
use serde_json::{Value, json};
use store::{AccountEdit, NewAccount, Reader, WriteConflict};

use crate::groups::{areas, known, shown};
use crate::{Error, Operations, Result, permit, starting, subject};

pub use about::{created_by, permissions};
pub(crate) use access::strong_enough;
pub use access::{end_session, end_sessions, reset_password, sessions};
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
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let path = known(reader.group_path(group).await?)?;
    permit(caller, &Act::SeeGroup { lineage: &path.lineage() })?;
    let mut page = reader.technicians(group, listing, window).await?;
    let now = operations.now();
    for line in &mut page.items {
        line.password_ended = !line.password.opens(now);
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
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let mut found = reader.search_technicians(text, areas(caller), SEARCH_LIMIT).await?;
    for hit in &mut found {
        hit.path = hit.path.take().map(|path| shown(caller, path));
    }
    Ok(found)
}

/// One technician's page.
pub async fn see(operations: &Operations, caller: &Caller, id: AccountId) -> Result<AccountPage> {
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let (account, path) = find(&mut reader, id).await?;
    let lineage = lineage(path.as_ref());
    permit(caller, &Act::SeeTechnician { lineage: &lineage })?;
    let edit = Act::EditTechnician { lineage: &lineage, subject: id, role: account.role };
    let editable = decide(caller, &edit).is_ok();
    let path = path.map(|path| shown(caller, path));
    let directory = reader.account_link(id).await?;
    let password_due = reader.settings().await?.policies.must_change(account.password);
    let password = Password { state: account.password, ends_at: account.password_ends_at };
    let password_ended = !password.opens(operations.now());
    Ok(AccountPage { account, path, editable, directory, password_due, password_ended })
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
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let path = known(reader.group_path(group).await?)?;
    let permit = permit(caller, &Act::CreateTechnician { lineage: &path.lineage() })?;
    drop(reader);
    let (account, starting) = drafted(operations, Role::Technician, Some(group), &draft).await?;
    let place = json!({ "group": path.label() });
    let added = (Action::TechnicianCreated, place);
    let id = add(operations, caller, &permit, &account, added).await?;
    Ok(Created { id, starting })
}

/// The account that a draft asks for, checked, and its starting password, where it is to have one.
pub(crate) async fn drafted(
    operations: &Operations,
    role: Role,
    group: Option<GroupId>,
    draft: &Draft,
) -> Result<(NewAccount, Option<StartingPassword>)> {
    let settings = operations.store.read().await?.settings().await?;
    let person = checked(draft, settings.strength, &settings.organization)?;
    let made = starting::given(operations, &settings, role, given(draft)).await?;
    let account = NewAccount {
        role,
        group,
        person,
        password: made.state,
        hash: made.hash,
        source: Source::Hand,
        created_at: operations.now(),
        import: None,
    };
    Ok((account, made.shown))
}

/// Creates it; the audit trail has the person's fields and what else is said of them.
pub(crate) async fn add(
    operations: &Operations,
    caller: &Caller,
    permit: &Permit,
    account: &NewAccount,
    (action, more): (Action, Value),
) -> Result<AccountId> {
    let person = &account.person;
    let mut tx = operations.store.write().await?;
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

/// Changes a technician's fields. `version` is the one that the form was filled from.
pub async fn edit(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    version: i64,
    draft: Draft,
) -> Result<()> {
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let (account, path) = find(&mut reader, id).await?;
    let lineage = lineage(path.as_ref());
    let act = Act::EditTechnician { lineage: &lineage, subject: id, role: account.role };
    let permit = permit(caller, &act)?;
    let settings = reader.settings().await?;
    drop(reader);
    let person = checked(&draft, settings.strength, &settings.organization)?;
    if account.enabled && !person.enabled {
        let act = Act::DisableTechnician { lineage: &lineage, subject: id, role: account.role };
        decide(caller, &act)?;
    }
    let password = match given(&draft) {
        Some(secret) => {
            let state = set_by(caller, id);
            Some((state, Some(operations.hashing.hash(secret).await?), operations.now()))
        }
        None => None,
    };
    let mut tx = operations.store.write().await?;
    let (mut before, mut after) =
        difference(&subject::account_fields(&account), &subject::person_fields(&person));
    if let Some((state, ..)) = &password {
        before["password"] = json!(account.password);
        after["password"] = json!(state);
    }
    tx.edit_account(&permit, id, version, &AccountEdit { person: person.clone(), password })
        .await?
        .map_err(|conflict| conflicting(conflict, &person))?;
    let entry = Entry {
        action: Action::TechnicianEdited,
        subject: subject::account(id, &person.name),
        before,
        after,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Who sets their own password has chosen it; set by another it must be changed.
fn set_by(caller: &Caller, subject: AccountId) -> PasswordState {
    match caller.person() {
        Some(actor) if actor.account == subject => PasswordState::Own,
        _ => PasswordState::Temporary,
    }
}

async fn find(reader: &mut Reader, id: AccountId) -> Result<(Account, Option<GroupPath>)> {
    let account = reader.account(id).await?.ok_or_else(|| Fault::not_found("technician"))?;
    let path = match account.group {
        Some(group) => reader.group_path(group).await?,
        None => None,
    };
    Ok((account, path))
}

fn lineage(path: Option<&GroupPath>) -> Vec<GroupId> {
    path.map(GroupPath::lineage).unwrap_or_default()
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
