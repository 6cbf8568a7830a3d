//! A copy of the database while it is in use.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use roster::authority::{Act, Caller, decide};
use store::{BackUpError, Kind, Store};

use crate::make::{commit, create, group, permit, technician};
use crate::place::Place;

contract!(
    a_backup_is_whole_and_never_writes_over_a_file,
    nobody_else_can_read_the_database_and_its_log,
);

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

async fn nobody_else_can_read_the_database_and_its_log(place: &Place) {
    if place.store.kind() == Kind::Postgres {
        return;
    }
    group(&place.store, "Support").await;
    let files = ["muster.db", "muster.db-wal", "muster.db-shm"];
    let check = || {
        for file in files {
            assert_eq!(mode(&place.folder.path().join(file)), 0o600, "{file}");
        }
    };
    check();
    for file in files {
        let open = fs::Permissions::from_mode(0o644);
        fs::set_permissions(place.folder.path().join(file), open).unwrap();
    }
    Store::open(&place.address).await.unwrap().close().await;
    check();
}

async fn a_backup_is_whole_and_never_writes_over_a_file(place: &Place) {
    let store = &place.store;
    let operator = decide(&Caller::operator(), &Act::Operate).unwrap();
    let to = place.folder.path().join("it's a copy.db");
    if store.kind() == Kind::Postgres {
        let refused = store.back_up(&operator, &to).await.unwrap_err();
        assert!(matches!(refused, BackUpError::UsePgDump) && !to.exists());
        return;
    }
    let support = group(store, "Support").await;
    create(store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = store.write().await.unwrap();
    let bob = technician(support, "Bob", "bob@example.com");
    tx.create_account(&permit(&tx), &bob).await.unwrap().unwrap();
    store.back_up(&operator, &to).await.unwrap();
    commit(tx).await;
    assert_eq!(mode(&to), 0o600);

    let copy = Store::open(&format!("sqlite:{}", to.display())).await.unwrap();
    let mut reader = copy.read().await.unwrap();
    assert!(reader.credentials_by_email("ada@example.com").await.unwrap().is_some());
    assert!(reader.credentials_by_email("bob@example.com").await.unwrap().is_none());
    drop(reader);
    copy.close().await;

    let refused = store.back_up(&operator, &to).await.unwrap_err();
    assert!(matches!(refused, BackUpError::Exists(_)), "{refused}");
    let nowhere = place.folder.path().join("missing/copy.db");
    let refused = store.back_up(&operator, &nowhere).await.unwrap_err();
    assert!(matches!(refused, BackUpError::Write { .. }), "{refused}");
}
