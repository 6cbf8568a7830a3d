//! Many people at once, as an import finds them, changes them and takes them back.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::slice;

use roster::account::{PasswordState, Role};
use roster::authority::Grant;
use roster::email::{self, Email};
use roster::fields::Person;
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::edit::conflict_of;
use super::{Searched, WriteConflict, search_text};
use crate::batch::{Batch, Table, Type, Value};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::{Error, violation};
use crate::permit::{About, Permit};
use crate::seats::SeatCount;
use crate::sql::{Columns, unaccented};

/// A person as they are kept: what a row is compared with, and what undoing looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPerson {
    pub id: AccountId,
    pub role: Role,
    pub group: Option<GroupId>,
    pub person: Person,
    pub version: i64,
    /// Has ever signed in.
    pub signed_in: bool,
    pub password: PasswordState,
}

/// What one of them is to become, the password apart.
#[derive(Clone, Debug)]
pub struct PersonEdit {
    pub before: StoredPerson,
    pub person: Person,
    pub group: Option<GroupId>,
}

impl StoredPerson {
    /// The seats that they take.
    #[must_use]
    pub fn seats(&self) -> SeatCount {
        seats(&self.person, self.group)
    }
}

impl PersonEdit {
    /// What began before it ends.
    fn changes_credentials(&self) -> bool {
        let (before, after) = (&self.before.person, &self.person);
        (before.enabled && !after.enabled)
            || before.email.key != after.email.key
            || before.sso_id != after.sso_id
    }

    /// The seats that they are going to take.
    #[must_use]
    pub fn seats(&self) -> SeatCount {
        seats(&self.person, self.group)
    }
}

/// The seats that such a person takes.
pub(super) fn seats(person: &Person, group: Option<GroupId>) -> SeatCount {
    let active = person.enabled && group.is_some();
    SeatCount::of(active, person.standard_license, person.mobile_license)
}

const COLUMNS: &str = "id, role, group_id, name, nickname, email, email_key, sso_id, description, \
                       enabled, standard_license, mobile_license, version, last_sign_in_at, password_state";

/// What [`PersonEdit`] changes.
const EDITS: Table = Table {
    name: "accounts",
    columns: &[
        ("id", Type::Number),
        ("version", Type::Number),
        ("group_id", Type::Number),
        ("name", Type::Text),
        ("name_key", Type::Text),
        ("nickname", Type::Text),
        ("email", Type::Text),
        ("email_key", Type::Text),
        ("email_skeleton", Type::Text),
        ("sso_id", Type::Text),
        ("description", Type::Text),
        ("enabled", Type::Flag),
        ("standard_license", Type::Flag),
        ("mobile_license", Type::Flag),
        ("search", Type::Text),
    ],
};

impl Reader {
    /// Those who have these emails, by the email's key.
    pub async fn people_by_email(
        &mut self,
        keys: &[String],
    ) -> Result<HashMap<String, StoredPerson>, Error> {
        self.people("email_key", keys.iter().map(|key| key.as_str().into()), false, |kept| {
            kept.person.email.key.clone()
        })
        .await
    }

    async fn people<K: Eq + Hash>(
        &mut self,
        column: &str,
        among: impl ExactSizeIterator<Item = Value>,
        lock: bool,
        key: impl Fn(&StoredPerson) -> K,
    ) -> Result<HashMap<K, StoredPerson>, Error> {
        if among.len() == 0 {
            return Ok(HashMap::new());
        }
        let sql = select(self.kind, column, lock);
        let list = self.kind.list(among);
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection()).await?;
        rows.iter().map(|row| kept(row).map(|kept| (key(&kept), kept))).collect()
    }
}

fn select(kind: Kind, column: &str, lock: bool) -> String {
    let type_ = if column == "id" { Type::Number } else { Type::Text };
    // On SQLite there is one writer: nobody changes them meanwhile.
    let lock = match kind {
        Kind::Postgres if lock => "ORDER BY email_key FOR UPDATE",
        Kind::Postgres | Kind::Sqlite => "",
    };
    format!("SELECT {COLUMNS} FROM accounts WHERE {} {lock}", kind.among(column, type_, "$1"))
}

