//! Permits about people.

use std::collections::{HashMap, HashSet};

use roster::account::Role;
use roster::authority::{Act, Caller, decide};
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};

use super::{About, Permit, Refused};
use crate::accounts::StoredPerson;
use crate::connection::Transaction;
use crate::error::Error;

const TECHNICIAN: &str = "technician";

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
        // A caller without such a right waits for no lock. After the wait the caller is read again.
        decide(caller, &act.at_all()).map_err(Refused::Denied)?;
        if act.moves_seats() {
            self.free_seats().await?;
        }
        let mut held = self.lock_accounts(ids).await?;
        let caller = self.present(caller).await?;
        decide(&caller, &act.at_all()).map_err(Refused::Denied)?;
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
        let permit = allowed.map(|decided| self.bind(&decided, About::Accounts(about)));
        Ok(Accounts { people, paths, permit })
    }
}
