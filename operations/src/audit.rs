//! The audit trail as it is read: by page, of one person or group, as a file, and verified.

mod file;

use roster::audit::chain::{Broken, Head, Noted, Terms, Walk};
use roster::audit::{Action, Cursor, Entry, Filter, Line, Subjects, TrailPage, scope};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::{AccountId, GroupId};
use roster::page::PAGE_SIZE;
use serde_json::{Value, json};
use store::Reader;

use crate::groups::areas;
use crate::{Operations, Result, permit, sight, subject};

pub use file::{Export, Format};

/// How many entries are read at a time, for a file or along the chain.
const PART: u32 = 1000;

/// Entries, the newest first: of everything for Master Administrators, of the groups in their areas
/// and who is in them for Administrators.
pub async fn list(
    operations: &Operations,
    caller: &Caller,
    filter: &Filter,
    after: Option<Cursor>,
) -> Result<TrailPage> {
    permit(caller, &Act::SeeAudit)?;
    let mut reader = operations.store.read().await?;
    let sight = Sight::of(&mut reader, caller).await?;
    page(&mut reader, &sight, filter, after).await
}

/// One entry; `of`: what it says of this account, where it is about many.
pub async fn see(
    operations: &Operations,
    caller: &Caller,
    id: i64,
    of: Option<AccountId>,
) -> Result<Line> {
    permit(caller, &Act::SeeAudit)?;
    let mut reader = operations.store.read().await?;
    let sight = Sight::of(&mut reader, caller).await?;
    let line = match of {
        Some(account) => reader.audit_entry_of(sight.subjects(), account, id).await?,
        None => reader.audit_entry(sight.subjects(), id).await?,
    };
    Ok(sight.show(line.ok_or_else(|| Fault::not_found("entry"))?))
}

/// What was done to one person, by imports and runs of a directory, too.
pub async fn of_account(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    after: Option<Cursor>,
) -> Result<TrailPage> {
    permit(caller, &Act::SeeAudit)?;
    let mut reader = operations.store.read().await?;
    sight::account(&mut reader, caller, id).await?;
    let sight = Sight::of(&mut reader, caller).await?;
    page(&mut reader, &sight, &Filter::of_account(id), after).await
}

/// What was done to one group itself.
pub async fn of_group(
    operations: &Operations,
    caller: &Caller,
    id: GroupId,
    after: Option<Cursor>,
) -> Result<TrailPage> {
    permit(caller, &Act::SeeAudit)?;
    let mut reader = operations.store.read().await?;
    sight::group(&mut reader, caller, id).await?;
    let sight = Sight::of(&mut reader, caller).await?;
    page(&mut reader, &sight, &Filter::of_group(id), after).await
}

async fn page(
    reader: &mut Reader,
    sight: &Sight<'_>,
    filter: &Filter,
    after: Option<Cursor>,
) -> Result<TrailPage> {
    let mut lines = reader.audit(sight.subjects(), filter, after, PAGE_SIZE + 1).await?;
    let more = lines.len() > PAGE_SIZE as usize;
    lines.truncate(PAGE_SIZE as usize);
    let older = lines.last().filter(|_| more).map(Cursor::of);
    Ok(TrailPage { lines: lines.into_iter().map(|line| sight.show(line)).collect(), older })
}

/// All entries that [`list`] would show, as a file. That somebody took them is an entry, too.
pub async fn export(
    operations: &Operations,
    caller: &Caller,
    filter: Filter,
    format: Format,
) -> Result<Export> {
    permit(caller, &Act::SeeAudit)?;
    let entry = Entry {
        action: Action::Exported,
        subject: subject::audit(),
        before: Value::Null,
        after: json!({ "filter": filter }),
    };
    operations.store.write().await?.commit(caller, operations.now(), &[entry]).await?;
    Ok(Export::new(operations, caller, filter, format))
}

/// What somebody sees of the trail.
struct Sight<'a> {
    /// `None`: all of it.
    limits: Option<Limits<'a>>,
}

struct Limits<'a> {
    areas: &'a [GroupId],
    paths: Vec<String>,
    reader: AccountId,
}

impl<'a> Sight<'a> {
    async fn of(reader: &mut Reader, caller: &'a Caller) -> Result<Self> {
        let Some((areas, actor)) = areas(caller).zip(caller.person()) else {
            return Ok(Self { limits: None });
        };
        let paths = reader.group_paths(areas).await?;
        let paths = paths.into_values().map(|path| path.label()).collect();
        Ok(Self { limits: Some(Limits { areas, paths, reader: actor.account }) })
    }

    fn subjects(&self) -> Subjects<'a> {
        self.limits.as_ref().map_or(Subjects::All, |limits| Subjects::Within(limits.areas))
    }

    fn show(&self, line: Line) -> Line {
        match &self.limits {
            Some(limits) => scope::within(line, &limits.paths, limits.reader),
            None => line,
        }
    }
}

/// What the trail is held to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Entries up to this one are from before there was a chain.
    pub begins_after: i64,
    /// An entry that must be met on the way.
    pub since: Option<Noted>,
}

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Entries that hold.
    pub entries: u64,
    /// Of these, entries from before there was a key.
    pub without_key: u64,
    /// Entries from before there was a chain: nothing tells whether they were changed.
    pub unchained: u64,
    /// The chain begins with a new key file in place of a lost one.
    pub key_replaced: bool,
    pub head: Head,
    pub broken: Option<Broken>,
}

/// Goes along the whole chain; others may write meanwhile.
pub async fn verify(
    operations: &Operations,
    caller: &Caller,
    expected: Expected,
) -> Result<Verified> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.read().await?;
    let keys = operations.keys.of_chain(&mut reader).await?;
    let head = reader.audit_head().await?;
    let unchained = reader.audit_unchained(head.begins_after).await?;
    let key_replaced = match head.begins_after {
        0 => false,
        before => reader.audit_links(before, 1).await?.first().is_some_and(|first| {
            first.content.id == before + 1 && first.content.action == Action::KeyReplaced.as_str()
        }),
    };
    let Expected { begins_after, since } = expected;
    let mut verified =
        Verified { entries: 0, without_key: 0, unchained, key_replaced, head, broken: None };
    match Walk::along(&verified.head, Terms { keys, begins_after, since }) {
        Ok(walk) => go_along(&mut reader, walk, &mut verified).await?,
        Err(broken) => verified.broken = Some(broken),
    }
    Ok(verified)
}

async fn go_along(reader: &mut Reader, mut walk: Walk, verified: &mut Verified) -> Result<()> {
    verified.broken = loop {
        let links = reader.audit_links(walk.last(), PART).await?;
        if links.is_empty() {
            // Read after the entries: it knows of each of them.
            verified.head = reader.audit_head().await?;
            let more = verified.head.last > walk.last()
                && !reader.audit_links(walk.last(), 1).await?.is_empty();
            if more {
                continue;
            }
            break walk.end(&verified.head).err();
        }
        let whole = links
            .iter()
            .try_for_each(|link| walk.step(&link.content, &link.found_by, link.hash.as_deref()));
        if let Err(broken) = whole {
            break Some(broken);
        }
    };
    verified.entries = u64::try_from(walk.last() - verified.head.begins_after).unwrap_or(0);
    verified.without_key = walk.plain();
    Ok(())
}

/// The newest entry and its hash: for who notes them where nobody can change them.
pub async fn head(operations: &Operations, caller: &Caller) -> Result<Head> {
    permit(caller, &Act::Operate)?;
    Ok(operations.store.read().await?.audit_head().await?)
}
