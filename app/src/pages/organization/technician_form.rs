//! The fields of a technician, the same whether one is created or edited.

mod versions;

use leptos::prelude::*;
use roster::account::Account;
use roster::directory::view::Follows;
use roster::fields::Draft;
use roster::password::Strength;
use serde::{Deserialize, Serialize};

use crate::components::{CheckField, PasswordField, TextArea, TextField};

pub use versions::Clash;

/// What the form sends; its keys are those of the fields' table, so that each problem finds its
/// field.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TechnicianForm {
    name: String,
    nickname: String,
    email: String,
    #[serde(default)]
    password: String,
    single_sign_on_id: String,
    description: String,
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    standard_license: bool,
    #[serde(default)]
    mobile_license: bool,
}

impl std::fmt::Debug for TechnicianForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the password.
        f.debug_struct("TechnicianForm").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(feature = "ssr")]
impl TechnicianForm {
    /// As the use cases take it.
    pub fn into_draft(self) -> Draft {
        Draft {
            name: self.name,
            nickname: self.nickname,
            email: self.email,
            password: Some(self.password).filter(|password| !password.is_empty()),
            sso_id: self.single_sign_on_id,
            description: self.description,
            enabled: self.enabled,
            standard_license: self.standard_license,
            mobile_license: self.mobile_license,
        }
    }
}

/// What the fields hold.
#[derive(Clone, PartialEq, Eq)]
pub struct Fields {
    name: String,
    nickname: String,
    email: String,
    sso_id: String,
    description: String,
    enabled: bool,
    standard_license: bool,
    mobile_license: bool,
}

impl From<Draft> for Fields {
    fn from(draft: Draft) -> Self {
        let Draft { name, nickname, email, sso_id, description, .. } = draft;
        let Draft { enabled, standard_license, mobile_license, .. } = draft;
        Self {
            name,
            nickname,
            email,
            sso_id,
            description,
            enabled,
            standard_license,
            mobile_license,
        }
    }
}

impl From<Account> for Fields {
    fn from(account: Account) -> Self {
        let sso_id = account.sso_id.unwrap_or_default();
        let Account { name, nickname, email, description, .. } = account;
        let Account { enabled, standard_license, mobile_license, .. } = account;
        Self {
            name,
            nickname,
            email,
            sso_id,
            description,
            enabled,
            standard_license,
            mobile_license,
        }
    }
}

/// Whose fields they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of a new account.
    New,
    /// One's own: how one signs in is changed in My Account.
    Own,
    Another,
}

/// All of them, inside a `FormFrame`.
#[component]
pub fn TechnicianFields(
    fields: Signal<Fields>,
    /// The policy's minimum.
    strength: Strength,
    whose: Whose,
    editable: bool,
    /// Why it can't be disabled, where it can't.
    #[prop(default = None)]
    stays_enabled: Option<&'static str>,
    /// What of it a directory keeps in step.
    #[prop(default = None)]
    follows: Option<Follows>,
) -> impl IntoView {
    let written_back = follows == Some(Follows::All);
    let status = match follows {
        Some(_) => {
            "Kept in step with the directory: who is disabled there is disabled here. Who is disabled here by hand stays so."
        }
        None => "Disabling ends the person’s sessions and frees the seats.",
    };
    view! {
        <PersonFields
            fields=fields
            strength=strength
            whose=whose
            editable=editable
            written_back=written_back
        />
        <StatusFields fields=fields disabled=!editable stays_enabled=stays_enabled hint=status/>
    }
}

const WRITTEN_BACK: &str = "The directory’s: what is written here is overwritten by the next run.";

/// Who somebody is and how they sign in.
#[component]
pub fn PersonFields(
    fields: Signal<Fields>,
    strength: Strength,
    whose: Whose,
    editable: bool,
    /// A directory keeps name and email in step.
    #[prop(optional)]
    written_back: bool,
    /// The account is more than a technician's.
    #[prop(optional)]
    administers: bool,
) -> impl IntoView {
    let disabled = !editable;
    let (is_new, own) = (whose == Whose::New, whose == Whose::Own);
    let name_hint = if written_back { WRITTEN_BACK } else { "" };
    let email_hint = match (own, written_back) {
        (true, _) => "Change your own email in My Account.",
        (false, true) => WRITTEN_BACK,
        (false, false) => "Used to sign in; nobody else may have it.",
    };
    let text = move |field: fn(&Fields) -> &String| {
        Signal::derive(move || fields.with(|it| field(it).clone()))
    };
    let password_hint = match (is_new, administers) {
        (true, true) => {
            "A temporary one. Empty: Muster makes a starting password and shows it once; the organization’s default password opens technicians’ accounts alone. A new one is chosen at the first sign-in."
        }
        (true, false) => {
            "Empty: the organization’s default password, or, where none works, a starting password that is shown once. Either way a new one is chosen at the first sign-in."
        }
        (false, _) => {
            "Empty: unchanged. A new one ends the person’s sessions and works until they choose their own."
        }
    };
    view! {
        <TextField
            label="Name"
            key="name"
            value=text(|it| &it.name)
            hint=name_hint
            required=true
            disabled=disabled
            autofocus=is_new
        />
        <TextField
            label="Nickname"
            key="nickname"
            value=text(|it| &it.nickname)
            hint="What customers see; empty: the name."
            disabled=disabled
        />
        <TextField
            label="Email"
            key="email"
            value=text(|it| &it.email)
            inputmode="email"
            hint=email_hint
            required=true
            disabled=disabled || own
        />
        // A field that can't be changed isn't sent.
        {own.then(|| view! { <input type="hidden" name="form[email]" value=text(|it| &it.email)/> })}
        <TextField
            label="Single Sign-On ID"
            key="singleSignOnId"
            value=text(|it| &it.sso_id)
            hint="As the identity provider names this person; may be empty."
            disabled=disabled
        />
        <TextArea label="Description" key="description" value=text(|it| &it.description) disabled=disabled/>
        {if own {
            view! {
                <div class="field">
                    <span class="label">"New password"</span>
                    <p><a href="/account">"Change your own password in My Account"</a></p>
                </div>
            }
            .into_any()
        } else {
            view! {
                <PasswordField
                    label="New password"
                    key="password"
                    autocomplete="new-password"
                    hint=password_hint
                    disabled=disabled
                />
            }
            .into_any()
        }}
        <div class="field">
            <span class="label" id="strength-label">"Minimum password strength"</span>
            <output class="value" aria-labelledby="strength-label">{strength.label()}</output>
            <p class="hint">{strength.rule()}</p>
        </div>
    }
}

#[component]
fn StatusFields(
    fields: Signal<Fields>,
    disabled: bool,
    stays_enabled: Option<&'static str>,
    hint: &'static str,
) -> impl IntoView {
    let yes = move |field: fn(&Fields) -> bool| Signal::derive(move || fields.with(field));
    view! {
        <fieldset class="checks">
            <legend>"Status and licences"</legend>
            <CheckField
                label="Enabled"
                key="enabled"
                checked=yes(|it| it.enabled)
                hint=stays_enabled.unwrap_or(hint)
                disabled=disabled || stays_enabled.is_some()
            />
            // A box that can't be changed isn't sent.
            {stays_enabled.map(|_| view! { <input type="hidden" name="form[enabled]" value="true"/> })}
            <CheckField
                label="Standard License"
                key="standardLicense"
                checked=yes(|it| it.standard_license)
                disabled=disabled
            />
            <CheckField
                label="Mobile License"
                key="mobileLicense"
                checked=yes(|it| it.mobile_license)
                disabled=disabled
            />
        </fieldset>
    }
}
