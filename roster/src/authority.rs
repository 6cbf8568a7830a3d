//! Who may do what. A decision is a value: a [`Permit`], which nothing but this file can make, or a
//! [`Denied`] with the reason. The store binds permits to what they are about.

use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::directory::protocol::SourceId;
use crate::id::{AccountId, GroupId, SessionId, TokenId};
use crate::secret::Secret;

/// From where somebody asks, as it is written into the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The network address, or "command line".
    pub address: String,
    /// What the browser says it is; empty where there is none.
    pub agent: String,
    /// By what a browser that signed in before is known again.
    #[serde(skip)]
    pub device: Option<Secret>,
}

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub account: AccountId,
    pub name: String,
    pub role: Role,
    /// The groups that an Administrator is assigned to; each covers what lies below it.
    pub areas: Vec<GroupId>,
    pub session: SessionId,
    /// Until a new password is chosen, nothing else can be done.
    pub must_change_password: bool,
    /// Until two-step verification is set up, nothing else can be done.
    pub two_step_due: bool,
}

/// A service that keeps people in step with a directory, known by its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryCaller {
    pub token: TokenId,
    /// `None`: no directory has enrolled with the token yet.
    pub source: Option<SourceId>,
    /// As the audit trail shows it: "Active Directory corp.example.com".
    pub name: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    Anonymous,
    Person(Actor),
    Directory(DirectoryCaller),
    /// Whoever runs the program on the server holds the database: allowed all, audited as that.
    Operator,
}

/// Who asks, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub who: Who,
    pub origin: Origin,
}

impl Caller {
    #[must_use]
    pub fn anonymous(origin: Origin) -> Self {
        Self { who: Who::Anonymous, origin }
    }

    #[must_use]
    pub fn operator() -> Self {
        let origin = Origin { address: "command line".to_owned(), ..Origin::default() };
        Self { who: Who::Operator, origin }
    }

    #[must_use]
    pub fn person(&self) -> Option<&Actor> {
        match &self.who {
            Who::Person(actor) => Some(actor),
            Who::Anonymous | Who::Directory(_) | Who::Operator => None,
        }
    }

    #[must_use]
    pub fn directory(&self) -> Option<&DirectoryCaller> {
        match &self.who {
            Who::Directory(directory) => Some(directory),
            Who::Anonymous | Who::Person(_) | Who::Operator => None,
        }
    }

    /// The name that the audit trail shows.
    #[must_use]
    pub fn display_name(&self) -> &str {
        match &self.who {
            Who::Anonymous => "Anonymous",
            Who::Person(actor) => &actor.name,
            Who::Directory(directory) => &directory.name,
            Who::Operator => "the operator of this server",
        }
    }
}

