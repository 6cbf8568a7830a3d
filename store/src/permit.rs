//! Permits, as the mutating calls of the store ask for them. The transaction locks what an act is
//! about, has `roster::authority` decide about that very row, and binds the answer to the row and
//! to itself: a permit opens the calls of its act, for its subject, until the transaction ends.

mod accounts;
mod directory;
mod groups;
mod imports;
mod sessions;

use std::borrow::Cow;
use std::collections::HashSet;

use roster::account::Role;
use roster::authority::{Act, Actor, Caller, Decision, Denied, Grant, Who, decide};
use roster::directory::protocol::SourceId;
use roster::fault::Fault;
use roster::id::{AccountId, GroupId, ImportId, SessionId, TokenId};

use crate::connection::Transaction;
use crate::error::Error;
use crate::sql::Columns;

pub use accounts::{AccountAct, Accounts, NotThisOne};
pub use directory::SourceAct;
pub use groups::GroupAct;

/// What was decided, about what, and within which transaction.
#[derive(Debug)]
pub struct Permit {
    grant: Grant,
    about: About,
    transaction: u64,
}

impl Permit {
    pub(crate) fn grant(&self) -> Grant {
        self.grant
    }
}

/// The subjects of a permit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The act has no subject but one that there is once: the settings, the server's keys.
    Act,
    Accounts(HashSet<AccountId>),
    Group(GroupId),
    /// The one that asks.
    Session(SessionId),
    Import(ImportId),
    /// A directory with its runs, mappings and tokens.
    Source(SourceId),
    Token(TokenId),
}

impl About {
    pub(crate) fn account(id: AccountId) -> Self {
        Self::Accounts(HashSet::from([id]))
    }

    /// Whether a permit about this covers a call about that.
    fn covers(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Accounts(mine), Self::Accounts(wanted)) => wanted.is_subset(mine),
            (mine, wanted) => mine == wanted,
        }
    }
}

/// Why there is no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{0}")]
    Denied(Denied),
    /// Not there, or outside of the caller's areas: the two look alike. The word is for people.
    #[error("there is no such {0}")]
    Absent(&'static str),
}

impl Refused {
    fn of(denied: Denied, what: &'static str) -> Self {
        match denied {
            Denied::OutsideArea => Self::Absent(what),
            denied => Self::Denied(denied),
        }
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Denied(denied) => denied.into(),
            Refused::Absent(what) => Self::not_found(what),
        }
    }
}

impl Transaction {
    /// A permit for an act that names its subject by itself, or has none.
    pub async fn permit(&mut self, caller: &Caller, act: &Act<'_>) -> Result<Permit, Error> {
        let caller = self.present(caller).await?;
        let decided = decide(&caller, act).map_err(|denied| Refused::of(denied, "entry"))?;
        Ok(self.bind(decided, About::Act))
    }

    /// The operator's permit, without a question to the database.
    pub fn operate(&self, caller: &Caller) -> Result<Permit, Denied> {
        Ok(self.bind(decide(caller, &Act::Operate)?, About::Act))
    }

    /// Whether a permit opens a call. That it doesn't is a fault of this program, never of the
    /// request: the error is internal.
    pub(crate) fn opens(
        &self,
        permit: &Permit,
        grants: &[Grant],
        about: &About,
    ) -> Result<(), Error> {
        let grant = permit.grant;
        // Whoever holds the database may do all that can be done with it.
        let of_this_act =
            grant == Grant::Operate || (grants.contains(&grant) && permit.about.covers(about));
        if of_this_act && permit.transaction == self.number() {
            Ok(())
        } else {
            Err(Error::WrongPermit(grant))
        }
    }

    /// Imports and runs find people by their addresses, and groups by their mappings: their permits
    /// open these calls, whichever import or source they are about.
    pub(crate) fn opens_many(&self, permit: &Permit) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_MANY, &permit.about)
    }

    /// The permit is this transaction's: seats go with whatever it opens.
    pub(crate) fn lives(&self, permit: &Permit) -> Result<(), Error> {
        if permit.transaction == self.number() {
            Ok(())
        } else {
            Err(Error::WrongPermit(permit.grant))
        }
    }

    fn bind(&self, decided: Decision, about: About) -> Permit {
        Permit { grant: decided.grant(), about, transaction: self.number() }
    }

    /// The caller as they are by now: a session that ended meanwhile decides nothing any more, and a
    /// role or area that was taken away is gone. Looked up once in a transaction. A directory's service
    /// is looked at where its source is: it has no other permits.
    async fn present<'a>(&mut self, caller: &'a Caller) -> Result<Cow<'a, Caller>, Error> {
        let actor = match &caller.who {
            Who::Person(actor) => actor,
            Who::Directory(_) => return Err(Refused::Denied(Denied::Role).into()),
            Who::Anonymous | Who::Operator => return Ok(Cow::Borrowed(caller)),
        };
        if let Some(present) = self.present_actor().filter(|it| it.session == actor.session) {
            let who = Who::Person(present.clone());
            return Ok(Cow::Owned(Caller { who, origin: caller.origin.clone() }));
        }
        let row = sqlx::query(
            "SELECT accounts.role FROM sessions \
             JOIN accounts ON accounts.id = sessions.account_id \
             WHERE sessions.id = $1 AND sessions.account_id = $2 AND accounts.enabled",
        )
        .bind(actor.session.0)
        .bind(actor.account.0)
        .fetch_optional(self.connection())
        .await?;
        let row = row.ok_or(Refused::Denied(Denied::NotSignedIn))?;
        let role = row.word("role")?;
        let areas = match role {
            Role::Administrator => self.areas(actor.account).await?,
            Role::Technician | Role::Master | Role::Holder => Vec::new(),
        };
        let present = Actor { role, areas, ..actor.clone() };
        self.set_present_actor(present.clone());
        Ok(Cow::Owned(Caller { who: Who::Person(present), origin: caller.origin.clone() }))
    }
}
