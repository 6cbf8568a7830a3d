//! Assets of other versions: while servers of two versions run side by side, and in tabs that were opened
//! before, a page asks a server for what another one has. Every server keeps its assets in the database,
//! and looks there for those that it hasn't got. Browsers execute them, so each is under an HMAC by a key of
//! the key file: whoever writes to the database alone can't put a script there.

use std::borrow::Cow;

use roster::authority::{Act, Caller};
use store::StoredAsset;

use crate::{Operations, Result, permit};

/// A file that pages are made of, under the name that pages know it by.
#[derive(Clone, Debug)]
pub struct Asset {
    pub name: String,
    /// By gzip.
    pub compressed: bool,
    pub contents: Cow<'static, [u8]>,
}

/// What was seen so long ago is noted anew: not at every look, since it is written again as a whole.
const NOTED_SECONDS: i64 = 24 * 60 * 60;
/// No version that ran in these days loses its assets,
pub(crate) const DAYS: i64 = 30;
/// as long as there aren't more: several versions' worth.
pub(crate) const MOST: u32 = 100;

/// Keeps this server's assets, for servers of other versions.
pub async fn keep_assets(operations: &Operations, caller: &Caller, assets: &[Asset]) -> Result<()> {
    permit(caller, &Act::Operate)?;
    if assets.is_empty() {
        return Ok(());
    }
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let there = reader.assets().await?;
    let keys = operations.keys.reading(&mut reader).await?;
    drop(reader);
    let mut missing = Vec::new();
    for asset in assets {
        let mac = keys.asset_mac(&asset.name, asset.compressed, &asset.contents)?;
        let same = there.iter().find(|it| it.name == asset.name && it.mac == mac);
        if same.is_none_or(|same| now.seconds_since(same.seen_at) > NOTED_SECONDS) {
            missing.push(StoredAsset {
                name: asset.name.clone(),
                compressed: asset.compressed,
                contents: asset.contents.to_vec(),
                mac,
            });
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    // Servers that start at once write the same rows: in the same order, none waits for another that waits.
    missing.sort_by(|one, other| one.name.cmp(&other.name));
    let mut tx = operations.store.write().await?;
    for asset in &missing {
        tx.keep_asset(asset, now).await?;
    }
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// An asset of another version that ran lately; `None`: there is none, or it is not as a server kept it.
pub async fn find(operations: &Operations, _: &Caller, name: &str) -> Result<Option<Asset>> {
    if !is_name(name) {
        return Ok(None);
    }
    let mut reader = operations.store.read().await?;
    let Some(StoredAsset { name, compressed, contents, mac }) = reader.asset(name).await? else {
        return Ok(None);
    };
    let keys = operations.keys.reading(&mut reader).await?;
    if !keys.is_asset(&mac, &name, compressed, &contents) {
        tracing::error!(
            name,
            "an asset in the database is not as a server kept it: it is not served"
        );
        return Ok(None);
    }
    Ok(Some(Asset { name, compressed, contents: contents.into() }))
}

/// `NAME-DIGEST.EXTENSION`, as builds name their assets.
fn is_name(name: &str) -> bool {
    const MOST: usize = 128;
    let is_plain =
        |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'.' | b'_');
    let digest = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
    name.len() <= MOST
        && name.bytes().all(is_plain)
        && digest.is_some_and(|(_, digest)| {
            digest.len() == 16 && digest.bytes().all(|c| c.is_ascii_hexdigit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_builds() {
        let check = |name: &str, expected| assert_eq!(is_name(name), expected, "{name}");
        check("frontend-a3df76fe4f2422af.js", true);
        check("frontend.import.organization-ddd24b1e27f506e2.wasm", true);
        check("import-worker-b1faf852d39a6cef.js", true);
        check("frontend.js", false);
        check("frontend-a3df76fe4f2422a.js", false);
        check("frontend-a3df76fe4f2422ag.js", false);
        check("../frontend-a3df76fe4f2422af.js", false);
        check("Frontend-a3df76fe4f2422af.js", false);
        check("frontend-a3df76fe4f2422af", false);
        check(&format!("{}-a3df76fe4f2422af.js", "x".repeat(128)), false);
        check("", false);
    }
}
