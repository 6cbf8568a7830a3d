//! Permits, as the mutating calls of the store ask for them. The transaction locks what an act is
//! about, has `roster::authority` decide about that very row, and binds the answer to the row and
//! to itself: a permit opens the calls of its act, for its subject, until the transaction ends.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

use roster::account::Role;
use roster::authority::{self, Act, Actor, Caller, Denied, Grant, Who, decide};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};

use crate::accounts::StoredPerson;
use crate::connection::Transaction;
use crate::error::Error;
use crate::sql::Columns;

/// What was decided, about what, and within which transaction.
#[derive(Debug)]
pub struct Permit {
    decided: authority::Permit,
    about: About,
    transaction: u64,
}

/// For reads, a decision alone is enough.
impl Deref for Permit {
    type Target = authority::Permit;

    fn deref(&self) -> &authority::Permit {
        &self.decided
    }
}

/// The subjects of a permit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The act names its subject by itself: the settings, one's own account, the source of a service.
    Act,
    Accounts(HashSet<AccountId>),
    Group(GroupId),
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

const TECHNICIAN: &str = "technician";
const GROUP: &str = "Technician Group";

/// What is to be done with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountAct {
    Edit,
    /// Their password, second step, sessions and locks.
    ManageAccess,
    Move,
    Disable,
    Delete,
    ChangeRole {
        to: Role,
    },
    /// Take somebody who administers out of their group.
    LeaveTree,
    /// Give an Administrator groups, or take them away.
    Assign,
}

impl AccountAct {
    /// The act about somebody in this role, in the last group of the lineage.
    fn about(self, subject: AccountId, role: Role, lineage: &[GroupId]) -> Act<'_> {
        match self {
            Self::Edit => Act::EditTechnician { lineage, subject, role },
            Self::ManageAccess => Act::ManageAccess { lineage, subject, role },
            Self::Move => Act::MoveTechnician { lineage, subject, role },
            Self::Disable => Act::DisableTechnician { lineage, subject, role },
            Self::Delete => Act::DeleteTechnician { lineage, subject, role },
            Self::LeaveTree => Act::ChangeRole { subject, from: role, to: role },
            Self::ChangeRole { to } => Act::ChangeRole { subject, from: role, to },
            Self::Assign => Act::AssignAdministrator,
        }
    }

    /// What anybody must be allowed to whom nobody is shown: it is looked at before the people.
    fn at_all(self) -> Act<'static> {
        match self {
            Self::ChangeRole { .. } | Self::LeaveTree | Self::Assign => Act::SeeAdministrators,
            _ => Act::SeeTree,
        }
    }

    /// Seats may change hands: their row is locked first.
    fn moves_seats(self) -> bool {
        !matches!(self, Self::ManageAccess | Self::Assign)
    }
}

/// What is to be done with a group, or below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupAct {
    /// Make or put a group below it.
    CreateBelow,
    /// Put a technician into it.
    AddTechnician,
    Rename,
    ChangePermissions,
    RequireTwoStep,
    /// Move, copy or delete it.
    Arrange,
}

impl GroupAct {
    fn about(self, lineage: &[GroupId]) -> Act<'_> {
        match self {
            Self::CreateBelow => Act::CreateGroup { lineage },
            Self::AddTechnician => Act::CreateTechnician { lineage },
            Self::Rename => Act::RenameGroup { lineage },
            Self::ChangePermissions => Act::ChangePermissions { lineage },
            Self::RequireTwoStep => Act::RequireTwoStep { lineage },
            Self::Arrange => Act::ArrangeGroup { lineage },
        }
    }
}

/// Several people with what was decided about each; the permit is for those who were found and allowed.
#[derive(Debug)]
pub struct Accounts {
    /// In the order that was asked for.
    pub people: Vec<(AccountId, Result<StoredPerson, NotThisOne>)>,
    /// The ways to the groups in which they are.
    pub paths: HashMap<GroupId, GroupPath>,
    pub permit: Option<Permit>,
}

