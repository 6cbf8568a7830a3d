//! `OpenLDAP` with Active Directory's attributes and classes, and access lists of its own: a directory in which
//! nothing is found by GUID. It is refused; and even where it says that it is Active Directory, nobody is taken
//! for absent. These tests run where `MUSTER_TEST_SLAPD` is set; they need root and Debian's package `slapd`.

#[cfg(test)]
#[path = "played/muster.rs"]
mod muster;
#[cfg(test)]
#[path = "openldap/slapd.rs"]
mod slapd;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use directory_sync::clock;
    use directory_sync::configuration::{Configuration, Files, Kept, Setting};
    use directory_sync::connect;
    use directory_sync::directory::{Domain, Search, Snapshot, take};
    use directory_sync::failure::Failure;
    use directory_sync::ldap::search::{Found, Query, Values};
    use directory_sync::ldap::{Account, Connection, Controller};
    use directory_sync::run::Run;
    use directory_sync::server::{Server, Waits};
    use directory_sync::tls;
    use roster::directory::protocol::{DirectoryIdentity, GroupStatus, Mapping, Mode};
    use roster::id::GroupId;
    use roster::secret::Secret;

    use super::muster::{Muster, TOKEN};
    use super::slapd::{
        ANNA, DOMAIN, DOMAIN_GUID, EMPTY, GROUP, GROUP_GUID, PERSON_GUID, READER, SECRET, Slapd,
    };

    /// Rights that are taken away, each from the account that reads.
    const DENIED: [&str; 6] = ["", "member", "memberOf", "accountExpires", "a group", "a person"];

    fn identity() -> DirectoryIdentity {
        DirectoryIdentity {
            domain: "corp.example.com".into(),
            domain_guid: DOMAIN_GUID.parse().unwrap(),
            domain_sid: "S-1-5-21-1-2-3".into(),
        }
    }

    async fn connection(slapd: &Slapd) -> Connection {
        let account = Account::Named { user: READER.into(), password: Secret::new(SECRET) };
        let controller = Controller::parse(&slapd.address(), false).unwrap();
        let tls = tls::to_controllers(Some(&slapd.ca())).unwrap();
        let mut connection = Connection::open(&controller, &account, tls).await.unwrap();
        connection.sign_in(&account).await.unwrap();
        connection
    }

    /// A whole run, with a server that has Anna and somebody else from it.
    async fn run(slapd: &Slapd) -> (Failure, Arc<Muster>) {
        let folder = tempfile::tempdir().unwrap();
        let (muster, address) = Muster::start(identity(), GROUP_GUID.parse().unwrap()).await;
        *muster.managed.lock().unwrap() =
            vec![PERSON_GUID.parse().unwrap(), EMPTY.1.parse().unwrap()];
        let files = Files::new(folder.path().join("muster-sync.toml"));
        Configuration {
            server: format!("http://{address}"),
            domain: "corp.example.com".into(),
            controllers: vec![slapd.address()],
            start_tls: false,
            bind_user: Some(READER.into()),
            base: None,
            ca_file: Some(slapd.ca()),
        }
        .write(&files.configuration)
        .unwrap();
        files.keep_secret(Kept::Token, &Secret::new(TOKEN)).unwrap();
        files.keep_secret(Kept::BindPassword, &Secret::new(SECRET)).unwrap();
        let setting = Setting::read(files).unwrap();
        let trust = connect::trust(&setting.configuration).unwrap();
        let address = &setting.configuration.server;
        let waits = Waits::none(0, 0);
        let server = Server::new(address, setting.token.clone(), &trust.server, waits).unwrap();
        let (id, mode, tls) = (clock::run_id(), Mode::Apply, trust.controllers);
        let run = Run { id, mode, setting: &setting, server: &server, tls };
        (run.carry_out().await.unwrap_err(), muster)
    }

    #[tokio::test]
    async fn it_is_refused_before_anybody_signs_in() {
        let Some(slapd) = Slapd::start("", false).await else { return };
        let (failure, muster) = run(&slapd).await;
        assert_eq!(failure.code(), "directory.not_active_directory");
        assert!(failure.to_string().contains("such as OpenLDAP"), "{failure}");
        assert!(!slapd.log().contains(" BIND dn="), "{}", slapd.log());
        assert!(muster.told.lock().unwrap().begun.is_empty());
    }

    #[tokio::test]
    async fn whatever_may_not_be_read_nobody_is_absent_though_it_says_that_it_is_active_directory()
    {
        for denied in DENIED {
            let Some(slapd) = Slapd::start(denied, true).await else { return };
            let (failure, muster) = run(&slapd).await;
            assert_eq!(failure.code(), "ldap.search_failed", "{denied}");
            assert!(failure.to_string().contains("the group Support"), "{failure}");
            assert!(muster.told.lock().unwrap().commits.is_empty(), "{denied}");
        }
    }

    #[tokio::test]
    async fn a_name_that_it_cant_understand_is_nobody_who_is_gone() {
        let Some(slapd) = Slapd::start("", true).await else { return };
        let mut connection = connection(&slapd).await;
        let domain = Domain::read(&mut connection, "corp.example.com", None).await.unwrap();
        let mapping = Mapping {
            ad_group_guid: GROUP_GUID.parse().unwrap(),
            ad_group_name: "Support".into(),
            technician_group_id: GroupId(1),
        };
        let snapshot: Snapshot = take(&mut connection, &domain, &[mapping]).await;
        assert_eq!(snapshot.groups[0].status, GroupStatus::Failed);
        let mut search = Search::new(&mut connection, &domain, &snapshot);
        let found = search.look_for(PERSON_GUID.parse().unwrap(), Some(513)).await;
        assert_eq!(found.unwrap_err().code(), "ldap.search_failed");
    }

    /// On this the proof rests that something is empty.
    #[tokio::test]
    async fn a_filter_about_what_may_not_be_read_is_neither_true_nor_false() {
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
            let mut connection = connection(&slapd).await;
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
