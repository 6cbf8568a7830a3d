//! Whatever search fails in whatever way, nobody is said to be absent who isn't.

use std::sync::atomic::Ordering;

use directory_sync::failure::Exit;
use directory_sync::server::Waits;
use roster::directory::protocol::{Event, Finding, GroupStatus};

use super::directory::{Fault, Objects, guid};
use super::muster::Told;
use super::stage::{GROUP, Stage};

/// Two groups in one, some people, and two of whom the server knows and the groups don't: one is gone,
/// one is there.
fn small() -> Objects {
    let mut objects = Objects::default();
    (1..=6).for_each(|number| objects.person(number));
    objects.group(GROUP + 1, [4, 5]);
    objects.group(GROUP, [1, 2, 3, GROUP + 1]);
    objects
}

async fn stage() -> Stage {
    let mut objects = small();
    objects.person(7);
    objects.join(GROUP, 7);
    let stage = Stage::with(objects).await;
    // A run has seen all of them.
    stage.run().await.unwrap();
    *stage.muster.told.lock().unwrap() = Told::default();
    *stage.muster.managed.lock().unwrap() = (1..=7).map(guid).collect();
    stage.directory.change(|objects| objects.remove(7));
    stage.directory.shared.searches.store(0, Ordering::SeqCst);
    stage.directory.shared.binds.store(0, Ordering::SeqCst);
    stage
}

#[tokio::test]
async fn without_a_fault_deleted_people_and_leavers_are_found() {
    let stage = stage().await;
    let outcome = stage.run().await.unwrap();
    assert_eq!(outcome.exit(), Exit::Done);
    let told = stage.muster.told.lock().unwrap();
    let absent: Vec<_> = told.commits[0].absent.iter().map(|it| (it.guid, it.finding)).collect();
    assert_eq!(absent, [(guid(6), Finding::LeftGroups), (guid(7), Finding::NoSuchObject)]);
}

#[tokio::test]
async fn a_fault_in_any_search_makes_nobody_absent() {
    let stage = stage().await;
    stage.run().await.unwrap();
    let all = stage.directory.searches();
    assert!(all > 8, "{all} searches");
    for fault in [
        Fault::Busy,
        Fault::SizeLimit,
        Fault::ErrorAfterEntries,
        Fault::Dies,
        Fault::Torn,
        Fault::Referral,
        Fault::NoSuchObject,
        Fault::Refused,
    ] {
        for number in 1..=all {
            *stage.muster.told.lock().unwrap() = Told::default();
            stage.directory.fail(number, fault);
            let outcome = stage.run_with("secret", Waits::none(0, 0)).await;
            let told = stage.muster.told.lock().unwrap();
            let here = format!("{fault:?} in search {number}");
            for commit in &told.commits {
                let whole = commit.groups.iter().all(|it| it.status == GroupStatus::Complete);
                let said = |number| commit.absent.iter().find(|it| it.guid == guid(number));
                // Whoever is there is never absent; who has left only if all was read.
                assert!((1..=5).all(|number| said(number).is_none()), "{here}");
                assert!(whole || commit.absent.is_empty(), "{here}");
                if whole {
                    let people: usize = told.batches.iter().map(Vec::len).sum();
                    assert_eq!(people, 5, "{here}");
                }
                let left = said(6).map(|it| it.finding);
                let expected = [None, Some(Finding::LeftGroups), Some(Finding::Unreadable)];
                assert!(expected.contains(&left), "{here}: {left:?}");
            }
            if let Err(failure) = outcome {
                // Nothing was applied, and the server knows why.
                assert!(told.commits.is_empty(), "{here}: {failure}");
                let said = |event: &Event| matches!(event, Event::Error { code, .. } if code == failure.code());
                let known = told.events.iter().any(said)
                    || told.aborts.iter().any(|it| it.code == failure.code());
                assert!(known, "{here}: {failure}");
            } else {
                assert_eq!(told.commits.len(), 1, "{here}");
            }
        }
    }
}

#[tokio::test]
async fn a_controller_that_is_busy_for_a_moment_is_asked_again() {
    let stage = stage().await;
    stage.run().await.unwrap();
    let all = stage.directory.searches();
    let expected = std::mem::take(&mut *stage.muster.told.lock().unwrap()).commits;
    // The first three searches choose the controller, and a busy one is passed over.
    for number in 4..=all {
        stage.directory.fail(number, Fault::Busy);
        let outcome = stage.run_with("secret", Waits::none(1, 0)).await.unwrap();
        assert_eq!(outcome.exit(), Exit::Done, "search {number}");
        let told = std::mem::take(&mut *stage.muster.told.lock().unwrap());
        assert_eq!(told.commits, expected, "search {number}");
    }
}

#[tokio::test]
async fn an_unsynchronized_controller_and_one_of_another_domain_are_not_read() {
    for (attribute, value, code) in [
        ("isSynchronized", "FALSE", "directory.not_synchronized"),
        ("isSynchronized", "", "directory.not_synchronized"),
        ("defaultNamingContext", "DC=other,DC=example,DC=com", "directory.other_domain"),
    ] {
        let stage = stage().await;
        stage.directory.says(attribute, value);
        let failure = stage.run().await.unwrap_err();
        assert_eq!(failure.code(), code);
        let told = stage.muster.told.lock().unwrap();
        assert!(told.begun.is_empty() && told.commits.is_empty(), "{code}");
        let binds = stage.directory.shared.binds.load(Ordering::SeqCst);
        assert_eq!(binds, 0, "{code}: no password is sent");
        let said = |event: &Event| matches!(event, Event::Error { code: said, .. } if said == code);
        assert!(told.events.iter().any(said), "{code}: the server knows why");
    }
}

#[tokio::test]
async fn without_a_state_that_can_be_written_no_password_is_tried() {
    let stage = stage().await;
    let path = stage.files().state();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    for _ in 0..3 {
        let failure = stage.run_with("wrong", Waits::none(0, 0)).await.unwrap_err();
        assert_eq!(failure.code(), "config.write");
    }
    assert_eq!(stage.directory.shared.binds.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_refused_account_is_not_tried_again_until_something_changes() {
    let stage = stage().await;
    let run = async |password: &str| match stage.run_with(password, Waits::none(0, 0)).await {
        Ok(_) => "ok",
        Err(failure) => failure.code(),
    };
    let binds = || stage.directory.shared.binds.load(Ordering::SeqCst);
    assert_eq!((run("wrong").await, binds()), ("ldap.wrong_password", 1));
    assert_eq!((run("wrong").await, binds()), ("ldap.waiting", 1));
    assert_eq!((run("wrong").await, binds()), ("ldap.waiting", 1));
    assert_eq!((run("secret").await, binds()), ("ok", 2));
    assert_eq!((run("wrong").await, binds()), ("ldap.wrong_password", 3));
    // An empty one isn't sent at all.
    assert_eq!((run("").await, binds()), ("ldap.empty_password", 3));
    let told = stage.muster.told.lock().unwrap();
    assert!(told.begun.len() == 1 && told.commits.len() == 1);
}
