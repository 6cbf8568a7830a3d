//! The sentences of faults and refusals.

use super::world::{SALES, World, holder, person};
use crate::account::Role;
use crate::directory::plan::{ExistingEmail, FaultCode, Reason, Rejected, received};
use crate::directory::protocol::{Commit, Finding, PersonSeen, Read};

#[test]
fn each_fault_in_a_sentence() {
    let mut world = World::in_step(3);
    world.people.extend((4..=14).map(person));
    world.seen(1).read = Read::Unreadable;
    world.there(2).role = Role::Master;
    world.disable(2);
    world.gone(3, Finding::Unreadable);
    world.seen(4).name = String::new();
    world.seen(5).name = "x".repeat(129);
    world.seen(6).email = String::new();
    world.seen(7).email = "p7.x.test".into();
    world.seen(8).email = "p9@x.test".into();
    world.known.holders.extend([holder(50, "p10@x.test"), holder(51, "p11@x.test")]);
    world.known.holders[1].role = Role::Administrator;
    world.seen(12).email = "p3@x.test".into();
    world.seen(13).email = format!("p13@{}.test", "x".repeat(300));
    world.known.mappings[0].group = None;
    let faults = world.plan().unwrap().failed;
    let lines: Vec<String> =
        faults.iter().map(|fault| format!("{}: {}\n", fault.code, fault.message)).collect();
    expect_test::expect![[r"
        person.unreadable: “Person 1” can’t be read in the directory: hidden, or deleted where the account that the service reads with may not see that. Nothing was changed; give that account the right to read them.
        account.administrator: “Person 2”: disabled in the directory. The account is an administrator’s by now, and those are changed by hand alone.
        person.unreadable: “Person 3” can’t be read in the directory: hidden, or deleted where the account that the service reads with may not see that. Nothing was changed; give that account the right to read them.
        name.required: There is no name in the directory for “p4@x.test”; it is required.
        name.too_long: The name “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” has 129 characters; 128 is the most.
        email.required: There is no email in the directory for “Person 6”; it is required.
        email.invalid: “p7.x.test” is not an email address: it has no @; an address looks like anna@example.com.
        email.duplicate_in_source: Several people of the directory have the email “p9@x.test”. One email is one person.
        email.duplicate_in_source: Several people of the directory have the email “p9@x.test”. One email is one person.
        email.ask: The account of “Hand 50” was made by hand and has the email “p10@x.test”. Say whether it is the same person.
        email.administrator: “p11@x.test” is the email of the administrator “Hand 51”. An administrator’s account is never taken over.
        email.in_use: “p3@x.test” is the email of another account, of “Person 3”.
        email.too_long: “p13@xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is not an email address: it has 309 bytes; 254 is the most.
        group.unknown: The Technician Group to which “Support” is mapped is gone. Map it to another one.
    "]].assert_eq(&lines.concat());
}

#[test]
fn unreadable_members_and_the_people_they_hold_up_in_a_sentence() {
    let mut world = World::in_step(1);
    world.people.push(PersonSeen { read: Read::Unreadable, ..person(2) });
    world.people.push(PersonSeen { group_guids: vec![SALES], ..person(3) });
    let faults = world.plan().unwrap().failed;
    let lines: Vec<String> =
        faults.iter().map(|fault| format!("{}: {}\n", fault.code, fault.message)).collect();
    expect_test::expect![[r"
        member.unknown: “Person 2”, a member of “Support”, can’t be read in the directory: it may be a person, or a group with people in it. Nobody of this directory counts as absent until the account that the service reads with may read it.
        group.uncertain: “Person 3” is new in “Sales” and was not created: they may also be a member of “Support”, which counts before it and could not be read completely.
    "]].assert_eq(&lines.concat());
}

#[test]
fn each_refusal_in_a_sentence() {
    let rejected = [
        Rejected::NothingMapped,
        Rejected::GroupGone(vec!["Support".into(), "Sales".into()]),
        Rejected::Contradiction(super::world::guid(1)),
        Rejected::Miscounted { name: "Support".into(), members: 5, sent: 3 },
        Rejected::Missing { what: "people", said: 2000, here: 1000 },
        Rejected::Digest,
    ];
    let lines: Vec<String> = rejected.iter().map(|it| format!("{}: {it}\n", it.code())).collect();
    expect_test::expect![[r"
        mapping.none: No AD group is mapped to a Technician Group. Nothing was changed.
        group.not_found: No mapped AD group is in the directory any more: “Support”, “Sales”. Nothing was changed. Map another group, or remove the mappings.
        run.contradiction: The run contradicts itself about 00000000-0000-0000-0000-000000000001. Nothing was changed. The next run reads everything again.
        run.miscounted: The run counted 5 people in the AD group “Support”, but 3 were sent. Nothing was changed. The next run reads everything again.
        run.incomplete: 2000 people were sent, but 1000 arrived. Nothing was changed. The next run sends everything again.
        run.digest: The people that arrived differ from those that were sent: the digests don’t match. Nothing was changed. The next run sends everything again.
    "]].assert_eq(&lines.concat());
}

#[test]
fn a_run_is_rejected_unless_all_that_was_sent_arrived() {
    let commit =
        Commit { batches: 2, people: 3, digest: "ab".into(), groups: vec![], absent: vec![] };
    let check = |batches, people, digest, expected: Option<&str>| {
        let found = received(&commit, batches, people, digest).err();
        assert_eq!(found.map(|rejected| rejected.code()), expected);
    };
    check(2, 3, "ab", None);
    check(1, 3, "ab", Some("run.incomplete"));
    check(2, 2, "ab", Some("run.incomplete"));
    check(2, 3, "ac", Some("run.digest"));
}

#[test]
fn every_word_is_read_back_as_itself() {
    fn check<T>(all: &[T], word: impl Fn(&T) -> &'static str)
    where
        T: std::str::FromStr + PartialEq + std::fmt::Debug + serde::Serialize,
        T::Err: std::fmt::Debug,
    {
        for value in all {
            assert_eq!(&word(value).parse::<T>().unwrap(), value);
            assert_eq!(serde_json::to_value(value).unwrap(), word(value));
        }
    }
    check(Reason::ALL, |it| it.as_str());
    check(FaultCode::ALL, |it| it.as_str());
    check(ExistingEmail::ALL, |it| it.as_str());
    assert!("nothing".parse::<Reason>().is_err());
}
