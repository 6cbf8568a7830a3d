//! The organization's settings: its name, its password policy, its seats.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, Timestamp};
use crate::password::Strength;
use crate::policy::Policies;
use crate::two_step::Required;

/// How long the default password works, unless set.
pub const DEFAULT_PASSWORD_DAYS: i64 = 14;

/// Global Settings as their page shows them; never a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub organization: String,
    pub strength: Strength,
    /// When the default password was set; `None`: there is none.
    pub default_password_set_at: Option<Timestamp>,
    pub default_password_days: i64,
    pub standard: Seats,
    pub mobile: Seats,
    pub policies: Policies,
    /// Who must have two-step verification.
    pub two_step: Required,
    pub version: i64,
}

impl Settings {
    /// The default password stops working at this moment.
    #[must_use]
    pub fn default_password_expires_at(&self) -> Option<Timestamp> {
        self.default_password_set_at.map(|at| at.plus_days(self.default_password_days))
    }

    /// An account without a password of its own could sign in now.
    #[must_use]
    pub fn default_password_works(&self, now: Timestamp) -> bool {
        self.default_password_expires_at().is_some_and(|end| now < end)
    }
}

/// Licences of one kind: enabled technicians take seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// `None`: no limit.
    pub total: Option<u32>,
    pub used: u32,
}

impl Seats {
    /// How many are free; `None`: no limit.
    #[must_use]
    pub fn free(self) -> Option<u32> {
        self.total.map(|total| total.saturating_sub(self.used))
    }
}

/// The licences that the technicians of one group itself take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLicences {
    pub group: GroupId,
    pub path: String,
    pub standard: u64,
    pub mobile: u64,
}

/// What somebody wants the settings to be; of the default password only whether it is a new one.
#[derive(Clone, Debug)]
pub struct SettingsWish {
    pub organization: String,
    pub strength: Strength,
    pub standard_seats: Option<u32>,
    pub mobile_seats: Option<u32>,
    pub new_default_password: bool,
    pub policies: Policies,
    pub two_step: Required,
}

/// How many a change concerns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Concerned {
    /// People whose password would be too old.
    pub passwords_due: u64,
    /// Sessions that would end at once.
    pub sessions_ending: u64,
    /// People who have the default password.
    pub default_passwords: u64,
    /// People who would have to set up two-step verification.
    pub two_steps_due: u64,
}

/// What a change does, each in a sentence. What nobody notices isn't said.
#[must_use]
pub fn consequences(before: &Settings, wish: &SettingsWish, concerned: Concerned) -> Vec<String> {
    let (was, is) = (&before.policies, &wish.policies);
    let mut sentences = Vec::new();
    let mut say = |when: bool, sentence: String| {
        if when {
            sentences.push(sentence);
        }
    };
    let people = |count: u64| counted(count, "person", "people");
    say(
        before.organization != wish.organization,
        format!("The organization is called “{}” at the top of each page.", wish.organization),
    );
    for (seats, total, kind) in [
        (before.standard, wish.standard_seats, "standard"),
        (before.mobile, wish.mobile_seats, "mobile"),
    ] {
        say(
            total != seats.total && total.is_some_and(|total| total < seats.used),
            format!(
                "There are fewer {kind} seats than the {} in use: nobody loses theirs, and nobody \
                 gets another.",
                seats.used
            ),
        );
    }
    say(
        wish.strength > before.strength,
        format!(
            "Passwords chosen from now on are {}. Those in use stay as they are.",
            wish.strength.label()
        ),
    );
    say(
        concerned.passwords_due > 0,
        format!(
            "{} must choose a new password at their next sign-in.",
            people(concerned.passwords_due)
        ),
    );
    say(
        was.max_age_days.is_some() && is.max_age_days.is_none(),
        "Passwords no longer have to be changed because of their age.".to_owned(),
    );
    say(
        wish.new_default_password && concerned.default_passwords > 0,
        format!(
            "The new default password holds for {}, who must choose their own at the next sign-in.",
            people(concerned.default_passwords)
        ),
    );
    say(
        is.history > was.history,
        format!("The last {} passwords of a person may not be chosen again.", is.history),
    );
    say(
        was.change_after_reset && !is.change_after_reset,
        "Passwords that an administrator set stay in use until the person changes them.".to_owned(),
    );
    say(
        !was.change_after_reset && is.change_after_reset,
        "Whoever has a password that an administrator set must choose a new one now.".to_owned(),
    );
    say(
        was.lock_out != is.lock_out,
        format!(
            "After {} failures an account is locked for {}.",
            is.lock_out.failures,
            counted(is.lock_out.minutes.into(), "minute", "minutes")
        ),
    );
    say(
        concerned.sessions_ending > 0,
        format!(
            "{} at once: who works there signs in again.",
            counted(concerned.sessions_ending, "session ends", "sessions end")
        ),
    );
    say(
        wish.two_step != before.two_step && concerned.two_steps_due > 0,
        format!(
            "{} must set up two-step verification before they go on.",
            people(concerned.two_steps_due)
        ),
    );
    say(
        wish.two_step == Required::Nobody && before.two_step != Required::Nobody,
        "Nobody has to have two-step verification any more. Who has it keeps it.".to_owned(),
    );
    sentences
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::LockOut;

    fn settings() -> Settings {
        Settings {
            organization: "Northwind".to_owned(),
            strength: Strength::Good,
            default_password_set_at: None,
            default_password_days: 14,
            standard: Seats { total: None, used: 12 },
            mobile: Seats { total: Some(5), used: 0 },
            policies: Policies::default(),
            two_step: Required::Nobody,
            version: 1,
        }
    }

    #[test]
    fn a_change_says_what_it_does() {
        let check = |change: fn(&mut SettingsWish, &mut Concerned), expected: &[&str]| {
            let before = settings();
            let mut wish = SettingsWish {
                organization: before.organization.clone(),
                strength: before.strength,
                standard_seats: before.standard.total,
                mobile_seats: before.mobile.total,
                new_default_password: false,
                policies: before.policies,
                two_step: before.two_step,
            };
            let mut concerned = Concerned::default();
            change(&mut wish, &mut concerned);
            assert_eq!(consequences(&before, &wish, concerned), expected);
        };
        check(|_, _| {}, &[]);
        check(
            |wish, concerned| {
                wish.policies.max_age_days = Some(90);
                concerned.passwords_due = 17;
            },
            &["17 people must choose a new password at their next sign-in."],
        );
        check(
            |wish, _| wish.standard_seats = Some(3),
            &[
                "There are fewer standard seats than the 12 in use: nobody loses theirs, and nobody \
               gets another.",
            ],
        );
        check(|wish, _| wish.mobile_seats = Some(3), &[]);
        check(
            |wish, _| wish.strength = Strength::Strong,
            &["Passwords chosen from now on are Strong. Those in use stay as they are."],
        );
        check(
            |wish, concerned| {
                wish.policies.sessions.hours = 1;
                concerned.sessions_ending = 1;
            },
            &["1 session ends at once: who works there signs in again."],
        );
        check(
            |wish, concerned| {
                wish.two_step = Required::Everybody;
                concerned.two_steps_due = 3;
            },
            &["3 people must set up two-step verification before they go on."],
        );
        check(
            |wish, _| wish.policies.lock_out = LockOut { failures: 5, minutes: 1 },
            &["After 5 failures an account is locked for 1 minute."],
        );
        check(
            |wish, concerned| {
                wish.new_default_password = true;
                concerned.default_passwords = 2;
            },
            &[
                "The new default password holds for 2 people, who must choose their own at the next \
               sign-in.",
            ],
        );
    }
}
