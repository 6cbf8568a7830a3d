//! The reading half: who is in the mapped groups, what is known of them, and who has gone.

use directory_sync::directory::{
    Domain, Progress, Root, Search, Snapshot, Whereabouts, group, take,
};
use directory_sync::failure::Failure;
use directory_sync::ldap::{Account, Connection};
use directory_sync::tls;
use roster::directory::protocol::{
    DisabledReason, GroupStatus, Guid, Ignored, Mapping, PersonSeen, Read,
};
use roster::id::GroupId;
use roster::secret::Secret;

use super::samba::{self, BASE, DOMAIN, HOST, NEVER, Person, Samba, controller, disabled};

async fn domain(connection: &mut Connection) -> Domain {
    Domain::read(connection, DOMAIN, Some(&format!("OU=People,{BASE}"))).await.unwrap()
}

async fn snapshot(samba: &mut Samba, groups: &[&str]) -> Snapshot {
    let mut mappings = Vec::new();
    for group in groups {
        mappings.push(Mapping {
            ad_group_guid: samba.guid(group).await,
            ad_group_name: (*group).to_owned(),
            technician_group_id: GroupId(1),
        });
    }
    let mut connection = samba.connection().await;
    let domain = domain(&mut connection).await;
    take(&mut connection, &domain, &mappings).await
}

