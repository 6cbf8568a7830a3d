//! What has no page.

use leptos::prelude::*;

use crate::components::PageTitle;

/// Answered with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::respond_with(http::StatusCode::NOT_FOUND);
    view! {
        <PageTitle text="Not found"/>
        <main class="plain">
            <div class="fault">
                <p class="brand">"Muster"</p>
                <h1>"Not found"</h1>
                <p>"There is no page at this address. It may have been mistyped, or be of an older version."</p>
                <div class="actions">
                    <a class="button main" href="/organization">"Go to the Organization"</a>
                    <a class="button" href="/account">"Go to My Account"</a>
                </div>
            </div>
        </main>
    }
}
