//! The starting passwords of technicians created by a run: downloaded once, by a Master Administrator.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::directory::protocol::RunId;
use roster::starting::Waiting;
use serde_json::{Value, json};
use store::{Batch, SourceAct};

use super::known;
use crate::imports::File;
use crate::{Operations, Result, permit, starting, subject};

/// The passwords that can be downloaded; `None`: none.
pub async fn starting_passwords(
    operations: &Operations,
    caller: &Caller,
    id: RunId,
) -> Result<Option<Waiting>> {
    permit(caller, &Act::DecideDirectoryRun)?;
    let mut reader = operations.store.read().await?;
    known(reader.directory_run(id).await?, "run")?;
    starting::waiting(&mut reader, operations, Batch::Run(id)).await
}

/// The file with the passwords, which can be downloaded only once.
pub async fn take_starting_passwords(
    operations: &Operations,
    caller: &Caller,
    id: RunId,
) -> Result<File> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    tx.permit(caller, &Act::DecideDirectoryRun).await?;
    let run = known(tx.directory_run(id).await?, "run")?;
    let source = run.line.source;
    let (source, permit) = tx.source_for(caller, source, SourceAct::Decide, now).await?;
    let domain = source.identity.domain;
    let taken = starting::take(&mut tx, operations, &permit, Batch::Run(id)).await?;
    let Some((count, bytes)) = taken else { return Err(starting::gone().into()) };
    let entry = Entry {
        action: Action::StartingPasswordsTaken,
        subject: subject::directory(run.line.source, &domain),
        before: Value::Null,
        after: json!({ "run": id, "passwords": count }),
    };
    tx.commit(caller, now, &[entry]).await?;
    let name = format!("{domain} - starting passwords.csv");
    Ok(File { name, content_type: "text/csv; charset=utf-8", bytes })
}
