//! Global Settings: the organization, its seats, its password policy.

mod directory;
mod licences;
#[cfg(feature = "ssr")]
mod numbers;
mod sections;

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::password::Strength;
use roster::secret::Secret;
use roster::settings::Settings;
use roster::two_step::Required;
use serde::{Deserialize, Serialize};

use self::sections::{LockOutAndSessions, Organization, PasswordPolicies, SECTIONS, TwoStep};
use super::frame::FrameNews;
use crate::ask::fetch;
use crate::browser;
use crate::components::{
    FormFrame, Loaded, PageTitle, Sender, SubmitButton, Typed, Typing, use_announcer,
    warn_of_unsaved,
};
use crate::error::AppError;

pub use self::directory::{
    DirectoryPage, DirectoryProblemsPage, DirectoryRunPage, DirectoryRunsPage,
};
pub use self::licences::LicencesPage;
pub use self::sections::seats_in_words;

/// The form's fields; numbers come as they were typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsForm {
    organization: String,
    strength: Strength,
    standard_seats: String,
    mobile_seats: String,
    #[serde(default)]
    default_password: Secret,
    default_password_days: String,
    max_age_days: String,
    warning_days: String,
    history: String,
    #[serde(default)]
    change_after_reset: bool,
    lock_out_failures: String,
    lock_out_minutes: String,
    idle_minutes: String,
    session_hours: String,
    two_step: Required,
}

/// Global Settings, never a password.
#[server(prefix = "/api/fn", endpoint = "settings_see", input = Json)]
pub async fn see_settings() -> Result<Settings, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::settings::see(&operations, &caller).await?)
}

/// Changes Global Settings; answers them as they are now.
#[server(prefix = "/api/fn", endpoint = "settings_change")]
pub async fn change_settings(version: i64, form: SettingsForm) -> Result<Settings, AppError> {
    let (operations, caller) = crate::server::context()?;
    let draft = numbers::draft(form)?;
    operations::settings::change(&operations, &caller, version, draft).await?;
    Ok(operations::settings::see(&operations, &caller).await?)
}

/// What a change would do, in sentences; nothing is saved.
#[server(prefix = "/api/fn", endpoint = "settings_preview")]
pub async fn preview_settings(version: i64, form: SettingsForm) -> Result<Vec<String>, AppError> {
    // The form is sent as it stands; whether it is still the newest is looked at when it is saved.
    let _ = version;
    let (operations, caller) = crate::server::context()?;
    // Half a number is no fault while it is typed.
    let Ok(draft) = numbers::draft(form) else { return Ok(Vec::new()) };
    Ok(operations::settings::preview(&operations, &caller, &draft).await?)
}

/// `/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let data = fetch(|| Ok(SeeSettings {}));
    view! {
        <PageTitle text="Global Settings"/>
        <main class="room single" id="content" tabindex="-1">
            <Loaded from=data view=|settings| view! { <Form settings=settings/> }.into_any()/>
        </main>
    }
}

#[component]
fn Form(settings: Settings) -> impl IntoView {
    let settings = RwSignal::new(settings);
    let sender = Sender::<ChangeSettings>::new();
    let announcer = use_announcer();
    let news = expect_context::<FrameNews>();
    sender.then(move |now| {
        announcer.announce("Global Settings are saved.");
        settings.set(now);
        news.changed();
    });
    let version = Signal::derive(move || settings.with(|settings| settings.version));
    let form = NodeRef::<html::Form>::new();
    let differs = warn_of_unsaved(form, version);
    view! {
        <header class="head">
            <h1>"Global Settings"</h1>
        </header>
        <nav class="sections" aria-label="Sections">
            {SECTIONS
                .map(|(id, name)| view! { <a href=["#", id].concat() rel="external">{name}</a> })
                .collect_view()}
            <a href="/settings/administrators">"Administrators"</a>
            <a href="/settings/licences">"Licences by group"</a>
            <a href="/settings/directory">"Active Directory Synchronization"</a>
        </nav>
        <FormFrame id="settings" sending=*sender form_ref=form>
            <input type="hidden" name="version" value=move || version.get().to_string()/>
            <Organization settings=settings/>
            <PasswordPolicies settings=settings/>
            <LockOutAndSessions settings=settings/>
            <TwoStep settings=settings/>
            <Preview form=form differs=differs/>
            <div class="actions sticky">
                <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}

/// What saving would do, while something differs from what is saved.
#[component]
fn Preview(form: NodeRef<html::Form>, differs: Signal<bool>) -> impl IntoView {
    let sender = Sender::<PreviewSettings>::new();
    let sentences = RwSignal::new(Vec::<String>::new());
    let typing = Typing::new();
    let asked = StoredValue::new(None::<Typed>);
    let ask = move || {
        if let Some(form) = form.try_get_untracked().flatten()
            && !sender.pending().get_untracked()
        {
            asked.set_value(Some(typing.last()));
            sender.send_state(browser::form_state(&form));
        }
    };
    sender.then(move |found| {
        sentences.set(found);
        // More was typed meanwhile.
        if asked.get_value().is_some_and(|asked| !asked.is_last()) {
            ask();
        }
    });
    let listener = window_event_listener(leptos::ev::input, move |_| typing.typed().then(ask));
    on_cleanup(move || listener.remove());
    let shown = move || differs.get() && sentences.with(|sentences| !sentences.is_empty());
    view! {
        <div class="preview" role="status">
            {move || {
                shown()
                    .then(|| {
                        let items = sentences.get().into_iter().map(|it| view! { <li>{it}</li> });
                        view! {
                            <p>"When you save this:"</p>
                            <ul>{items.collect_view()}</ul>
                        }
                    })
            }}
        </div>
    }
}
