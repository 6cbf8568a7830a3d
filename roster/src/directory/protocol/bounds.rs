//! Limits on what may be sent. `muster-sync` keeps to them, and the server enforces them: a stolen token
//! must not fill it.

use super::{BATCH_PEOPLE, Batch, BeginRun, Commit, Guid, Mapping};

/// Bytes of one batch as JSON, unpacked.
pub const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of all batches of one run together, as JSON.
pub const RUN_BYTES: u64 = 512 * 1024 * 1024;

/// People in one run. A plan holds all of them in memory, which this bounds.
pub const RUN_PEOPLE: u64 = 500_000;

/// Batches of one run.
pub const RUN_BATCHES: u32 = 2_000;

/// Characters of a person's name or email. A text longer than an account allows is a fault of that
/// person; one longer than this refuses the batch.
pub const TEXT_CHARS: usize = 1_024;

/// Characters of the name of an AD group, a controller or the program.
pub const NAME_CHARS: usize = 255;

/// Mapped AD groups, and mapped AD groups of one person.
pub const MAPPED_GROUPS: usize = 500;

/// Changes of a directory's mappings within 24 hours. Each is an entry in the audit trail, which keeps
/// all entries.
pub const MAPPINGS_A_DAY: u64 = 50;

/// Bytes kept of a source's runs: their changes and answers. The oldest runs are removed.
pub const KEPT_BYTES: i64 = 1024 * 1024 * 1024;

/// Runs kept of a source.
pub const KEPT_RUNS: i64 = 50_000;

/// Events kept of a source.
pub const KEPT_EVENTS: i64 = 10_000;

/// Problems kept of a source, apart from those that its last run found.
pub const KEPT_PROBLEMS: i64 = 100;

/// The limit that was exceeded, and the size that was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    #[error("A batch has at most {BATCH_PEOPLE} people, this one {0}.")]
    People(usize),
    #[error("A batch has at most 8 MiB, this one {0} bytes.")]
    Batch(usize),
    #[error("The {what} of {guid} has {chars} characters; {TEXT_CHARS} is the most.")]
    Text { what: &'static str, guid: Guid, chars: usize },
    #[error("{guid} is in {groups} mapped groups; {MAPPED_GROUPS} is the most.")]
    Groups { guid: Guid, groups: usize },
    #[error("The {what} has {chars} characters; {NAME_CHARS} is the most.")]
    Name { what: &'static str, chars: usize },
    #[error("At most {MAPPED_GROUPS} AD groups can be mapped; these are {0}.")]
    Mappings(usize),
    #[error(
        "The mappings of this directory were changed {MAPPINGS_A_DAY} times within 24 hours, the most \
         allowed. Change them later."
    )]
    Remapped,
    #[error("A run has at most {MAPPED_GROUPS} AD groups, this one {0}.")]
    GroupsSeen(usize),
    #[error("A run has at most {RUN_PEOPLE} absent people, this one {0}.")]
    Absent(usize),
    #[error("A run has at most {RUN_BATCHES} batches, numbered from 0.")]
    Batches,
    #[error("A run has at most 512 MiB and {RUN_PEOPLE} people in all its batches.")]
    Run,
}

/// Checks a batch, except for its size in bytes.
pub fn batch(batch: &Batch) -> Result<(), Excess> {
    if batch.people.len() > BATCH_PEOPLE {
        return Err(Excess::People(batch.people.len()));
    }
    for person in &batch.people {
        let guid = person.guid;
        for (what, text) in [("name", &person.name), ("email", &person.email)] {
            if let Some(chars) = longer(text, TEXT_CHARS) {
                return Err(Excess::Text { what, guid, chars });
            }
        }
        let groups = person.group_guids.len();
        if groups > MAPPED_GROUPS {
            return Err(Excess::Groups { guid, groups });
        }
    }
    Ok(())
}

pub fn begin(run: &BeginRun) -> Result<(), Excess> {
    name("program’s name", &run.agent)?;
    name("controller’s name", &run.controller)
}

pub fn mappings(mappings: &[Mapping]) -> Result<(), Excess> {
    if mappings.len() > MAPPED_GROUPS {
        return Err(Excess::Mappings(mappings.len()));
    }
    mappings.iter().try_for_each(|mapping| name("AD group’s name", &mapping.ad_group_name))
}

pub fn commit(commit: &Commit) -> Result<(), Excess> {
    if commit.groups.len() > MAPPED_GROUPS {
        return Err(Excess::GroupsSeen(commit.groups.len()));
    }
    if commit.absent.len() as u64 > RUN_PEOPLE {
        return Err(Excess::Absent(commit.absent.len()));
    }
    Ok(())
}

fn name(what: &'static str, text: &str) -> Result<(), Excess> {
    match longer(text, NAME_CHARS) {
        Some(chars) => Err(Excess::Name { what, chars }),
        None => Ok(()),
    }
}

/// The number of characters, if it is more than `most`.
fn longer(text: &str, most: usize) -> Option<usize> {
    // A text has no more characters than bytes.
    let chars = if text.len() > most { text.chars().count() } else { 0 };
    (chars > most).then_some(chars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::protocol::{PersonSeen, Read};

    fn person(name: &str, groups: usize) -> PersonSeen {
        let guid = Guid(uuid::Uuid::from_u128(1));
        PersonSeen {
            guid,
            name: name.to_owned(),
            email: String::new(),
            enabled: true,
            reason: None,
            group_guids: vec![guid; groups],
            read: Read::Ok,
        }
    }

    #[test]
    fn a_batch_is_within_its_bounds_or_says_which_one_it_breaks() {
        let check = |people: Vec<PersonSeen>, expected: Option<&str>| {
            let said = batch(&Batch { people }).err().map(|why| why.to_string());
            assert_eq!(said.as_deref(), expected);
        };
        check(vec![person(&"ä".repeat(1_024), 500); 1_000], None);
        check(vec![person("", 0); 1_001], Some("A batch has at most 1000 people, this one 1001."));
        check(
            vec![person(&"ä".repeat(1_025), 0)],
            Some(
                "The name of 00000000-0000-0000-0000-000000000001 has 1025 characters; 1024 is the \
                 most.",
            ),
        );
        check(
            vec![person("", 501)],
            Some("00000000-0000-0000-0000-000000000001 is in 501 mapped groups; 500 is the most."),
        );
    }
}