/// Somebody about whom the act is refused; the name only where the caller may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotThisOne {
    pub name: String,
    pub why: Refused,
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

    /// Locks somebody and decides about them as they are now.
    pub async fn account_for(
        &mut self,
        caller: &Caller,
        id: AccountId,
        act: AccountAct,
    ) -> Result<(StoredPerson, Permit), Error> {
        let Accounts { mut people, permit, .. } = self.accounts_for(caller, &[id], act).await?;
        match (people.pop(), permit) {
            (Some((_, Ok(person))), Some(permit)) => Ok((person, permit)),
            (Some((_, Err(refused))), _) => Err(refused.why.into()),
            _ => Err(Refused::Absent(TECHNICIAN).into()),
        }
    }

    /// The same for many, in few statements. Locks in the order that `lib.rs` names.
    pub async fn accounts_for(
        &mut self,
        caller: &Caller,
        ids: &[AccountId],
        act: AccountAct,
    ) -> Result<Accounts, Error> {
        let caller = self.present(caller).await?;
        decide(&caller, &act.at_all()).map_err(Refused::Denied)?;
        if act.moves_seats() {
            self.free_seats().await?;
        }
        let mut held = self.lock_accounts(ids).await?;
        let mut groups: Vec<GroupId> = held.values().filter_map(|person| person.group).collect();
        groups.sort_unstable();
        groups.dedup();
        let paths = self.group_paths(&groups).await?;
        let mut people = Vec::with_capacity(ids.len());
        let mut allowed = None;
        let mut about = HashSet::with_capacity(ids.len());
        for &id in ids {
            let Some(person) = held.remove(&id) else {
                let why = Refused::Absent(TECHNICIAN);
                people.push((id, Err(NotThisOne { name: String::new(), why })));
                continue;
            };
            let path = person.group.and_then(|group| paths.get(&group));
            let lineage = path.map(GroupPath::lineage).unwrap_or_default();
            match decide(&caller, &act.about(id, person.role, &lineage)) {
                Ok(decided) => {
                    about.insert(id);
                    allowed = Some(decided);
                    people.push((id, Ok(person)));
                }
                Err(denied) => {
                    let why = Refused::of(denied, TECHNICIAN);
                    let name = match why {
                        Refused::Denied(_) => person.person.name,
                        Refused::Absent(_) => String::new(),
                    };
                    people.push((id, Err(NotThisOne { name, why })));
                }
            }
        }
        let permit = allowed.map(|decided| self.bind(decided, About::Accounts(about)));
        Ok(Accounts { people, paths, permit })
    }

    /// Locks the tree and decides about the group where it is now.
    pub async fn group_for(
        &mut self,
        caller: &Caller,
        id: GroupId,
        act: GroupAct,
    ) -> Result<(GroupPath, Permit), Error> {
        let caller = self.present(caller).await?;
        decide(&caller, &Act::SeeTree).map_err(Refused::Denied)?;
        if act == GroupAct::AddTechnician {
            self.free_seats().await?;
        }
        self.lock_tree().await?;
        let path = self.group_path(id).await?.ok_or(Refused::Absent(GROUP))?;
        let decided = decide(&caller, &act.about(&path.lineage()))
            .map_err(|denied| Refused::of(denied, GROUP))?;
        Ok((path, self.bind(decided, About::Group(id))))
    }

    /// Whether a permit opens a call. That it doesn't is a fault of this program, never of the
    /// request: the error is internal.
    pub(crate) fn opens(
        &self,
        permit: &Permit,
        grants: &[Grant],
        about: &About,
    ) -> Result<(), Error> {
        let grant = permit.decided.grant();
        // Whoever holds the database may do all that can be done with it.
        let of_this_act =
            grant == Grant::Operate || (grants.contains(&grant) && permit.about.covers(about));
        if of_this_act && permit.transaction == self.number() {
            Ok(())
        } else {
            Err(Error::WrongPermit(grant))
        }
    }

    /// The permit is this transaction's: seats go with whatever it opens.
    pub(crate) fn lives(&self, permit: &Permit) -> Result<(), Error> {
        if permit.transaction == self.number() {
            Ok(())
        } else {
            Err(Error::WrongPermit(permit.decided.grant()))
        }
    }

    fn bind(&self, decided: authority::Permit, about: About) -> Permit {
        Permit { decided, about, transaction: self.number() }
    }

    /// The caller as they are by now: a session that ended meanwhile decides nothing any more, and a
    /// role or area that was taken away is gone. Looked up once in a transaction.
    async fn present<'a>(&mut self, caller: &'a Caller) -> Result<Cow<'a, Caller>, Error> {
        let Who::Person(actor) = &caller.who else { return Ok(Cow::Borrowed(caller)) };
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
