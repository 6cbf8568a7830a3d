//! What can be done. An act names what it is about; a grant is the act without that.

use crate::account::Role;
use crate::directory::protocol::SourceId;
use crate::id::{AccountId, GroupId};

/// Defines both, so that no act is without its grant.
macro_rules! acts {
    ($life:lifetime, $($(#[$doc:meta])* $act:ident $({ $($field:ident: $type:ty),* $(,)? })?,)*) => {
        /// What somebody wants to do. A lineage is the way from the root (first) to a group (last).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act<$life> {
            $($(#[$doc])* $act $({ $($field: $type),* })?,)*
        }

        /// An [`Act`] without what it is about: what a permit opens.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Grant {
            $($act,)*
        }

        impl Act<'_> {
            #[must_use]
            pub fn grant(&self) -> Grant {
                match self {
                    $(Self::$act { .. } => Grant::$act,)*
                }
            }
        }
    };
}

acts! {
    'a,
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

impl Grant {
    /// Whatever changes technicians by the thousand, whom it finds by their addresses.
    pub const OF_MANY: [Self; 3] = [Self::Import, Self::SyncDirectory, Self::DecideDirectoryRun];

    /// Whatever writes what a directory's run found.
    pub const OF_RUNS: [Self; 2] = [Self::SyncDirectory, Self::DecideDirectoryRun];
}
