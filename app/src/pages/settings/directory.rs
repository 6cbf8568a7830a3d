//! `/settings/directory`: Active Directory Synchronization: how it is, how it is set up, what is set.

mod enrollment_code;
mod functions;
#[cfg(feature = "ssr")]
mod numbers;
mod problems;
mod rules;
mod run;
mod runs;
mod set_up;
mod sources;
mod tokens;
mod words;

use leptos::prelude::*;

use self::functions::{DirectoryView, SeeDirectory};
pub use self::problems::DirectoryProblemsPage;
use self::problems::FirstProblems;
use self::rules::Rules;
pub use self::run::DirectoryRunPage;
pub use self::runs::DirectoryRunsPage;
use self::set_up::SetUp;
use self::sources::Sources;
use self::tokens::Tokens;
use crate::ask::fetch;
use crate::components::{Loaded, PageTitle};

pub const ADDRESS: &str = "/settings/directory";

#[component]
pub fn DirectoryPage() -> impl IntoView {
    let data = fetch(|| Ok(SeeDirectory {}));
    let tokens = Tokens::new();
    view! {
        <PageTitle text="Active Directory Synchronization"/>
        <main class="room single directory" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/settings">"Global Settings"</a>
            </nav>
            <header class="head">
                <h1>"Active Directory Synchronization"</h1>
                <div class="actions">
                    <a class="button" href=runs::ADDRESS>"Runs"</a>
                </div>
            </header>
            <Loaded
                from=data
                view=move |view| view! { <Directory view=view tokens=tokens/> }.into_any()
            />
            {tokens.dialogs()}
        </main>
    }
}

#[component]
fn Directory(view: DirectoryView, tokens: Tokens) -> impl IntoView {
    let DirectoryView {
        sources,
        problems,
        settings,
        default_password_ends_at,
        may_mint,
        enrolls,
        downloads,
    } = view;
    let enrolled = !sources.is_empty();
    let of_each = sources.iter().map(|it| (it.source.domain.clone(), it.source.counted)).collect();
    view! {
        <p class="lead">
            "A service beside the domain controller keeps technicians in step with groups of the directory: name, email and status. Nothing is ever deleted, and nothing is written to the directory."
        </p>
        <Sources sources=sources/>
        {enrolled.then(|| view! { <FirstProblems page=problems/> })}
        <SetUp
            tokens=tokens
            ends_at=default_password_ends_at
            may_mint=may_mint
            enrolls=enrolls
            downloads=downloads
        />
        {tokens.table()}
        <Rules settings=settings sources=of_each/>
        <section aria-labelledby="logger">
            <h2 id="logger">"Log"</h2>
            <p class="lead">
                "Problems, events, runs and what each did, as one CSV file. There is no secret in it."
            </p>
            <div class="actions">
                <a class="button" href="/api/directory/log" download="" rel="external">"Active Directory Logger"</a>
            </div>
        </section>
    }
}
