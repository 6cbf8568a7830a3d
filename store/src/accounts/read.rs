//! One account, and which of many are there.

use std::collections::HashMap;

use roster::account::{Account, Role};
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::Credentials;
use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::Columns;

/// The columns of an [`Account`].
macro_rules! account_columns {
    () => {
        "id, role, group_id, name, nickname, email, sso_id, description, enabled, \
         standard_license, mobile_license, password_state, source, created_at, last_sign_in_at, \
         version"
    };
}
pub(super) use account_columns;

macro_rules! credentials {
    ($condition:literal) => {
        concat!(
            "SELECT id, name, role, enabled, password_state, password_hash, password_chosen_at \
             FROM accounts WHERE ",
            $condition
        )
    };
}

impl Reader {
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let row =
            sqlx::query(concat!("SELECT ", account_columns!(), " FROM accounts WHERE id = $1"))
                .bind(id.0)
                .fetch_optional(self.connection())
                .await?;
        row.as_ref().map(account).transpose()
    }

    /// By the email's key: the form in which addresses are compared.
    pub async fn credentials_by_email(&mut self, key: &str) -> Result<Option<Credentials>, Error> {
        let row = sqlx::query(credentials!("email_key = $1"))
            .bind(key)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(credentials).transpose()
    }

    pub async fn credentials(&mut self, id: AccountId) -> Result<Option<Credentials>, Error> {
        let row = sqlx::query(credentials!("id = $1"))
            .bind(id.0)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(credentials).transpose()
    }

    /// The groups that an Administrator is assigned to.
    pub async fn areas(&mut self, id: AccountId) -> Result<Vec<GroupId>, Error> {
        let rows = sqlx::query(
            "SELECT group_id FROM administrator_groups WHERE account_id = $1 ORDER BY group_id",
        )
        .bind(id.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok(GroupId(row.number("group_id")?))).collect()
    }

    /// The Master Account Holder exists: Muster is set up.
    pub async fn has_holder(&mut self) -> Result<bool, Error> {
        Ok(self.holder().await?.is_some())
    }

    /// The Master Account Holder, once there is one.
    pub async fn holder(&mut self) -> Result<Option<AccountId>, Error> {
        let row = sqlx::query("SELECT id FROM accounts WHERE role = 'holder'")
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok(AccountId(row.number("id")?))).transpose()
    }

    /// Of these emails' keys, those that have an account.
    pub async fn emails_in_use(
        &mut self,
        keys: &[String],
    ) -> Result<HashMap<String, (AccountId, Role)>, Error> {
        let rows = self.accounts_by("email_key", "id, role, email_key", keys).await?;
        rows.iter()
            .map(|row| {
                Ok((row.text("email_key")?, (AccountId(row.number("id")?), row.word("role")?)))
            })
            .collect()
    }

    /// Of these single sign-on IDs, those that have an account.
    pub async fn sso_ids_in_use(
        &mut self,
        ids: &[String],
    ) -> Result<HashMap<String, AccountId>, Error> {
        let rows = self.accounts_by("sso_id", "id, sso_id", ids).await?;
        rows.iter().map(|row| Ok((row.text("sso_id")?, AccountId(row.number("id")?)))).collect()
    }

    /// Of these skeletons, those that an account's address has, with one such address.
    pub async fn skeletons_in_use(
        &mut self,
        skeletons: &[String],
    ) -> Result<HashMap<String, String>, Error> {
        let rows = self.accounts_by("email_skeleton", "email_skeleton, email", skeletons).await?;
        rows.iter().map(|row| Ok((row.text("email_skeleton")?, row.text("email")?))).collect()
    }

    /// The same among addresses with foreign letters alone: those are few, and quickly looked
    /// through.
    pub async fn foreign_skeletons_in_use(
        &mut self,
        skeletons: &[String],
    ) -> Result<HashMap<String, String>, Error> {
        if skeletons.is_empty() {
            return Ok(HashMap::new());
        }
        let list = self.kind.list(skeletons.iter().map(|text| text.as_str().into()));
        let sql = foreign(self.kind);
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection()).await?;
        rows.iter().map(|row| Ok((row.text("email_skeleton")?, row.text("email")?))).collect()
    }

    /// These columns of the accounts that have one of these texts in one column.
    async fn accounts_by(
        &mut self,
        column: &str,
        wanted: &str,
        texts: &[String],
    ) -> Result<Vec<AnyRow>, Error> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let sql = by_list(self.kind, column, wanted);
        let list = self.kind.list(texts.iter().map(|text| text.as_str().into()));
        Ok(sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection()).await?)
    }
}

fn by_list(kind: Kind, column: &str, wanted: &str) -> String {
    format!("SELECT {wanted} FROM accounts WHERE {}", kind.among(column, Type::Text, "$1"))
}

/// The condition is the index's own, word for word.
fn foreign(kind: Kind) -> String {
    let is_foreign = match kind {
        Kind::Sqlite => "email GLOB '*[^ -~]*'",
        Kind::Postgres => "email ~ '[^ -~]'",
    };
    let by_list = by_list(kind, "email_skeleton", "email_skeleton, email");
    format!("{by_list} AND {is_foreign}")
}

pub(super) fn account(row: &AnyRow) -> Result<Account, Error> {
    Ok(Account {
        id: AccountId(row.number("id")?),
        role: row.word("role")?,
        group: row.maybe_number("group_id")?.map(GroupId),
        name: row.text("name")?,
        nickname: row.text("nickname")?,
        email: row.text("email")?,
        sso_id: row.maybe_text("sso_id")?,
        description: row.text("description")?,
        enabled: row.flag("enabled")?,
        standard_license: row.flag("standard_license")?,
        mobile_license: row.flag("mobile_license")?,
        password: row.word("password_state")?,
        source: row.word("source")?,
        created_at: row.moment("created_at")?,
        last_sign_in_at: row.maybe_moment("last_sign_in_at")?,
        version: row.number("version")?,
    })
}

fn credentials(row: &AnyRow) -> Result<Credentials, Error> {
    Ok(Credentials {
        id: AccountId(row.number("id")?),
        name: row.text("name")?,
        role: row.word("role")?,
        enabled: row.flag("enabled")?,
        password: row.word("password_state")?,
        hash: row.maybe_text("password_hash")?,
        chosen_at: row.maybe_moment("password_chosen_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::by_list;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn accounts_are_found_by_their_indexes() {
        check(credentials!("email_key = $1"), "accounts_email_key", &["SCAN"]).await;
        for (column, index) in [
            ("email_key", "accounts_email_key"),
            ("sso_id", "accounts_sso_id"),
            ("email_skeleton", "accounts_email_skeleton"),
        ] {
            let sql = by_list(Kind::Sqlite, column, "id, email");
            check(&sql, index, &["SCAN accounts"]).await;
        }
        let sql = super::foreign(Kind::Sqlite);
        check(&sql, "accounts_foreign_skeleton", &["SCAN accounts"]).await;
    }
}
