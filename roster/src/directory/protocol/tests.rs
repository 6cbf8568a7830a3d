//! The messages as they travel: who changes one sees here what the other side gets. What the service
//! asks and sends is in `requests`, what it is answered in `answers`.

mod answers;
mod requests;

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
         many_emails_in_a_day many_enabled many_enabled_in_a_day",
    );
    check(
        words![RunResult::Applied, RunResult::Preview, RunResult::Held, RunResult::Rejected],
        "applied preview held rejected",
    );
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
