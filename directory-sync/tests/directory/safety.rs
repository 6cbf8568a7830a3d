//! It must never disable the wrong people.

use super::muster::{DONE, FAILED, HELD, Muster, SOME_FAILED, Sync};
use super::samba::{self, BASE, Samba, disabled};

async fn people(samba: &mut Samba, count: usize) -> Vec<String> {
    let mut people = Vec::new();
    for number in 0..count {
        people
            .push(samba.technician(&format!("Person {number:02}"), &format!("p{number:02}")).await);
    }
    people
}

async fn mapped(samba: &mut Samba, muster: &Muster, people: &[String]) -> (String, Sync) {
    muster.group("Support");
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let support = samba.group("Support", &people).await;
    let sync = muster.sync(samba, &["Support=Support"]);
    assert_eq!(muster.enabled().len(), people.len());
    (support, sync)
}

#[test]
fn many_at_once_wait_and_the_others_go_on() {
    samba::test("safety::many_at_once_wait_and_the_others_go_on", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 12).await;
        let (support, sync) = mapped(&mut samba, &muster, &all).await;
        for person in &all[..6] {
            samba.leave(&support, person).await;
        }
        let late = samba.technician("Late", "late").await;
        samba.join(&support, &late).await;
        samba.replace(&all[11], "displayName", "Renamed").await;
        assert_eq!(sync.once(), HELD);
        assert_eq!(muster.enabled().len(), 13);
        assert_eq!(muster.technicians()["p11@corp.example.com"].name, "Renamed");
        // Dropped, they stay; asked again, they wait again.
        muster.decide("drop");
        assert_eq!(muster.enabled().len(), 13);
        assert_eq!(sync.once(), HELD);
        muster.decide("approve");
        assert_eq!(muster.enabled().len(), 7);
        assert_eq!(sync.once(), DONE);
    });
}

#[test]
fn disabling_the_people_of_an_emptied_group_waits() {
    samba::test(
        "safety::disabling_the_people_of_an_emptied_group_waits",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let all = people(&mut samba, 3).await;
            let (support, sync) = mapped(&mut samba, &muster, &all).await;
            samba.replace(&support, "member", "").await;
            assert_eq!(sync.once(), HELD);
            assert_eq!(muster.enabled().len(), 3);
        },
    );
}

#[test]
fn many_within_a_day_wait() {
    samba::test("safety::many_within_a_day_wait", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 20).await;
        let (_, sync) = mapped(&mut samba, &muster, &all).await;
        for person in &all[..4] {
            samba.replace(person, "userAccountControl", disabled(true)).await;
        }
        assert_eq!(sync.once(), DONE);
        assert_eq!(muster.enabled().len(), 16);
        samba.replace(&all[4], "userAccountControl", disabled(true)).await;
        // Five are few, however many are there.
        assert_eq!(sync.once(), DONE);
        samba.replace(&all[5], "userAccountControl", disabled(true)).await;
        assert_eq!(sync.once(), HELD);
        assert_eq!(muster.enabled().len(), 15);
    });
}

#[test]
fn unreadable_is_not_gone() {
    samba::test("safety::unreadable_is_not_gone", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 4).await;
        let (_, sync) = mapped(&mut samba, &muster, &all).await;
        samba.forbid(&all[0], "(D;;LCRPLO;;;AU)");
        samba.forbid(&all[1], "(OD;;RP;bf967a68-0de6-11d0-a285-00aa003049e2;;AU)");
        assert_eq!(sync.once(), SOME_FAILED);
        assert_eq!(muster.enabled().len(), 4);
        let (code, said) = sync.say(&["check"]);
        assert_eq!(code, FAILED);
        assert!(
            said.contains("may not read the status (userAccountControl) of 1 person"),
            "{said}"
        );
        assert!(said.contains("may not read “Person 00”"), "{said}");
    });
}

