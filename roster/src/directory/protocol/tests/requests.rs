//! What the service asks and sends.

use expect_test::expect;

use super::*;

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
