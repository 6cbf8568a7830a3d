//! What the service asks before it reads: its source and settings, Technician Groups to map, and its
//! technicians.

use roster::authority::Caller;
use roster::directory::protocol::{
    Command, GroupChoice, Groups, Guid, Hello, MANAGED_PAGE, Managed, PROTOCOL,
};
use roster::id::GroupId;

use super::{ours, source};
use crate::{Operations, Result};

/// The most groups that a search finds.
const SEARCH_LIMIT: u32 = 20;

pub async fn hello(operations: &Operations, caller: &Caller) -> Result<Hello> {
    let id = ours(caller)?;
    let mut reader = operations.store.read().await?;
    let source = source(&mut reader, id).await?;
    let mappings = reader.directory_mappings(id).await?;
    let minutes = reader.directory_settings().await?.interval_minutes;
    Ok(Hello {
        protocol: PROTOCOL,
        server_time: operations.now(),
        source_id: id,
        directory: source.identity,
        interval_seconds: minutes * 60,
        mappings: mappings.into_iter().map(|kept| kept.mapping).collect(),
        commands: source.run_asked.then_some(Command::RunNow).into_iter().collect(),
    })
}

/// Technician Groups whose name contains this text, or whose ID it is: at most 20, best matches first,
/// without the root.
pub async fn groups(operations: &Operations, caller: &Caller, search: &str) -> Result<Groups> {
    ours(caller)?;
    let found = operations.store.read().await?.search_groups(search, None, SEARCH_LIMIT).await?;
    let choice = |path: roster::group::GroupPath| {
        let id = path.0.last().map(|step| step.id).filter(|id| *id != GroupId::ROOT)?;
        Some(GroupChoice { id, path: path.path() })
    };
    Ok(Groups { groups: found.into_iter().filter_map(choice).collect() })
}

/// A page of the source's enabled technicians, sorted by GUID.
pub async fn managed(
    operations: &Operations,
    caller: &Caller,
    after: Option<Guid>,
) -> Result<Managed> {
    let id = ours(caller)?;
    let guids = operations.store.read().await?.directory_managed(id, after, MANAGED_PAGE).await?;
    let next = guids.last().copied().filter(|_| guids.len() == MANAGED_PAGE);
    Ok(Managed { guids, next })
}
