//! What a technician's page asks the server for.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::account::{AccountPage, CreatedBy, Role};
use roster::group::GroupPath;
use roster::id::{AccountId, SessionId};
use roster::password::Strength;
use roster::permission::{Effective, Seen};
use roster::secret::Secret;
use roster::session::SessionLine;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::pages::organization::technician_form::TechnicianForm;

/// A technician, and what their page must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicianView {
    pub page: AccountPage,
    pub strength: Strength,
    /// It is who looks.
    pub own: bool,
    pub created_by: CreatedBy,
    /// Who looks may see the role and the groups that come with it.
    pub sees_role: bool,
    /// Why they can't change it.
    pub role_refusal: Option<String>,
}

/// One technician.
#[server(prefix = "/api/fn", endpoint = "technician_see", input = Json)]
pub async fn see_technician(id: AccountId) -> Result<TechnicianView, AppError> {
    use roster::authority::{Act, decide};

    let (operations, caller) = crate::server::context()?;
    let page = operations::technicians::see(&operations, &caller, id).await?;
    let created_by = operations::technicians::created_by(&operations, &caller, id).await?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    let own = caller.person().is_some_and(|actor| actor.account == id);
    let (from, to) = (page.account.role, Role::Administrator);
    let change = Act::ChangeRole { subject: id, from, to };
    Ok(TechnicianView {
        own,
        sees_role: decide(&caller, &Act::SeeAdministrators).is_ok(),
        role_refusal: decide(&caller, &change).err().map(|denied| denied.to_string()),
        page,
        strength,
        created_by,
    })
}

/// Changes a technician; answers them as they are now.
#[server(prefix = "/api/fn", endpoint = "technician_edit")]
pub async fn edit_technician(
    id: AccountId,
    version: i64,
    form: TechnicianForm,
) -> Result<AccountPage, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::edit(&operations, &caller, id, version, form.into_draft()).await?)
}

/// What somebody may do, and which group says so.
#[server(prefix = "/api/fn", endpoint = "technician_permissions", input = Json)]
pub async fn see_technician_permissions(id: AccountId) -> Result<Vec<Effective<Seen>>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::permissions(&operations, &caller, id).await?)
}

/// Where somebody is signed in.
#[server(prefix = "/api/fn", endpoint = "technician_sessions", input = Json)]
pub async fn see_technician_sessions(id: AccountId) -> Result<Vec<SessionLine>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::sessions(&operations, &caller, id).await?)
}

/// Ends one of somebody's sessions.
#[server(prefix = "/api/fn", endpoint = "technician_session_end")]
pub async fn end_technician_session(id: AccountId, session: SessionId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::end_session(&operations, &caller, id, session).await?)
}

/// Ends all of somebody's sessions.
#[server(prefix = "/api/fn", endpoint = "technician_sessions_end")]
pub async fn end_technician_sessions(id: AccountId) -> Result<u64, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::end_sessions(&operations, &caller, id).await?)
}

/// What the form for a password sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: Secret,
}

/// Gives somebody a temporary password, or the default one.
#[server(prefix = "/api/fn", endpoint = "technician_password_reset")]
pub async fn reset_password(id: AccountId, form: PasswordForm) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let temporary = Some(form.password).filter(|password| !password.is_empty());
    Ok(operations::technicians::reset_password(&operations, &caller, id, temporary).await?)
}

/// Lets somebody sign in again after too many failures.
#[server(prefix = "/api/fn", endpoint = "technician_unlock")]
pub async fn unlock_technician(id: AccountId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::locks::unlock(&operations, &caller, id).await?)
}

/// The groups that are assigned to somebody.
#[server(prefix = "/api/fn", endpoint = "technician_areas", input = Json)]
pub async fn see_areas(id: AccountId) -> Result<Vec<GroupPath>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::areas(&operations, &caller, id).await?)
}

/// Takes somebody who administers out of the tree.
#[server(prefix = "/api/fn", endpoint = "technician_leave_tree")]
pub async fn leave_tree(id: AccountId, version: i64) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::leave_tree(&operations, &caller, id, version).await?)
}

/// What the form for a role sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoleForm {
    role: Role,
    /// The ID of a group; empty: none was chosen.
    #[serde(default)]
    group: String,
}

/// Gives somebody another role.
#[server(prefix = "/api/fn", endpoint = "technician_role_change")]
pub async fn change_role(id: AccountId, version: i64, form: RoleForm) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let group = form.group.parse().ok();
    let role = form.role;
    Ok(operations::administrators::change_role(&operations, &caller, id, version, role, group)
        .await?)
}
