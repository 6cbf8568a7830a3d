//! Copies something that people carry elsewhere, such as a group's ID.

use leptos::prelude::*;

use super::use_announcer;
use crate::browser;

/// A chip that copies `value` when it is pressed; it reads as `label`, and `what` names the thing
/// in "… is copied".
#[component]
pub fn CopyButton(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    what: &'static str,
) -> impl IntoView {
    let announcer = use_announcer();
    let copy = move |_| {
        let said = [what, " ", &value].concat();
        browser::copy(&value, move |copied| {
            announcer.announce(if copied {
                said + " is copied."
            } else {
                "The browser doesn’t give access to its clipboard: mark the text and copy it."
                    .to_owned()
            });
        });
    };
    view! {
        <button type="button" class="chip copy" title="Copy" on:click=copy>
            {label}
            <span class="copy-sign" aria-hidden="true"></span>
            <span class="unseen">", copy"</span>
        </button>
    }
}
