//! One account, and which of many are there.

use std::collections::HashMap;

use roster::account::{Account, Role};
use roster::id::{AccountId, GroupId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::Credentials;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, text_list};

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
            "SELECT id, name, role, enabled, password_state, password_hash FROM accounts WHERE ",
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
        let row = sqlx::query("SELECT id FROM accounts WHERE role = 'holder'")
            .fetch_optional(self.connection())
            .await?;
        Ok(row.is_some())
    }

    /// Of these emails' keys, those that have an account.
    pub async fn emails_in_use(
        &mut self,
        keys: &[String],
    ) -> Result<HashMap<String, (AccountId, Role)>, Error> {
        let sql = format!(
            "SELECT id, role, email_key FROM accounts WHERE email_key IN {}",
            self.kind.texts("$1")
        );
        let rows = self.rows_of(sql, keys).await?;
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
        let sql =
            format!("SELECT id, sso_id FROM accounts WHERE sso_id IN {}", self.kind.texts("$1"));
        let rows = self.rows_of(sql, ids).await?;
        rows.iter().map(|row| Ok((row.text("sso_id")?, AccountId(row.number("id")?)))).collect()
    }

    /// Of these skeletons, those that an account's address has, with one such address.
    pub async fn skeletons_in_use(
        &mut self,
        skeletons: &[String],
    ) -> Result<HashMap<String, String>, Error> {
        let sql = format!(
            "SELECT email_skeleton, email FROM accounts WHERE email_skeleton IN {}",
            self.kind.texts("$1")
        );
        let rows = self.rows_of(sql, skeletons).await?;
        rows.iter().map(|row| Ok((row.text("email_skeleton")?, row.text("email")?))).collect()
    }

    /// Runs a statement whose one parameter is a list of texts.
    async fn rows_of(&mut self, sql: String, texts: &[String]) -> Result<Vec<AnyRow>, Error> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let list = text_list(texts.iter().map(String::as_str));
        Ok(sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection()).await?)
    }
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
    })
}
