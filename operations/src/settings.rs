//! Global Settings: the organization's name, its password policy, its seats.

use roster::audit::{Action, Entry, difference};
use roster::authority::{Act, Caller};
use roster::fault::{Fault, FieldProblem};
use roster::password::{self, Context, Strength};
use roster::secret::Secret;
use roster::settings::Settings;
use serde_json::{Value, json};
use store::{DefaultPasswordEdit, SettingsEdit};

use crate::set_up::organization_problems;
use crate::{Operations, Result, permit, subject};

/// The longest time that a default password may work.
const MAX_DEFAULT_PASSWORD_DAYS: i64 = 365;

/// Global Settings as their form sends them.
#[derive(Clone, Debug)]
pub struct SettingsDraft {
    pub organization: String,
    pub strength: Strength,
    /// `None`: no limit.
    pub standard_seats: Option<u32>,
    pub mobile_seats: Option<u32>,
    /// `None`: as it is.
    pub default_password: Option<Secret>,
    pub default_password_days: i64,
}

/// Global Settings; never a password.
pub async fn see(operations: &Operations, caller: &Caller) -> Result<Settings> {
    permit(caller, &Act::SeeSettings)?;
    Ok(operations.store.read().await?.settings().await?)
}

/// What everybody who signs in may know: the password policy and the organization's name.
pub async fn password_policy(
    operations: &Operations,
    caller: &Caller,
) -> Result<(Strength, String)> {
    permit(caller, &Act::OwnPassword)?;
    let settings = operations.store.read().await?.settings().await?;
    Ok((settings.strength, settings.organization))
}

/// Changes Global Settings. `version` is the one that the form was filled from.
pub async fn change(
    operations: &Operations,
    caller: &Caller,
    version: i64,
    draft: SettingsDraft,
) -> Result<()> {
    let permit = permit(caller, &Act::ChangeSettings)?;
    let before = operations.store.read().await?.settings().await?;
    let organization = draft.organization.trim().to_owned();
    let problems = problems(&draft, &organization);
    if !problems.is_empty() {
        return Err(Fault::Invalid { problems }.into());
    }
    let now = operations.now();
    let default_password = match draft.default_password.filter(|secret| !secret.is_empty()) {
        Some(secret) => {
            DefaultPasswordEdit::Set { hash: operations.hashing.hash(secret).await?, at: now }
        }
        None => DefaultPasswordEdit::Keep,
    };
    let edit = SettingsEdit {
        organization,
        strength: draft.strength,
        standard_seats: draft.standard_seats,
        mobile_seats: draft.mobile_seats,
        default_password_days: draft.default_password_days,
        default_password,
    };
    let mut tx = operations.store.write().await?;
    tx.change_settings(&permit, version, &edit).await?.map_err(|_| {
        Fault::conflict("Somebody else changed the settings meanwhile. Reload to see them.")
    })?;
    let (before, after) = difference(&fields(&before), &fields(&tx.settings().await?));
    let entry =
        Entry { action: Action::SettingsChanged, subject: subject::settings(), before, after };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

fn fields(settings: &Settings) -> Value {
    json!({
        "organization": settings.organization,
        "minimumPasswordStrength": settings.strength,
        "standardSeats": settings.standard.total,
        "mobileSeats": settings.mobile.total,
        "defaultPasswordSetAt": settings.default_password_set_at,
        "defaultPasswordDays": settings.default_password_days,
    })
}

fn problems(draft: &SettingsDraft, organization: &str) -> Vec<FieldProblem> {
    let mut problems = organization_problems(organization);
    if let Some(secret) = draft.default_password.as_ref().filter(|secret| !secret.is_empty()) {
        let context = Context { organization, ..Context::default() };
        if let Err(weakness) = password::check(secret.reveal(), draft.strength, &context) {
            problems.push(FieldProblem::new("defaultPassword", weakness.to_string()));
        }
    }
    if !(1..=MAX_DEFAULT_PASSWORD_DAYS).contains(&draft.default_password_days) {
        let message = format!("Choose 1 to {MAX_DEFAULT_PASSWORD_DAYS} days.");
        problems.push(FieldProblem::new("defaultPasswordDays", message));
    }
    problems
}
