//! Text fields with a label, a hint and an error, tied together for those who don't see them.

use leptos::html;
use leptos::prelude::*;

use super::form::{FieldScope, use_form};

/// A line of text in a `FormFrame`.
#[component]
pub fn TextField(
    label: &'static str,
    /// The field's JSON key; problems name it as their column.
    key: &'static str,
    /// What it holds at first; when it changes, the field follows.
    #[prop(optional, into)]
    value: Signal<String>,
    /// What is right, beside the field.
    #[prop(optional)]
    hint: &'static str,
    #[prop(optional)] required: bool,
    /// The HTML attribute.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// "email", "numeric": which keyboard a telephone shows.
    #[prop(default = "text")]
    inputmode: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let field = use_form().field(key, !hint.is_empty());
    let FieldScope { id, name, error, described_by } = field.clone();
    let input = NodeRef::<html::Input>::new();
    follow(value, move |text| {
        if let Some(input) = input.get_untracked() {
            input.set_value(text);
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                type="text"
                node_ref=input
                id=id
                name=name
                // The attribute alone: as a property it would wipe out what was typed before the
                // page was alive.
                value=value.get_untracked()
                required=required
                disabled=disabled
                autocomplete=autocomplete
                inputmode=inputmode
                autofocus=autofocus
                autocapitalize=(inputmode == "email").then_some("none")
                spellcheck=(inputmode == "email").then_some("false")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by.get()
            />
            <FieldNotes field=field hint=hint/>
        </div>
    }
}

/// Several lines of text in a `FormFrame`. Not sent while the page isn't alive: its argument is an
/// `Option` with `#[serde(default)]`, `None` meaning "as it is".
#[component]
pub fn TextArea(
    label: &'static str,
    key: &'static str,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let field = use_form().field(key, !hint.is_empty());
    let FieldScope { id, name, error, described_by } = field.clone();
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            // What stands between a textarea's tags isn't escaped by the server's renderer: the
            // text comes as a property, once the page is alive. Until then the field has no name,
            // so that sending the form leaves the text as it is.
            <textarea
                id=id
                name=move || alive.get().then(|| name.clone())
                rows="3"
                disabled=disabled
                prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by.get()
            ></textarea>
            <FieldNotes field=field hint=hint/>
        </div>
    }
}

/// Hands over each new value but the first, which the server has written.
pub(super) fn follow<T: Clone + Send + Sync + 'static>(
    value: Signal<T>,
    set: impl Fn(&T) + 'static,
) {
    Effect::new(move |seen: Option<()>| {
        value.with(|value| {
            if seen.is_some() {
                set(value);
            }
        });
    });
}

/// The error and the hint below a field.
#[component]
pub(super) fn FieldNotes(field: FieldScope, hint: &'static str) -> impl IntoView {
    let FieldScope { id, error, .. } = field;
    let error_id = [&id, "-error"].concat();
    let hint_id = [&id, "-hint"].concat();
    view! {
        {move || {
            let error_id = error_id.clone();
            error.get().map(|error| view! { <p class="error" id=error_id>{error}</p> })
        }}
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
    }
}
