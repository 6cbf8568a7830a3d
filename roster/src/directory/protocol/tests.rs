//! The messages as they travel: who changes one sees here what the other side gets.

use expect_test::{Expect, expect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;

const ANNA: Guid = Guid(Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10));
const SUPPORT: Guid = Guid(Uuid::from_u128(0xa1));

/// A message of which what comes back is sent as the same again.
#[track_caller]
fn check<T: Serialize + DeserializeOwned>(message: &T, expected: &Expect) {
    let json = serde_json::to_string_pretty(message).unwrap();
    expected.assert_eq(&json);
    let back: T = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string_pretty(&back).unwrap(), json);
}

/// The same for a short one.
#[track_caller]
fn line<T: Serialize + DeserializeOwned>(message: &T, expected: &str) {
    let json = serde_json::to_string(message).unwrap();
    assert_eq!(json, expected);
    let back: T = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
}

fn directory() -> DirectoryIdentity {
    DirectoryIdentity {
        domain: "corp.example.com".into(),
        domain_guid: Guid(Uuid::from_u128(0xd0)),
        domain_sid: "S-1-5-21-1-2-3".into(),
    }
}

fn mapping() -> Mapping {
    Mapping {
        ad_group_guid: SUPPORT,
        ad_group_name: "Support".into(),
        technician_group_id: GroupId(1001),
    }
}

fn anna() -> PersonSeen {
    PersonSeen {
        guid: ANNA,
        name: "Anna Müller".into(),
        email: "anna@example.com".into(),
        enabled: true,
        reason: None,
        group_guids: vec![SUPPORT],
        read: Read::Ok,
    }
}

