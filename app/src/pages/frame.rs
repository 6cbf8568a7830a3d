//! What stands around every page of who is signed in: the top bar.

mod overlay;

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

use crate::ask::{decoded, fetch};
use crate::browser;
use crate::components::{Offers, SendForm, Sender, announce_faults};
use crate::error::AppError;
use crate::pages::palette::Page;
use overlay::Opener;

/// What the top bar shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameFacts {
    pub organization: String,
    pub name: String,
    pub may_see_tree: bool,
    pub may_see_settings: bool,
    pub may_import: bool,
}

/// Who is signed in and where they may go.
#[server(prefix = "/api/fn", endpoint = "frame", input = Json)]
pub async fn see_frame() -> Result<FrameFacts, AppError> {
    use roster::authority::{Act, decide};

    let (operations, caller) = crate::server::context()?;
    let (_, organization) = operations::settings::password_policy(&operations, &caller).await?;
    Ok(FrameFacts {
        organization,
        name: caller.display_name().to_owned(),
        may_see_tree: decide(&caller, &Act::SeeTree).is_ok(),
        may_see_settings: decide(&caller, &Act::SeeSettings).is_ok(),
        may_import: decide(&caller, &Act::Import).is_ok(),
    })
}

/// Ends this session.
#[server(prefix = "/api/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::session::sign_out(&operations, &caller).await?;
    crate::server::clear_session_cookie()?;
    crate::server::clear_site_data();
    crate::server::lead_plain_form_to("/sign-in");
    Ok(())
}

/// What pages tell the top bar: something in it has changed.
#[derive(Clone, Copy)]
pub struct FrameNews(RwSignal<u32>);

impl FrameNews {
    pub fn changed(self) {
        self.0.update(|version| *version += 1);
    }
}

/// The top bar, and the page below it.
#[component]
pub fn Frame() -> impl IntoView {
    let news = FrameNews(RwSignal::new(0));
    provide_context(news);
    Offers::provide();
    let facts = fetch(|| Ok(SeeFrame {}));
    Effect::new(move |before: Option<u32>| {
        let now = news.0.get();
        if before.is_some_and(|before| before != now) {
            facts.refetch();
        }
        now
    });
    view! {
        <a class="skip" href="#content" rel="external">"Skip to the content"</a>
        <header class="top">
            <a class="brand" href="/" rel="external">"Muster"</a>
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    // Why it failed is the page's to say.
                    let facts = facts.text().await.and_then(|text| decoded(&text)).ok();
                    facts.map(|facts| view! { <Places facts=facts/> })
                })}
            </Transition>
        </header>
        <Outlet/>
    }
}

#[component]
fn Places(facts: FrameFacts) -> impl IntoView {
    let pages = pages(&facts);
    view! {
        <span class="org">{facts.organization}</span>
        <nav aria-label="Main">
            {facts.may_see_tree.then(|| view! { <A href="/organization">"Organization"</A> })}
            {facts.may_see_tree.then(|| view! { <A href="/audit">"Audit trail"</A> })}
            {facts.may_see_settings.then(|| view! { <A href="/settings">"Global Settings"</A> })}
        </nav>
        <Opener pages=pages finds=facts.may_see_tree/>
        <AccountMenu name=facts.name may_import=facts.may_import/>
    }
}

/// Where this person may go, for the command palette.
fn pages(facts: &FrameFacts) -> Vec<Page> {
    let all: [(bool, Page); 7] = [
        (facts.may_see_tree, ("Organization", "/organization")),
        (facts.may_see_tree, ("Audit trail", "/audit")),
        (facts.may_import, ("Import technicians", "/account/import")),
        (facts.may_import, ("Imports", "/account/imports")),
        (facts.may_see_settings, ("Global Settings", "/settings")),
        (facts.may_see_settings, ("Active Directory Synchronization", "/settings/directory")),
        (true, ("My Account", "/account")),
    ];
    all.into_iter().filter_map(|(may, page)| may.then_some(page)).collect()
}

#[component]
fn AccountMenu(name: String, may_import: bool) -> impl IntoView {
    let sender = Sender::<SignOut>::new();
    sender.then(|()| browser::load("/sign-in"));
    announce_faults(*sender);
    // The menu stays open over a navigation inside the page, unless it is told.
    let menu = NodeRef::<html::Div>::new();
    let path = use_location().pathname;
    Effect::new(move || {
        path.track();
        if let Some(menu) = menu.get() {
            // Closing what is closed is no harm.
            let _ = menu.hide_popover();
        }
    });
    view! {
        <button type="button" class="quiet account" popovertarget="account-menu">
            {name}
            <span class="caret" aria-hidden="true"></span>
        </button>
        <div class="menu" id="account-menu" popover="auto" node_ref=menu>
            <a href="/account">"My Account"</a>
            {may_import.then(|| view! { <a href="/account/import">"Import technicians"</a> })}
            <SendForm sending=*sender>
                <button type="submit">"Sign out"</button>
            </SendForm>
        </div>
    }
}
