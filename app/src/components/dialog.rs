//! A dialog that has an address: it is there while the address says so, and closing it means
//! going back to the page below. Closed by Esc, its two links, or what its form leads to.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A modal dialog; rendered by its page when the query asks for it.
#[component]
pub fn Dialog(
    /// Unique on the page.
    id: &'static str,
    title: &'static str,
    /// The address of the page below.
    #[prop(into)]
    back: String,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = [id, "-title"].concat();
    let labelled_by = title_id.clone();
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            // The server wrote it open; only opened by script is it modal and holds the focus.
            let _ = dialog.remove_attribute("open");
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        }
    });
    let navigate = use_navigate();
    let way_back = back.clone();
    // Closing gives the focus back to what opened it; then the address follows.
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let cancel = move |escape: leptos::ev::Event| {
        escape.prevent_default();
        close();
        navigate(&way_back, NavigateOptions { scroll: false, ..Default::default() });
    };
    view! {
        <dialog id=id open=true node_ref=dialog aria-labelledby=labelled_by on:cancel=cancel>
            <header>
                <h2 id=title_id>{title}</h2>
                <a class="close" href=back data-noscroll="true" on:click=move |_| close()>
                    <span aria-hidden="true">"×"</span>
                    <span class="unseen">"Close"</span>
                </a>
            </header>
            {children()}
        </dialog>
    }
}
