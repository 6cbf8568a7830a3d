//! Accounts in the import's own format, passwords apart: what goes out comes back unchanged.

use std::collections::HashMap;

use roster::account::Account;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, decide};
use roster::email::Email;
use roster::fields::Person;
use roster::group::GroupPath;
use roster::id::GroupId;
use roster::import::{self, ExportedRow};
use roster::many::{MOST, Selection};
use serde_json::{Value, json};
use store::Reader;

use crate::groups::{areas, known};
use crate::technicians::whom;
use crate::{Error, Operations, Result, permit, sight, subject};

/// How many accounts are read at a time.
const PAGE: u32 = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub bytes: Vec<u8>,
    /// It stands in the audit trail; on a hot standby or in a read-only file nothing can be written.
    pub noted: bool,
}

/// The technicians of a group and all below it, or of the whole organization.
pub async fn export(
    operations: &Operations,
    caller: &Caller,
    group: Option<GroupId>,
    format: Format,
) -> Result<Exported> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.read().await?;
    let below = match group {
        None => None,
        Some(group) => Some(known(reader.group_path(group).await?)?),
    };
    let mut accounts: Vec<Account> = Vec::new();
    loop {
        let after = accounts.last().map(|account| account.id);
        let page = reader.accounts_for_export(group, after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        accounts.extend(page);
        if !full {
            break;
        }
    }
    let paths = paths(&mut reader, &accounts).await?;
    drop(reader);
    let entry = Entry {
        action: Action::Exported,
        subject: subject::database(),
        before: Value::Null,
        after: json!({ "accounts": accounts.len(), "group": below.map(|path| path.label()) }),
    };
    let noted = note(operations, caller, entry).await?;
    Ok(Exported { bytes: written(accounts, &paths, format)?, noted })
}

/// Whether the entry was written: the database may be one that is only read.
async fn note(operations: &Operations, caller: &Caller, entry: Entry) -> Result<bool> {
    let written = async {
        let tx = operations.store.write().await?;
        tx.commit(caller, operations.now(), &[entry]).await
    };
    match written.await {
        Ok(()) => Ok(true),
        Err(cause) if cause.is_read_only() => Ok(false),
        Err(cause) => Err(cause.into()),
    }
}

/// The technicians that are selected, those of them that the caller may see.
pub async fn selected(
    operations: &Operations,
    caller: &Caller,
    who: &Selection,
    format: Format,
) -> Result<Vec<u8>> {
    sight::areas(caller)?;
    let mut reader = operations.store.read().await?;
    let ids = whom(&mut reader, caller, who, MOST, operations.now()).await?;
    let mut accounts = reader.accounts(&ids).await?;
    let groups: Vec<GroupId> = accounts.iter().filter_map(|account| account.group).collect();
    let lineages = reader.group_lineages(&groups).await?;
    // Who sees a part of the tree alone knows no path from its root.
    let paths = match areas(caller) {
        None => paths(&mut reader, &accounts).await?,
        Some(_) => Paths::new(),
    };
    drop(reader);
    accounts.retain(|account| {
        let lineage = account.group.and_then(|group| lineages.get(&group));
        lineage.is_some_and(|lineage| decide(caller, &Act::SeeTechnician { lineage }).is_ok())
    });
    let entry = Entry {
        action: Action::Exported,
        subject: subject::database(),
        before: Value::Null,
        after: json!({ "accounts": accounts.len() }),
    };
    operations.store.write().await?.commit(caller, operations.now(), &[entry]).await?;
    written(accounts, &paths, format)
}

type Paths = HashMap<GroupId, GroupPath>;

/// The ways to the groups that people are in.
async fn paths(reader: &mut Reader, accounts: &[Account]) -> Result<Paths> {
    let mut groups: Vec<GroupId> = accounts.iter().filter_map(|account| account.group).collect();
    groups.sort_unstable();
    groups.dedup();
    Ok(reader.group_paths(&groups).await?)
}

fn written(mut accounts: Vec<Account>, paths: &Paths, format: Format) -> Result<Vec<u8>> {
    // Who is in no group is an administrator alone: the import makes technicians.
    accounts.retain(|account| account.group.is_some());
    let rows =
        accounts.into_iter().map(|account| exported(account, paths)).collect::<Result<Vec<_>>>()?;
    match format {
        Format::Csv => Ok(import::export_csv(&rows)),
        Format::Json => Ok(import::export_json(&rows)),
    }
}

fn exported(account: Account, paths: &Paths) -> Result<ExportedRow> {
    let email = Email::parse(&account.email)
        .map_err(|code| Error::internal(format!("account {}: {code}", account.id)))?;
    let person = Person {
        name: account.name,
        nickname: account.nickname,
        email,
        sso_id: account.sso_id,
        description: account.description,
        enabled: account.enabled,
        standard_license: account.standard_license,
        mobile_license: account.mobile_license,
    };
    let path = account.group.and_then(|group| paths.get(&group));
    Ok(ExportedRow { person, group: account.group, group_path: path.map(GroupPath::path) })
}
