//! Global Settings: the organization's name, its password policy, its seats.

use roster::audit::{Action, Entry, difference};
use roster::authority::{Act, Caller};
use roster::fault::{Fault, FieldProblem};
use roster::page::{Page, Window};
use roster::password::{self, Context, Strength};
use roster::policy::Policies;
use roster::secret::Secret;
use roster::settings::{Concerned, GroupLicences, Settings, SettingsWish, consequences};
use roster::two_step::Required;
use serde_json::{Value, json};
use store::{DefaultPasswordEdit, SettingsEdit};

use crate::hashing::Share;
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
    pub policies: Policies,
    pub two_step: Required,
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

/// What a change would do, in sentences, before it is saved; empty: nothing that anybody notices.
/// What is wrong with it is said when it is saved.
pub async fn preview(
    operations: &Operations,
    caller: &Caller,
    draft: &SettingsDraft,
) -> Result<Vec<String>> {
    permit(caller, &Act::ChangeSettings)?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let before = reader.settings().await?;
    let mut due = async |policies: &Policies| match policies.max_age_days {
        None => Ok(0),
        Some(days) => reader.passwords_chosen_until(now.plus_days(-i64::from(days))).await,
    };
    let (due_before, due_after) = (due(&before.policies).await?, due(&draft.policies).await?);
    let living = reader.living_sessions(before.policies.sessions, now).await?;
    let still_living = reader.living_sessions(draft.policies.sessions, now).await?;
    let concerned = Concerned {
        passwords_due: due_after.saturating_sub(due_before),
        sessions_ending: living.saturating_sub(still_living),
        default_passwords: reader.accounts_with_default_password().await?,
        two_steps_due: reader.accounts_without_two_step(draft.two_step).await?,
    };
    let wish = SettingsWish {
        organization: draft.organization.trim().to_owned(),
        strength: draft.strength,
        standard_seats: draft.standard_seats,
        mobile_seats: draft.mobile_seats,
        new_default_password: draft.default_password.as_ref().is_some_and(|it| !it.is_empty()),
        policies: draft.policies,
        two_step: draft.two_step,
    };
    Ok(consequences(&before, &wish, concerned))
}

/// The groups whose technicians take most licences, by page.
pub async fn licences(
    operations: &Operations,
    caller: &Caller,
    window: Window,
) -> Result<Page<GroupLicences>> {
    permit(caller, &Act::SeeSettings)?;
    let mut reader = operations.store.read().await?;
    let page = reader.licences_by_group(window).await?;
    let ids: Vec<_> = page.items.iter().map(|item| item.group).collect();
    let mut paths = reader.group_paths(&ids).await?;
    let items = page.items.into_iter().map(|mut item| {
        item.path = paths.remove(&item.group).map(|path| path.label()).unwrap_or_default();
        item
    });
    Ok(Page { items: items.collect(), total: page.total, offset: page.offset })
}

/// Changes Global Settings. `version` is the one that the form was filled from.
pub async fn change(
    operations: &Operations,
    caller: &Caller,
    version: i64,
    draft: SettingsDraft,
) -> Result<()> {
    permit(caller, &Act::ChangeSettings)?;
    let organization = draft.organization.trim().to_owned();
    let problems = problems(&draft, &organization);
    if !problems.is_empty() {
        return Err(Fault::Invalid { problems }.into());
    }
    let now = operations.now();
    let default_password = match draft.default_password.filter(|secret| !secret.is_empty()) {
        Some(secret) => {
            let hash = operations.hashing.hash(&Share::of(caller), secret).await?;
            DefaultPasswordEdit::Set { hash, at: now }
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
        policies: draft.policies,
        two_step: draft.two_step,
    };
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::ChangeSettings).await?;
    let before = tx.lock_settings().await?;
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
    let policies = &settings.policies;
    json!({
        "organization": settings.organization,
        "minimumPasswordStrength": settings.strength,
        "standardSeats": settings.standard.total,
        "mobileSeats": settings.mobile.total,
        "defaultPasswordSetAt": settings.default_password_set_at,
        "defaultPasswordDays": settings.default_password_days,
        "maximumPasswordAgeDays": policies.max_age_days,
        "warningDays": policies.warning_days,
        "passwordsRemembered": policies.history,
        "changeAfterReset": policies.change_after_reset,
        "lockOutFailures": policies.lock_out.failures,
        "lockOutMinutes": policies.lock_out.minutes,
        "sessionIdleMinutes": policies.sessions.idle_minutes,
        "sessionHours": policies.sessions.hours,
        "twoStepVerification": settings.two_step,
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
    problems.extend(draft.policies.problems());
    problems
}