#[test]
fn empty_fields_are_named_and_nothing_else_happens() {
    samba::test(
        "safety::empty_fields_are_named_and_nothing_else_happens",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let all = people(&mut samba, 2).await;
            let (support, sync) = mapped(&mut samba, &muster, &all).await;
            let check = |expected: &str| {
                for command in [&["run", "--once"][..], &["preview"]] {
                    let (code, said) = sync.say(command);
                    assert_eq!(code, FAILED, "{said}");
                    assert!(said.contains(expected), "{said}");
                }
                assert_eq!(muster.enabled().len(), 2, "{expected}");
            };
            // The service's own account.
            let reader = format!("CN=reader,CN=Users,{BASE}");
            samba.replace(&reader, "userAccountControl", disabled(true)).await;
            check("ldap.account_disabled");
            samba.replace(&reader, "userAccountControl", disabled(false)).await;
            assert_eq!(sync.once(), DONE);
            // The search base: everybody would be absent.
            let renamed = samba.move_unit("OU=People", "OU=Folk").await;
            check("base.not_found");
            samba.move_unit(&renamed, "OU=People").await;
            assert_eq!(sync.once(), DONE);
            samba.delete(&support).await;
            check("“Support”");
            let (_, said) = sync.say(&["check"]);
            assert!(said.contains("group.not_found"), "{said}");
        },
    );
}

#[test]
fn the_commands_keep_their_contract() {
    samba::test("safety::the_commands_keep_their_contract", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 1).await;
        let (_, sync) = mapped(&mut samba, &muster, &all).await;
        assert_eq!(sync.say(&["check"]).0, DONE);
        assert_eq!(sync.say(&["preview"]).0, DONE);
        assert_eq!(sync.once(), DONE);
        let (code, said) = sync.say(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(code, DONE);
        assert_eq!(status["domain"], "corp.example.com");
        assert_eq!(status["last_run"]["result"], "applied");
        assert_eq!(sync.say(&["rotate-token"]).0, DONE);
        assert_eq!(sync.once(), DONE);
        // As root, which these tests are.
        let (code, said) = sync.say(&["run"]);
        assert!(code == FAILED && said.contains("config.root"), "{said}");
        assert_eq!(sync.say(&["nonsense"]).0, FAILED);
    });
}

/// Denies an attribute of an object to everybody who is signed in.
fn hide(samba: &Samba, dn: &str, attribute: &str) {
    samba.forbid(dn, &format!("(OD;;RP;{attribute};;AU)"));
}

const MEMBER: &str = "bf9679c0-0de6-11d0-a285-00aa003049e2";
const MEMBER_OF: &str = "bf967991-0de6-11d0-a285-00aa003049e2";
const ACCOUNT_EXPIRES: &str = "bf967915-0de6-11d0-a285-00aa003049e2";
const PRIMARY_GROUP: &str = "bf967a00-0de6-11d0-a285-00aa003049e2";

/// Ivo in Inner, Inner in Outer, Outer in Support; Anna in Support; all of them technicians.
struct Nested {
    ivo: String,
    inner: String,
    outer: String,
    sync: Sync,
}

async fn nested(samba: &mut Samba, muster: &Muster) -> Nested {
    let anna = samba.technician("Anna", "anna").await;
    let ivo = samba.technician("Ivo", "ivo").await;
    let inner = samba.group("Inner", &[&ivo]).await;
    let outer = samba.group("Outer", &[&inner]).await;
    muster.group("Support");
    samba.group("Support", &[&anna, &outer]).await;
    let sync = muster.sync(samba, &["Support=Support"]);
    assert_eq!(muster.enabled().len(), 2);
    Nested { ivo, inner, outer, sync }
}

#[test]
fn unreadable_members_are_not_gone_at_any_depth() {
    samba::test(
        "safety::unreadable_members_are_not_gone_at_any_depth",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let Nested { ivo, inner, outer, sync } = nested(&mut samba, &muster).await;
            hide(&samba, &outer, MEMBER);
            assert_eq!(sync.once(), SOME_FAILED);
            assert_eq!(muster.enabled().len(), 2);
            let (code, said) = sync.say(&["check"]);
            assert_eq!(code, FAILED, "{said}");
            assert!(said.contains("the AD group “Outer”, a group in “Support”"), "{said}");
            // Nor where the person's own word can't be read either.
            hide(&samba, &ivo, MEMBER_OF);
            hide(&samba, &inner, MEMBER);
            assert_eq!(sync.once(), SOME_FAILED);
            assert_eq!(muster.enabled().len(), 2);
        },
    );
}

