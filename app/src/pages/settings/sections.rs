//! The sections of Global Settings: each is fields of the one form.

use leptos::prelude::*;
use roster::password::Strength;
use roster::policy::Policies;
use roster::settings::{Seats, Settings};
use roster::two_step::Required;

use crate::components::{CheckField, Moment, PasswordField, SelectField, TextField};
use crate::text::grouped;

/// Each section's id and heading.
pub const SECTIONS: [(&str, &str); 4] = [
    ("organization", "Organization"),
    ("password-policies", "Password Policies"),
    ("sessions", "Lock-out and sessions"),
    ("two-step", "Two-step verification"),
];

/// A number of the policies.
fn number(
    settings: RwSignal<Settings>,
    key: &'static str,
    label: &'static str,
    hint: &'static str,
    number: fn(&Policies) -> String,
) -> impl IntoView {
    let value = Signal::derive(move || settings.with(|settings| number(&settings.policies)));
    view! { <TextField label=label key=key value=value inputmode="numeric" hint=hint/> }
}

#[component]
pub fn Organization(settings: RwSignal<Settings>) -> impl IntoView {
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
pub fn PasswordPolicies(settings: RwSignal<Settings>) -> impl IntoView {
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
            {number(settings, "maxAgeDays", "Maximum age in days", "A password that is older must be changed at the next sign-in. Empty: any age.", |it| it.max_age_days.map(|days| days.to_string()).unwrap_or_default())}
            {number(settings, "warningDays", "Warn days before", "So long before, My Account says when it has to be changed.", |it| it.warning_days.to_string())}
            {number(settings, "history", "Passwords remembered", "So many of a person’s last passwords may not be chosen again; 24 at most.", |it| it.history.to_string())}
            <CheckField
                label="Change a password that an administrator set"
                key="changeAfterReset"
                checked=Signal::derive(move || settings.with(|settings| settings.policies.change_after_reset))
                hint="At the next sign-in, before anything else."
            />
            <PasswordField
                label="Default password"
                key="defaultPassword"
                autocomplete="new-password"
                hint="For technicians created or imported without a password; each must choose a new one at the first sign-in. It opens only technicians’ accounts, and is never shown. If none works, each gets a starting password of their own. Empty: unchanged."
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
                hint="From the day it is set. Temporary and starting passwords work as long, from the day they are given."
            />
        </section>
    }
}

#[component]
pub fn LockOutAndSessions(settings: RwSignal<Settings>) -> impl IntoView {
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Lock-out and sessions"</h2>
            {number(settings, "lockOutFailures", "Failures until lock-out", "This many wrong passwords in a row lock the account. Before that, each try waits longer.", |it| it.lock_out.failures.to_string())}
            {number(settings, "lockOutMinutes", "Minutes locked", "How long a lock lasts. After this long without a failure, earlier ones are forgotten.", |it| it.lock_out.minutes.to_string())}
            {number(settings, "idleMinutes", "Minutes without use", "A session that isn’t used for this long ends.", |it| it.sessions.idle_minutes.to_string())}
            {number(settings, "sessionHours", "Longest session in hours", "People must sign in again after this long, even if active.", |it| it.sessions.hours.to_string())}
        </section>
    }
}

#[component]
pub fn TwoStep(settings: RwSignal<Settings>) -> impl IntoView {
    let options = Required::ALL.map(|it| (it.as_str(), it.label(), it.rule())).to_vec();
    view! {
        <section aria-labelledby="two-step">
            <h2 id="two-step">"Two-step verification"</h2>
            <SelectField
                label="Who must have it"
                key="twoStep"
                options=options
                value=Signal::derive(move || settings.with(|settings| settings.two_step.as_str().to_owned()))
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
