//! A technician's page: Configuration, and how the account came to be.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::hooks::use_params_map;
use roster::account::{Account, AccountPage, Role};
use roster::fault::Fault;
use roster::id::AccountId;
use roster::password::Strength;
use serde::{Deserialize, Serialize};

use super::group::Crumbs;
use super::place::Place;
use super::technician_form::{Fields, TechnicianFields, TechnicianForm};
use super::tree::TreeState;
use crate::ask::fetch;
use crate::components::{
    Chip, CopyButton, FormFrame, Loaded, Moment, PageTitle, Sender, SubmitButton, Tone,
    use_announcer, warn_of_unsaved,
};
use crate::error::AppError;
use crate::pages::audit::{History, HistoryOf};

/// A technician, and what their form must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicianView {
    pub page: AccountPage,
    pub strength: Strength,
    /// It is who looks.
    pub own: bool,
}

/// One technician.
#[server(prefix = "/api/fn", endpoint = "technician_see", input = Json)]
pub async fn see_technician(id: AccountId) -> Result<TechnicianView, AppError> {
    let (operations, caller) = crate::server::context()?;
    let page = operations::technicians::see(&operations, &caller, id).await?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    let own = caller.person().is_some_and(|actor| actor.account == id);
    Ok(TechnicianView { page, strength, own })
}

/// Changes a technician; answers them as they are now.
#[server(prefix = "/api/fn", endpoint = "technician_edit")]
pub async fn edit_technician(
    id: AccountId,
    version: i64,
    form: TechnicianForm,
) -> Result<AccountPage, AppError> {
    let (operations, caller) = crate::server::context()?;
    let before = operations::technicians::see(&operations, &caller, id).await?;
    let draft = form.into_draft(before.account.description);
    operations::technicians::edit(&operations, &caller, id, version, draft).await?;
    Ok(operations::technicians::see(&operations, &caller, id).await?)
}

/// `/organization/technicians/:id`
#[component]
pub fn TechnicianPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<AccountId>().ok()));
    let technician = fetch(move || {
        let id = id.get().ok_or_else(|| Fault::not_found("technician"))?;
        Ok(SeeTechnician { id })
    });
    let reload = Callback::new(move |()| technician.refetch());
    view! {
        <Loaded
            from=technician
            view=move |technician| view! { <Technician technician=technician reload=reload/> }.into_any()
        />
    }
}

#[component]
fn Technician(technician: TechnicianView, reload: Callback<()>) -> impl IntoView {
    let TechnicianView { page, strength, own } = technician;
    let AccountPage { account, path, editable } = page;
    let id = account.id;
    let account = RwSignal::new(account);
    let name = move || account.with(|account| account.name.clone());
    view! {
        {move || view! { <PageTitle text=name()/> }}
        {path.map(|path| view! { <Crumbs path=path whole=true/> })}
        <header class="head">
            <h1>{name}</h1>
            <CopyButton label=["ID ", &id.to_string()].concat() value=id.to_string() what="The account’s ID"/>
            {move || account.with(chips)}
        </header>
        <Origin account=account/>
        <Configuration account=account strength=strength own=own editable=editable reload=reload/>
        <History of=HistoryOf::Account(id) address=Place::Technician(id).href()/>
    }
}

fn chips(account: &Account) -> impl IntoView + use<> {
    let state = if account.enabled {
        view! { <Chip tone=Tone::Good text="Enabled"/> }
    } else {
        view! { <Chip text="Disabled"/> }
    };
    let due = account.password.must_change();
    let role = (account.role != Role::Technician).then(|| account.role.label());
    view! {
        {state}
        {due.then(|| view! { <Chip tone=Tone::Warning text="New password due"/> })}
        {role.map(|role| view! { <Chip text=role/> })}
    }
}

/// Who made the account and how, and when it was last used.
#[component]
fn Origin(account: RwSignal<Account>) -> impl IntoView {
    let Account { source, created_at, last_sign_in_at, .. } = account.get_untracked();
    view! {
        <p class="origin dim">
            "Created " <Moment at=created_at/> " · " {source.label()} " · Last sign-in: "
            {match last_sign_in_at {
                Some(at) => view! { <Moment at=at/> }.into_any(),
                None => "never".into_any(),
            }}
        </p>
    }
}

#[component]
fn Configuration(
    account: RwSignal<Account>,
    strength: Strength,
    own: bool,
    editable: bool,
    reload: Callback<()>,
) -> impl IntoView {
    let sender = Sender::<EditTechnician>::new();
    let announcer = use_announcer();
    let tree = expect_context::<TreeState>();
    let (id, role) = account.with_untracked(|account| (account.id, account.role));
    sender.then(move |page| {
        announcer.announce([page.account.name.as_str(), " is saved."].concat());
        account.set(page.account);
        tree.refresh(Some(Place::Technician(id)));
    });
    let fault = sender.fault();
    let conflict = move || fault.with(|fault| matches!(fault, Some(Fault::Conflict { .. })));
    let fields = Signal::derive(move || Fields::from(account.get()));
    let version = Signal::derive(move || account.with(|account| account.version));
    let stays_enabled = match role {
        _ if own => Some("Nobody can disable their own account."),
        Role::Holder => Some("The Master Account Holder can’t be disabled."),
        _ => None,
    };
    let form = NodeRef::<html::Form>::new();
    warn_of_unsaved(form, version);
    view! {
        <section aria-labelledby="configuration">
            <h2 id="configuration">"Configuration"</h2>
            <FormFrame id="technician" sending=*sender form_ref=form>
                {move || {
                    conflict()
                        .then(|| {
                            view! {
                                <div class="actions">
                                    <button type="button" on:click=move |_| reload.run(())>
                                        "Load it as it is now, without your changes"
                                    </button>
                                </div>
                            }
                        })
                }}
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="version" value=move || version.get().to_string()/>
                <TechnicianFields
                    fields=fields
                    strength=strength
                    is_new=false
                    editable=editable
                    stays_enabled=stays_enabled
                />
                {if editable {
                    view! {
                        <div class="actions sticky">
                            <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <p class="hint">"You may look at this account, but not change it."</p> }.into_any()
                }}
            </FormFrame>
        </section>
    }
}
