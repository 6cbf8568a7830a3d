//! Global Settings: the organization, its seats, its password policy.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::password::Strength;
use roster::secret::Secret;
use roster::settings::{Seats, Settings};
use serde::{Deserialize, Serialize};

use super::frame::FrameNews;
use crate::ask::fetch;
use crate::components::{
    FormFrame, Loaded, Moment, PageTitle, PasswordField, SelectField, Sender, SubmitButton,
    TextField, use_announcer, warn_of_unsaved,
};
use crate::error::AppError;
use crate::text::grouped;

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

#[cfg(feature = "ssr")]
mod numbers {
    //! What was typed, as numbers.

    use operations::settings::SettingsDraft;
    use roster::fault::{Fault, FieldProblem};

    use super::SettingsForm;

    pub(super) fn draft(form: SettingsForm) -> Result<SettingsDraft, Fault> {
        let mut problems = Vec::new();
        let mut wrong = |column: &str, message: &str| {
            problems.push(FieldProblem::new(column, message));
        };
        let mut seats = |column: &str, text: &str, message: &str| {
            let text = text.trim().replace(',', "");
            if text.is_empty() {
                return None;
            }
            text.parse().map_err(|_| wrong(column, message)).ok()
        };
        let standard_seats = seats(
            "standardSeats",
            &form.standard_seats,
            "Standard seats are a number; empty: no limit.",
        );
        let mobile_seats =
            seats("mobileSeats", &form.mobile_seats, "Mobile seats are a number; empty: no limit.");
        let default_password_days =
            form.default_password_days.trim().parse().unwrap_or_else(|_| {
                wrong("defaultPasswordDays", "Write the number of days.");
                0
            });
        if !problems.is_empty() {
            return Err(Fault::Invalid { problems });
        }
        Ok(SettingsDraft {
            organization: form.organization,
            strength: form.strength,
            standard_seats,
            mobile_seats,
            default_password: Some(form.default_password).filter(|password| !password.is_empty()),
            default_password_days,
        })
    }
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
    warn_of_unsaved(form, version);
    view! {
        <header class="head">
            <h1>"Global Settings"</h1>
        </header>
        <FormFrame id="settings" sending=*sender form_ref=form>
            <input type="hidden" name="version" value=move || version.get().to_string()/>
            <Organization settings=settings/>
            <PasswordPolicies settings=settings/>
            <div class="actions sticky">
                <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}

#[component]
fn Organization(settings: RwSignal<Settings>) -> impl IntoView {
    let total = |seats: Seats| seats.total.map(|total| total.to_string()).unwrap_or_default();
    let standard = Signal::derive(move || settings.with(|settings| total(settings.standard)));
    let mobile = Signal::derive(move || settings.with(|settings| total(settings.mobile)));
    view! {
        <section aria-labelledby="organization">
            <h2 id="organization">"Organization"</h2>
            <TextField
                label="Name"
                key="organization"
                value=Signal::derive(move || settings.with(|settings| settings.organization.clone()))
                hint="At the top of each page."
                required=true
            />
            <TextField
                label="Standard seats"
                key="standardSeats"
                value=standard
                inputmode="numeric"
                hint="Enabled technicians with a Standard License take one each. Empty: no limit."
            />
            <p class="used">{move || settings.with(|settings| seats_in_words(settings.standard))}</p>
            <TextField
                label="Mobile seats"
                key="mobileSeats"
                value=mobile
                inputmode="numeric"
                hint="Enabled technicians with a Mobile License take one each. Empty: no limit."
            />
            <p class="used">{move || settings.with(|settings| seats_in_words(settings.mobile))}</p>
        </section>
    }
}

#[component]
fn PasswordPolicies(settings: RwSignal<Settings>) -> impl IntoView {
    let options = Strength::ALL
        .map(|strength| (strength.as_str(), strength.label(), strength.rule()))
        .to_vec();
    view! {
        <section aria-labelledby="password-policies">
            <h2 id="password-policies">"Password Policies"</h2>
            <SelectField
                label="Minimum password strength"
                key="strength"
                options=options
                value=Signal::derive(move || settings.with(|settings| settings.strength.as_str().to_owned()))
            />
            <PasswordField
                label="Default password"
                key="defaultPassword"
                autocomplete="new-password"
                hint="For technicians who are created or imported without one; each must choose a new one at the first sign-in. It is never shown. Empty: as it is."
            />
            <p class="used">
                {move || {
                    settings
                        .with(|settings| settings.default_password_set_at.zip(settings.default_password_expires_at()))
                        .map_or_else(
                            || "No default password is set.".into_any(),
                            |(set, end)| {
                                view! { "Set " <Moment at=set/> "; it stops working " <Moment at=end/> "." }.into_any()
                            },
                        )
                }}
            </p>
            <TextField
                label="Days it works"
                key="defaultPasswordDays"
                value=Signal::derive(move || settings.with(|settings| settings.default_password_days.to_string()))
                inputmode="numeric"
                hint="From the day it is set."
            />
        </section>
    }
}

/// "12 of 50 taken", "12 taken, no limit".
#[must_use]
pub fn seats_in_words(seats: Seats) -> String {
    let used = grouped(seats.used.into());
    match seats.total {
        Some(total) => [&used, " of ", &grouped(total.into()), " taken"].concat(),
        None => used + " taken, no limit",
    }
}
