//! What a group's page asks the server for.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::account::TechnicianLine;
use roster::group::GroupPage;
use roster::id::{AccountId, GroupId};
use roster::listing::Listing;
use roster::many::{Outcome, Step};
use roster::page::Page;
use roster::password::Strength;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::pages::organization::place::Place;
use crate::pages::organization::technician_form::TechnicianForm;

/// A group, and what the form for a new technician must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    pub page: GroupPage,
    pub strength: Strength,
    /// Who looks may see and change who administers it.
    pub may_assign: bool,
}

/// The only field of a group's forms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NameForm {
    name: String,
}

/// One group.
#[server(prefix = "/api/fn", endpoint = "group_see", input = Json)]
pub async fn see_group(id: GroupId) -> Result<GroupView, AppError> {
    use roster::authority::{Act, decide};

    let (operations, caller) = crate::server::context()?;
    let page = operations::groups::see(&operations, &caller, id).await?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    let may_assign = decide(&caller, &Act::AssignAdministrator).is_ok();
    Ok(GroupView { page, strength, may_assign })
}

/// A page of a group's technicians.
#[server(prefix = "/api/fn", endpoint = "group_technicians", input = Json)]
pub async fn list_technicians(
    group: GroupId,
    listing: Listing,
    from: u64,
) -> Result<Page<TechnicianLine>, AppError> {
    let (operations, caller) = crate::server::context()?;
    let window = roster::page::Window { offset: from, ..Default::default() };
    Ok(operations::technicians::list(&operations, &caller, group, listing, window).await?)
}

/// Does one thing with all who are selected.
#[server(prefix = "/api/fn", endpoint = "technicians_change", input = Json)]
pub async fn change_technicians(step: Step) -> Result<Outcome, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::change_many(&operations, &caller, &step).await?)
}

/// Takes back what was done with them.
#[server(prefix = "/api/fn", endpoint = "technicians_take_back", input = Json)]
pub async fn take_back_technicians(steps: Vec<Step>) -> Result<Outcome, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::technicians::take_back(&operations, &caller, &steps).await?)
}

/// Makes a group below another.
#[server(prefix = "/api/fn", endpoint = "group_create")]
pub async fn create_group(parent: GroupId, form: NameForm) -> Result<GroupId, AppError> {
    let (operations, caller) = crate::server::context()?;
    let id = operations::groups::create(&operations, &caller, parent, &form.name).await?;
    crate::server::lead_plain_form_to(&Place::Group(id).href());
    Ok(id)
}

/// Renames a group; answers it as it is now.
#[server(prefix = "/api/fn", endpoint = "group_rename")]
pub async fn rename_group(
    id: GroupId,
    version: i64,
    form: NameForm,
) -> Result<GroupPage, AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::groups::rename(&operations, &caller, id, version, &form.name).await?;
    Ok(operations::groups::see(&operations, &caller, id).await?)
}

/// Adds a technician to a group.
#[server(prefix = "/api/fn", endpoint = "technician_create")]
pub async fn create_technician(
    group: GroupId,
    form: TechnicianForm,
) -> Result<AccountId, AppError> {
    let (operations, caller) = crate::server::context()?;
    let draft = form.into_draft();
    let id = operations::technicians::create(&operations, &caller, group, draft).await?;
    crate::server::lead_plain_form_to(&Place::Technician(id).href());
    Ok(id)
}
