//! What `cargo xtask bench directory` measures with a real controller, a line of JSON for each; nothing
//! where `MUSTER_TEST_FIGURES` isn't set.

use std::process::{Command, Stdio};
use std::time::Instant;

use directory_sync::directory::{Domain, take};
use roster::directory::protocol::Mapping;
use roster::id::GroupId;
use serde_json::json;

use super::accounts::{CHOSEN, DEFAULT, EMAIL};
use super::browser::Browser;
use super::muster::{DONE, Muster};
use super::samba::{self, BASE, DOMAIN, PASSWORD, Samba, disabled, variable};

const PEOPLE: usize = 3_000;
const TIMES: usize = 5;

#[expect(clippy::disallowed_methods, reason = "what is measured is time")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn reading_beside_ldapsearch() {
    if variable("MUSTER_TEST_FIGURES").is_none() {
        return;
    }
    samba::test("figures::reading_beside_ldapsearch", async |mut samba: Samba| {
        let group = samba.group("Support", &[]).await;
        samba.crowd(&group, PEOPLE);
        let (mut own, mut other) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let begun = now();
            assert_eq!(read(&mut samba, &group).await, PEOPLE);
            own.push(begun.elapsed());
            let begun = now();
            ldapsearch(&samba, &group, &["-s", "base"], "member");
            ldapsearch(
                &samba,
                &format!("OU=People,{BASE}"),
                &["-E", "pr=500/noprompt"],
                "objectClass objectGUID objectSid displayName cn name mail userAccountControl \
                 accountExpires",
            );
            other.push(begun.elapsed());
        }
        let [own, other] = [own, other].map(|mut all| {
            all.sort_unstable();
            all[TIMES / 2].as_secs_f64()
        });
        println!("{}", json!({ "name": "reading", "value": own, "ldapsearch": other }));
    });
}

async fn read(samba: &mut Samba, group: &str) -> usize {
    let mapping = Mapping {
        ad_group_guid: samba.guid(group).await,
        ad_group_name: "Support".to_owned(),
        technician_group_id: GroupId(1),
    };
    let mut connection = samba.connection().await;
    let domain = Domain::read(&mut connection, DOMAIN, None).await.unwrap();
    let found = take(&mut connection, &domain, &[mapping]).await;
    assert!(found.is_complete(), "{:?}", found.failures);
    found.people.len()
}

fn ldapsearch(samba: &Samba, base: &str, more: &[&str], attributes: &str) {
    let status = Command::new("ldapsearch")
        .env("LDAPTLS_CACERT", samba.ca())
        .args(["-LLL", "-x", "-H", "ldaps://127.0.0.1", "-D", &format!("reader@{DOMAIN}")])
        .args(["-w", PASSWORD, "-b", base])
        .args(more)
        .arg("(objectClass=*)")
        .args(attributes.split_whitespace())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn from_disabled_to_signed_out() {
    if variable("MUSTER_TEST_FIGURES").is_none() {
        return;
    }
    samba::test("figures::from_disabled_to_signed_out", async |mut samba: Samba| {
        let muster = Muster::start().await;
        muster.group("Support");
        let holder = Browser::of_the_holder(&samba).await;
        holder.set_default_password(DEFAULT).await;
        let anna = samba.technician("Anna", "anna").await;
        let group = samba.group("Support", &[&anna]).await;
        samba.crowd(&group, PEOPLE);
        let sync = muster.sync(&samba, &["Support=Support"]);
        let (mut browser, _) = Browser::sign_in(&samba, EMAIL, DEFAULT).await.unwrap();
        browser.choose_password(CHOSEN).await;
        assert!(browser.is_signed_in().await);
        samba.replace(&anna, "userAccountControl", disabled(true)).await;
        let begun = now();
        assert_eq!(sync.once(), DONE);
        assert!(!browser.is_signed_in().await);
        let seconds = begun.elapsed().as_secs_f64();
        println!("{}", json!({ "name": "signed-out", "value": seconds }));
    });
}
