//! A password field: paste is allowed, and who is alone may look at what they type.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldNotes, follow};
use super::form::{FieldScope, use_form};

/// A password in a `FormFrame`.
#[component]
pub fn PasswordField(
    label: &'static str,
    key: &'static str,
    /// "current-password" or "new-password", for password managers.
    autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let form = use_form();
    let field = form.field(key, !hint.is_empty());
    let FieldScope { id, name, error, described_by } = field.clone();
    // Two of these may stand in one form: each button says whose it is.
    let whose = [" ", &label.to_ascii_lowercase()].concat();
    // What was taken is left standing nowhere.
    let input = NodeRef::<html::Input>::new();
    follow(form.taken, move |_| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="password">
                <input
                    type=move || if shown.get() { "text" } else { "password" }
                    node_ref=input
                    id=id.clone()
                    name=name
                    required=required
                    disabled=disabled
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus=autofocus
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || described_by.get()
                />
                <button
                    type="button"
                    aria-controls=id
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    disabled=disabled
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    "Show"
                    <span class="unseen">{whose}</span>
                </button>
            </div>
            <FieldNotes field=field hint=hint/>
        </div>
    }
}
