//! `OpenLDAP` with Active Directory's attributes and classes, and access lists of its own: a directory in which
//! nothing is found by GUID. It is refused; and even where it says that it is Active Directory, nobody is taken
//! for absent. These tests run where `MUSTER_TEST_SLAPD` is set; they need root and Debian's package `slapd`.

#[cfg(test)]
#[path = "openldap/slapd.rs"]
mod slapd;

#[cfg(test)]
mod tests {
    use directory_sync::configuration::Configuration;
    use directory_sync::connect;
    use directory_sync::directory::{Domain, Search, take};
    use directory_sync::failure::Result;
    use directory_sync::ldap::search::{Found, Query, Values};
    use directory_sync::ldap::{Account, Connection};
    use directory_sync::tls;
    use roster::directory::protocol::{GroupStatus, Mapping};
    use roster::id::GroupId;
    use roster::secret::Secret;

    use super::slapd::{
        ANNA, DOMAIN, EMPTY, GROUP, GROUP_GUID, PERSON_GUID, READER, SECRET, Slapd,
    };

    /// Rights that are taken away, each from the account that reads.
    const DENIED: [&str; 6] = ["", "member", "memberOf", "accountExpires", "a group", "a person"];

    async fn connected(slapd: &Slapd) -> Result<(Connection, Domain)> {
        let configuration = Configuration {
            server: "https://muster.example.com".into(),
            domain: "corp.example.com".into(),
            controllers: vec![slapd.address()],
            start_tls: false,
            bind_user: Some(READER.into()),
            base: None,
            ca_file: Some(slapd.ca()),
        };
        let account = Account::Named { user: READER.into(), password: Secret::new(SECRET) };
        let tls = tls::to_controllers(Some(&slapd.ca())).unwrap();
        connect::to_directory(&configuration, &account, &tls).await
    }

    #[tokio::test]
    async fn openldap_is_refused_before_the_sign_in() {
        let Some(slapd) = Slapd::start("", false).await else { return };
        let Err(failure) = connected(&slapd).await else { panic!("it is taken") };
        assert_eq!(failure.code(), "directory.not_active_directory");
        assert!(failure.to_string().contains("such as OpenLDAP"), "{failure}");
        assert!(!slapd.log().contains(" BIND dn="), "{}", slapd.log());
    }

    #[tokio::test]
    async fn openldap_posing_as_active_directory_makes_nobody_absent() {
        for denied in DENIED {
            let Some(slapd) = Slapd::start(denied, true).await else { return };
            let (mut connection, domain) = connected(&slapd).await.unwrap();
            let mapping = Mapping {
                ad_group_guid: GROUP_GUID.parse().unwrap(),
                ad_group_name: "Support".into(),
                technician_group_id: GroupId(1),
            };
            let snapshot = take(&mut connection, &domain, &[mapping]).await;
            assert_eq!(snapshot.groups[0].status, GroupStatus::Failed, "{denied}");
            let failure = &snapshot.failures[0];
            assert_eq!(failure.code(), "ldap.search_failed", "{denied}");
            assert!(failure.to_string().contains("the group Support"), "{failure}");
            // A name that it can't understand is nobody's who isn't there.
            let mut search = Search::new(&mut connection, &domain, &snapshot);
            for person in [PERSON_GUID, EMPTY.1] {
                let found = search.look_for(person.parse().unwrap(), Some(513)).await;
                assert_eq!(found.unwrap_err().code(), "ldap.search_failed", "{denied}");
            }
        }
    }

    /// On this the proof rests that something is empty.
    #[tokio::test]
    async fn a_filter_on_an_unreadable_attribute_is_undefined() {
        for (denied, dn, filter, expected) in [
            ("", GROUP, "(member=*)", "there"),
            ("", GROUP, "(!(member=*))", "nothing"),
            ("", EMPTY.0, "(!(member=*))", "there"),
            ("member", GROUP, "(member=*)", "nothing"),
            ("member", GROUP, "(!(member=*))", "nothing"),
            ("member", EMPTY.0, "(!(member=*))", "nothing"),
            ("memberOf", ANNA, "(!(memberOf=*))", "nothing"),
            ("accountExpires", ANNA, "(!(accountExpires=*))", "nothing"),
            ("a group", GROUP, "(objectClass=*)", "no such object"),
            ("a person", ANNA, "(objectClass=*)", "no such object"),
        ] {
            let Some(slapd) = Slapd::start(denied, true).await else { return };
            let (mut connection, _) = connected(&slapd).await.unwrap();
            let query = Query { what: "it", base: dn, filter, attributes: &["1.1"] };
            let found = match connection.read(query, Values::Plain).await.unwrap() {
                Found::Entry(_) => "there",
                Found::Hidden => "nothing",
                Found::NoSuchObject => "no such object",
                Found::Elsewhere => "elsewhere",
            };
            assert_eq!(found, expected, "{denied}: {filter} of {dn} below {DOMAIN}");
        }
    }
}
