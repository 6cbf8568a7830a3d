//! The settings of directory synchronization.

use roster::audit::{Action, Entry, difference};
use roster::authority::{Act, Caller};
use roster::directory::view::DirectorySettings;
use roster::fault::{Fault, FieldProblem};
use serde_json::{Value, json};

use crate::{Operations, Result, permit, subject};

const INTERVAL_MINUTES: std::ops::RangeInclusive<u32> = 5..=1440;

pub async fn see_settings(operations: &Operations, caller: &Caller) -> Result<DirectorySettings> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(operations.store.read().await?.directory_settings().await?)
}

/// Changes the settings. `wish.version` is the version that the form was filled from.
pub async fn change_settings(
    operations: &Operations,
    caller: &Caller,
    wish: &DirectorySettings,
) -> Result<()> {
    permit(caller, &Act::ChangeDirectory)?;
    let problems = problems(wish);
    if !problems.is_empty() {
        return Err(Fault::Invalid { problems }.into());
    }
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::ChangeDirectory).await?;
    let before = tx.lock_directory_settings().await?;
    tx.change_directory_settings(&permit, wish).await?.map_err(|_| {
        Fault::conflict("These settings were changed meanwhile. Reload the page to see them.")
    })?;
    let (before, after) = difference(&fields(&before), &fields(wish));
    let action = Action::DirectorySettingsChanged;
    let entry = Entry { action, subject: subject::directory_settings(), before, after };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

fn fields(settings: &DirectorySettings) -> Value {
    let rules = &settings.rules;
    json!({
        "intervalMinutes": settings.interval_minutes,
        "existingEmail": rules.existing_email,
        "followMoved": rules.follow_moved,
        "disabledWithoutAsking": rules.thresholds.at_least,
        "percentWithoutAsking": rules.thresholds.percent,
        "dailyPercentWithoutAsking": rules.thresholds.day_percent,
        "emailsWithoutAsking": rules.email_thresholds.at_least,
        "emailsPercentWithoutAsking": rules.email_thresholds.percent,
        "emailsDailyPercentWithoutAsking": rules.email_thresholds.day_percent,
        "enabledWithoutAsking": rules.enable_thresholds.at_least,
        "enabledPercentWithoutAsking": rules.enable_thresholds.percent,
        "enabledDailyPercentWithoutAsking": rules.enable_thresholds.day_percent,
    })
}

fn problems(wish: &DirectorySettings) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if !INTERVAL_MINUTES.contains(&wish.interval_minutes) {
        problems.push(FieldProblem::new("intervalMinutes", "Choose 5 to 1,440 minutes."));
    }
    let (disabled, emails) = (wish.rules.thresholds, wish.rules.email_thresholds);
    let enabled = wish.rules.enable_thresholds;
    for (field, percent) in [
        ("percent", disabled.percent),
        ("dayPercent", disabled.day_percent),
        ("emailsPercent", emails.percent),
        ("emailsDayPercent", emails.day_percent),
        ("enablesPercent", enabled.percent),
        ("enablesDayPercent", enabled.day_percent),
    ] {
        if percent > 100 {
            problems.push(FieldProblem::new(field, "Choose 0 to 100 percent."));
        }
    }
    for (field, people) in [
        ("atLeast", disabled.at_least),
        ("emailsAtLeast", emails.at_least),
        ("enablesAtLeast", enabled.at_least),
    ] {
        if people > 1_000_000 {
            problems.push(FieldProblem::new(field, "Choose at most 1,000,000."));
        }
    }
    problems
}
