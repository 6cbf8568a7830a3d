//! Buttons that wait for their answer, and buttons that lead to an address.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::offer::offer;

/// Sends its form. While the answer is pending it says so and can't be pressed again.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// "Saving…"
    waiting: &'static str,
    #[prop(into)] pending: Signal<bool>,
    /// What it takes away doesn't come back.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    view! {
        // Not `disabled`: that would throw the focus away.
        <button
            type="submit"
            class=if danger { "main danger" } else { "main" }
            aria-disabled=move || pending.get().then_some("true")
            on:click=move |press| if pending.get_untracked() { press.prevent_default() }
        >
            {move || if pending.get() { waiting } else { label }}
        </button>
    }
}

/// A button that opens what has an address, such as a form in a dialog. It is a small form of its
/// own, so that it works before the page is alive. With `refusal` it can't be pressed and says why.
#[component]
pub fn AddressButton(
    label: &'static str,
    /// The page on which it opens.
    #[prop(into)]
    path: String,
    /// The query's key and value: `("create", "group")`.
    query: (&'static str, &'static str),
    #[prop(optional)] main: bool,
    #[prop(default = None)] refusal: Option<&'static str>,
) -> impl IntoView {
    let class = if main { "main" } else { "" };
    let (key, value) = query;
    if let Some(why) = refusal {
        let id = ["why-", key, "-", value].concat();
        return view! {
            <span class="refused">
                <button type="button" class=class aria-disabled="true" aria-describedby=id.clone()>{label}</button>
                <span class="why" role="tooltip" id=id>{why}</span>
            </span>
        }
        .into_any();
    }
    let navigate = use_navigate();
    let target = [path.as_str(), "?", key, "=", value].concat();
    offer(label, &target);
    let open = move |press: leptos::ev::SubmitEvent| {
        press.prevent_default();
        navigate(&target, leptos_router::NavigateOptions { scroll: false, ..Default::default() });
    };
    view! {
        <form method="get" action=path class="inline" on:submit=open>
            <button type="submit" class=class name=key value=value>{label}</button>
        </form>
    }
    .into_any()
}