#[test]
fn enroll() {
    let enroll = Enroll {
        email: "holder@example.com".into(),
        password: Secret::new("Vq7!mReXb2"),
        code: Secret::default(),
        directory: directory(),
    };
    assert!(!format!("{enroll:?}").contains("Vq7"));
    check(
        &enroll,
        &expect![[r#"
        {
          "email": "holder@example.com",
          "password": "Vq7!mReXb2",
          "code": "",
          "directory": {
            "domain": "corp.example.com",
            "domain_guid": "00000000-0000-0000-0000-0000000000d0",
            "domain_sid": "S-1-5-21-1-2-3"
          }
        }"#]],
    );
    line(&Enrolled { source_id: SourceId(3) }, r#"{"source_id":3}"#);
}

#[test]
fn hello_mappings_and_groups() {
    let hello = Hello {
        protocol: PROTOCOL,
        server_time: Timestamp(1_764_000_000_000),
        source_id: SourceId(3),
        directory: directory(),
        interval_seconds: 900,
        mappings: vec![mapping()],
        commands: vec![Command::RunNow],
    };
    check(
        &hello,
        &expect![[r#"
        {
          "protocol": 1,
          "server_time": 1764000000000,
          "source_id": 3,
          "directory": {
            "domain": "corp.example.com",
            "domain_guid": "00000000-0000-0000-0000-0000000000d0",
            "domain_sid": "S-1-5-21-1-2-3"
          },
          "interval_seconds": 900,
          "mappings": [
            {
              "ad_group_guid": "00000000-0000-0000-0000-0000000000a1",
              "ad_group_name": "Support",
              "technician_group_id": 1001
            }
          ],
          "commands": [
            "run_now"
          ]
        }"#]],
    );
    check(
        &Mappings { mappings: vec![mapping()] },
        &expect![[r#"
        {
          "mappings": [
            {
              "ad_group_guid": "00000000-0000-0000-0000-0000000000a1",
              "ad_group_name": "Support",
              "technician_group_id": 1001
            }
          ]
        }"#]],
    );
    let groups = vec![GroupChoice { id: GroupId(1001), path: "Support/Tier 1".into() }];
    line(&Groups { groups }, r#"{"groups":[{"id":1001,"path":"Support/Tier 1"}]}"#);
    line(
        &Managed { guids: vec![ANNA], next: Some(SUPPORT) },
        r#"{"guids":["01020304-0506-0708-090a-0b0c0d0e0f10"],"next":"00000000-0000-0000-0000-0000000000a1"}"#,
    );
    line(&Managed { guids: vec![], next: None }, r#"{"guids":[],"next":null}"#);
}

#[test]
fn a_run() {
    let run = BeginRun {
        run_id: RunId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
        mode: Mode::Apply,
        agent: "muster-sync 0.1.0, linux".into(),
        controller: "dc1.corp.example.com".into(),
    };
    check(
        &run,
        &expect![[r#"
        {
          "run_id": "01900000-0000-7000-8000-000000000001",
          "mode": "apply",
          "agent": "muster-sync 0.1.0, linux",
          "controller": "dc1.corp.example.com"
        }"#]],
    );
    let expired = PersonSeen {
        guid: SUPPORT,
        enabled: false,
        reason: Some(DisabledReason::Expired),
        read: Read::Unreadable,
        ..anna()
    };
    check(
        &Batch { people: vec![anna(), expired] },
        &expect![[r#"
        {
          "people": [
            {
              "guid": "01020304-0506-0708-090a-0b0c0d0e0f10",
              "name": "Anna Müller",
              "email": "anna@example.com",
              "enabled": true,
              "group_guids": [
                "00000000-0000-0000-0000-0000000000a1"
              ],
              "read": "ok"
            },
            {
              "guid": "00000000-0000-0000-0000-0000000000a1",
              "name": "Anna Müller",
              "email": "anna@example.com",
              "enabled": false,
              "reason": "expired",
              "group_guids": [
                "00000000-0000-0000-0000-0000000000a1"
              ],
              "read": "unreadable"
            }
          ]
        }"#]],
    );
    let group = GroupSeen {
        guid: SUPPORT,
        status: GroupStatus::Complete,
        members: 2,
        ignored: Ignored { computers: 1, ..Ignored::default() },
    };
    let commit = Commit {
        batches: 1,
        people: 2,
        digest: "00".into(),
        groups: vec![group],
        absent: vec![Absent { guid: ANNA, finding: Finding::LeftGroups }],
    };
    check(
        &commit,
        &expect![[r#"
        {
          "batches": 1,
          "people": 2,
          "digest": "00",
          "groups": [
            {
              "guid": "00000000-0000-0000-0000-0000000000a1",
              "status": "complete",
              "members": 2,
              "ignored": {
                "computers": 1,
                "contacts": 0,
                "foreign": 0,
                "other": 0
              }
            }
          ],
          "absent": [
            {
              "guid": "01020304-0506-0708-090a-0b0c0d0e0f10",
              "finding": "left_groups"
            }
          ]
        }"#]],
    );
}

#[test]
fn words() {
    let check = |words: Vec<serde_json::Value>, expected: &str| {
        let words: Vec<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(words.join(" "), expected);
    };
    macro_rules! words {
        ($($value:expr),+) => { vec![$(serde_json::to_value($value).unwrap()),+] };
    }
    check(words![Mode::Apply, Mode::Preview], "apply preview");
    check(words![DisabledReason::Disabled, DisabledReason::Expired], "disabled expired");
    check(words![Read::Ok, Read::Unreadable], "ok unreadable");
    check(
        words![
            GroupStatus::Complete,
            GroupStatus::Partial,
            GroupStatus::Failed,
            GroupStatus::NotFound
        ],
        "complete partial failed not_found",
    );
    check(
        words![Finding::LeftGroups, Finding::NoSuchObject, Finding::Unreadable],
        "left_groups no_such_object unreadable",
    );
    check(
        HeldReason::ALL.iter().map(|reason| serde_json::to_value(reason).unwrap()).collect(),
        "first_run mapping_changed group_emptied many_disabled many_in_a_day many_emails \
         many_emails_in_a_day",
    );
    check(
        words![RunResult::Applied, RunResult::Preview, RunResult::Held, RunResult::Rejected],
        "applied preview held rejected",
    );
}

#[test]
fn what_came_of_it() {
    let applied = Committed {
        result: RunResult::Applied,
        created: 1,
        updated: 2,
        disabled: 3,
        enabled: 4,
        unchanged: 5,
        failed: vec![PersonFault {
            guid: ANNA,
            code: "email.required".into(),
            message: "There is no email.".into(),
        }],
        held: None,
        waiting: None,
        code: None,
        message: None,
    };
    check(
        &applied,
        &expect![[r#"
        {
          "result": "applied",
          "created": 1,
          "updated": 2,
          "disabled": 3,
          "enabled": 4,
          "unchanged": 5,
          "failed": [
            {
              "guid": "01020304-0506-0708-090a-0b0c0d0e0f10",
              "code": "email.required",
              "message": "There is no email."
            }
          ]
        }"#]],
    );
    let held = Held { reason: HeldReason::ManyDisabled, count: 12 };
    let held = Committed {
        result: RunResult::Held,
        failed: vec![],
        held: Some(held),
        waiting: Some(Waiting { created: 0, updated: 1, disabled: 11, enabled: 0 }),
        ..applied.clone()
    };
    check(
        &held,
        &expect![[r#"
        {
          "result": "held",
          "created": 1,
          "updated": 2,
          "disabled": 3,
          "enabled": 4,
          "unchanged": 5,
          "failed": [],
          "held": {
            "reason": "many_disabled",
            "count": 12
          },
          "waiting": {
            "created": 0,
            "updated": 1,
            "disabled": 11,
            "enabled": 0
          }
        }"#]],
    );
    let rejected = Committed {
        result: RunResult::Rejected,
        failed: vec![],
        code: Some("group.not_found".into()),
        message: Some("A group is gone.".into()),
        ..applied
    };
    check(
        &rejected,
        &expect![[r#"
        {
          "result": "rejected",
          "created": 1,
          "updated": 2,
          "disabled": 3,
          "enabled": 4,
          "unchanged": 5,
          "failed": [],
          "code": "group.not_found",
          "message": "A group is gone."
        }"#]],
    );
    let abort = Abort { code: "ldap.timeout".into(), message: "No answer.".into() };
    line(&abort, r#"{"code":"ldap.timeout","message":"No answer."}"#);
}

#[test]
fn events_tokens_and_refusals() {
    let error = Event::Error {
        at: Timestamp(1_764_000_000_000),
        code: "ldap.wrong_password".into(),
        message: "The controller refuses the password.".into(),
    };
    check(
        &Events { events: vec![Event::Heartbeat, error] },
        &expect![[r#"
        {
          "events": [
            {
              "kind": "heartbeat"
            },
            {
              "kind": "error",
              "at": 1764000000000,
              "code": "ldap.wrong_password",
              "message": "The controller refuses the password."
            }
          ]
        }"#]],
    );
    line(&Rotated { token: Secret::new("mst_1") }, r#"{"token":"mst_1"}"#);
    let refusal = Refusal { code: "run.under_way".into(), message: "Another run is.".into() };
    line(&refusal, r#"{"code":"run.under_way","message":"Another run is."}"#);
}

#[test]
fn what_a_message_may_leave_out() {
    let json = r#"{"guid":"00000000-0000-0000-0000-0000000000a1","status":"complete","members":1}"#;
    let group: GroupSeen = serde_json::from_str(json).unwrap();
    assert_eq!(group.ignored, Ignored::default());
    let json = r#"{"email":"a@b.test","password":"x","directory":{"domain":"b.test",
        "domain_guid":"00000000-0000-0000-0000-0000000000a1","domain_sid":"S-1-5"}}"#;
    let enroll: Enroll = serde_json::from_str(json).unwrap();
    assert!(enroll.code.is_empty());
}

#[test]
fn the_digest_is_of_these_people_in_this_order() {
    let digest = |people: &[PersonSeen]| {
        let mut digest = PeopleDigest::new();
        for person in people {
            digest.add(person);
        }
        digest.finish()
    };
    let bea = PersonSeen { guid: SUPPORT, ..anna() };
    expect!["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
        .assert_eq(&digest(&[]));
    expect!["851e2592678f81fa9252382f9219b47440cb5f1f10d3bf320212dbae0adc0014"]
        .assert_eq(&digest(&[anna(), bea.clone()]));
    assert_ne!(digest(&[anna(), bea.clone()]), digest(&[bea, anna()]));
    assert_ne!(digest(&[anna()]), digest(&[PersonSeen { enabled: false, ..anna() }]));
    // What came over the wire has the digest of what was sent.
    let back: PersonSeen = serde_json::from_str(&serde_json::to_string(&anna()).unwrap()).unwrap();
    assert_eq!(digest(&[back]), digest(&[anna()]));
}