/// What somebody wants to do. A lineage is the way from the root (first) to a group (last).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act<'a> {
    /// Create the Master Account Holder, with the server's one-time code.
    SetUp,
    SignIn,
    /// See the own account, end the own sessions.
    OwnAccount,
    /// Choose the own password; all that is left to who must.
    OwnPassword,
    /// Set up and end the own two-step verification.
    OwnTwoStep,
    /// Change the own email. A technician's is for who administers them.
    OwnEmail,
    /// See that there is a tree, search it: what is found is limited to one's areas.
    SeeTree,
    SeeGroup {
        lineage: &'a [GroupId],
    },
    /// Create a group below the last of the lineage.
    CreateGroup {
        lineage: &'a [GroupId],
    },
    RenameGroup {
        lineage: &'a [GroupId],
    },
    /// Change what a group says of permissions, as far as it isn't locked.
    ChangePermissions {
        lineage: &'a [GroupId],
    },
    /// Lock permissions, unlock them, and change those that are locked.
    LockPermissions,
    /// Have a group ask for two-step verification, or no longer.
    RequireTwoStep {
        lineage: &'a [GroupId],
    },
    /// Have it ask no longer although a Master Administrator had it ask.
    LiftTwoStep,
    SeeTechnician {
        lineage: &'a [GroupId],
    },
    CreateTechnician {
        lineage: &'a [GroupId],
    },
    EditTechnician {
        lineage: &'a [GroupId],
        subject: AccountId,
        role: Role,
    },
    /// Reset somebody's password and second step, see and end their sessions, unlock them.
    ManageAccess {
        lineage: &'a [GroupId],
        subject: AccountId,
        role: Role,
    },
    /// See who administers what.
    SeeAdministrators,
    /// Create an account that administers.
    CreateAdministrator {
        role: Role,
    },
    /// Give somebody another role.
    ChangeRole {
        subject: AccountId,
        from: Role,
        to: Role,
    },
    /// Assign an Administrator to a group, or take the group away again.
    AssignAdministrator,
    /// Take somebody out of the last group of the lineage; where they go is another
    /// [`CreateTechnician`](Self::CreateTechnician).
    MoveTechnician {
        lineage: &'a [GroupId],
        subject: AccountId,
        role: Role,
    },
    DisableTechnician {
        lineage: &'a [GroupId],
        subject: AccountId,
        role: Role,
    },
    DeleteTechnician {
        lineage: &'a [GroupId],
        subject: AccountId,
        role: Role,
    },
    /// Move, copy or delete the last group of the lineage: a change of what is below the one above.
    ArrangeGroup {
        lineage: &'a [GroupId],
    },
    /// Import technicians; see the imports and their rows.
    Import,
    SeeSettings,
    ChangeSettings,
    /// See the audit trail: what is found is limited to one's areas.
    SeeAudit,
    /// See directory synchronization: its sources, runs, problems.
    SeeDirectory,
    /// Change how it works, revoke tokens, ask for a run.
    ChangeDirectory,
    /// Let a run that is held go on, or drop it.
    DecideDirectoryRun,
    /// Make a service token.
    MintDirectoryToken,
    /// Come with a service token, whether or not a directory has enrolled with it.
    UseDirectoryToken,
    /// Let a directory keep people in step.
    EnrollDirectory,
    /// Keep the people of this source in step.
    SyncDirectory {
        source: SourceId,
    },
    /// Export accounts, copy the database: the operator's, on the command line.
    Operate,
}

/// Why something may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Denied {
    #[error("Sign in first.")]
    NotSignedIn,
    #[error("This is for the synchronization service of an enrolled directory, with its token.")]
    NotThatDirectory,
    #[error("Choose a new password first.")]
    PasswordDue,
    #[error("Set up two-step verification first.")]
    TwoStepDue,
    #[error("Your role may not do this.")]
    Role,
    /// What lies outside one's areas is as if it didn't exist.
    #[error("There is no such thing, or not within the groups that are assigned to you.")]
    OutsideArea,
    #[error("The Master Account Holder can be changed by nobody else.")]
    Holder,
    #[error("An administrator can be changed only by a Master Administrator.")]
    Administrator,
    #[error("A Master Administrator requires it here; only a Master Administrator can lift it.")]
    MasterDuty,
    #[error("Nobody changes their own role. Ask another Master Administrator.")]
    OwnRole,
    #[error("There is exactly one Master Account Holder, and it stays who it is.")]
    OneHolder,
    #[error("Nobody is at the root of the tree: choose a Technician Group.")]
    AtRoot,
    #[error("The Master Account Holder can’t be disabled, moved or deleted.")]
    HolderStays,
    #[error("Nobody can disable or delete their own account. Ask another administrator.")]
    Oneself,
    #[error("The root of the tree stays where it is.")]
    Root,
    #[error(
        "This group is assigned to you as a whole: only who is above it can move, copy or delete it."
    )]
    TopOfArea,
}

