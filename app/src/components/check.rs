//! Yes or no.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldNotes, follow};
use super::form::{FieldScope, use_form};

/// A check box in a `FormFrame`; unchecked it isn't sent, so its argument has `#[serde(default)]`.
#[component]
pub fn CheckField(
    label: &'static str,
    key: &'static str,
    /// What it is at first; when it changes, the box follows.
    #[prop(into)]
    checked: Signal<bool>,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let field = use_form().field(key, !hint.is_empty());
    let FieldScope { id, name, error, described_by } = field.clone();
    let input = NodeRef::<html::Input>::new();
    follow(checked, move |checked| {
        if let Some(input) = input.get_untracked() {
            input.set_checked(*checked);
        }
    });
    view! {
        <div class="field check">
            <input
                type="checkbox"
                node_ref=input
                id=id.clone()
                name=name
                value="true"
                checked=checked.get_untracked()
                disabled=disabled
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by.get()
            />
            <label for=id>{label}</label>
            <FieldNotes field=field hint=hint/>
        </div>
    }
}
