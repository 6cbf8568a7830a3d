//! New accounts: one with its seats, or the many of an import's chunk.

use std::collections::{BTreeMap, HashMap};

use roster::account::PasswordState;
use roster::authority::Permit;
use roster::email;
use roster::id::{AccountId, GroupId};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

use super::edit::conflict_of;
use super::{NewAccount, WriteConflict, search_text};
use crate::connection::Transaction;
use crate::error::Error;
use crate::seats::{SeatCount, SeatKind};
use crate::sql::{Columns, insert, runs};

const HEAD: &str = "INSERT INTO accounts (role, group_id, name, name_key, nickname, email, \
     email_key, email_skeleton, sso_id, description, enabled, standard_license, mobile_license, \
     password_state, password_hash, password_chosen_at, source, import_id, created_at, search)";
const COLUMNS: usize = 20;

impl Transaction {
    /// Creates one account and takes its seats.
    pub async fn create_account(
        &mut self,
        _permit: &Permit,
        new: &NewAccount,
    ) -> Result<Result<AccountId, WriteConflict>, Error> {
        self.attempt().await?;
        if let Some(lacking) = self.change_seats(SeatCount::default(), seats(new)).await? {
            self.take_back().await?;
            return Ok(Err(lacking.into()));
        }
        self.lock_tree().await?;
        let sql = insert(self.kind, HEAD, COLUMNS, 1, "RETURNING id");
        let created = bind(sqlx::query(AssertSqlSafe(sql)), new).fetch_one(self.connection()).await;
        match created {
            Ok(row) => {
                let more = new.group.map(|group| (group, 1)).into_iter().collect();
                self.count_technicians(&more).await?;
                self.keep().await?;
                Ok(Ok(AccountId(row.number("id")?)))
            }
            Err(cause) => {
                self.take_back().await?;
                conflict_of(cause).map(Err)
            }
        }
    }

    /// Creates those whose email and single sign-on ID nobody has; in the order given, `None` for
    /// the others. Takes no seats: the caller has taken them, and gives back those of the others.
    /// The groups must be there.
    pub async fn create_accounts(
        &mut self,
        _permit: &Permit,
        new: &[NewAccount],
    ) -> Result<Vec<Option<AccountId>>, Error> {
        // By email, so that two imports of the same people never wait for each other; each once.
        let mut in_order: Vec<&NewAccount> = new.iter().collect();
        in_order.sort_by(|a, b| a.person.email.key.cmp(&b.person.email.key));
        in_order.dedup_by(|a, b| a.person.email.key == b.person.email.key);
        let mut created: HashMap<String, AccountId> = HashMap::with_capacity(in_order.len());
        self.lock_tree().await?;
        for run in runs(&in_order) {
            let tail = "ON CONFLICT DO NOTHING RETURNING id, email_key";
            let sql = insert(self.kind, HEAD, COLUMNS, run.len(), tail);
            let query =
                run.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, new| bind(query, new));
            let rows = query.fetch_all(self.connection()).await?;
            for row in &rows {
                created.insert(row.text("email_key")?, AccountId(row.number("id")?));
            }
        }
        let mut more: BTreeMap<GroupId, i64> = BTreeMap::new();
        let ids = new
            .iter()
            .map(|new| {
                let id = created.remove(&new.person.email.key)?;
                if let Some(group) = new.group {
                    *more.entry(group).or_default() += 1;
                }
                Some(id)
            })
            .collect();
        self.count_technicians(&more).await?;
        Ok(ids)
    }

    /// Gives an Administrator a group, with all below it.
    pub async fn assign_administrator(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        group: GroupId,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO administrator_groups (account_id, group_id) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING",
        )
        .bind(account.0)
        .bind(group.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

fn seats(new: &NewAccount) -> SeatCount {
    let person = &new.person;
    let active = person.enabled && new.group.is_some();
    SeatCount::of(active, person.standard_license, person.mobile_license)
}

impl From<SeatKind> for WriteConflict {
    fn from(lacking: SeatKind) -> Self {
        match lacking {
            SeatKind::Standard => Self::NoStandardSeat,
            SeatKind::Mobile => Self::NoMobileSeat,
        }
    }
}

type AnyQuery<'a> = Query<'a, Any, AnyArguments>;

/// The values of one row, in the order of [`HEAD`].
fn bind<'a>(query: AnyQuery<'a>, new: &NewAccount) -> AnyQuery<'a> {
    let person = &new.person;
    let chosen_at = (new.password == PasswordState::Own).then_some(new.created_at.0);
    query
        .bind(new.role.as_str())
        .bind(new.group.map(|group| group.0))
        .bind(person.name.clone())
        .bind(crate::sql::folded(&person.name))
        .bind(person.nickname.clone())
        .bind(person.email.as_typed.clone())
        .bind(person.email.key.clone())
        .bind(email::skeleton(&person.email.key))
        .bind(person.sso_id.clone())
        .bind(person.description.clone())
        .bind(person.enabled)
        .bind(person.standard_license)
        .bind(person.mobile_license)
        .bind(new.password.as_str())
        .bind(new.hash.clone())
        .bind(chosen_at)
        .bind(new.source.as_str())
        .bind(new.import.map(|import| import.to_string()))
        .bind(new.created_at.0)
        .bind(search_text(person))
}
