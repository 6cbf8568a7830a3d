//! Everybody who administers: a table, filtered and paged by the address, and the dialog for a new
//! one.

mod create;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::account::Role;
use roster::administrator::AdministratorLine;
use roster::page::{PAGE_SIZE, Page};
use roster::password::Strength;
use serde::{Deserialize, Serialize};

use self::create::CreateDialog;
use crate::ask::fetch;
use crate::components::{
    AddressButton, Chip, Loaded, Moment, PageTitle, Pager, SendForm, Sender, Sending, Tone,
    announce_faults, use_announcer,
};
use crate::error::AppError;
use crate::pages::organization::UnlockTechnician;
use crate::text;

const ADDRESS: &str = "/settings/administrators";

/// A page of the list, and what the form for a new administrator must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdministratorsView {
    page: Page<AdministratorLine>,
    strength: Strength,
}

/// A page of everybody who administers.
#[server(prefix = "/api/fn", endpoint = "administrators", input = Json)]
pub async fn list_administrators(
    filter: String,
    from: u64,
) -> Result<AdministratorsView, AppError> {
    let (operations, caller) = crate::server::context()?;
    let window = roster::page::Window { offset: from, ..Default::default() };
    let page = operations::administrators::list(&operations, &caller, &filter, window).await?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    Ok(AdministratorsView { page, strength })
}

/// `/settings/administrators`
#[component]
pub fn AdministratorsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let from =
        Memo::new(move |_| query.with(|query| query.get("from")?.parse::<u64>().ok()).unwrap_or(0));
    let creates =
        Memo::new(move |_| query.with(|query| query.get_str("create") == Some("administrator")));
    let found = fetch(move || Ok(ListAdministrators { filter: filter.get(), from: from.get() }));
    let reload = Callback::new(move |()| found.refetch());
    view! {
        <PageTitle text="Administrators"/>
        <main class="room single" id="content" tabindex="-1">
            <Loaded
                from=found
                view=move |found: AdministratorsView| {
                    let filter = filter.get_untracked();
                    view! { <Administrators found=found filter=filter creates=creates reload=reload/> }
                        .into_any()
                }
            />
        </main>
    }
}

#[component]
fn Administrators(
    found: AdministratorsView,
    filter: String,
    creates: Memo<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    let AdministratorsView { page, strength } = found;
    view! {
        <nav class="crumbs" aria-label="Path">
            <a href="/settings">"Global Settings"</a>
        </nav>
        <header class="head">
            <h1>"Administrators"</h1>
            <div class="actions">
                <AddressButton
                    label="Create administrator"
                    path=ADDRESS
                    query=("create", "administrator")
                    main=true
                />
            </div>
        </header>
        <p class="lead">
            "A Master Administrator may do everything but what only the holder may. An Administrator may do it within the groups that are assigned to them."
        </p>
        <section aria-label="Administrators">
            <Filter filter=filter.clone()/>
            {if page.total == 0 {
                view! { <p class="empty">"No administrator matches “"{filter}"”."</p> }.into_any()
            } else {
                view! { <Table page=page filter=filter reload=reload/> }.into_any()
            }}
        </section>
        {move || creates.get().then(|| view! { <CreateDialog strength=strength/> })}
    }
}

#[component]
fn Filter(filter: String) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let navigate = use_navigate();
    let apply = move |submit: leptos::ev::SubmitEvent| {
        submit.prevent_default();
        if let Some(input) = input.get_untracked() {
            let options = NavigateOptions { scroll: false, ..Default::default() };
            navigate(&address(input.value().trim(), 0), options);
        }
    };
    view! {
        <form class="bar" role="search" method="get" action=ADDRESS on:submit=apply>
            <label class="unseen" for="filter">"Filter administrators"</label>
            <input
                type="search"
                id="filter"
                name="q"
                node_ref=input
                value=filter
                placeholder="Filter by name, nickname or email"
                autocomplete="off"
            />
            <button type="submit">"Filter"</button>
        </form>
    }
}

/// The address of a page of the list.
fn address(filter: &str, from: u64) -> String {
    let from = (from > 0).then(|| ["from=", &from.to_string()].concat());
    let filter = (!filter.is_empty()).then(|| ["q=", &text::escaped(filter)].concat());
    let query = filter.into_iter().chain(from).collect::<Vec<_>>().join("&");
    if query.is_empty() { ADDRESS.to_owned() } else { [ADDRESS, "?", &query].concat() }
}

#[component]
fn Table(page: Page<AdministratorLine>, filter: String, reload: Callback<()>) -> impl IntoView {
    let unlocks = Sender::<UnlockTechnician>::new();
    let announcer = use_announcer();
    unlocks.then(move |()| {
        announcer.announce("Sign-in is unlocked.");
        reload.run(());
    });
    announce_faults(*unlocks);
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    view! {
        <section class="table" aria-label="Table of administrators" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Groups"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Last sign-in"</th>
                    </tr>
                </thead>
                <tbody>
                    {page.items.into_iter().map(|it| line(it, *unlocks)).collect_view()}
                </tbody>
            </table>
        </section>
        <Pager
            offset=offset
            shown=shown
            total=total
            size=u64::from(PAGE_SIZE)
            href=move |from| address(&filter, from)
        />
    }
}

fn line(administrator: AdministratorLine, unlocks: Sending) -> impl IntoView {
    let AdministratorLine {
        id,
        name,
        email,
        role,
        enabled,
        password_due,
        last_sign_in_at,
        locked,
        groups,
    } = administrator;
    let (tone, status) = match enabled {
        false => (Tone::Plain, "Disabled"),
        true if locked.is_some() => (Tone::Bad, "Sign-in locked"),
        true if password_due => (Tone::Warning, "New password due"),
        true => (Tone::Good, "Enabled"),
    };
    let groups = if role > Role::Administrator {
        view! { <span class="dim">"all"</span> }.into_any()
    } else if groups.is_empty() {
        view! { <span class="dim">"none yet"</span> }.into_any()
    } else {
        let links = groups.into_iter().filter_map(|path| {
            let id = path.0.last()?.id.to_string();
            let href = ["/organization/groups/", &id, "?view=administrators"].concat();
            Some(view! { <a href=href>{path.label()}</a> })
        });
        view! { <span class="links">{links.collect_view()}</span> }.into_any()
    };
    // Of the holder, the operator of the server alone lifts it.
    let unlock = locked.filter(|_| role < Role::Holder).map(|lock| {
        let label = ["Unlock ", &name].concat();
        view! {
            " until " <Moment at=lock.until/>
            <SendForm sending=unlocks>
                <input type="hidden" name="id" value=id.to_string()/>
                <button type="submit" class="quiet" aria-label=label>"Unlock"</button>
            </SendForm>
        }
    });
    view! {
        <tr>
            <td>
                <a href=["/organization/technicians/", &id.to_string()].concat()>{name}</a>
            </td>
            <td>{email}</td>
            <td>{role.label()}</td>
            <td>{groups}</td>
            <td><Chip tone=tone text=status/> {unlock}</td>
            <td class="dim">
                {match last_sign_in_at {
                    Some(at) => view! { <Moment at=at/> }.into_any(),
                    None => "never".into_any(),
                }}
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_has_what_is_chosen_alone() {
        for (filter, from, expected) in [
            ("", 0, "/settings/administrators"),
            ("a b", 0, "/settings/administrators?q=a%20b"),
            ("", 50, "/settings/administrators?from=50"),
            ("a", 50, "/settings/administrators?q=a&from=50"),
        ] {
            assert_eq!(address(filter, from), expected);
        }
    }
}
