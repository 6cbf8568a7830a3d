//! The screens of Muster: pages, components, and server functions of a few lines each that call
//! `operations`. In the browser this crate knows `roster` alone.

mod ask;
mod browser;
mod components;
pub mod error;
mod lazy;
mod pages;
pub mod repeat;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod shell;
mod text;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use components::{Announcer, LiveRegion};
use lazy::{InImport, InOrganization, InOther, Lazy};
use pages::choose_password::ChoosePasswordPage;
use pages::frame::Frame;
use pages::not_found::NotFoundPage;
use pages::set_up::SetUpPage;
use pages::sign_in::SignInPage;
use pages::sign_in::code::SignInCodePage;

/// The whole application: every address and its page.
#[component]
#[expect(clippy::must_use_candidate, reason = "the component macro takes no such attribute")]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Announcer::provide();
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/code") view=SignInCodePage ssr=SsrMode::Async/>
                <Route path=path!("/choose-password") view=ChoosePasswordPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <ParentRoute path=path!("/organization") view=Lazy::Organization(InOrganization::Around) ssr=SsrMode::Async>
                        <Route path=path!("") view=Lazy::Organization(InOrganization::Overview) ssr=SsrMode::Async/>
                        <Route path=path!("/groups/:id") view=Lazy::Organization(InOrganization::Group) ssr=SsrMode::Async/>
                        <Route path=path!("/technicians/:id") view=Lazy::Organization(InOrganization::Technician) ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/account") view=Lazy::Other(InOther::Account) ssr=SsrMode::Async/>
                    <Route path=path!("/account/two-step") view=Lazy::Other(InOther::TwoStep) ssr=SsrMode::Async/>
                    <Route path=path!("/account/import") view=Lazy::Import(InImport::Import) ssr=SsrMode::Async/>
                    <Route path=path!("/account/imports") view=Lazy::Import(InImport::History) ssr=SsrMode::Async/>
                    <Route path=path!("/account/imports/:id") view=Lazy::Import(InImport::Summary) ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=Lazy::Other(InOther::Audit) ssr=SsrMode::Async/>
                    <Route path=path!("/audit/:id") view=Lazy::Other(InOther::AuditEntry) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/licences") view=Lazy::Other(InOther::Licences) ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=Lazy::Other(InOther::Settings) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/directory") view=Lazy::Other(InOther::Directory) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/directory/problems") view=Lazy::Other(InOther::DirectoryProblems) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/directory/runs") view=Lazy::Other(InOther::DirectoryRuns) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/directory/runs/:id") view=Lazy::Other(InOther::DirectoryRun) ssr=SsrMode::Async/>
                    <Route path=path!("/settings/administrators") view=Lazy::Other(InOther::Administrators) ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
            <LiveRegion/>
        </Router>
    }
}