fn kept(row: &AnyRow) -> Result<StoredPerson, Error> {
    Ok(StoredPerson {
        id: AccountId(row.number("id")?),
        role: row.word("role")?,
        group: row.maybe_number("group_id")?.map(GroupId),
        person: Person {
            name: row.text("name")?,
            nickname: row.text("nickname")?,
            email: Email { as_typed: row.text("email")?, key: row.text("email_key")? },
            sso_id: row.maybe_text("sso_id")?,
            description: row.text("description")?,
            enabled: row.flag("enabled")?,
            standard_license: row.flag("standard_license")?,
            mobile_license: row.flag("mobile_license")?,
        },
        version: row.number("version")?,
        signed_in: row.maybe_moment("last_sign_in_at")?.is_some(),
        password: row.word("password_state")?,
    })
}

impl Transaction {
    /// Those who have these emails; they stay as they are until this transaction ends. Locks the
    /// tree before them, since whoever changes them may move them.
    pub async fn lock_accounts_by_email(
        &mut self,
        keys: &[String],
    ) -> Result<HashMap<String, StoredPerson>, Error> {
        self.lock_tree().await?;
        let keys = keys.iter().map(|key| key.as_str().into());
        self.people("email_key", keys, true, |kept| kept.person.email.key.clone()).await
    }

    /// The same by their ids.
    pub async fn lock_accounts(
        &mut self,
        ids: &[AccountId],
    ) -> Result<HashMap<AccountId, StoredPerson>, Error> {
        self.lock_tree().await?;
        self.people("id", ids.iter().map(|id| id.0.into()), true, |kept| kept.id).await
    }

    /// Somebody who stays in their group. The tree isn't locked.
    pub(crate) async fn lock_account(
        &mut self,
        id: AccountId,
    ) -> Result<Option<StoredPerson>, Error> {
        Ok(self.people("id", [id.0.into()].into_iter(), true, |kept| kept.id).await?.remove(&id))
    }

    /// Changes those who are still in the version that was read, in few statements; in the order
    /// given, what stood in the way of each. Disabling, another email or another Single Sign-On ID
    /// ends sessions and what is pending. Changes no seats: those are the caller's, who gives back
    /// what was taken for the others.
    pub async fn update_people(
        &mut self,
        permit: &Permit,
        edits: &[PersonEdit],
    ) -> Result<Vec<Result<(), WriteConflict>>, Error> {
        self.opens_people(permit, edits.iter().map(|edit| &edit.before))?;
        if edits.is_empty() {
            return Ok(Vec::new());
        }
        self.lock_tree().await?;
        let mut results = Vec::with_capacity(edits.len());
        if let Ok(written) = self.try_people(edits).await? {
            results.extend(edits.iter().map(|edit| outcome(edit, &written)));
        } else {
            // One of them runs into a rule of the schema: one by one it is found.
            for edit in edits {
                let written = self.try_people(slice::from_ref(edit)).await?;
                results.push(written.and_then(|written| outcome(edit, &written)));
            }
        }
        let done = || edits.iter().zip(&results).filter(|(_, it)| it.is_ok()).map(|(edit, _)| edit);
        let mut moved: BTreeMap<GroupId, i64> = BTreeMap::new();
        for edit in done().filter(|edit| edit.before.group != edit.group) {
            for (group, more) in [(edit.before.group, -1), (edit.group, 1)] {
                if let Some(group) = group {
                    *moved.entry(group).or_default() += more;
                }
            }
        }
        self.count_technicians(&moved).await?;
        let ended = done().filter(|edit| edit.changes_credentials());
        let ended = ended.map(|edit| edit.before.id).collect::<Vec<_>>();
        self.credentials_changed(&ended, None).await?;
        let turned = done().filter(|edit| edit.before.person.enabled != edit.person.enabled);
        let turned = turned.map(|edit| edit.before.id).collect::<Vec<_>>();
        self.status_changed(&turned).await?;
        Ok(results)
    }

