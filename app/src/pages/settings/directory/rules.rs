//! What is set: how often, how many may be disabled, enabled or get another email without asking, whose
//! account is whose.

use leptos::html;
use leptos::prelude::*;
use roster::directory::plan::{self, ExistingEmail, Thresholds};
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
    /// Each directory's domain and what its thresholds are a share of.
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
        let rules = settings.with(|it| it.rules.clone());
        let said = sources.iter().map(|(domain, counted)| {
            view! { <p class="used">{limits(domain, *counted, &rules)}</p> }
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
                {number("Enabled without asking", "enablesAtLeast", "A run may enable this many technicians again without approval, however few there are.", |it| it.rules.enable_thresholds.at_least)}
                {number("Percent enabled in one run", "enablesPercent", "Or this share of the directory’s enabled technicians, if that is more. A run that would enable more waits for approval.", |it| it.rules.enable_thresholds.percent)}
                {number("Percent enabled in 24 hours", "enablesDayPercent", "The same for all runs of 24 hours together.", |it| it.rules.enable_thresholds.day_percent)}
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
fn limits(domain: &str, of: u64, rules: &plan::Rules) -> String {
    let most = |it: Thresholds| (grouped(it.most(of)), grouped(it.most_in_a_day(of)));
    let (disabled, disabled_in_a_day) = most(rules.thresholds);
    let (emails, emails_in_a_day) = most(rules.email_thresholds);
    let (enabled, enabled_in_a_day) = most(rules.enable_thresholds);
    [
        domain,
        ": ",
        &counted(of, "enabled technician", "enabled technicians"),
        ", without those whom the directory created within 24 hours and nobody approved. At most ",
        &disabled,
        " are disabled in one run without asking, and ",
        &disabled_in_a_day,
        " in 24 hours; at most ",
        &emails,
        " get another email in one run, and ",
        &emails_in_a_day,
        " in 24 hours; at most ",
        &enabled,
        " are enabled again in one run, and ",
        &enabled_in_a_day,
        " in 24 hours.",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_are_said_in_people() {
        let check = |of, expected: &str| {
            let email_thresholds = Thresholds { at_least: 2, percent: 5, day_percent: 50 };
            let enable_thresholds = Thresholds { at_least: 1, percent: 0, day_percent: 100 };
            let rules =
                plan::Rules { email_thresholds, enable_thresholds, ..plan::Rules::default() };
            let said = limits("corp", of, &rules);
            assert!(said.contains(expected), "{said}");
        };
        check(0, "corp: 0 enabled technicians");
        check(0, "At most 5 are disabled in one run without asking");
        check(240, "At most 24 are disabled in one run without asking, and 48 in 24 hours;");
        check(240, "at most 12 get another email in one run, and 120 in 24 hours;");
        check(240, "at most 1 are enabled again in one run, and 240 in 24 hours.");
        check(1, "corp: 1 enabled technician, ");
    }
}
