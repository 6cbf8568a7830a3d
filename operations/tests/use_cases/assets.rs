//! Assets of one version, asked for at a server of another.

use operations::assets::{self, Asset};
use operations::{Clock, housekeeping};
use roster::authority::Caller;
use store::StoredAsset;

use crate::database::Database;
use crate::world::{World, anonymous};

on_both!(
    what_one_server_kept_another_finds,
    what_no_server_kept_is_not_served,
    old_versions_are_forgotten,
);

const SCRIPT: &str = "frontend-a3df76fe4f2422af.js";

fn asset(name: &str, contents: &'static [u8]) -> Asset {
    Asset { name: name.to_owned(), compressed: true, contents: contents.into() }
}

async fn keep(world: &World, kept: &[Asset]) {
    assets::keep_assets(&world.operations, &Caller::operator(), kept).await.unwrap();
}

async fn found(world: &World, name: &str) -> Option<Vec<u8>> {
    let found = assets::find(&world.operations, &anonymous(), name).await.unwrap();
    found.map(|asset| asset.contents.into_owned())
}

async fn what_one_server_kept_another_finds(database: &Database) {
    let world = World::on(database).await;
    assert_eq!(found(&world, SCRIPT).await, None);
    let style = asset("main-cdda3463b70e8dce.css", b"\0\xffstyle");
    keep(&world, &[asset(SCRIPT, b"let a"), style]).await;
    // Of a later version.
    keep(&world, &[asset("frontend-b3df76fe4f2422af.js", b"let b")]).await;
    assert_eq!(found(&world, SCRIPT).await.unwrap(), b"let a");
    assert_eq!(found(&world, "main-cdda3463b70e8dce.css").await.unwrap(), b"\0\xffstyle");
    assert_eq!(found(&world, "frontend-b3df76fe4f2422af.js").await.unwrap(), b"let b");
    for unknown in ["frontend-c3df76fe4f2422af.js", "frontend.js", "%", ""] {
        assert_eq!(found(&world, unknown).await, None, "{unknown}");
    }
}

/// By somebody who writes to the database and hasn't got the key file.
async fn what_no_server_kept_is_not_served(database: &Database) {
    let world = World::on(database).await;
    keep(&world, &[asset(SCRIPT, b"let a")]).await;
    let kept = world.store.read().await.unwrap().asset(SCRIPT).await.unwrap().unwrap();
    let other = "other-0123456789abcdef.js".to_owned();
    let forged = [
        StoredAsset { contents: b"evil()".to_vec(), ..kept.clone() },
        StoredAsset { compressed: false, ..kept.clone() },
        StoredAsset { name: other.clone(), ..kept.clone() },
        StoredAsset { mac: String::new(), ..kept.clone() },
        StoredAsset { mac: kept.mac.replacen("1-", "2-", 1), ..kept.clone() },
    ];
    for forged in forged {
        let mut tx = world.store.write().await.unwrap();
        tx.keep_asset(&forged, world.clock.now()).await.unwrap();
        tx.commit_bookkeeping().await.unwrap();
        assert_eq!(found(&world, &forged.name).await, None, "{forged:?}");
    }
    // The server that has it puts it right.
    keep(&world, &[asset(SCRIPT, b"let a")]).await;
    assert_eq!(found(&world, SCRIPT).await.unwrap(), b"let a");
    assert_eq!(found(&world, &other).await, None);
}

async fn old_versions_are_forgotten(database: &Database) {
    const DAY: i64 = 24 * 60 * 60;
    let world = World::on(database).await;
    let running = asset("running-0123456789abcdef.js", b"runs");
    let old = asset("old-0123456789abcdef.js", b"ran");
    keep(&world, &[running.clone(), old]).await;
    for _ in 0..20 {
        world.clock.advance(2 * DAY);
        keep(&world, std::slice::from_ref(&running)).await;
        housekeeping::tidy(&world.operations, &Caller::operator()).await.unwrap();
    }
    assert_eq!(found(&world, "old-0123456789abcdef.js").await, None);
    assert!(found(&world, "running-0123456789abcdef.js").await.is_some());
    // Of very many the newest stay.
    let name = |n: usize| format!("many-{n:016x}.js");
    for n in 0..150 {
        world.clock.advance(1);
        keep(&world, &[asset(&name(n), b"one of many")]).await;
    }
    housekeeping::tidy(&world.operations, &Caller::operator()).await.unwrap();
    assert_eq!(found(&world, &name(49)).await, None);
    assert!(found(&world, &name(50)).await.is_some());
    assert!(found(&world, &name(149)).await.is_some());
}