/// An [`Act`] without what it is about: what a permit opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    SetUp,
    SignIn,
    OwnAccount,
    OwnPassword,
    OwnTwoStep,
    OwnEmail,
    SeeTree,
    SeeGroup,
    CreateGroup,
    RenameGroup,
    ChangePermissions,
    LockPermissions,
    RequireTwoStep,
    LiftTwoStep,
    SeeTechnician,
    CreateTechnician,
    EditTechnician,
    ManageAccess,
    SeeAdministrators,
    CreateAdministrator,
    ChangeRole,
    AssignAdministrator,
    MoveTechnician,
    DisableTechnician,
    DeleteTechnician,
    ArrangeGroup,
    Import,
    SeeSettings,
    ChangeSettings,
    SeeAudit,
    SeeDirectory,
    ChangeDirectory,
    DecideDirectoryRun,
    MintDirectoryToken,
    UseDirectoryToken,
    EnrollDirectory,
    SyncDirectory,
    Operate,
}

impl Grant {
    /// Whatever changes technicians by the thousand, whom it finds by their addresses.
    pub const OF_MANY: [Self; 3] = [Self::Import, Self::SyncDirectory, Self::DecideDirectoryRun];
}

impl Act<'_> {
    #[must_use]
    pub fn grant(&self) -> Grant {
        match self {
            Self::SetUp => Grant::SetUp,
            Self::SignIn => Grant::SignIn,
            Self::OwnAccount => Grant::OwnAccount,
            Self::OwnPassword => Grant::OwnPassword,
            Self::OwnTwoStep => Grant::OwnTwoStep,
            Self::OwnEmail => Grant::OwnEmail,
            Self::SeeTree => Grant::SeeTree,
            Self::SeeGroup { .. } => Grant::SeeGroup,
            Self::CreateGroup { .. } => Grant::CreateGroup,
            Self::RenameGroup { .. } => Grant::RenameGroup,
            Self::ChangePermissions { .. } => Grant::ChangePermissions,
            Self::LockPermissions => Grant::LockPermissions,
            Self::RequireTwoStep { .. } => Grant::RequireTwoStep,
            Self::LiftTwoStep => Grant::LiftTwoStep,
            Self::SeeTechnician { .. } => Grant::SeeTechnician,
            Self::CreateTechnician { .. } => Grant::CreateTechnician,
            Self::EditTechnician { .. } => Grant::EditTechnician,
            Self::ManageAccess { .. } => Grant::ManageAccess,
            Self::SeeAdministrators => Grant::SeeAdministrators,
            Self::CreateAdministrator { .. } => Grant::CreateAdministrator,
            Self::ChangeRole { .. } => Grant::ChangeRole,
            Self::AssignAdministrator => Grant::AssignAdministrator,
            Self::MoveTechnician { .. } => Grant::MoveTechnician,
            Self::DisableTechnician { .. } => Grant::DisableTechnician,
            Self::DeleteTechnician { .. } => Grant::DeleteTechnician,
            Self::ArrangeGroup { .. } => Grant::ArrangeGroup,
            Self::Import => Grant::Import,
            Self::SeeSettings => Grant::SeeSettings,
            Self::ChangeSettings => Grant::ChangeSettings,
            Self::SeeAudit => Grant::SeeAudit,
            Self::SeeDirectory => Grant::SeeDirectory,
            Self::ChangeDirectory => Grant::ChangeDirectory,
            Self::DecideDirectoryRun => Grant::DecideDirectoryRun,
            Self::MintDirectoryToken => Grant::MintDirectoryToken,
            Self::UseDirectoryToken => Grant::UseDirectoryToken,
            Self::EnrollDirectory => Grant::EnrollDirectory,
            Self::SyncDirectory { .. } => Grant::SyncDirectory,
            Self::Operate => Grant::Operate,
        }
    }
}

/// The proof that a decision was made. `store` binds it to its transaction and to the subject that
/// the transaction has locked; reading needs no more than this.
#[derive(Debug)]
pub struct Permit {
    grant: Grant,
}

impl Permit {
    #[must_use]
    pub fn grant(&self) -> Grant {
        self.grant
    }
}

/// Whether the caller may, by the rules of design's roles.
pub fn decide(caller: &Caller, act: &Act<'_>) -> Result<Permit, Denied> {
    let granted = Ok(Permit { grant: act.grant() });
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

#[cfg(test)]
mod tests;
