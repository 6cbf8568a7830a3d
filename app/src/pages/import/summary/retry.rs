//! A row that failed, edited and tried again in its place (`?edit=`).

use leptos::prelude::*;
use roster::fields::Field;
use roster::history::RowToMend;
use roster::id::ImportId;
use roster::import::RowResult;

use crate::ask::fetch;
use crate::components::{
    FormFrame, Loaded, PasswordField, Sender, SubmitButton, TextArea, TextField, use_announcer,
};
use crate::pages::import::functions::{RetryRow, SeeRow};

/// The form below the row.
#[component]
pub fn RetryForm(
    id: ImportId,
    place: i64,
    line: u32,
    /// The address without the form.
    back: String,
    #[prop(into)] done: Callback<()>,
) -> impl IntoView {
    let values = fetch(move || Ok(SeeRow { id, place }));
    let form = move |row: RowToMend| {
        view! { <Fields id=id place=place line=line row=row back=back.clone() done=done/> }
            .into_any()
    };
    view! {
        <section class="retry plain" aria-label=format!("Edit line {line}")>
            <Loaded from=values view=form/>
        </section>
    }
}

#[component]
fn Fields(
    id: ImportId,
    place: i64,
    line: u32,
    row: RowToMend,
    back: String,
    done: Callback<()>,
) -> impl IntoView {
    let sender = Sender::<RetryRow>::new();
    let announcer = use_announcer();
    sender.then(move |result: RowResult| {
        announcer.announce(format!("Line {line}: {}.", result.outcome.label()));
        done.run(());
    });
    let RowToMend { values, had_password, .. } = row;
    let password_hint = if had_password {
        "The file’s password was not kept. Empty: the organization’s default password, or a starting password."
    } else {
        "Empty: the organization’s default password, or a starting password."
    };
    let field = move |field: Field| {
        let text = Signal::stored(values.get(field).unwrap_or_default().to_owned());
        let (label, key) = (field.header(), field.key());
        match field {
            Field::Password => view! {
                <PasswordField
                    label="New password"
                    key=key
                    autocomplete="new-password"
                    hint=password_hint
                />
            }
            .into_any(),
            Field::Description => view! { <TextArea label=label key=key value=text/> }.into_any(),
            _ => view! { <TextField label=label key=key value=text/> }.into_any(),
        }
    };
    view! {
        <FormFrame id="retry" sending=*sender>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="place" value=place.to_string()/>
            <div class="retry-fields">{Field::ALL.into_iter().map(field).collect_view()}</div>
            <div class="actions">
                <SubmitButton label="Import this row" waiting="Importing…" pending=sender.pending()/>
                <a class="button" href=back data-noscroll="true">"Cancel"</a>
            </div>
        </FormFrame>
    }
}
