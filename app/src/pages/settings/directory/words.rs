//! How directory synchronization is put into words: states, counts, what a decision does, and what
//! to do about a fault whose sentence doesn't say it.

use roster::directory::plan::FaultCode;
use roster::directory::view::{ChangeKind, RunCounts, RunLine, RunState, SourceState};

use crate::components::Tone;
use crate::text::{counted, grouped};

#[must_use]
pub fn run_chip(run: &RunLine) -> (Tone, &'static str) {
    let tone = match run.state {
        RunState::Applied | RunState::Approved if run.counts.failed > 0 => {
            return (Tone::Warning, "Done, some failed");
        }
        RunState::Applied | RunState::Approved => Tone::Good,
        RunState::Held | RunState::HeldBefore => Tone::Warning,
        RunState::Rejected | RunState::Aborted => Tone::Bad,
        RunState::UnderWay | RunState::Previewed | RunState::Dropped | RunState::Replaced => {
            Tone::Plain
        }
    };
    (tone, run.state.label())
}

#[must_use]
pub fn source_chip(state: SourceState, has_token: bool) -> (Tone, &'static str) {
    match state {
        _ if !has_token => (Tone::Bad, "No token"),
        SourceState::New => (Tone::Plain, "New"),
        SourceState::InStep => (Tone::Good, "In step"),
        SourceState::Held => (Tone::Warning, "Waits for approval"),
        SourceState::Late(_) => (Tone::Bad, "Late"),
    }
}

#[must_use]
pub fn change_tone(kind: ChangeKind) -> Tone {
    match kind {
        ChangeKind::Created | ChangeKind::Linked | ChangeKind::Enabled => Tone::Good,
        ChangeKind::Updated => Tone::Plain,
        ChangeKind::Disabled => Tone::Warning,
        ChangeKind::Failed => Tone::Bad,
    }
}

/// It was refused, or ended before it had changed anybody.
#[must_use]
pub fn came_to_nothing(run: &RunLine) -> bool {
    matches!(run.state, RunState::Rejected | RunState::Aborted)
}

/// What a run came to, and what waits in it: "3 created, 12 wait for approval".
#[must_use]
pub fn result(run: &RunLine) -> String {
    if came_to_nothing(run) {
        return "Nothing was changed".to_owned();
    }
    let Some(held) = run.held.as_ref().filter(|_| run.state == RunState::Held) else {
        return counts(&run.counts);
    };
    let done = said(&run.counts);
    let comma = if done.is_empty() { "" } else { ", " };
    let waits = if held.count == 1 { " waits" } else { " wait" };
    [&done, comma, &grouped(held.count), waits, " for approval"].concat()
}

/// "3 created, 1 disabled"; "Nothing to change"
#[must_use]
pub fn counts(counts: &RunCounts) -> String {
    let said = said(counts);
    if said.is_empty() { "Nothing to change".to_owned() } else { said }
}

fn said(counts: &RunCounts) -> String {
    let all = [
        (counts.created, "created"),
        (counts.updated, "changed"),
        (counts.disabled, "disabled"),
        (counts.enabled, "enabled"),
        (counts.failed, "failed"),
    ];
    let said: Vec<String> = all
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| [&grouped(count), " ", what].concat())
        .collect();
    said.join(", ")
}

/// What an approval does, a sentence a kind.
#[must_use]
pub fn will(kind: ChangeKind, count: u64, default_password: bool) -> String {
    let technicians = counted(count, "technician", "technicians");
    let what = match kind {
        ChangeKind::Created if default_password => " will be created, with the default password.",
        ChangeKind::Created => " will be created, with a starting password each.",
        ChangeKind::Linked => " made by hand will be linked: kept in step from then on.",
        ChangeKind::Updated => " will get another name or email.",
        ChangeKind::Disabled => " will be disabled: sessions end, seats are free at once.",
        ChangeKind::Enabled => " will be enabled again, and take seats.",
        ChangeKind::Failed => " can’t be changed.",
    };
    technicians + what
}

/// What to do now, where the fault's own sentence doesn't say it. What the service tells says it
/// itself.
#[must_use]
pub fn cure(code: &str) -> &'static str {
    match code.parse() {
        Ok(FaultCode::NameRequired | FaultCode::NameTooLong) => {
            "Set the display name in the directory."
        }
        Ok(FaultCode::EmailRequired | FaultCode::EmailInvalid | FaultCode::EmailTooLong) => {
            "Set a valid email in the directory."
        }
        Ok(FaultCode::EmailDuplicateInSource) => {
            "Give each of them an email of their own in the directory."
        }
        Ok(FaultCode::EmailInUse) => {
            "Change one of the two emails, or choose in the settings that such accounts are linked or asked about."
        }
        Ok(FaultCode::EmailAdministrator) => {
            "Give the person another email in the directory, or the administrator."
        }
        Ok(FaultCode::GroupUnknown) => {
            "Run “muster-sync setup” again and choose another Technician Group."
        }
        Ok(FaultCode::GroupUncertain) => {
            "Let the account that reads read that group; the next run then creates the person."
        }
        Ok(FaultCode::AccountAdministrator) => {
            "Change the account by hand, or give it the role of a technician."
        }
        Ok(_) => "",
        Err(_) => match code {
            "mapping.none" => "Run “muster-sync setup” again and map a group.",
            "group.unread" => {
                "The account that reads needs the right to read the group and its members; the next run tries again."
            }
            "run.digest" | "run.incomplete" | "run.miscounted" => {
                "The next run sends all again. If it recurs, something between the service and this server changes what is sent."
            }
            _ => "",
        },
    }
}

/// The short name of a fault, where it has one.
#[must_use]
pub fn fault_label(code: &str) -> Option<&'static str> {
    code.parse().ok().map(FaultCode::label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_are_none_are_not_said() {
        let check = |created, disabled, failed, expected: &str| {
            assert_eq!(
                counts(&RunCounts { created, disabled, failed, ..RunCounts::default() }),
                expected
            );
        };
        check(0, 0, 0, "Nothing to change");
        check(1200, 0, 1, "1,200 created, 1 failed");
        check(0, 3, 0, "3 disabled");
    }

    #[test]
    fn an_approval_says_what_it_will_do() {
        let said = will(ChangeKind::Disabled, 12, true);
        assert!(said.starts_with("12 technicians will be disabled"), "{said}");
        assert!(will(ChangeKind::Created, 1, true).starts_with("1 technician will be created"));
    }
}