fn names(snapshot: &Snapshot) -> Vec<&str> {
    let mut names: Vec<&str> = snapshot.people.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn seen(snapshot: &Snapshot, guid: Guid) -> &PersonSeen {
    snapshot.people.iter().find(|it| it.guid == guid).unwrap()
}

#[test]
fn members_are_direct_nested_and_by_primary_group() {
    samba::test(
        "reading::members_are_direct_nested_and_by_primary_group",
        async |mut samba: Samba| {
            let anna = samba.technician("Anna", "anna").await;
            let ben = samba.technician("Ben", "ben").await;
            let carl = samba.technician("Carl", "carl").await;
            let dora = samba.technician("Dora", "dora").await;
            samba.technician("Nobody", "nobody").await;
            let inner = samba.group("Inner", &[&ben]).await;
            let support = samba.group("Support", &[&anna, &inner]).await;
            // A ring of groups, and somebody who is in it twice.
            samba.join(&inner, &support).await;
            samba.join(&inner, &anna).await;
            // Carl's primary group is one in which he isn't listed.
            samba.join(&inner, &carl).await;
            let rid = samba.rid(&inner).await;
            samba.replace(&carl, "primaryGroupID", &rid).await;
            let other = samba.group("Other", &[&dora, &anna]).await;
            let computer = format!("CN=PC1,CN=Computers,{BASE}");
            samba
                .add(
                    &computer,
                    &[
                        ("objectClass", &["computer"]),
                        ("sAMAccountName", &["PC1$"]),
                        ("userAccountControl", &["4096"]),
                    ],
                )
                .await;
            let contact = format!("CN=Contact,OU=People,{BASE}");
            samba.add(&contact, &[("objectClass", &["contact"])]).await;
            samba.join(&support, &computer).await;
            samba.join(&support, &contact).await;
            // An account outside of the search base.
            let outside = format!("CN=Out,OU=Elsewhere,{BASE}");
            samba.person(&outside, Person::named("out")).await;
            samba.join(&support, &outside).await;

            let found = snapshot(&mut samba, &[&support, &other]).await;
            assert_eq!(names(&found), ["Anna", "Ben", "Carl", "Dora"]);
            assert!(found.is_complete() && found.failures.is_empty());
            assert_eq!(found.groups[0].members, 3);
            assert_eq!(
                found.groups[0].ignored,
                Ignored { computers: 1, contacts: 1, ..Ignored::default() }
            );
            let both = [samba.guid(&support).await, samba.guid(&other).await];
            let anna = samba.guid(&anna).await;
            assert_eq!(seen(&found, anna).group_guids, both);
            assert_eq!(seen(&found, anna).email, "anna@corp.example.com");
        },
    );
}

#[test]
fn status_is_disabled_or_expired_by_the_controllers_clock() {
    samba::test(
        "reading::status_is_disabled_or_expired_by_the_controllers_clock",
        async |mut samba: Samba| {
            let anna = samba.technician("Anna", "anna").await;
            let support = samba.group("Support", &[&anna]).await;
            let guid = samba.guid(&anna).await;
            for (attribute, value, expected) in [
                ("userAccountControl", disabled(true), Some(DisabledReason::Disabled)),
                ("userAccountControl", disabled(false), None),
                // 2023-01-01, 2222, never and never.
                ("accountExpires", "133170048000000000", Some(DisabledReason::Expired)),
                ("accountExpires", "195974208000000000", None),
                ("accountExpires", "0", None),
                ("accountExpires", NEVER, None),
                // An expired password passes.
                ("pwdLastSet", "0", None),
            ] {
                samba.replace(&anna, attribute, value).await;
                let found = snapshot(&mut samba, &[&support]).await;
                let person = seen(&found, guid);
                assert_eq!(
                    (person.reason, person.enabled),
                    (expected, expected.is_none()),
                    "{attribute} {value}"
                );
            }
        },
    );
}

#[test]
fn a_name_with_any_characters_is_read_and_found() {
    samba::test(
        "reading::a_name_with_any_characters_is_read_and_found",
        async |mut samba: Samba| {
            let odd = [
                "Meier, Anna",
                "a+b",
                "say \"hi\"",
                "back\\slash",
                "<angle>",
                "semi;colon",
                "#hash",
                "a=b",
                "(paren) *star*",
                "Jürgen Groß",
                "Zoë 🎧",
                "李小龍",
                "with/slash",
            ];
            let mut people = Vec::new();
            for (place, name) in odd.iter().enumerate() {
                people.push(samba.technician(name, &format!("odd{place}")).await);
            }
            let people: Vec<&str> = people.iter().map(String::as_str).collect();
            let mut groups = Vec::new();
            for name in ["Support, Tier 1 (day) *", "Über 🎧 #1", "a\\b"] {
                groups.push((name, samba.group(name, &people).await));
            }
            let mut sorted = odd.to_vec();
            sorted.sort_unstable();
            let mut connection = samba.connection().await;
            let own = domain(&mut connection).await;
            for (name, dn) in groups {
                let found = group::exactly(&mut connection, &own, name).await.unwrap();
                assert_eq!(found.guid, samba.guid(&dn).await, "{name}");
                assert_eq!(
                    group::exactly(&mut connection, &own, &dn).await.unwrap().guid,
                    found.guid
                );
                let found = snapshot(&mut samba, &[&dn]).await;
                assert_eq!(names(&found), sorted);
            }
            assert_eq!(group::search(&mut connection, &own, "(day").await.unwrap().len(), 1);
            let missing = group::exactly(&mut connection, &own, "*").await.unwrap_err();
            assert_eq!(missing.code(), "group.not_found");
        },
    );
}

#[test]
fn a_name_is_the_displayed_one_and_an_email_is_mail_alone() {
    samba::test(
        "reading::a_name_is_the_displayed_one_and_an_email_is_mail_alone",
        async |mut samba: Samba| {
            let plain = format!("CN=Plain Name,OU=People,{BASE}");
            samba.person(&plain, Person::named("plain")).await;
            let support = samba.group("Support", &[&plain]).await;
            let guid = samba.guid(&plain).await;
            let found = snapshot(&mut samba, &[&support]).await;
            assert_eq!(
                (seen(&found, guid).name.as_str(), seen(&found, guid).email.as_str()),
                ("Plain Name", "")
            );
            samba.replace(&plain, "displayName", "Shown").await;
            let renamed = samba.move_to(&plain, "CN=Renamed", "OU=People").await;
            samba.replace(&renamed, "mail", "shown@corp.example.com").await;
            let found = snapshot(&mut samba, &[&support]).await;
            assert_eq!(
                (seen(&found, guid).name.as_str(), seen(&found, guid).email.as_str()),
                ("Shown", "shown@corp.example.com")
            );
        },
    );
}

#[test]
fn absence_is_only_what_is_gone_or_readable_and_elsewhere() {
    samba::test(
        "reading::absence_is_only_what_is_gone_or_readable_and_elsewhere",
        async |mut samba: Samba| {
            let mut people = Vec::new();
            for name in ["deleted", "left", "moved", "stays", "hidden", "half"] {
                people.push(samba.technician(name, name).await);
            }
            let all: Vec<&str> = people.iter().map(String::as_str).collect();
            let support = samba.group("Support", &all).await;
            let mut guids = Vec::new();
            for person in &people {
                guids.push(samba.guid(person).await);
            }
            let [deleted, left, moved, _, hidden, half] = people.try_into().unwrap();
            samba.delete(&deleted).await;
            samba.leave(&support, &left).await;
            samba.move_to(&moved, "CN=moved", "OU=Elsewhere").await;
            // Nothing of the one may be seen, of the other all but the status.
            samba.forbid(&hidden, "(D;;LCRPLO;;;AU)");
            samba.forbid(&half, "(OD;;RP;bf967a68-0de6-11d0-a285-00aa003049e2;;AU)");

            let found = snapshot(&mut samba, &[&support]).await;
            assert_eq!(found.groups[0].status, GroupStatus::Complete);
            let read = |place: usize| {
                found.people.iter().find(|it| it.guid == guids[place]).map(|it| it.read)
            };
            let expected =
                [None, None, None, Some(Read::Ok), Some(Read::Unreadable), Some(Read::Unreadable)];
            assert_eq!([0, 1, 2, 3, 4, 5].map(read), expected);

            assert_eq!(found.primaries.get(&guids[3]), Some(&513));

            let mut connection = samba.connection().await;
            let own = domain(&mut connection).await;
            let mut search = Search::new(&mut connection, &own, &found);
            for (place, primary, expected) in [
                // By `member` alone, where deletion leaves no trace and hiding does.
                (0, Some(513), Whereabouts::Deleted),
                (0, None, Whereabouts::GoneOrHidden),
                (1, Some(513), Whereabouts::Left),
                (2, None, Whereabouts::Left),
                // Still a member, whatever made somebody ask.
                (3, Some(513), Whereabouts::Unreadable),
                (4, Some(513), Whereabouts::Unreadable),
                (5, Some(513), Whereabouts::Unreadable),
            ] {
                let found = search.look_for(guids[place], primary).await.unwrap();
                assert_eq!(found, expected, "{place} {primary:?}");
            }
        },
    );
}

#[test]
fn a_group_that_is_gone_is_reported_and_makes_nobody_absent() {
    samba::test(
        "reading::a_group_that_is_gone_is_reported_and_makes_nobody_absent",
        async |mut samba: Samba| {
            let anna = samba.technician("Anna", "anna").await;
            let support = samba.group("Support", &[&anna]).await;
            let mapping = Mapping {
                ad_group_guid: samba.guid(&support).await,
                ad_group_name: "Support".into(),
                technician_group_id: GroupId(1),
            };
            samba.delete(&support).await;
            let mut connection = samba.connection().await;
            let own = domain(&mut connection).await;
            let found = take(&mut connection, &own, &[mapping]).await;
            assert_eq!(found.groups[0].status, GroupStatus::NotFound);
            assert_eq!(found.failures, [Failure::GroupNotFound { group: "Support".into() }]);
            assert!(!found.is_complete());
        },
    );
}

#[test]
fn many_members_come_in_ranges_and_pages() {
    samba::test("reading::many_members_come_in_ranges_and_pages", async |mut samba: Samba| {
        let support = samba.group("Support", &[]).await;
        samba.crowd(&support, 1_100);
        let found = snapshot(&mut samba, &[&support]).await;
        assert_eq!(found.people.len(), 1_100);
        assert!(found.is_complete());
    });
}

#[test]
fn a_sign_in_needs_a_valid_certificate_and_the_right_password() {
    samba::test(
        "reading::a_sign_in_needs_a_valid_certificate_and_the_right_password",
        async |samba: Samba| {
            let open = async |host: &str, password: &str, known: bool| {
                let tls = if known { samba.tls() } else { tls::to_controllers(None).unwrap() };
                let user = Samba::reader().user().to_owned();
                let account = Account::Named { user, password: Secret::new(password) };
                let opened = Connection::open(&controller(host), &account, tls).await;
                let mut connection = match opened {
                    Ok(connection) => connection,
                    Err(failure) => return failure.code(),
                };
                // Anybody may read so much.
                Root::read(&mut connection, DOMAIN).await.unwrap();
                match connection.sign_in(&account).await {
                    Ok(()) => {
                        connection.close().await;
                        "ok"
                    }
                    Err(failure) => failure.code(),
                }
            };
            for (host, password, known, expected) in [
                ("localhost", samba::PASSWORD, true, "ok"),
                // StartTLS.
                ("localhost:389", samba::PASSWORD, true, "ok"),
                ("127.0.0.1", samba::PASSWORD, true, "ok"),
                ("localhost", samba::PASSWORD, false, "ldap.certificate"),
                ("localhost:389", samba::PASSWORD, false, "ldap.certificate"),
                ("127.0.0.2", samba::PASSWORD, true, "ldap.unreachable"),
                ("localhost", "wrong", true, "ldap.wrong_password"),
                ("localhost", "", true, "ldap.empty_password"),
                ("localhost:1", samba::PASSWORD, true, "ldap.unreachable"),
            ] {
                assert_eq!(open(host, password, known).await, expected, "{host} {password}");
            }
        },
    );
}

#[test]
fn a_controller_tells_its_replication_state() {
    samba::test("reading::a_controller_tells_its_replication_state", async |mut samba: Samba| {
        let mut connection = samba.connection().await;
        let own = domain(&mut connection).await;
        let before = Progress::read(&mut connection, &own, &mut Progress::default()).await.unwrap();
        samba.technician("Anna", "anna").await;
        let after = Progress::read(&mut connection, &own, &mut Progress::default()).await.unwrap();
        assert!(after.includes(&before) && !before.includes(&after), "{before:?} {after:?}");
        // By its own identity, not its name.
        assert!(!format!("{after:?}").contains("dc1"), "{after:?}");
    });
}

#[test]
fn the_directory_tells_its_identity() {
    samba::test("reading::the_directory_tells_its_identity", async |samba: Samba| {
        let mut connection = samba.connection().await;
        let own = domain(&mut connection).await;
        assert_eq!(
            (own.identity.domain.as_str(), own.controller.to_lowercase().as_str()),
            (DOMAIN, HOST)
        );
        assert!(own.identity.domain_sid.starts_with("S-1-5-21-"));
        let other = Domain::read(&mut connection, "other.example.com", None).await.unwrap_err();
        assert_eq!(other.code(), "directory.other_domain");
        for base in ["OU=Missing,DC=corp,DC=example,DC=com", "nonsense"] {
            let missing = Domain::read(&mut connection, DOMAIN, Some(base)).await.unwrap_err();
            assert_eq!(missing.code(), "base.not_found", "{base}");
        }
    });
}
