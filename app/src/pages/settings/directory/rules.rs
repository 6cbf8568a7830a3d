//! What is set: how often, how many may be disabled or get another email without asking, whose account
//! is whose.

use leptos::html;
use leptos::prelude::*;
use roster::directory::plan::{ExistingEmail, Thresholds};
use roster::directory::view::DirectorySettings;

use super::functions::ChangeDirectorySettings;
use crate::components::{
    CheckField, FormFrame, SelectField, Sender, SubmitButton, TextField, use_announcer,
    warn_of_unsaved,
};
use crate::text::{counted, grouped};

#[component]
pub fn Rules(
    settings: DirectorySettings,
    /// Each directory's domain and its enabled technicians.
    sources: Vec<(String, u64)>,
) -> impl IntoView {
    let settings = RwSignal::new(settings);
    let sender = Sender::<ChangeDirectorySettings>::new();
    let announcer = use_announcer();
    sender.then(move |now| {
        announcer.announce("The settings of directory synchronization are saved.");
        settings.set(now);
    });
    let version = Signal::derive(move || settings.with(|settings| settings.version));
    let form = NodeRef::<html::Form>::new();
    warn_of_unsaved(form, version);
    let number = move |label, key, hint, read: fn(&DirectorySettings) -> u32| {
        let value = Signal::derive(move || settings.with(|settings| read(settings).to_string()));
        view! { <TextField label=label key=key value=value inputmode="numeric" hint=hint/> }
    };
    let existing =
        Signal::derive(move || settings.with(|it| it.rules.existing_email.as_str().to_owned()));
    let options =
        ExistingEmail::ALL.iter().map(|it| (it.as_str(), it.label(), meaning(*it))).collect();
    let of_each = move || {
        let (disabled, emails) =
            settings.with(|it| (it.rules.thresholds, it.rules.email_thresholds));
        let said = sources.iter().map(|(domain, enabled)| {
            view! { <p class="used">{limits(domain, *enabled, disabled, emails)}</p> }
        });
        said.collect_view()
    };
    view! {
        <section aria-labelledby="rules">
            <h2 id="rules">"Settings"</h2>
            <FormFrame id="directory" sending=*sender form_ref=form>
                <input type="hidden" name="version" value=move || version.get().to_string()/>
                {number("Minutes between runs", "intervalMinutes", "From the beginning of one run to that of the next; 5 to 1,440.", |it| it.interval_minutes)}
                {number("Disabled without asking", "atLeast", "A run may disable this many technicians without approval, however few there are.", |it| it.rules.thresholds.at_least)}
                {number("Percent in one run", "percent", "Or this share of the directory’s enabled technicians, if that is more. A run that would disable more waits for approval.", |it| it.rules.thresholds.percent)}
                {number("Percent in 24 hours", "dayPercent", "The same for all runs of 24 hours together, so that many small ones don’t add up unseen.", |it| it.rules.thresholds.day_percent)}
                {number("Emails changed without asking", "emailsAtLeast", "A run may change the email of this many technicians without approval, however few there are. They sign in with it from then on.", |it| it.rules.email_thresholds.at_least)}
                {number("Percent of emails in one run", "emailsPercent", "Or this share of the directory’s enabled technicians, if that is more. A run that would change more emails waits for approval.", |it| it.rules.email_thresholds.percent)}
                {number("Percent of emails in 24 hours", "emailsDayPercent", "The same for all runs of 24 hours together.", |it| it.rules.email_thresholds.day_percent)}
                {of_each}
                <SelectField
                    label="Email already in use"
                    key="existingEmail"
                    options=options
                    value=existing
                />
                <CheckField
                    label="Name and email follow technicians who were moved"
                    key="followMoved"
                    checked=Signal::derive(move || settings.with(|it| it.rules.follow_moved))
                    hint="Unless this is on, only the status of technicians who were moved to another Technician Group by hand is kept in step. Nobody is ever moved back."
                />
                <div class="actions">
                    <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
                </div>
            </FormFrame>
        </section>
    }
}

/// What happens when a person of the directory has the email of an account that is there.
fn meaning(rule: ExistingEmail) -> &'static str {
    match rule {
        ExistingEmail::Link => {
            "An account that was made by hand becomes that person’s and is kept in step from then on. An administrator’s is never taken over."
        }
        ExistingEmail::Refuse => {
            "An account that was made by hand stays as it is, and the person is in the list of problems."
        }
        ExistingEmail::Ask => {
            "Where an account was made by hand, the person waits in the list of problems until a Master Administrator says that the two are the same."
        }
    }
}

/// What the thresholds come to for a directory as it is now.
fn limits(domain: &str, enabled: u64, disabled: Thresholds, emails: Thresholds) -> String {
    let most = |it: Thresholds, percent: u32| {
        let share = u128::from(enabled) * u128::from(percent) / 100;
        u64::from(it.at_least).max(u64::try_from(share).unwrap_or(u64::MAX))
    };
    let most = |it: Thresholds| (grouped(most(it, it.percent)), grouped(most(it, it.day_percent)));
    let ((at_once, in_a_day), (emails_at_once, emails_in_a_day)) = (most(disabled), most(emails));
    [
        domain,
        ": ",
        &counted(enabled, "enabled technician", "enabled technicians"),
        ". At most ",
        &at_once,
        " are disabled in one run without asking, and ",
        &in_a_day,
        " in 24 hours; at most ",
        &emails_at_once,
        " get another email in one run, and ",
        &emails_in_a_day,
        " in 24 hours.",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_are_said_in_people() {
        let check = |enabled, expected: &str| {
            let emails = Thresholds { at_least: 2, percent: 5, day_percent: 50 };
            let said = limits("corp", enabled, Thresholds::default(), emails);
            assert!(said.contains(expected), "{said}");
        };
        check(0, "0 enabled technicians. At most 5 are disabled in one run");
        check(240, "At most 24 are disabled in one run without asking, and 48 in 24 hours;");
        check(240, "at most 12 get another email in one run, and 120 in 24 hours.");
        check(1, "1 enabled technician. At most 5");
    }
}
