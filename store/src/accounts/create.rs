//! New accounts: one with its seats, or the many of an import's chunk.

use std::collections::{BTreeMap, HashMap};

use roster::account::{PasswordState, Role};
use roster::authority::Grant;
use roster::email;
use roster::id::{AccountId, GroupId};
use sqlx::any::AnyRow;

use super::edit::conflict_of;
use super::people::seats;
use super::{NewAccount, Searched, WriteConflict, search_text};
use crate::batch::{Batch, Table, Type, Value};
use crate::connection::Transaction;
use crate::error::{Error, Violation, violation};
use crate::permit::{About, Permit};
use crate::seats::{SeatCount, SeatKind};
use crate::sql::{Columns, unaccented};

const ACCOUNTS: Table = Table {
    name: "accounts",
    columns: &[
        ("role", Type::Text),
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
        ("password_state", Type::Text),
        ("password_hash", Type::Text),
        ("password_chosen_at", Type::Number),
        ("password_given_at", Type::Number),
        ("source", Type::Text),
        ("import_id", Type::Text),
        ("created_at", Type::Number),
        ("search", Type::Text),
    ],
};

impl Transaction {
    /// Creates one account and takes its seats.
    pub async fn create_account(
        &mut self,
        permit: &Permit,
        new: &NewAccount,
    ) -> Result<Result<AccountId, WriteConflict>, Error> {
        match (new.role, new.group) {
            (Role::Technician, Some(group)) => {
                self.opens(permit, &[Grant::CreateTechnician], &About::Group(group))?;
            }
            (Role::Holder, _) => self.opens(permit, &[Grant::SetUp], &About::Act)?,
            _ => self.opens(permit, &[Grant::CreateAdministrator], &About::Act)?,
        }
        self.attempt().await?;
        if let Some(lacking) =
            self.change_seats(SeatCount::default(), seats(&new.person, new.group)).await?
        {
            self.take_back().await?;
            return Ok(Err(lacking.into()));
        }
        self.lock_tree().await?;
        let mut batch = Batch::new(&ACCOUNTS);
        batch.push(values(new));
        let created = batch.returning(self, "RETURNING id").await;
        match created {
            Ok(rows) => {
                let more = new.group.map(|group| (group, 1)).into_iter().collect();
                self.count_technicians(&more).await?;
                self.keep().await?;
                let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
                Ok(Ok(AccountId(row.number("id")?)))
            }
            Err(cause) => {
                self.take_back_after(&cause).await?;
                conflict_of(cause).map(Err)
            }
        }
    }

    /// Creates those whose email and single sign-on ID nobody has; in the order given, `None` for
    /// the others. Takes no seats: the caller has taken them, and gives back those of the others.
    /// The groups must be there.
    pub async fn create_accounts(
        &mut self,
        permit: &Permit,
        new: &[NewAccount],
    ) -> Result<Vec<Option<AccountId>>, Error> {
        self.opens_many(permit)?;
        // By email, so that two imports of the same people never wait for each other; each once.
        let mut in_order: Vec<&NewAccount> = new.iter().collect();
        in_order.sort_by(|a, b| a.person.email.key.cmp(&b.person.email.key));
        in_order.dedup_by(|a, b| a.person.email.key == b.person.email.key);
        self.lock_tree().await?;
        // Counted before the rows refer to their groups: the other way round, PostgreSQL's look at
        // the group's row, which it takes for every account, was measured twice as dear.
        self.count_technicians(&by_group(&in_order, 1)).await?;
        let rows = self.insert_unless_there(&in_order).await?;
        let mut created = rows
            .iter()
            .map(|row| Ok((row.text("email_key")?, AccountId(row.number("id")?))))
            .collect::<Result<HashMap<String, AccountId>, Error>>()?;
        in_order.retain(|new| !created.contains_key(&new.person.email.key));
        self.count_technicians(&by_group(&in_order, -1)).await?;
        Ok(new.iter().map(|new| created.remove(&new.person.email.key)).collect())
    }

    /// Mostly nobody is there: the insert that looks for nobody takes two thirds of the time of one
    /// that does. It ends at the first who is there.
    async fn insert_unless_there(&mut self, new: &[&NewAccount]) -> Result<Vec<AnyRow>, Error> {
        let batch = || {
            let mut batch = Batch::new(&ACCOUNTS);
            for new in new {
                batch.push(values(new));
            }
            batch
        };
        self.attempt().await?;
        match batch().returning(self, "RETURNING id, email_key").await {
            Ok(rows) => {
                self.keep().await?;
                Ok(rows)
            }
            Err(cause)
                if matches!(violation(&cause), Some(Violation::Email | Violation::SsoId)) =>
            {
                self.take_back().await?;
                let tail = "ON CONFLICT DO NOTHING RETURNING id, email_key";
                Ok(batch().returning(self, tail).await?)
            }
            Err(cause) => Err(cause.into()),
        }
    }
}

/// So many more in each of their groups, for each of them.
fn by_group(new: &[&NewAccount], each: i64) -> BTreeMap<GroupId, i64> {
    let mut more = BTreeMap::new();
    for group in new.iter().filter_map(|new| new.group) {
        *more.entry(group).or_default() += each;
    }
    more
}

impl From<SeatKind> for WriteConflict {
    fn from(lacking: SeatKind) -> Self {
        match lacking {
            SeatKind::Standard => Self::NoStandardSeat,
            SeatKind::Mobile => Self::NoMobileSeat,
        }
    }
}

/// One row, in the order of [`ACCOUNTS`].
fn values(new: &NewAccount) -> [Value; 21] {
    let person = &new.person;
    let chosen_at = (new.password == PasswordState::Own).then_some(new.created_at.0);
    let given_at = new.password.is_given().then_some(new.created_at.0);
    [
        new.role.as_str().into(),
        new.group.map(|group| group.0).into(),
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
        new.password.as_str().into(),
        new.hash.clone().into(),
        chosen_at.into(),
        given_at.into(),
        new.source.as_str().into(),
        new.import.map(|import| import.to_string()).into(),
        new.created_at.0.into(),
        search_text(&Searched::from(person)).into(),
    ]
}
