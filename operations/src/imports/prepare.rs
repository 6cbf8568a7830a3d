//! What is done with a chunk's rows outside of its transaction: they are checked, warned of, their
//! passwords hashed.

use roster::email::{self, Email};
use roster::fields::Field;
use roster::import::{Rules, SubmittedRow};
use roster::problem::{Code, Problem};
use roster::secret::Secret;
use store::Reader;

use super::row::Row;
use crate::{Operations, Result};

/// The rows, checked; each at its place.
pub(super) fn check(
    rows: Vec<SubmittedRow>,
    place: impl Fn(usize) -> i64,
    rules: &Rules,
) -> Vec<Row> {
    rows.into_iter().enumerate().map(|(n, row)| Row::check(row, place(n), rules)).collect()
}

/// Warns of addresses that look like an account's.
pub(super) async fn warn_of_lookalikes(rows: &mut [Row], reader: &mut Reader) -> Result<()> {
    let unwarned = |row: &Row| {
        let ready = row.open()?;
        let warned = row.problems.iter().any(|problem| problem.code == Code::EmailLookalike);
        (!warned).then(|| email::skeleton(&ready.person.email.key))
    };
    // Two plain addresses are told apart by anyone: only foreign letters deceive.
    let is_plain =
        |row: &&Row| row.open().is_some_and(|ready| ready.person.email.as_typed.is_ascii());
    let (plain, foreign): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(is_plain);
    let skeletons = |rows: Vec<&Row>| rows.into_iter().filter_map(unwarned).collect::<Vec<_>>();
    let mut found = reader.foreign_skeletons_in_use(&skeletons(plain)).await?;
    found.extend(reader.skeletons_in_use(&skeletons(foreign)).await?);
    if found.is_empty() {
        return Ok(());
    }
    for row in rows {
        let Some(other) = unwarned(row).and_then(|skeleton| found.get(&skeleton)) else {
            continue;
        };
        let Some(mine) = row.open().map(|ready| &ready.person.email) else { continue };
        let deceives = !(mine.as_typed.is_ascii() && other.is_ascii());
        if deceives && Email::parse(other).is_ok_and(|other| other.key != mine.key) {
            let message = format!(
                "“{}” looks like “{other}”, which belongs to an account, but is spelled with \
                 other letters.",
                mine.as_typed
            );
            row.problems.push(Problem::on(Field::Email, Code::EmailLookalike, message));
        }
    }
    Ok(())
}

/// Hashes the passwords of rows that are going to create somebody, as far as can be told: hashing
/// is what takes time.
pub(super) async fn hash_passwords(rows: &mut [Row], operations: &Operations) -> Result<()> {
    let with = |row: &Row| {
        let ready = row.open()?;
        ready.password.is_some().then(|| ready.person.email.key.clone())
    };
    let keys: Vec<String> = rows.iter().filter_map(with).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let in_use = operations.store.read().await?.emails_in_use(&keys).await?;
    let mut wanted: Vec<&mut Row> = rows
        .iter_mut()
        .filter(|row| with(row).is_some_and(|key| !in_use.contains_key(&key)))
        .collect();
    let passwords = wanted
        .iter_mut()
        .filter_map(|row| row.ready.as_mut()?.password.take())
        .map(Secret::new)
        .collect();
    let hashes = operations.hashing.hash_all(passwords).await?;
    for (row, hash) in wanted.into_iter().zip(hashes) {
        row.hash = Some(hash);
    }
    Ok(())
}
