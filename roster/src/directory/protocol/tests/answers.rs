//! What the service is answered.

use expect_test::expect;

use super::*;

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
