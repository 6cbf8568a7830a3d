//! A technician's page: Configuration, what they may do, how they get in, what they administer, how
//! the account came to be and what was done to it.

mod access;
mod configuration;
mod functions;
mod permissions;
mod role;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use roster::account::{Account, AccountPage, CreatedBy, Password, PasswordState, Role};
use roster::directory::view::{AccountLink, Follows};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::AccountId;

use self::access::Access;
use self::configuration::Configuration;
pub use self::functions::UnlockTechnician;
use self::functions::{SeeTechnician, TechnicianView};
use self::permissions::EffectivePermissions;
use self::role::RoleAndGroups;
use super::group::Crumbs;
use super::move_to::MoveTo;
use super::place::Place;
use crate::ask::fetch;
use crate::components::{Chip, CopyButton, Loaded, Moment, PageTitle, StartingShown, Tone};
use crate::pages::audit::{History, HistoryOf};

/// A part of the page; the address says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Configuration,
    Permissions,
    Access,
    Role,
    History,
}

impl Part {
    const ALL: [Self; 5] =
        [Self::Configuration, Self::Permissions, Self::Access, Self::Role, Self::History];

    /// As `?view=` has it; the first needs none.
    fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Permissions => "permissions",
            Self::Access => "sign-in",
            Self::Role => "role",
            Self::History => "history",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::Permissions => "Permissions",
            Self::Access => "Password and sessions",
            Self::Role => "Role",
            Self::History => "History",
        }
    }

    fn address(self, page: &str) -> String {
        match self {
            Self::Configuration => page.to_owned(),
            _ => [page, "?view=", self.word()].concat(),
        }
    }
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
    expect_context::<super::tree::TreeState>().when_changed(move || technician.refetch());
    view! {
        <Loaded
            from=technician
            view=move |technician| view! { <Technician technician=technician reload=reload/> }.into_any()
        />
    }
}

