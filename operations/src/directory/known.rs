//! Reads what the store knows about a source, for planning a run.

use std::collections::{HashMap, HashSet};

use roster::directory::plan::{Known, KnownMapping, KnownPerson, parting_email};
use roster::directory::protocol::{Guid, PersonSeen};
use roster::email::Email;
use roster::id::Timestamp;
use store::{KeptMapping, Source, Transaction};

use crate::Result;

/// The tree must be locked, so that no account is created, moved or removed until the transaction ends.
pub(super) async fn load(
    tx: &mut Transaction,
    source: &Source,
    people: &[PersonSeen],
    now: Timestamp,
) -> Result<Known> {
    let known = tx.directory_people(source.id).await?;
    let holders = tx.directory_holders(source.id, &arriving(people, &known)).await?;
    let mappings = tx.directory_mappings(source.id).await?;
    let unasked = tx.directory_unasked(source.id, day_before(now)).await?;
    Ok(Known {
        people: known,
        holders,
        mappings: mappings.into_iter().map(mapping).collect(),
        mapping_removed: source.mapping_removed,
        first_run: !source.first_run_done,
        disabled_last_day: unasked.disabled,
        emails_last_day: unasked.emails,
        enabled_last_day: unasked.enabled,
        created_last_day: unasked.created,
    })
}

/// The beginning of the 24 hours that thresholds count.
pub(super) fn day_before(now: Timestamp) -> Timestamp {
    now.plus_days(-1)
}

/// The keys of emails that would be new to their person.
fn arriving(people: &[PersonSeen], known: &[KnownPerson]) -> Vec<String> {
    let known: HashMap<Guid, &KnownPerson> = known.iter().map(|it| (it.guid, it)).collect();
    let has = |person: &PersonSeen| {
        known.get(&person.guid).is_some_and(|known| known.email.as_typed == person.email)
    };
    let mut keys: HashSet<String> = people
        .iter()
        .filter(|person| !has(person))
        .filter_map(|person| Some(Email::parse(&person.email).ok()?.key))
        .collect();
    // A person who left, and whose email goes to another person, gets a parting email.
    let left = known.values().filter(|it| keys.contains(&it.email.key));
    let parting: Vec<String> = left.filter_map(|it| Some(parting_email(it.guid)?.key)).collect();
    keys.extend(parting);
    keys.into_iter().collect()
}

fn mapping(kept: KeptMapping) -> KnownMapping {
    KnownMapping {
        ad_group_guid: kept.mapping.ad_group_guid,
        ad_group_name: kept.mapping.ad_group_name,
        group: kept.group_exists.then_some(kept.mapping.technician_group_id),
        members: kept.members.unwrap_or(0),
        approved: kept.approved,
    }
}
