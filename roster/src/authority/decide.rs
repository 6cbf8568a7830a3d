//! The rules by which it is decided.

use super::{Act, Actor, Caller, Denied, DirectoryCaller, Grant, Who};
use crate::account::Role;
use crate::id::{AccountId, GroupId};

/// That somebody may, which nothing but this file says. For reading it is enough; to change
/// something, `store` decides about what it has locked, and makes its permits of that.
#[derive(Debug)]
pub struct Decision {
    grant: Grant,
}

impl Decision {
    #[must_use]
    pub fn grant(&self) -> Grant {
        self.grant
    }
}

/// Whether the caller may, by the roles' rules.
pub fn decide(caller: &Caller, act: &Act<'_>) -> Result<Decision, Denied> {
    let granted = Ok(Decision { grant: act.grant() });
    let actor = match &caller.who {
        Who::Operator => return in_shape(act).and(granted),
        Who::Anonymous => {
            return match act {
                Act::SetUp | Act::SignIn => granted,
                _ => Err(Denied::NotSignedIn),
            };
        }
        Who::Directory(directory) => return keeps_in_step(directory, act).and(granted),
        Who::Person(actor) => actor,
    };
    if actor.must_change_password && !matches!(act, Act::OwnPassword | Act::SignIn) {
        return Err(Denied::PasswordDue);
    }
    let ones_own = matches!(act, Act::OwnTwoStep | Act::OwnPassword | Act::SignIn);
    if actor.two_step_due && !ones_own {
        return Err(Denied::TwoStepDue);
    }
    match act {
        Act::SignIn | Act::OwnAccount | Act::OwnPassword | Act::OwnTwoStep => granted,
        Act::SetUp | Act::Operate => Err(Denied::Role),
        Act::Import
        | Act::SeeSettings
        | Act::ChangeSettings
        | Act::LockPermissions
        | Act::SeeAdministrators
        | Act::AssignAdministrator
        | Act::SeeDirectory
        | Act::ChangeDirectory
        | Act::DecideDirectoryRun => at_least(actor, Role::Master).and(granted),
        Act::MintDirectoryToken | Act::EnrollDirectory => {
            at_least(actor, Role::Holder).and(granted)
        }
        Act::UseDirectoryToken | Act::SyncDirectory { .. } => Err(Denied::NotThatDirectory),
        Act::CreateAdministrator { .. } => {
            at_least(actor, Role::Master).and(in_shape(act)).and(granted)
        }
        Act::ChangeRole { subject, .. } => {
            at_least(actor, Role::Master)?;
            if actor.account == *subject {
                return Err(Denied::OwnRole);
            }
            in_shape(act).and(granted)
        }
        Act::SeeTree | Act::SeeAudit | Act::OwnEmail => {
            at_least(actor, Role::Administrator).and(granted)
        }
        Act::SeeGroup { lineage }
        | Act::CreateGroup { lineage }
        | Act::RenameGroup { lineage }
        | Act::ChangePermissions { lineage }
        | Act::RequireTwoStep { lineage }
        | Act::SeeTechnician { lineage } => within(actor, lineage).and(granted),
        Act::LiftTwoStep => {
            at_least(actor, Role::Master).map_err(|_| Denied::MasterDuty).and(granted)
        }
        Act::CreateTechnician { lineage } => within(actor, lineage).and(in_shape(act)).and(granted),
        Act::EditTechnician { lineage, subject, role }
        | Act::ManageAccess { lineage, subject, role } => {
            within(actor, lineage).and(may_change(actor, *subject, *role)).and(granted)
        }
        Act::MoveTechnician { lineage, subject, role } => within(actor, lineage)
            .and(may_change(actor, *subject, *role))
            .and(in_shape(act))
            .and(granted),
        Act::DisableTechnician { lineage, subject, role }
        | Act::DeleteTechnician { lineage, subject, role } => within(actor, lineage)
            .and(may_change(actor, *subject, *role))
            .and(in_shape(act))
            .and(another(actor, *subject))
            .and(granted),
        Act::ArrangeGroup { lineage } => {
            within(actor, lineage).and(in_shape(act)).and(owns_above(actor, lineage)).and(granted)
        }
    }
}

/// What holds for everybody, the operator included.
fn in_shape(act: &Act<'_>) -> Result<(), Denied> {
    match act {
        Act::CreateTechnician { lineage } if lineage.len() < 2 => Err(Denied::AtRoot),
        Act::CreateAdministrator { role: Role::Holder }
        | Act::ChangeRole { from: Role::Holder, .. }
        | Act::ChangeRole { to: Role::Holder, .. } => Err(Denied::OneHolder),
        Act::ArrangeGroup { lineage } if lineage.len() < 2 => Err(Denied::Root),
        Act::MoveTechnician { role: Role::Holder, .. }
        | Act::DisableTechnician { role: Role::Holder, .. }
        | Act::DeleteTechnician { role: Role::Holder, .. } => Err(Denied::HolderStays),
        // The operator holds the database, but is no directory and not the holder.
        Act::UseDirectoryToken | Act::SyncDirectory { .. } => Err(Denied::NotThatDirectory),
        Act::EnrollDirectory => Err(Denied::Role),
        _ => Ok(()),
    }
}

/// A service does what it is for, with its own people, and nothing else.
fn keeps_in_step(directory: &DirectoryCaller, act: &Act<'_>) -> Result<(), Denied> {
    match act {
        Act::UseDirectoryToken => Ok(()),
        Act::SyncDirectory { source } if directory.source == Some(*source) => Ok(()),
        Act::SyncDirectory { .. } => Err(Denied::NotThatDirectory),
        _ => Err(Denied::Role),
    }
}

fn another(actor: &Actor, subject: AccountId) -> Result<(), Denied> {
    if actor.account == subject { Err(Denied::Oneself) } else { Ok(()) }
}

fn owns_above(actor: &Actor, lineage: &[GroupId]) -> Result<(), Denied> {
    let above = lineage.split_last().map_or(&[][..], |(_, above)| above);
    within(actor, above).map_err(|_| Denied::TopOfArea)
}

fn at_least(actor: &Actor, role: Role) -> Result<(), Denied> {
    if actor.role >= role { Ok(()) } else { Err(Denied::Role) }
}

fn within(actor: &Actor, lineage: &[GroupId]) -> Result<(), Denied> {
    match actor.role {
        Role::Holder | Role::Master => Ok(()),
        Role::Administrator if lineage.iter().any(|group| actor.areas.contains(group)) => Ok(()),
        Role::Administrator => Err(Denied::OutsideArea),
        Role::Technician => Err(Denied::Role),
    }
}

fn may_change(actor: &Actor, subject: AccountId, role: Role) -> Result<(), Denied> {
    match role {
        _ if actor.account == subject => Ok(()),
        Role::Holder => Err(Denied::Holder),
        Role::Master | Role::Administrator if actor.role < Role::Master => {
            Err(Denied::Administrator)
        }
        Role::Master | Role::Administrator | Role::Technician => Ok(()),
    }
}
