//! How a directory is set up, in three steps, and the password with which new technicians begin.

use leptos::prelude::*;
use roster::directory::view::{Download, System};
use roster::id::Timestamp;
use roster::own::Asked;

use super::enrollment_code::{EnrollmentCodeDialog, MakeEnrollmentCode};
use super::tokens::{Generate, Tokens};
use crate::browser;
use crate::components::Moment;

#[component]
pub fn SetUp(
    tokens: Tokens,
    ends_at: Option<Timestamp>,
    may_mint: bool,
    /// What is asked again of who may enroll a directory.
    enrolls: Option<Asked>,
    downloads: Vec<Download>,
) -> impl IntoView {
    view! {
        <section aria-labelledby="set-up">
            <h2 id="set-up">"Set up a directory"</h2>
            <ol class="set-up">
                <li>
                    <p>"Generate a service token. It is shown once, is for one directory, and waits for it 24 hours."</p>
                    <div class="actions"><Generate tokens=tokens may_mint=may_mint/></div>
                </li>
                <li>
                    <p>"Download muster-sync, and unpack it on a machine from which a domain controller can be reached."</p>
                    <Programs offered=downloads/>
                </li>
                <li>
                    <p>
                        "Run " <code>"muster-sync setup"</code>
                        " there, or " <code>"muster-sync setup --browser"</code>
                        " for a page that asks; on Windows, start muster-sync.exe by a double click, as an administrator. It asks for the token and the Master Account Holder’s password, for the domain and an account to read it with, and which AD groups go to which Technician Groups. The first run waits here for approval."
                    </p>
                    <p>
                        "Where the Master Account Holder has two-step verification, it asks for a code as well: of the app, a recovery code, or one made here."
                    </p>
                    <div class="actions"><MakeEnrollmentCode asked=enrolls/></div>
                </li>
            </ol>
            <EnrollmentCodeDialog asked=enrolls/>
        </section>
        <section aria-labelledby="default-password">
            <h2 id="default-password">"Default password"</h2>
            <p class="lead">
                "Technicians created by a run sign in with it once, and choose their own."
            </p>
            <p>
                <DefaultPassword ends_at=ends_at/> " "
                <a href="/settings#password-policies" rel="external">"Password Policies"</a>
            </p>
        </section>
    }
}

/// A link where there is something behind it; else how it comes there.
#[component]
fn Programs(offered: Vec<Download>) -> impl IntoView {
    let link = |offered: &Download| {
        let system = offered.system;
        let href = ["/api/directory/download/", system.as_str()].concat();
        view! {
            <a class="button" href=href download="" rel="external">"Download for "{system.label()}</a>
        }
    };
    let digest = |offered: &Download| {
        let program = offered.system.program();
        view! { <li>"SHA-256 of " {program} ": " <code>{offered.sha256.clone()}</code></li> }
    };
    let missing = |system: &System| {
        view! {
            <p class="hint">
                "For "{system.label()}" there is nothing to download yet: on the server, put "
                <code>{system.program()}</code>
                " into the folder of its program, and load this page again. From the source, "
                <code>"cargo xtask build"</code>
                " makes it, in "<code>"target/release"</code>
                {(*system == System::Windows).then_some(", where MinGW-w64 is installed")} "."
            </p>
        }
    };
    let links = offered.iter().map(link).collect_view();
    let digests = offered.iter().map(digest).collect_view();
    let any = !offered.is_empty();
    let is_offered = |system: &&System| offered.iter().any(|offered| offered.system == **system);
    let absent = System::ALL.iter().filter(|system| !is_offered(system));
    let absent = absent.map(missing).collect_view();
    view! {
        {any.then(|| view! { <div class="actions" role="group" aria-label="Download">{links}</div> })}
        {any.then(|| {
            view! {
                <div role="group" aria-label="Digests"><ul class="digests hint">{digests}</ul></div>
            }
        })}
        {absent}
    }
}

/// Whether it works; that its time is over only the browser's clock says.
#[component]
fn DefaultPassword(ends_at: Option<Timestamp>) -> impl IntoView {
    let over = RwSignal::new(false);
    Effect::new(move || over.set(ends_at.is_some_and(|end| end.0 <= browser::now())));
    match ends_at {
        None => "No default password is set: technicians created by a run get starting passwords, which can be downloaded once on the run’s page."
            .into_any(),
        Some(end) => view! {
            {move || if over.get() { "It stopped working " } else { "It is set, and stops working " }}
            <Moment at=end/>
            {move || if over.get() { ": technicians created by a run get starting passwords, which can be downloaded once on the run’s page." } else { "." }}
        }
        .into_any(),
    }
}
