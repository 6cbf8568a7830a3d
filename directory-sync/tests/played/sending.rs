//! What becomes of a run when the server doesn't answer as it should.

use directory_sync::failure::Exit;
use directory_sync::server::Waits;
use directory_sync::state::State;
use roster::directory::protocol::{DirectoryIdentity, Held, HeldReason, PersonFault, RunResult};

use super::directory::{Objects, guid};
use super::muster::{Bad, DONE};
use super::stage::{GROUP, Stage};

async fn stage(count: u32) -> Stage {
    let mut objects = Objects::default();
    (1..=count).for_each(|number| objects.person(number));
    objects.group(GROUP, 1..=count);
    Stage::with(objects).await
}

#[tokio::test]
async fn lost_requests_are_sent_again_and_change_nothing_twice() {
    let stage = stage(2_500).await;
    *stage.muster.bad.lock().unwrap() = vec![
        ("hello", Bad::Status(503)),
        ("batches/1", Bad::Lost),
        ("batches/2", Bad::Status(429)),
        ("commit", Bad::Lost),
        ("commit", Bad::Status(500)),
        ("commit", Bad::Lost),
    ];
    let outcome = stage.run().await.unwrap();
    assert_eq!(outcome.exit(), Exit::Done);
    let told = stage.muster.told.lock().unwrap();
    assert_eq!(told.batches.iter().map(Vec::len).collect::<Vec<_>>(), [1_000, 1_000, 500]);
    assert_eq!(told.commits.len(), 3);
    assert!(told.commits.iter().all(|commit| *commit == told.commits[0]));
    assert!(told.aborts.is_empty());
    assert!(State::read(&stage.files().state()).last_success.is_some());
}

#[tokio::test]
async fn refusals_are_explained_and_leave_no_run_under_way() {
    for (path, status, code, aborted) in [
        ("hello", 401, "server.token_refused", false),
        ("hello", 404, "server.not_muster", false),
        ("hello", 302, "server.not_muster", false),
        ("runs", 503, "server.failing", false),
        ("batches", 401, "server.token_refused", true),
        ("managed", 503, "server.failing", true),
        ("commit", 413, "server.failing", true),
    ] {
        let stage = stage(3).await;
        *stage.muster.bad.lock().unwrap() = vec![(path, Bad::Status(status)); 2];
        let failure = stage.run_with("secret", Waits::none(1, 1)).await.unwrap_err();
        assert_eq!(failure.code(), code, "{path} {status}");
        assert!(!failure.to_string().contains("hidden"), "{failure}");
        let told = stage.muster.told.lock().unwrap();
        assert!(told.commits.is_empty());
        assert_eq!(
            told.aborts.first().map(|it| it.code.as_str()),
            aborted.then_some(code),
            "{path}"
        );
        let kept = State::read(&stage.files().state());
        assert_eq!(kept.last_run.and_then(|run| run.code).as_deref(), Some(code));
        assert_eq!(kept.last_success, None);
    }
}

#[tokio::test]
async fn another_directory_than_the_enrolled_one_is_not_read() {
    let stage = stage(3).await;
    *stage.muster.directory.lock().unwrap() = DirectoryIdentity {
        domain: "corp.example.com".into(),
        domain_guid: guid(1),
        domain_sid: "S-1-5-21-9-9-9".into(),
    };
    let failure = stage.run().await.unwrap_err();
    assert_eq!(failure.code(), "directory.not_enrolled");
    let told = stage.muster.told.lock().unwrap();
    assert!(told.begun.is_empty());
    assert_eq!(told.events.len(), 1);
}

#[tokio::test]
async fn the_answer_decides_how_a_run_ends() {
    let fault = PersonFault { guid: guid(1), code: "email.required".into(), message: "…".into() };
    let held = Held { reason: HeldReason::FirstRun, count: 3 };
    for (answer, expected) in [
        (DONE, Exit::Done),
        (answered(RunResult::Held, None, Some(held)), Exit::Held),
        (answered(RunResult::Applied, Some(fault), None), Exit::SomeFailed),
        (answered(RunResult::Rejected, None, None), Exit::Failed),
    ] {
        let stage = stage(3).await;
        *stage.muster.answer.lock().unwrap() = answer;
        assert_eq!(stage.run().await.unwrap().exit(), expected);
    }
}

fn answered(
    result: RunResult,
    fault: Option<PersonFault>,
    held: Option<Held>,
) -> roster::directory::protocol::Committed {
    roster::directory::protocol::Committed {
        result,
        failed: fault.into_iter().collect(),
        held,
        ..DONE
    }
}
