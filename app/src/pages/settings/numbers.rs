//! What was typed, as numbers.

use std::str::FromStr;

use operations::settings::SettingsDraft;
use roster::fault::{Fault, FieldProblem};
use roster::policy::Policies;
use roster::session::Limits;
use roster::sign_in::LockOut;

use super::SettingsForm;

pub(super) fn draft(form: SettingsForm) -> Result<SettingsDraft, Fault> {
    let mut typed = Typed::new();
    let draft = SettingsDraft {
        standard_seats: typed.maybe("standardSeats", &form.standard_seats, SEATS),
        mobile_seats: typed.maybe("mobileSeats", &form.mobile_seats, SEATS),
        default_password_days: typed.number(
            "defaultPasswordDays",
            &form.default_password_days,
            DAYS,
        ),
        policies: Policies {
            max_age_days: typed.maybe("maxAgeDays", &form.max_age_days, AGE),
            warning_days: typed.number("warningDays", &form.warning_days, DAYS),
            history: typed.number("history", &form.history, "Write the number of passwords."),
            change_after_reset: form.change_after_reset,
            lock_out: LockOut {
                failures: typed.number("lockOutFailures", &form.lock_out_failures, FAILURES),
                minutes: typed.number("lockOutMinutes", &form.lock_out_minutes, MINUTES),
            },
            sessions: Limits {
                idle_minutes: typed.number("idleMinutes", &form.idle_minutes, MINUTES),
                hours: typed.number(
                    "sessionHours",
                    &form.session_hours,
                    "Write the number of hours.",
                ),
            },
        },
        organization: form.organization,
        strength: form.strength,
        two_step: form.two_step,
        default_password: Some(form.default_password).filter(|password| !password.is_empty()),
    };
    typed.finish(draft)
}

const SEATS: &str = "Write a number of seats, or leave it empty: no limit.";
const AGE: &str = "Write a number of days, or leave it empty: any age.";
const DAYS: &str = "Write the number of days.";
const FAILURES: &str = "Write the number of failures.";
const MINUTES: &str = "Write the number of minutes.";

/// Reads fields and keeps what is wrong with them.
pub(super) struct Typed {
    problems: Vec<FieldProblem>,
}

impl Typed {
    pub(super) fn new() -> Self {
        Self { problems: Vec::new() }
    }

    /// What was read, unless something was wrong.
    pub(super) fn finish<T>(self, read: T) -> Result<T, Fault> {
        if self.problems.is_empty() {
            Ok(read)
        } else {
            Err(Fault::Invalid { problems: self.problems })
        }
    }

    fn maybe(&mut self, field: &str, text: &str, message: &str) -> Option<u32> {
        let text = text.trim().replace(',', "");
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|_| self.wrong(field, message)).ok()
    }

    pub(super) fn number<T: FromStr + Default>(
        &mut self,
        field: &str,
        text: &str,
        message: &str,
    ) -> T {
        text.trim().parse().unwrap_or_else(|_| {
            self.wrong(field, message);
            T::default()
        })
    }

    fn wrong(&mut self, field: &str, message: &str) {
        self.problems.push(FieldProblem::new(field, message));
    }
}
