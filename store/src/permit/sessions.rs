//! Permits of who signs in, and about one's own.

use roster::authority::{Act, Caller, Denied, decide};
use roster::id::AccountId;

use super::{About, Permit, Refused};
use crate::accounts::{Credentials, StoredPerson};
use crate::connection::{Kind, Transaction};
use crate::error::Error;

impl Transaction {
    /// Locks the credentials of the account to which somebody signs in. Whoever asks may: what they
    /// prove is looked at where the session begins. `None`: there is no such account.
    pub async fn sign_in_for(
        &mut self,
        caller: &Caller,
        account: AccountId,
    ) -> Result<Option<(Credentials, Permit)>, Error> {
        let decided = decide(caller, &Act::SignIn).map_err(Refused::Denied)?;
        let found = self.lock_credentials(account).await?;
        Ok(found.map(|found| (found, self.bind(decided, About::account(account)))))
    }

    /// Locks the session that asks, which is to end. `None`: there is none, or it has ended.
    pub async fn own_session_for(&mut self, caller: &Caller) -> Result<Option<Permit>, Error> {
        let decided = decide(caller, &Act::SignIn).map_err(Refused::Denied)?;
        let Some(actor) = caller.person() else { return Ok(None) };
        let row = sqlx::query(match self.kind {
            Kind::Sqlite => "SELECT id FROM sessions WHERE id = $1 AND account_id = $2",
            Kind::Postgres => {
                "SELECT id FROM sessions WHERE id = $1 AND account_id = $2 FOR UPDATE"
            }
        })
        .bind(actor.session.0)
        .bind(actor.account.0)
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|_| self.bind(decided, About::Session(actor.session))))
    }

    /// Locks the caller's own account and decides what they may with it.
    pub async fn own_account_for(
        &mut self,
        caller: &Caller,
        act: &Act<'_>,
    ) -> Result<(StoredPerson, Permit), Error> {
        let present = self.present(caller).await?;
        let decided = decide(&present, act).map_err(Refused::Denied)?;
        let actor = present.person().ok_or(Refused::Denied(Denied::NotSignedIn))?;
        let found = self.lock_accounts(&[actor.account]).await?.remove(&actor.account);
        let person = found.ok_or(Refused::Denied(Denied::NotSignedIn))?;
        let about = About::account(person.id);
        Ok((person, self.bind(decided, about)))
    }
}
