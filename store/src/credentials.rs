//! What ends when somebody's password, email, Single Sign-On ID, second factor, role or status changes.
//! Every call of the store that changes one of them does this itself, so that no use case can forget it.

use roster::id::{AccountId, SessionId};
use sqlx::AssertSqlSafe;

use crate::accounts::Credentials;
use crate::batch::Type;
use crate::connection::{Kind, Transaction};
use crate::error::Error;

impl Transaction {
    /// The credentials of an account, which stay as they are until this transaction ends: where a
    /// session begins, and where a second factor changes, they are locked first.
    pub async fn lock_credentials(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Credentials>, Error> {
        // On SQLite there is one writer: nobody changes them meanwhile.
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE")
                .bind(account.0)
                .fetch_optional(self.connection())
                .await?;
        }
        self.credentials(account).await
    }

    /// Ends the sessions of these accounts, `keep` apart, and all that is pending for them; says how
    /// many sessions ended. Where somebody else changed them (no session is kept), known browsers are
    /// forgotten too: a thief of the earlier credentials may have signed in with some.
    pub(crate) async fn credentials_changed(
        &mut self,
        accounts: &[AccountId],
        keep: Option<SessionId>,
    ) -> Result<u64, Error> {
        if keep.is_none() {
            self.delete_by_ids("known_devices", "account_id", accounts).await?;
        }
        self.end_what_began(accounts, keep).await
    }

    /// The same for signing out everywhere: known browsers stay known.
    pub(crate) async fn end_what_began(
        &mut self,
        accounts: &[AccountId],
        keep: Option<SessionId>,
    ) -> Result<u64, Error> {
        if accounts.is_empty() {
            return Ok(0);
        }
        let among = self.kind.among("account_id", Type::Number, "$1");
        let list = self.kind.list(accounts.iter().map(|id| id.0.into()));
        let sessions = match keep {
            Some(keep) => {
                sqlx::query(AssertSqlSafe(format!(
                    "DELETE FROM sessions WHERE {among} AND id <> $2"
                )))
                .bind(&list)
                .bind(keep.0)
                .execute(self.connection())
                .await?
            }
            None => {
                sqlx::query(AssertSqlSafe(format!("DELETE FROM sessions WHERE {among}")))
                    .bind(&list)
                    .execute(self.connection())
                    .await?
            }
        };
        sqlx::query(AssertSqlSafe(format!("DELETE FROM pending WHERE {among}")))
            .bind(&list)
            .execute(self.connection())
            .await?;
        Ok(sessions.rows_affected())
    }

    /// The organization's default password is another: what began with the one before ends.
    pub(crate) async fn default_password_changed(&mut self) -> Result<(), Error> {
        for sql in [
            "DELETE FROM sessions WHERE account_id IN ( \
                 SELECT id FROM accounts WHERE password_state = 'default')",
            "DELETE FROM pending WHERE account_id IN ( \
                 SELECT id FROM accounts WHERE password_state = 'default')",
        ] {
            sqlx::query(sql).execute(self.connection()).await?;
        }
        Ok(())
    }
}
