//! Changes of one account.

use roster::account::PasswordState;
use roster::authority::Grant;
use roster::email;
use roster::fields::Person;
use roster::id::{AccountId, SessionId, Timestamp};

use super::{Searched, WriteConflict, search_text};
use crate::connection::Transaction;
use crate::error::{Error, Violation, violation};
use crate::permit::{About, Permit};
use crate::seats::SeatCount;
use crate::sql::{Columns, unaccented};

/// What an edit changes beside the fields: seats, sessions.
struct State {
    /// In a Technician Group.
    placed: bool,
    enabled: bool,
    email_key: String,
    sso_id: Option<String>,
    seats: SeatCount,
}

impl Transaction {
    /// Changes the account if it is still in this version. Seats follow; disabling it, another email
    /// or another Single Sign-On ID ends its sessions, that of whoever edits themself apart, and what
    /// is pending. Where something stands in the way, nothing is changed.
    pub async fn edit_account(
        &mut self,
        permit: &Permit,
        id: AccountId,
        version: i64,
        person: &Person,
    ) -> Result<Result<(), WriteConflict>, Error> {
        self.opens(permit, &[Grant::EditTechnician], &About::account(id))?;
        let before = match self.state(id, version).await? {
            Ok(before) => before,
            Err(conflict) => return Ok(Err(conflict)),
        };
        let after = SeatCount::of(
            person.enabled && before.placed,
            person.standard_license,
            person.mobile_license,
        );
        self.attempt().await?;
        if let Some(lacking) = self.change_seats(before.seats, after).await? {
            self.take_back().await?;
            return Ok(Err(lacking.into()));
        }
        let changed = match self.update(id, version, person).await {
            Ok(changed) => changed,
            Err(cause) => {
                self.take_back_after(&cause).await?;
                return conflict_of(cause).map(Err);
            }
        };
        if !changed {
            // Another transaction was quicker, since the state was read.
            self.take_back().await?;
            return Ok(Err(WriteConflict::Stale));
        }
        let disabled = before.enabled && !person.enabled;
        let other_way_in = before.email_key != person.email.key || before.sso_id != person.sso_id;
        if disabled || other_way_in {
            let own = self.present_actor().filter(|actor| actor.account == id && !disabled);
            let own = own.map(|actor| actor.session);
            self.credentials_changed(&[id], own).await?;
        }
        if before.enabled != person.enabled {
            self.status_changed(&[id]).await?;
        }
        self.keep().await?;
        Ok(Ok(()))
    }

    /// The state in this version: as long as the version is the same, so is the state.
    async fn state(
        &mut self,
        id: AccountId,
        version: i64,
    ) -> Result<Result<State, WriteConflict>, Error> {
        let row = sqlx::query(
            "SELECT group_id, enabled, email_key, sso_id, standard_license, mobile_license, version \
             FROM accounts WHERE id = $1",
        )
        .bind(id.0)
        .fetch_optional(self.connection())
        .await?;
        let Some(row) = row else { return Ok(Err(WriteConflict::Gone)) };
        if row.number("version")? != version {
            return Ok(Err(WriteConflict::Stale));
        }
        let placed = row.maybe_number("group_id")?.is_some();
        let enabled = row.flag("enabled")?;
        let seats = SeatCount::of(
            enabled && placed,
            row.flag("standard_license")?,
            row.flag("mobile_license")?,
        );
        let email_key = row.text("email_key")?;
        let sso_id = row.maybe_text("sso_id")?;
        Ok(Ok(State { placed, enabled, email_key, sso_id, seats }))
    }

    async fn update(
        &mut self,
        id: AccountId,
        version: i64,
        person: &Person,
    ) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "UPDATE accounts SET \
                 name = $3, name_key = $4, nickname = $5, email = $6, email_key = $7, \
                 email_skeleton = $8, sso_id = $9, description = $10, enabled = $11, \
                 standard_license = $12, mobile_license = $13, search = $14, \
                 version = version + 1 \
             WHERE id = $1 AND version = $2",
        )
        .bind(id.0)
        .bind(version)
        .bind(&person.name)
        .bind(unaccented(&person.name))
        .bind(&person.nickname)
        .bind(&person.email.as_typed)
        .bind(&person.email.key)
        .bind(email::skeleton(&person.email.key))
        .bind(&person.sso_id)
        .bind(&person.description)
        .bind(person.enabled)
        .bind(person.standard_license)
        .bind(person.mobile_license)
        .bind(search_text(&Searched::from(person)))
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The password alone. `now` is when it was given, or when the person chose it: then it is
    /// remembered. Ends their sessions, `keep` apart, and says how many.
    pub async fn set_password(
        &mut self,
        permit: &Permit,
        id: AccountId,
        state: PasswordState,
        hash: Option<&str>,
        now: Timestamp,
        keep: Option<SessionId>,
    ) -> Result<u64, Error> {
        let grants = [Grant::ManageAccess, Grant::OwnPassword, Grant::ChangeRole];
        self.opens(permit, &grants, &About::account(id))?;
        self.remember_present_password(id).await?;
        sqlx::query(
            "UPDATE accounts SET password_state = $2, password_hash = $3, \
                 password_chosen_at = $4, password_given_at = $5, version = version + 1 \
             WHERE id = $1",
        )
        .bind(id.0)
        .bind(state.as_str())
        .bind(hash)
        .bind((state == PasswordState::Own).then_some(now.0))
        .bind(state.is_given().then_some(now.0))
        .execute(self.connection())
        .await?;
        if let Some(hash) = hash.filter(|_| state == PasswordState::Own) {
            self.remember_password(id, hash).await?;
        }
        self.credentials_changed(&[id], keep).await
    }

    /// The email alone, as a person changes their own; the conflict where another account has it.
    /// Ends their sessions, `keep` apart.
    pub async fn set_email(
        &mut self,
        permit: &Permit,
        id: AccountId,
        person: &Person,
        keep: Option<SessionId>,
    ) -> Result<Result<(), WriteConflict>, Error> {
        self.opens(permit, &[Grant::OwnEmail], &About::account(id))?;
        self.attempt().await?;
        let changed = sqlx::query(
            "UPDATE accounts SET email = $2, email_key = $3, email_skeleton = $4, search = $5, \
                 version = version + 1 \
             WHERE id = $1",
        )
        .bind(id.0)
        .bind(&person.email.as_typed)
        .bind(&person.email.key)
        .bind(email::skeleton(&person.email.key))
        .bind(search_text(&Searched::from(person)))
        .execute(self.connection())
        .await;
        if let Err(cause) = changed {
            self.take_back_after(&cause).await?;
            return conflict_of(cause).map(Err);
        }
        self.keep().await?;
        self.credentials_changed(&[id], keep).await?;
        Ok(Ok(()))
    }

    /// Notes the moment of a sign-in.
    pub async fn signed_in(
        &mut self,
        permit: &Permit,
        id: AccountId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SignIn], &About::account(id))?;
        sqlx::query("UPDATE accounts SET last_sign_in_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

/// What stood in the way, if it is one of the schema's rules.
pub(super) fn conflict_of(cause: sqlx::Error) -> Result<WriteConflict, Error> {
    match violation(&cause) {
        Some(Violation::Email) => Ok(WriteConflict::EmailInUse),
        Some(Violation::SsoId) => Ok(WriteConflict::SsoIdInUse),
        Some(Violation::Holder) => Ok(WriteConflict::HolderExists),
        Some(Violation::Missing) => Ok(WriteConflict::Gone),
        Some(Violation::GroupName) | None => Err(cause.into()),
    }
}
