//! One of a few.

use leptos::html;
use leptos::prelude::*;

use super::field::{FieldNotes, follow};
use super::form::{FieldScope, use_form};

/// A choice in a `FormFrame`; each option is its value, its name, and what it means, which is shown
/// below while it is chosen.
#[component]
pub fn SelectField(
    label: &'static str,
    key: &'static str,
    options: Vec<(&'static str, &'static str, &'static str)>,
    /// What is chosen at first; when it changes, the field follows.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    let field = use_form().field(key, false);
    let FieldScope { id, name, error, described_by } = field.clone();
    let select = NodeRef::<html::Select>::new();
    let chosen = RwSignal::new(value.get_untracked());
    follow(value, move |value| {
        chosen.set(value.clone());
        if let Some(select) = select.get_untracked() {
            select.set_value(value);
        }
    });
    let meanings = options.clone();
    let meaning = move || {
        chosen.with(|chosen| {
            meanings.iter().find(|(value, ..)| value == chosen).map(|(.., meaning)| *meaning)
        })
    };
    let meaning_id = [&id, "-meaning"].concat();
    let described = {
        let meaning_id = meaning_id.clone();
        move || match described_by.get() {
            Some(error) => [&error, " ", &meaning_id].concat(),
            None => meaning_id.clone(),
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                name=name
                node_ref=select
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                {options
                    .into_iter()
                    .map(|(option, name, _)| {
                        let selected = value.with_untracked(|value| value == option);
                        view! { <option value=option selected=selected>{name}</option> }
                    })
                    .collect_view()}
            </select>
            <FieldNotes field=field hint=""/>
            <p class="hint" id=meaning_id>{meaning}</p>
        </div>
    }
}