#[test]
fn people_of_an_unreadable_group_stay() {
    samba::test("safety::people_of_an_unreadable_group_stay", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let Nested { inner, sync, .. } = nested(&mut samba, &muster).await;
        samba.forbid(&inner, "(D;;LCRPLO;;;AU)");
        assert_eq!(sync.once(), SOME_FAILED);
        assert_eq!(muster.enabled().len(), 2);
        let (code, said) = sync.say(&["check"]);
        assert_eq!(code, FAILED, "{said}");
        assert!(said.contains("Inner"), "{said}");
    });
}

#[test]
fn an_unreadable_attribute_is_not_an_empty_one() {
    samba::test("safety::an_unreadable_attribute_is_not_an_empty_one", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 3).await;
        let (support, sync) = mapped(&mut samba, &muster, &all).await;
        // Expired, and then that can't be read: nobody comes back.
        samba.replace(&all[0], "accountExpires", "116444736000000000").await;
        assert_eq!(sync.once(), DONE);
        assert_eq!(muster.enabled().len(), 2);
        hide(&samba, &all[0], ACCOUNT_EXPIRES);
        assert_eq!(sync.once(), SOME_FAILED);
        assert_eq!(muster.enabled().len(), 2);
        // Belongs by the primary group alone, and that can't be read.
        let rid = samba.rid(&support).await;
        samba.replace(&all[1], "primaryGroupID", &rid).await;
        assert_eq!(sync.once(), SOME_FAILED);
        assert_eq!(muster.enabled().len(), 2);
        hide(&samba, &all[1], PRIMARY_GROUP);
        assert_eq!(sync.once(), SOME_FAILED);
        assert_eq!(muster.enabled().len(), 2);
    });
}

#[test]
fn many_people_who_come_back_wait() {
    samba::test("safety::many_people_who_come_back_wait", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 4).await;
        let (support, sync) = mapped(&mut samba, &muster, &all).await;
        hide(&samba, &support, MEMBER);
        assert_eq!(sync.once(), SOME_FAILED);
        samba.forbid(&support, &format!("(OA;;RP;{MEMBER};;AU)"));
        samba.replace(&support, "member", "").await;
        assert_eq!(sync.once(), HELD);
        assert_eq!(muster.enabled().len(), 4);
    });
}

#[test]
fn a_hidden_person_is_not_deleted() {
    samba::test("safety::a_hidden_person_is_not_deleted", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let all = people(&mut samba, 4).await;
        let (support, sync) = mapped(&mut samba, &muster, &all).await;
        let rid = samba.rid(&support).await;
        for person in &all[..2] {
            samba.replace(person, "primaryGroupID", &rid).await;
        }
        assert_eq!(sync.once(), DONE);
        let vault = format!("OU=Vault,OU=People,{BASE}");
        samba.add(&vault, &[("objectClass", &["organizationalUnit"])]).await;
        // One belongs by the primary group alone, the other one is named by the group.
        for (number, place) in [(0, "CN=Person 00"), (2, "CN=Person 02")] {
            samba.move_to(&all[number], place, "OU=Vault,OU=People").await;
        }
        samba.forbid(&vault, "(D;CI;LCRPLO;;;AU)");
        // The primary group of before names who has another one since.
        let (code, said) = sync.say(&["run", "--once"]);
        assert_eq!((code, muster.enabled().len()), (SOME_FAILED, 4), "{said}");
        assert!(!said.contains("can't find"), "{said}");
        let users = format!("CN=Domain Users,CN=Users,{BASE}");
        samba.leave(&users, "CN=Person 00,OU=Vault,OU=People,DC=corp,DC=example,DC=com").await;
        let (code, said) = sync.say(&["run", "--once"]);
        assert_eq!((code, muster.enabled().len()), (SOME_FAILED, 4), "{said}");
        assert!(
            said.contains("Technicians whose objects reader@corp.example.com can't find: 1 ("),
            "{said}"
        );
        assert!(said.contains("“Person 00” can’t be read"), "{said}");
        // Deletion is known of whom the group named, not of whose primary group it was.
        samba.delete(&all[3]).await;
        samba.delete(&all[1]).await;
        let (code, said) = sync.say(&["run", "--once"]);
        assert_eq!((code, muster.enabled().len()), (SOME_FAILED, 3), "{said}");
        assert!(said.contains("can't find: 2 ("), "{said}");
    });
}
