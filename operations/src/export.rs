//! Accounts in the import's own format, passwords apart: what goes out comes back unchanged.

use roster::account::Account;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::id::GroupId;
use roster::import;
use serde_json::{Value, json};

use crate::groups::known;
use crate::{Operations, Result, permit, subject};

/// How many accounts are read at a time.
const PAGE: u32 = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

/// The technicians of a group and all below it, or of the whole organization.
pub async fn export(
    operations: &Operations,
    caller: &Caller,
    group: Option<GroupId>,
    format: Format,
) -> Result<Vec<u8>> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.read().await?;
    if let Some(group) = group {
        known(reader.group_path(group).await?)?;
    }
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
    drop(reader);
    let entry = Entry {
        action: Action::Exported,
        subject: subject::database(),
        before: Value::Null,
        after: json!({ "accounts": accounts.len(), "group": group }),
    };
    operations.store.write().await?.commit(caller, operations.now(), &[entry]).await?;
    match format {
        Format::Csv => Ok(import::export_csv(&accounts)),
        Format::Json => Ok(import::export_json(&accounts)),
    }
}
