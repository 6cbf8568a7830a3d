//! Pages whose code the browser loads when somebody goes there, so that who signs in waits for
//! nothing else. What several of them use, and no other page, is loaded with the first of them.
#![expect(clippy::unnecessary_wraps, reason = "the macro gives the other answer: not loaded")]

use leptos::prelude::*;
use leptos_router::ChooseView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::browser;
use crate::components::{LoadAgain, PageTitle};
use crate::pages::account::AccountPage;
use crate::pages::administrators::AdministratorsPage;
use crate::pages::audit::{AuditEntryPage, AuditPage};
use crate::pages::import::{ImportHistoryPage, ImportPage, ImportSummaryPage};
use crate::pages::organization::{GroupPage, Organization, OverviewPage, TechnicianPage};
use crate::pages::palette::{self, Keys, Overlay, Palette};
use crate::pages::settings::{
    DirectoryPage, DirectoryProblemsPage, DirectoryRunPage, DirectoryRunsPage, LicencesPage,
    SettingsPage,
};
use crate::pages::two_step::TwoStepPage;

/// A page by the part of the program that it lies in.
#[derive(Clone, Copy)]
pub enum Lazy {
    Organization(InOrganization),
    Import(InImport),
    Other(InOther),
}

#[derive(Clone, Copy)]
pub enum InOrganization {
    Around,
    Overview,
    Group,
    Technician,
}

#[derive(Clone, Copy)]
pub enum InImport {
    Import,
    History,
    Summary,
}

#[derive(Clone, Copy)]
pub enum InOther {
    Account,
    Administrators,
    Audit,
    AuditEntry,
    Directory,
    DirectoryProblems,
    DirectoryRun,
    DirectoryRuns,
    Licences,
    Settings,
    TwoStep,
}

type Page = Result<AnyView, SplitLoaderError>;

#[wasm_split(organization, fallible, preload(load_organization))]
fn organization(page: InOrganization) -> Page {
    Ok(match page {
        InOrganization::Around => view! { <Organization/> }.into_any(),
        InOrganization::Overview => view! { <OverviewPage/> }.into_any(),
        InOrganization::Group => view! { <GroupPage/> }.into_any(),
        InOrganization::Technician => view! { <TechnicianPage/> }.into_any(),
    })
}

#[wasm_split(import, fallible, preload(load_import))]
fn import(page: InImport) -> Page {
    Ok(match page {
        InImport::Import => view! { <ImportPage/> }.into_any(),
        InImport::History => view! { <ImportHistoryPage/> }.into_any(),
        InImport::Summary => view! { <ImportSummaryPage/> }.into_any(),
    })
}

#[wasm_split(other, fallible, preload(load_other))]
fn other(page: InOther) -> Page {
    Ok(match page {
        InOther::Account => view! { <AccountPage/> }.into_any(),
        InOther::Administrators => view! { <AdministratorsPage/> }.into_any(),
        InOther::Audit => view! { <AuditPage/> }.into_any(),
        InOther::AuditEntry => view! { <AuditEntryPage/> }.into_any(),
        InOther::Directory => view! { <DirectoryPage/> }.into_any(),
        InOther::DirectoryProblems => view! { <DirectoryProblemsPage/> }.into_any(),
        InOther::DirectoryRun => view! { <DirectoryRunPage/> }.into_any(),
        InOther::DirectoryRuns => view! { <DirectoryRunsPage/> }.into_any(),
        InOther::Licences => view! { <LicencesPage/> }.into_any(),
        InOther::Settings => view! { <SettingsPage/> }.into_any(),
        InOther::TwoStep => view! { <TwoStepPage/> }.into_any(),
    })
}

#[wasm_split(palette, fallible)]
fn above(which: Overlay, pages: Vec<palette::Page>, finds: bool, close: Callback<()>) -> Page {
    Ok(match which {
        Overlay::Palette => view! { <Palette pages=pages finds=finds close=close/> }.into_any(),
        Overlay::Keys => view! { <Keys close=close/> }.into_any(),
    })
}

/// What lies above every page; where it can't be had, the page is left as it is.
pub async fn overlay(
    which: Overlay,
    pages: Vec<palette::Page>,
    finds: bool,
    close: Callback<()>,
) -> AnyView {
    above(which, pages, finds, close).await.unwrap_or_else(|_| {
        browser::warn(NOT_LOADED);
        close.run(());
        ().into_any()
    })
}

impl ChooseView for Lazy {
    async fn choose(self) -> AnyView {
        let page = match self {
            Self::Organization(page) => organization(page).await,
            Self::Import(page) => import(page).await,
            Self::Other(page) => other(page).await,
        };
        page.unwrap_or_else(|_| view! { <NotLoaded/> }.into_any())
    }

    async fn preload(&self) {
        #[cfg(feature = "ssr")]
        match self {
            Self::Organization(InOrganization::Around) => crate::shell::preload("organization"),
            Self::Organization(_) => {}
            Self::Import(_) => crate::shell::preload("import"),
            Self::Other(_) => crate::shell::preload("other"),
        }
        let loaded = match self {
            Self::Organization(_) => load_organization().await,
            Self::Import(_) => load_import().await,
            Self::Other(_) => load_other().await,
        };
        // A page to which one came from another says so itself, in `choose`. What the server wrote
        // stays as it is: links and forms work all the same.
        let from_server =
            Owner::current_shared_context().is_some_and(|context| context.during_hydration());
        if loaded.is_err() && from_server {
            browser::warn(NOT_LOADED);
            std::future::pending::<()>().await;
        }
    }
}

const NOT_LOADED: &str = "A part of this page could not be loaded: Muster was updated, or the connection is lost. Load the page \
     again.";

/// Stands where the page would be, if its code can't be had: the connection is lost, or the server is
/// another one by now.
#[component]
fn NotLoaded() -> impl IntoView {
    view! {
        <PageTitle text="Not loaded"/>
        <main class="room single" id="content" tabindex="-1">
            <div class="fault" role="alert">
                <h1>"Not loaded"</h1>
                <p>{NOT_LOADED}</p>
                <div class="actions"><LoadAgain/></div>
            </div>
        </main>
    }
}
