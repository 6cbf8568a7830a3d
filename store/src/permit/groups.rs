//! Permits about groups.

use roster::authority::{Act, Caller, decide};
use roster::group::GroupPath;
use roster::id::GroupId;

use super::{About, Permit, Refused};
use crate::connection::Transaction;
use crate::error::Error;

const GROUP: &str = "Technician Group";

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

impl Transaction {
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
}