#[component]
fn Technician(technician: TechnicianView, reload: Callback<()>) -> impl IntoView {
    let TechnicianView { page, strength, own, created_by, sees_role, role_refusal } = technician;
    let AccountPage { account, path, editable, directory, password_due, password_ended, locked } =
        page;
    let follows = directory.as_ref().map(|link| link.follows);
    let id = account.id;
    let href = Place::Technician(id).href();
    let account = RwSignal::new(account);
    let password = RwSignal::new((password_due, password_ended));
    let name = move || account.with(|account| account.name.clone());
    let place = path.as_ref().map(GroupPath::label);
    let query = use_query_map();
    let part = Memo::new(move |_| {
        query.with(|query| {
            let wanted = query.get_str("view");
            let found = Part::ALL.into_iter().find(|part| Some(part.word()) == wanted);
            found.unwrap_or(Part::Configuration)
        })
    });
    let shown = move |part: &Part| match part {
        Part::Access => editable,
        Part::Role => sees_role,
        Part::Configuration | Part::Permissions | Part::History => true,
    };
    view! {
        {move || view! { <PageTitle text=name()/> }}
        {path.map(|path| view! { <Crumbs path=path whole=true/> })}
        <header class="head">
            <h1>{name}</h1>
            <CopyButton label=["ID ", &id.to_string()].concat() value=id.to_string() what="The account’s ID"/>
            {move || account.with(|account| chips(account, password.get()))}
            {locked.map(|_| view! { <Chip tone=Tone::Bad text="Sign-in locked"/> })}
            <MoveTo id=id editable=editable/>
        </header>
        <StartingShown id=id/>
        <Origin account=account created_by=created_by password=password/>
        {directory.map(|link| view! { <KeptInStep link=link/> })}
        <nav class="tabs" aria-label="Parts of this account">
            {Part::ALL
                .into_iter()
                .filter(shown)
                .map(|it| {
                    view! {
                        <a
                            href=it.address(&href)
                            data-noscroll="true"
                            aria-current=move || (part.get() == it).then_some("page")
                        >
                            {it.label()}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        {move || match part.get() {
            Part::Configuration => {
                view! {
                    <Configuration
                        account=account
                        password=password
                        strength=strength
                        own=own
                        editable=editable
                        follows=follows
                    />
                }
                .into_any()
            }
            Part::Permissions => view! { <EffectivePermissions id=id/> }.into_any(),
            Part::Access => {
                let locked = locked.filter(|_| editable);
                view! { <Access id=id own=own locked=locked reload=reload/> }.into_any()
            }
            Part::Role => {
                view! { <RoleAndGroups account=account refusal=role_refusal.clone() place=place.clone() reload=reload/> }.into_any()
            }
            Part::History => {
                view! { <History of=HistoryOf::Account(id) address=Part::History.address(&href)/> }.into_any()
            }
        }}
    }
}

fn chips(account: &Account, (due, ended): (bool, bool)) -> impl IntoView + use<> {
    let state = if account.enabled {
        view! { <Chip tone=Tone::Good text="Enabled"/> }
    } else {
        view! { <Chip text="Disabled"/> }
    };
    let role = (account.role != Role::Technician).then(|| account.role.label());
    view! {
        {state}
        {match (due, ended) {
            (_, true) => view! { <Chip tone=Tone::Bad text="Password expired"/> }.into_any(),
            (true, false) => view! { <Chip tone=Tone::Warning text="New password due"/> }.into_any(),
            (false, false) => ().into_any(),
        }}
        {role.map(|role| view! { <Chip text=role/> })}
    }
}

/// Who made the account and how, and when it was last used.
#[component]
fn Origin(
    account: RwSignal<Account>,
    created_by: CreatedBy,
    /// A new password is due, and the present one has ended.
    password: RwSignal<(bool, bool)>,
) -> impl IntoView {
    let Account { source, created_at, last_sign_in_at, .. } = account.get_untracked();
    let given = move || account.with(|account| given_password(account, password.get().1));
    let import = created_by.import.map(|(id, file)| {
        let href = ["/account/imports/", &id.to_string()].concat();
        view! { " of " <a href=href>{file}</a> }
    });
    let who = created_by.who.map(|who| [", by ", &who].concat());
    view! {
        <p class="origin dim">
            "Created " <Moment at=created_at/> " · " {source.label()} {import} {who} " · Last sign-in: "
            {match last_sign_in_at {
                Some(at) => view! { <Moment at=at/> }.into_any(),
                None => "never".into_any(),
            }}
            {given}
        </p>
    }
}

/// What becomes of a password that the person didn't choose.
fn given_password(account: &Account, ended: bool) -> AnyView {
    let what = match account.password {
        PasswordState::Own => return ().into_any(),
        PasswordState::Temporary => "Temporary password",
        PasswordState::Default => "Default password",
        PasswordState::Starting => "Starting password",
    };
    let end = account.password_ends_at.filter(|end| *end != Password::NEVER_OPENS);
    match (account.password, end) {
        (_, Some(end)) if ended => {
            view! { " · " {what} ", expired on " <Moment at=end/> ": reset it" }.into_any()
        }
        (_, Some(end)) => view! { " · " {what} ", valid until " <Moment at=end/> }.into_any(),
        (PasswordState::Starting, None) => {
            " · Starting password, used: reset it if none was chosen".into_any()
        }
        (PasswordState::Default, None) if account.role == Role::Technician => {
            " · No password: no default password is set any more".into_any()
        }
        (PasswordState::Default, None) => {
            " · Needs a new temporary password: the default password opens technicians’ accounts alone"
                .into_any()
        }
        (_, None) => view! { " · " {what} }.into_any(),
    }
}

/// Which directory keeps the account in step, and how far.
#[component]
fn KeptInStep(link: AccountLink) -> impl IntoView {
    let how_far = match link.follows {
        Follows::All => {
            "Change name, email and status there: the next run writes them back here. All else is changed here."
        }
        Follows::Status => {
            "The status alone, since the account was moved here by hand: change it there. All else is changed here."
        }
    };
    let back = link.disabled_by_directory.then_some(
        " The directory disabled it, and will enable it again when the person is back there.",
    );
    view! {
        <p class="origin in-step">
            <Chip text=["Kept in step with Active Directory ", &link.domain].concat()/>
            <span>{how_far}{back}</span>
        </p>
    }
}
