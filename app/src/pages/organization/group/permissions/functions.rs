//! What the permissions of a group ask the server for.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::id::GroupId;
use roster::permission::{Change, GroupPermissions, Permission, Rules};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// One of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Inherit,
    Allow,
    Deny,
}

impl Choice {
    pub fn of(setting: Option<bool>) -> Self {
        match setting {
            None => Self::Inherit,
            Some(true) => Self::Allow,
            Some(false) => Self::Deny,
        }
    }

    pub fn setting(self) -> Option<bool> {
        match self {
            Self::Inherit => None,
            Self::Allow => Some(true),
            Self::Deny => Some(false),
        }
    }

    /// As it is sent.
    pub fn value(self) -> &'static str {
        match self {
            Self::Inherit => "inherit",
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Inherit => "Inherit",
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// What the table sends. What can't be changed isn't in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PermissionsForm {
    #[serde(default)]
    setting: BTreeMap<Permission, Choice>,
    #[serde(default)]
    lock: BTreeMap<Permission, bool>,
}

/// The permissions of a group.
#[server(prefix = "/api/fn", endpoint = "group_permissions", input = Json)]
pub async fn see_group_permissions(id: GroupId) -> Result<GroupPermissions, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::groups::permissions(&operations, &caller, id).await?)
}

/// What would change for whom.
#[server(prefix = "/api/fn", endpoint = "group_permissions_preview", input = Json)]
pub async fn preview_group_permissions(id: GroupId, wish: Rules) -> Result<Vec<Change>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::groups::preview_permissions(&operations, &caller, id, &wish).await?)
}

/// Changes the permissions of a group; answers them as they are now. `seen` is what the group said
/// when the table was filled, as JSON.
#[server(prefix = "/api/fn", endpoint = "group_permissions_set")]
pub async fn set_group_permissions(
    id: GroupId,
    seen: String,
    form: PermissionsForm,
) -> Result<GroupPermissions, AppError> {
    use roster::permission::Rule;

    let (operations, caller) = crate::server::context()?;
    let seen: Rules = crate::ask::decoded(&seen)?;
    let PermissionsForm { setting, lock } = form;
    let rule = |(permission, choice): (Permission, Choice)| {
        let locked = lock.get(&permission).copied().unwrap_or(false);
        (permission, Rule { setting: choice.setting(), locked })
    };
    let wish: Rules = setting.into_iter().map(rule).collect();
    operations::groups::set_permissions(&operations, &caller, id, &seen, &wish).await?;
    Ok(operations::groups::permissions(&operations, &caller, id).await?)
}
