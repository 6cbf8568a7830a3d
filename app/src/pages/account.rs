//! My Account: who one is here, what one may do, where one is signed in.

mod email;
mod permissions;
mod sessions;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::account::AccountPage as Profile;
use roster::own::{Asked, OwnAccount};
use roster::password::Strength;
use serde::{Deserialize, Serialize};

use self::email::Email;
pub use self::permissions::Permissions;
use self::sessions::Sessions;
pub use self::sessions::SessionsTable;
use super::choose_password::{NewPassword, PasswordDuty};
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Moment, PageTitle, use_announcer};
use crate::error::AppError;

/// The own account, and what is asked of its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnView {
    pub own: OwnAccount,
    pub strength: Strength,
    /// For another password, and for another email.
    pub asked: Asked,
    pub asked_for_email: Asked,
}

/// The own account.
#[server(prefix = "/api/fn", endpoint = "own_account", input = Json)]
pub async fn see_own_account() -> Result<OwnView, AppError> {
    let (operations, caller) = crate::server::context()?;
    let own = operations::own_account::see(&operations, &caller).await?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    let asked = operations::own_account::asked_for_password(&operations, &caller).await?;
    let asked_for_email =
        operations::own_account::asked_for_second_factor(&operations, &caller).await?;
    Ok(OwnView { own, strength, asked, asked_for_email })
}

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let data = fetch(|| Ok(SeeOwnAccount {}));
    let reload = Callback::new(move |()| data.refetch());
    view! {
        <PageTitle text="My Account"/>
        <main class="room single" id="content" tabindex="-1">
            <Loaded
                from=data
                view=move |own| view! { <Account own=own reload=reload/> }.into_any()
            />
        </main>
    }
}

#[component]
fn Account(own: OwnView, reload: Callback<()>) -> impl IntoView {
    let OwnView { own, strength, asked, asked_for_email } = own;
    let OwnAccount { page, permissions, sessions, password_expires_at, may_import, .. } = own;
    let may_change_email = own.may_change_email;
    let email = page.account.email.clone();
    let duty = PasswordDuty { due: false, asked, strength, email: email.clone() };
    let announcer = use_announcer();
    let changed = Callback::new(move |()| {
        announcer.announce("Your password is changed. Your other sessions have ended.");
        reload.run(());
    });
    let grouped = page.path.is_some();
    view! {
        <header class="head">
            <h1>"My Account"</h1>
            <Chip text=page.account.role.label()/>
            {may_import
                .then(|| {
                    view! {
                        <div class="actions">
                            <a class="button" href="/account/imports">"Import history"</a>
                            <a class="button main" href="/account/import">"Import technicians"</a>
                        </div>
                    }
                })}
        </header>
        <Person page=page/>
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            <Sessions sessions=sessions reload=reload/>
        </section>
        <section aria-labelledby="password">
            <h2 id="password">"Password"</h2>
            {password_expires_at
                .map(|at| {
                    view! {
                        <p class="notice" role="status">
                            "Your password has to be changed by " <Moment at=at/>
                            ": then you can’t go on without a new one."
                        </p>
                    }
                })}
            <NewPassword duty=duty done=changed/>
        </section>
        {may_change_email
            .then(|| view! { <Email email=email asked=asked_for_email changed=reload/> })}
        <section aria-labelledby="second-step">
            <h2 id="second-step">"Second step"</h2>
            <p class="lead">"After the password, a code from an app on your phone; or a passkey instead of either."</p>
            <div class="actions">
                <a class="button" href="/account/two-step">"Two-step verification"</a>
            </div>
        </section>
        <section aria-labelledby="permissions">
            <h2 id="permissions">"Permissions"</h2>
            {if grouped {
                view! { <Permissions lines=permissions/> }.into_any()
            } else {
                view! {
                    <p class="empty">"Permissions come from a Technician Group, and you are in none."</p>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Person(page: Profile) -> impl IntoView {
    let Profile { account, path, .. } = page;
    let group = path.map_or_else(|| "none".to_owned(), |path| path.label());
    view! {
        <dl class="facts">
            <dt>"Name"</dt>
            <dd>{account.name}</dd>
            <dt>"Nickname"</dt>
            <dd>{account.nickname}</dd>
            <dt>"Email"</dt>
            <dd>{account.email}</dd>
            <dt>"Technician Group"</dt>
            <dd>{group}</dd>
        </dl>
    }
}
