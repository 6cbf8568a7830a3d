//! What was typed, as numbers.

use roster::directory::plan::{Rules, Thresholds};
use roster::directory::view::DirectorySettings;
use roster::fault::Fault;

use super::functions::DirectoryForm;
use crate::pages::settings::numbers::Typed;

const MINUTES: &str = "Write the number of minutes.";
const PEOPLE: &str = "Write the number of technicians.";
const PERCENT: &str = "Write a number from 0 to 100.";

pub(super) fn settings(form: &DirectoryForm, version: i64) -> Result<DirectorySettings, Fault> {
    let mut typed = Typed::new();
    let settings = DirectorySettings {
        interval_minutes: typed.number("intervalMinutes", &form.interval_minutes, MINUTES),
        rules: Rules {
            existing_email: form.existing_email,
            follow_moved: form.follow_moved,
            thresholds: Thresholds {
                at_least: typed.number("atLeast", &form.at_least, PEOPLE),
                percent: typed.number("percent", &form.percent, PERCENT),
                day_percent: typed.number("dayPercent", &form.day_percent, PERCENT),
            },
            email_thresholds: Thresholds {
                at_least: typed.number("emailsAtLeast", &form.emails_at_least, PEOPLE),
                percent: typed.number("emailsPercent", &form.emails_percent, PERCENT),
                day_percent: typed.number("emailsDayPercent", &form.emails_day_percent, PERCENT),
            },
            enable_thresholds: Thresholds {
                at_least: typed.number("enablesAtLeast", &form.enables_at_least, PEOPLE),
                percent: typed.number("enablesPercent", &form.enables_percent, PERCENT),
                day_percent: typed.number("enablesDayPercent", &form.enables_day_percent, PERCENT),
            },
        },
        version,
    };
    typed.finish(settings)
}
