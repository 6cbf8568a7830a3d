//! What is wrong now, a line a problem: the newest on the first page, all of them at
//! `/settings/directory/problems`.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::directory::view::ProblemLine;
use roster::id::AccountId;
use roster::page::{PAGE_SIZE, Page};

use super::functions::{AgreeOnAccount, ListDirectoryProblems};
use super::words;
use crate::ask::fetch;
use crate::components::{
    Loaded, Moment, PageTitle, Pager, SendForm, Sender, announce_faults, use_announcer,
};
use crate::pages::organization::Place;
use crate::text::{counted, grouped};

pub const ADDRESS: &str = "/settings/directory/problems";

/// `/settings/directory/problems`
#[component]
pub fn DirectoryProblemsPage() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|query| query.get("from")?.parse().ok()).unwrap_or(0));
    let page = fetch(move || Ok(ListDirectoryProblems { from: from.get() }));
    let list = |page: Page<ProblemLine>| {
        let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
        if total == 0 {
            return view! { <p class="empty">"Nothing is wrong now."</p> }.into_any();
        }
        view! {
            <Problems lines=page.items/>
            <Pager
                offset=offset
                shown=shown
                total=total
                size=u64::from(PAGE_SIZE)
                href=|from: u64| [ADDRESS, "?from=", &from.to_string()].concat()
            />
        }
        .into_any()
    };
    view! {
        <PageTitle text="Problems of directory synchronization"/>
        <main class="room single directory" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/settings">"Global Settings"</a>
                <span aria-hidden="true">"/"</span>
                <a href=super::ADDRESS>"Active Directory Synchronization"</a>
            </nav>
            <header class="head">
                <h1>"Problems"</h1>
            </header>
            <p class="lead">
                "What is wrong now, a line a problem, however often it recurs. A line goes when a run finds it mended."
            </p>
            <Loaded from=page view=list/>
        </main>
    }
}

/// The newest of them, on the page of all of it.
#[component]
pub fn FirstProblems(page: Page<ProblemLine>) -> impl IntoView {
    let more = page.next_offset().is_some();
    let all = ["All ", &counted(page.total, "problem", "problems")].concat();
    view! {
        <section aria-labelledby="problems">
            <h2 id="problems">"Problems"</h2>
            {if page.items.is_empty() {
                view! { <p class="empty">"Nothing is wrong now."</p> }.into_any()
            } else {
                view! { <Problems lines=page.items/> }.into_any()
            }}
            {more.then(|| view! { <p class="more"><a href=ADDRESS>{all}</a></p> })}
        </section>
    }
}

#[component]
fn Problems(lines: Vec<ProblemLine>) -> impl IntoView {
    let sender = Sender::<AgreeOnAccount>::new();
    let announcer = use_announcer();
    sender.then(move |()| announcer.announce("The next run links the account with that person."));
    announce_faults(*sender);
    view! {
        <section class="table problems" aria-label="Table of problems" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"What is wrong"</th>
                        <th scope="col">"About"</th>
                        <th scope="col">"First seen"</th>
                        <th scope="col">"Last seen"</th>
                        <th scope="col" class="num">"Times"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|problem| line(problem, sender)).collect_view()}</tbody>
            </table>
        </section>
    }
}

fn line(problem: ProblemLine, sender: Sender<AgreeOnAccount>) -> impl IntoView {
    let cure = words::cure(&problem.code);
    let agree = match (problem.code.as_str(), problem.account) {
        ("email.ask", Some(account)) => Some(agree(&problem, account, sender).into_any()),
        ("email.in_use", Some(account)) => {
            Some(view! { <div class="actions">{look(account)}</div> }.into_any())
        }
        _ => None,
    };
    let name = if problem.name.is_empty() { problem.subject.clone() } else { problem.name };
    view! {
        <tr>
            <td class="what">
                <p>{problem.message}</p>
                {(!cure.is_empty()).then(|| view! { <p class="dim">{cure}</p> })}
                {agree}
                <p class="dim"><code>{problem.code}</code></p>
            </td>
            <td class="about">
                {(!name.is_empty()).then(|| view! { <p>{name}</p> })}
                <p class="dim">{problem.domain}</p>
            </td>
            <td><Moment at=problem.first_at/></td>
            <td><Moment at=problem.last_at/></td>
            <td class="num">{grouped(problem.times)}</td>
        </tr>
    }
}

/// The account of the same email, and the way to say that it is this person's.
fn agree(
    problem: &ProblemLine,
    account: AccountId,
    sender: Sender<AgreeOnAccount>,
) -> impl IntoView + use<> {
    let name = [" as ", &problem.name].concat();
    let (source, guid) = (problem.source.to_string(), problem.subject.clone());
    view! {
        <div class="actions">
            <SendForm sending=*sender>
                <input type="hidden" name="source" value=source/>
                <input type="hidden" name="guid" value=guid/>
                <input type="hidden" name="account" value=account.to_string()/>
                <button type="submit">"Same person"<span class="unseen">{name}</span></button>
            </SendForm>
            {look(account)}
        </div>
    }
}

fn look(account: AccountId) -> impl IntoView {
    view! { <a href=Place::Technician(account).href()>"Look at the account"</a> }
}
