//! The dry run: what an import would do, row by row. Nothing is written.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::fields::Field;
use roster::id::AccountId;
use roster::import::{COMPARE_ROWS, CompareRow, Compared, Comparison, Difference, Update, Verdict};
use store::StoredPerson;

use super::fate::{Fate, Judge, shown};
use super::groups::Groups;
use crate::{Operations, Result, permit};

/// What would become of these rows.
pub async fn compare(
    operations: &Operations,
    caller: &Caller,
    wish: Comparison,
) -> Result<Compared> {
    permit(caller, &Act::Import)?;
    if wish.rows.len() > COMPARE_ROWS {
        return Err(Fault::refused(format!(
            "At most {COMPARE_ROWS} rows are compared at a time, these are {}. Send them in parts.",
            wish.rows.len()
        ))
        .into());
    }
    let keys: Vec<String> = wish.rows.iter().map(|row| row.email.clone()).collect();
    let sso_ids: Vec<String> = wish.rows.iter().filter_map(|row| row.sso_id.clone()).collect();
    let mut reader = operations.store.read().await?;
    let people = reader.people_by_email(&keys).await?;
    let sso_owners = reader.sso_ids_in_use(&sso_ids).await?;
    let named = wish.group.into_iter().chain(wish.rows.iter().filter_map(|row| row.group));
    let groups = named.chain(people.values().filter_map(|kept| kept.group));
    let groups = Groups::look(&mut reader, caller, groups).await?;
    let settings = reader.settings().await?;
    drop(reader);

    let judge = Judge { caller, existing: wish.existing, chosen: wish.group, groups: &groups };
    let verdict = |row: &CompareRow| {
        let there = people.get(&row.email);
        let owner: Option<AccountId> =
            row.sso_id.as_ref().and_then(|id| sso_owners.get(id)).copied();
        match (judge.fate(row, &row.email, there, owner), there) {
            (Fate::Create, _) => Verdict::Create,
            (Fate::Update(fields), Some(kept)) => Verdict::Update(update(kept, fields, &groups)),
            (Fate::Unchanged | Fate::Update(_), _) => Verdict::Unchanged,
            (Fate::Skip, _) => Verdict::Skip,
            (Fate::Conflict(problem), _) => Verdict::Conflict(problem),
        }
    };
    Ok(Compared {
        verdicts: wish.rows.iter().map(verdict).collect(),
        standard_seats_free: settings.standard.free(),
        mobile_seats_free: settings.mobile.free(),
    })
}

fn update(kept: &StoredPerson, fields: Vec<Field>, groups: &Groups) -> Update {
    let difference =
        |field| Difference { field, before: shown(field, &kept.person, kept.group, groups) };
    Update {
        account: kept.id,
        version: kept.version,
        differences: fields.into_iter().map(difference).collect(),
    }
}
