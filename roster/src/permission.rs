//! What a Technician Group may allow. The ids are a contract: they are stored and sent. How a
//! group's effective permissions follow from the groups above it is in `effective`, who may change
//! what and what comes of it in `change`.

mod change;
mod effective;
mod page;

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account::UnknownWord;

pub use change::{Change, Refusal, Region, changes, check_change, fixed};
pub use effective::{Effective, effective};
pub use page::{GroupPermissions, PermissionLine, Seen};

macro_rules! permissions {
    ($($area:literal: $($variant:ident $id:literal $label:literal),+;)+) => {
        /// One thing that a technician may or may not do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[serde(rename = $id)] $variant,)+)+
        }

        impl Permission {
            pub const ALL: &[Self] = &[$($(Self::$variant,)+)+];

            /// As it is stored and sent.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $($(Self::$variant => $id,)+)+ }
            }

            /// As people read it.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $($(Self::$variant => $label,)+)+ }
            }

            /// The heading under which it stands.
            #[must_use]
            pub fn area(self) -> &'static str {
                match self { $($(Self::$variant => $area,)+)+ }
            }
        }
    };
}

permissions! {
    "Session":
        Chat "chat" "Chat with the customer",
        ChatToggle "chat_toggle" "Turn chat on and off in a session",
        PrivateSession "private_session" "Start private sessions",
        TransferSession "transfer_session" "Transfer sessions",
        HoldSession "hold_session" "Put sessions on hold",
        Collaborate "collaborate" "Invite other technicians into a session",
        InviteExternal "invite_external" "Invite external technicians",
        RecordSession "record_session" "Record sessions",
        EndSurvey "end_survey" "Answer the survey at the end of a session",
        SinglePrompt "single_prompt" "Ask the customer once for all permissions";
    "Screen":
        RemoteView "remote_view" "View the customer's screen",
        RemoteControl "remote_control" "Control the customer's computer",
        ShareScreen "share_screen" "Show the technician's own screen",
        SyncClipboard "sync_clipboard" "Share the clipboard";
    "Files":
        SendFiles "send_files" "Send files",
        ReceiveFiles "receive_files" "Receive files",
        ManageFiles "manage_files" "Manage files on the customer's computer",
        SendUrl "send_url" "Send links";
    "System":
        ViewSystem "view_system" "View system information",
        Reboot "reboot" "Reboot the customer's computer",
        RequestCredentials "request_credentials" "Ask for the customer's Windows sign-in",
        RunScripts "run_scripts" "Run the organization's scripts",
        RunOwnScripts "run_own_scripts" "Run own scripts",
        EditCustomFields "edit_custom_fields" "Edit custom fields";
    "Reach":
        UnattendedAccess "unattended_access" "Set up and use unattended access",
        ConnectLan "connect_lan" "Connect to computers on the local network",
        DeployCallingCard "deploy_calling_card" "Deploy the calling card",
        ConfigureMobile "configure_mobile" "Configure mobile devices";
}

impl Permission {
    /// What the root carries at setup: all but what reaches beyond a session or runs own code.
    #[must_use]
    pub fn allowed_at_setup(self) -> bool {
        !matches!(
            self,
            Self::UnattendedAccess
                | Self::RunOwnScripts
                | Self::RequestCredentials
                | Self::ConnectLan
                | Self::ConfigureMobile
                | Self::DeployCallingCard
        )
    }
}

impl FromStr for Permission {
    type Err = UnknownWord;

    fn from_str(id: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|permission| permission.id() == id)
            .ok_or_else(|| UnknownWord(id.to_owned()))
    }
}

/// What one group says of one permission. No rule, or one without a setting, inherits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `None`: inherit; else allow or deny.
    pub setting: Option<bool>,
    /// Below this group nobody overrides it.
    pub locked: bool,
}

impl Rule {
    /// "Deny", "Inherit, locked".
    #[must_use]
    pub fn words(self) -> &'static str {
        match (self.setting, self.locked) {
            (None, false) => "Inherit",
            (None, true) => "Inherit, locked",
            (Some(true), false) => "Allow",
            (Some(true), true) => "Allow, locked",
            (Some(false), false) => "Deny",
            (Some(false), true) => "Deny, locked",
        }
    }
}

/// What one group says.
pub type Rules = BTreeMap<Permission, Rule>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_read_back() {
        assert_eq!(Permission::ALL.len(), 28);
        for permission in Permission::ALL {
            assert_eq!(permission.id().parse(), Ok(*permission));
        }
    }
}
