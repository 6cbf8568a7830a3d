//! The starting passwords of technicians that an import created without a password: downloaded once, by whoever
//! imported them.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::ImportId;
use roster::starting::Waiting;
use serde_json::{Value, json};
use store::{Batch, Reader};

use super::{File, account, record};
use crate::{Operations, Result, permit, starting, subject};

/// How many can be downloaded; `None`: none, or they are somebody else's to download.
pub async fn starting_passwords(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
) -> Result<Option<Waiting>> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    record(&mut reader, id).await?;
    if !may_take(&mut reader, caller, id).await? {
        return Ok(None);
    }
    starting::waiting(&mut reader, operations, Batch::Import(id)).await
}

/// Who imported; what was imported by a command on the server is any Master Administrator's.
async fn may_take(reader: &mut Reader, caller: &Caller, id: ImportId) -> Result<bool> {
    let owner = reader.import_owner(id).await?;
    Ok(owner.is_none() || owner == account(caller))
}

/// The file; nobody gets it a second time.
pub async fn take_starting_passwords(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
) -> Result<File> {
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, id).await?;
    let record = record(&mut tx, id).await?;
    if !may_take(&mut tx, caller, id).await? {
        let message = format!("The starting passwords of this import are {}’s.", record.by);
        return Err(Fault::conflict(message).into());
    }
    let taken = starting::take(&mut tx, operations, &permit, Batch::Import(id)).await?;
    let Some((count, bytes)) = taken else { return Err(starting::gone().into()) };
    let entry = Entry {
        action: Action::StartingPasswordsTaken,
        subject: subject::import(id, &record.file_name),
        before: Value::Null,
        after: json!({ "passwords": count }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    let stem = record.file_name.rsplit_once('.').map_or(&*record.file_name, |(stem, _)| stem);
    let name = format!("{stem} - starting passwords.csv");
    Ok(File { name, content_type: "text/csv; charset=utf-8", bytes })
}
