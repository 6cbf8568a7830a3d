//! Asks before technicians are deleted: that can't be taken back.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::many::Change;

use crate::text::counted;

#[component]
pub fn DeleteDialog(count: Memo<u64>, act: Callback<Change>, back: String) -> impl IntoView {
    let navigate = use_navigate();
    let way_back = back.clone();
    let done = move |change: Change| {
        navigate(&way_back, NavigateOptions { scroll: false, ..Default::default() });
        act.run(change);
    };
    let instead = done.clone();
    view! {
        <div class="form">
            <p>
                <b>{move || [&counted(count.get(), "technician", "technicians"), " will be deleted."].concat()}</b>
                " Their sessions end and their licences become free. This can’t be undone. Who is disabled can’t sign in either, frees the licence too, and can be enabled again."
            </p>
            <div class="actions">
                <button type="button" class="main danger" on:click=move |_| done(Change::Delete)>"Delete"</button>
                <button type="button" on:click=move |_| instead(Change::Disable)>"Disable instead"</button>
                <a class="button" href=back data-noscroll="true">"Cancel"</a>
            </div>
        </div>
    }
}
