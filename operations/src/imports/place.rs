//! Who is there already, and where the rows go: each row gets its group, and the account that it
//! changes, if there is one.

use std::collections::{HashMap, HashSet};

use roster::fields::Person;
use roster::id::AccountId;
use roster::import::{Change, CompareRow, Existing, Expected, ReadyRow};
use roster::problem::{Code, Problem};
use store::{PersonEdit, Reader, StoredPerson};

use super::fate::{Fate, Judge, email_in_use, shown};
use super::groups::Groups;
use super::row::Row;
use super::write::Job;
use crate::Result;

pub(super) fn keys(rows: &[Row]) -> Vec<String> {
    let key = |row: &Row| Some(row.open()?.person.email.key.clone());
    rows.iter().filter_map(key).collect()
}

pub(super) fn sso_ids(rows: &[Row]) -> Vec<String> {
    rows.iter().filter_map(|row| row.open()?.person.sso_id.clone()).collect()
}

/// Gives every row its group. Who is there is found by the insert: where nobody is to be changed,
/// that is all that is needed.
pub(super) async fn place(rows: &mut [Row], reader: &mut Reader, job: &Job<'_>) -> Result<()> {
    let wanted: Vec<_> = rows.iter().filter_map(|row| job.group.or(row.open()?.group)).collect();
    let groups = Groups::look(reader, job.caller, wanted).await?;
    for row in rows {
        let Some(ready) = row.open() else { continue };
        let Some(group) = job.group.or(ready.group) else { continue };
        let told = ready.group_path.as_deref().filter(|_| job.group.is_none());
        match groups.refusal(group, told) {
            Some(problem) => row.fail(problem),
            None => row.group = Some(group),
        }
    }
    Ok(())
}

/// Decides about every row by who is there: `people` by the keys of their emails.
pub(super) async fn meet(
    rows: &mut [Row],
    reader: &mut Reader,
    job: &Job<'_>,
    people: &HashMap<String, StoredPerson>,
) -> Result<()> {
    let sso_owners = reader.sso_ids_in_use(&sso_ids(rows)).await?;
    let named = rows.iter().filter_map(|row| job.group.or(row.open()?.group));
    let wanted: Vec<_> = named.chain(people.values().filter_map(|kept| kept.group)).collect();
    let groups = Groups::look(reader, job.caller, wanted).await?;
    let judge =
        Judge { caller: job.caller, existing: job.existing, chosen: job.group, groups: &groups };
    let mut seen = HashSet::new();
    for row in rows {
        let Some(ready) = row.open() else { continue };
        let there = people.get(&ready.person.email.key);
        let owner = ready.person.sso_id.as_ref().and_then(|id| sso_owners.get(id)).copied();
        if seen.insert(ready.person.email.key.clone()) {
            decide(row, &judge, there, owner);
        } else {
            // The row before it creates or changes this very person.
            let problem = email_in_use(&ready.person.email.as_typed);
            row.fail(problem);
        }
    }
    Ok(())
}

fn decide(
    row: &mut Row,
    judge: &Judge<'_>,
    there: Option<&StoredPerson>,
    sso_owner: Option<AccountId>,
) {
    let Some(ready) = row.open() else { return };
    let email = &ready.person.email.as_typed;
    let given = row.given(judge.chosen.is_some());
    let fate = judge.fate(&given, email, there, sso_owner);
    let outdated = match judge.existing {
        Existing::Update => outdated(row.expected, there, email),
        Existing::Skip => None,
    };
    match (fate, there, outdated) {
        (Fate::Skip, ..) => row.skip(email_in_use(&email.clone())),
        (Fate::Conflict(problem), ..) if skips(judge.existing, &problem) => row.skip(problem),
        (Fate::Conflict(problem), ..) | (_, _, Some(problem)) => row.fail(problem),
        (Fate::Update(fields), Some(kept), None) => {
            let person = merged(kept, &given, ready);
            let group = judge.chosen.or(given.group).or(kept.group);
            let text = |field, person, group| shown(field, person, group, judge.groups);
            let change = |field| {
                let before = text(field, &kept.person, kept.group);
                let after = text(field, &person, group);
                (before != after).then_some(Change { field, before, after })
            };
            let changes: Vec<Change> = fields.into_iter().filter_map(change).collect();
            if changes.is_empty() {
                row.stay(kept.id);
            } else {
                let edit = PersonEdit { before: kept.clone(), person, group };
                row.change(edit, changes);
            }
        }
        (Fate::Unchanged, Some(kept), None) => row.stay(kept.id),
        (Fate::Create | Fate::Unchanged | Fate::Update(_), ..) => {
            row.group = judge.chosen.or(given.group);
        }
    }
}

/// Where those who are there are left alone, a row about one of them is no failure.
fn skips(existing: Existing, problem: &Problem) -> bool {
    existing == Existing::Skip && problem.code == Code::EmailInUse
}

/// What the row says replaces what is there.
fn merged(kept: &StoredPerson, given: &CompareRow, ready: &ReadyRow) -> Person {
    let (row, there) = (&ready.person, &kept.person);
    let text = |given: Option<u32>, new: &String, old: &String| {
        if given.is_some() { new.clone() } else { old.clone() }
    };
    Person {
        name: row.name.clone(),
        nickname: text(given.nickname, &row.nickname, &there.nickname),
        email: row.email.clone(),
        sso_id: row.sso_id.clone().or_else(|| there.sso_id.clone()),
        description: text(given.description, &row.description, &there.description),
        enabled: given.enabled.unwrap_or(there.enabled),
        standard_license: given.standard_license.unwrap_or(there.standard_license),
        mobile_license: given.mobile_license.unwrap_or(there.mobile_license),
    }
}

/// What the dry run took for granted and is no longer so.
fn outdated(
    expected: Option<Expected>,
    there: Option<&StoredPerson>,
    email: &str,
) -> Option<Problem> {
    let what = match (expected?, there) {
        (Expected::Nobody, None) => return None,
        (Expected::Account { id, version }, Some(kept)) if kept.id == id => {
            if kept.version == version {
                return None;
            }
            format!("the account of “{}” was changed", kept.person.name)
        }
        (Expected::Nobody, Some(kept)) => {
            format!("an account with this address was created, “{}”", kept.person.name)
        }
        (Expected::Account { .. }, Some(kept)) => {
            format!("the address became another account’s, “{}”", kept.person.name)
        }
        (Expected::Account { .. }, None) => {
            "the account was removed, or its address changed".to_owned()
        }
    };
    Some(account_changed(email, &what))
}

pub(super) fn account_changed(email: &str, what: &str) -> Problem {
    let message = format!(
        "“{email}”: since the file was checked, {what}. Check the file again to see what the row \
         would do now."
    );
    Problem::of_row(Code::AccountChanged, message)
}