    /// Imports and directories change technicians alone; anybody else those whom the permit is about.
    fn opens_people<'a>(
        &self,
        permit: &Permit,
        people: impl Iterator<Item = &'a StoredPerson> + Clone,
    ) -> Result<(), Error> {
        const BY_HAND: [Grant; 5] = [
            Grant::EditTechnician,
            Grant::MoveTechnician,
            Grant::DisableTechnician,
            Grant::DeleteTechnician,
            Grant::ChangeRole,
        ];
        if Grant::OF_MANY.contains(&permit.grant()) {
            self.opens_many(permit)?;
            let technicians = people.clone().all(|person| person.role == Role::Technician);
            return technicians.then_some(()).ok_or(Error::WrongPermit(permit.grant()));
        }
        let ids = people.map(|person| person.id).collect();
        self.opens(permit, &BY_HAND, &About::Accounts(ids))
    }

    /// All of them, or the rule that one of them runs into.
    async fn try_people(
        &mut self,
        edits: &[PersonEdit],
    ) -> Result<Result<HashSet<AccountId>, WriteConflict>, Error> {
        const SET: &str = "version = accounts.version + 1, group_id = new.group_id, name = new.name, \
             name_key = new.name_key, nickname = new.nickname, email = new.email, \
             email_key = new.email_key, email_skeleton = new.email_skeleton, \
             sso_id = new.sso_id, description = new.description, enabled = new.enabled, \
             standard_license = new.standard_license, mobile_license = new.mobile_license, \
             search = new.search";
        const CONDITION: &str = "accounts.id = new.id AND accounts.version = new.version";
        let mut batch = Batch::new(&EDITS);
        for edit in edits {
            batch.push(values(edit));
        }
        self.attempt().await?;
        match batch.update(self, SET, CONDITION, "RETURNING accounts.id").await {
            Ok(rows) => {
                self.keep().await?;
                let ids = rows.iter().map(|row| Ok(AccountId(row.number("id")?)));
                Ok(Ok(ids.collect::<Result<_, Error>>()?))
            }
            Err(cause) if violation(&cause).is_some() => {
                self.take_back().await?;
                conflict_of(cause).map(Err)
            }
            Err(cause) => Err(cause.into()),
        }
    }

    /// Removes these people; their sessions end. Seats are the caller's.
    pub async fn remove_people(
        &mut self,
        permit: &Permit,
        people: &[StoredPerson],
    ) -> Result<(), Error> {
        self.opens_people(permit, people.iter())?;
        self.lock_tree().await?;
        let ids: Vec<AccountId> = people.iter().map(|kept| kept.id).collect();
        self.delete_by_ids("accounts", "id", &ids).await?;
        let mut fewer: BTreeMap<GroupId, i64> = BTreeMap::new();
        for group in people.iter().filter_map(|kept| kept.group) {
            *fewer.entry(group).or_default() -= 1;
        }
        self.count_technicians(&fewer).await
    }

    pub(crate) async fn delete_by_ids(
        &mut self,
        table: &str,
        column: &str,
        ids: &[AccountId],
    ) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let among = self.kind.among(column, Type::Number, "$1");
        let list = self.kind.list(ids.iter().map(|id| id.0.into()));
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table} WHERE {among}")))
            .bind(list)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn outcome(edit: &PersonEdit, written: &HashSet<AccountId>) -> Result<(), WriteConflict> {
    written.contains(&edit.before.id).then_some(()).ok_or(WriteConflict::Stale)
}

/// One row, in the order of [`EDITS`].
fn values(edit: &PersonEdit) -> [Value; 15] {
    let person = &edit.person;
    [
        edit.before.id.0.into(),
        edit.before.version.into(),
        edit.group.map(|group| group.0).into(),
        person.name.as_str().into(),
        unaccented(&person.name).into(),
        person.nickname.as_str().into(),
        person.email.as_typed.as_str().into(),
        person.email.key.as_str().into(),
        email::skeleton(&person.email.key).into(),
        person.sso_id.clone().into(),
        person.description.as_str().into(),
        person.enabled.into(),
        person.standard_license.into(),
        person.mobile_license.into(),
        search_text(&Searched::from(person)).into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::select;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn people_are_found_by_their_indexes() {
        let by_email = select(Kind::Sqlite, "email_key", true);
        check(&by_email, "accounts_email_key", &["SCAN accounts"]).await;
        check(&select(Kind::Sqlite, "id", true), "PRIMARY KEY", &["SCAN accounts"]).await;
    }
}
