//! What is kept in step, one change in the directory after the other.

use super::muster::{DONE, HELD, Muster, SOME_FAILED};
use super::samba::{self, BASE, NEVER, Person, Samba, disabled};

#[test]
fn a_first_run_waits_for_approval_and_then_creates_technicians() {
    samba::test(
        "kept::a_first_run_waits_for_approval_and_then_creates_technicians",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let (support, sales) = (muster.group("Support/Tier 1"), muster.group("Sales"));
            let anna = samba.technician("Anna", "anna").await;
            let ben = samba.technician("Ben", "ben").await;
            let gone = samba.technician("Gone", "gone").await;
            samba.replace(&gone, "userAccountControl", disabled(true)).await;
            samba.group("First", &[&anna, &gone]).await;
            samba.group("Second", &[&ben, &anna]).await;
            let sync = muster.set_up(&samba, &["First=Support/Tier 1", &format!("Second={sales}")]);
            // A preview is none that waits, and changes nothing.
            assert!(muster.runs().iter().all(|run| run["mode"] == "preview"));
            assert_eq!(sync.once(), HELD);
            assert!(muster.technicians().is_empty());
            muster.decide("approve");
            let all = muster.technicians();
            assert_eq!(
                all.keys().collect::<Vec<_>>(),
                ["anna@corp.example.com", "ben@corp.example.com"]
            );
            // Who is in several belongs to the first.
            assert_eq!(all["anna@corp.example.com"].group, support);
            assert_eq!(all["ben@corp.example.com"].group, sales);
            assert!(all.values().all(|it| it.enabled));
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.technicians(), all);
            // One who comes later needs nobody's word.
            let carl = samba.technician("Carl", "carl").await;
            samba.join(&format!("CN=Second,OU=Groups,{BASE}"), &carl).await;
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.enabled(), ["anna", "ben", "carl"]);
        },
    );
}

#[test]
fn name_email_and_status_follow_every_change() {
    samba::test("kept::name_email_and_status_follow_every_change", async |mut samba: Samba| {
        let muster = Muster::start().await;
        muster.group("Support");
        let anna = samba.technician("Anna", "anna").await;
        let support = samba.group("Support", &[&anna]).await;
        let sync = muster.sync(&samba, &["Support=Support"]);
        let now = |email: &str| {
            let all = muster.technicians();
            assert_eq!(all.len(), 1, "nobody is made twice: {all:?}");
            let anna = all.get(email).unwrap_or_else(|| panic!("{email} in {all:?}"));
            (anna.name.clone(), anna.enabled)
        };
        let email = "anna@corp.example.com";
        for (attribute, value, name, enabled) in [
            ("displayName", "Anna Müller 🎧", "Anna Müller 🎧", true),
            ("userAccountControl", disabled(true), "Anna Müller 🎧", false),
            ("userAccountControl", disabled(false), "Anna Müller 🎧", true),
            ("accountExpires", "133170048000000000", "Anna Müller 🎧", false),
            ("accountExpires", NEVER, "Anna Müller 🎧", true),
            // An expired password passes.
            ("pwdLastSet", "0", "Anna Müller 🎧", true),
        ] {
            samba.replace(&anna, attribute, value).await;
            assert_eq!(sync.once(), DONE, "{attribute} {value}");
            assert_eq!(now(email), (name.to_owned(), enabled), "{attribute} {value}");
        }
        samba.replace(&anna, "mail", "anna.mueller@corp.example.com").await;
        assert_eq!(sync.once(), DONE);
        assert!(now("anna.mueller@corp.example.com").1);
        // Renamed, moved, and the group too: the same person in the same group.
        let anna = samba.move_to(&anna, "CN=Renamed", "OU=People").await;
        let support = samba.move_to(&support, "CN=Helpdesk", "OU=Elsewhere").await;
        assert_eq!(sync.once(), DONE);
        assert!(now("anna.mueller@corp.example.com").1);
        samba.leave(&support, &anna).await;
        let inner = samba.group("Inner", &[&anna]).await;
        samba.join(&support, &inner).await;
        assert_eq!(sync.once(), DONE);
        assert!(now("anna.mueller@corp.example.com").1);
    });
}

#[test]
fn people_who_leave_are_disabled_and_enabled_when_they_come_back() {
    samba::test(
        "kept::people_who_leave_are_disabled_and_enabled_when_they_come_back",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            muster.group("Support");
            let mut people = Vec::new();
            for name in ["deleted", "left", "moved", "nested", "stays"] {
                people.push(samba.technician(name, name).await);
            }
            let [deleted, left, moved, nested, stays] = people.try_into().unwrap();
            let inner = samba.group("Inner", &[&nested]).await;
            let support = samba.group("Support", &[&deleted, &left, &moved, &stays, &inner]).await;
            let sync = muster.sync(&samba, &["Support=Support"]);
            assert_eq!(muster.enabled(), ["deleted", "left", "moved", "nested", "stays"]);
            samba.delete(&deleted).await;
            samba.leave(&support, &left).await;
            let moved = samba.move_to(&moved, "CN=moved", "OU=Elsewhere").await;
            samba.leave(&support, &inner).await;
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.enabled(), ["stays"]);
            assert_eq!(muster.technicians().len(), 5, "nothing is ever deleted");
            samba.join(&support, &left).await;
            samba.move_to(&moved, "CN=moved", "OU=People").await;
            samba.join(&support, &inner).await;
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.enabled(), ["left", "moved", "nested", "stays"]);
        },
    );
}

#[test]
fn changes_by_hand_are_kept() {
    samba::test("kept::changes_by_hand_are_kept", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let (support, other) = (muster.group("Support"), muster.group("Other"));
        let anna = samba.technician("Anna", "anna").await;
        let ben = samba.technician("Ben", "ben").await;
        samba.group("Support", &[&anna, &ben]).await;
        muster.by_hand("name,email\nOwn,own@muster.example.com\n", support);
        let sync = muster.sync(&samba, &["Support=Support"]);
        // Moved by hand: the status alone is kept in step, and nobody is moved back.
        muster.by_hand("name,email\nAnna,anna@corp.example.com\n", other);
        samba.replace(&anna, "displayName", "Anna Renamed").await;
        samba.replace(&anna, "userAccountControl", disabled(true)).await;
        // Disabled by hand: nobody comes back by themselves.
        muster.by_hand("name,email,enabled\nBen,ben@corp.example.com,no\n", support);
        assert_eq!(sync.once(), DONE);
        let all = muster.technicians();
        let anna_now = &all["anna@corp.example.com"];
        assert_eq!(
            (anna_now.name.as_str(), anna_now.enabled, anna_now.group),
            ("Anna", false, other)
        );
        assert!(!all["ben@corp.example.com"].enabled);
        samba.replace(&anna, "userAccountControl", disabled(false)).await;
        samba.replace(&ben, "userAccountControl", disabled(true)).await;
        assert_eq!(sync.once(), DONE);
        samba.replace(&ben, "userAccountControl", disabled(false)).await;
        assert_eq!(sync.once(), DONE);
        let all = muster.technicians();
        assert!(all["anna@corp.example.com"].enabled);
        assert!(!all["ben@corp.example.com"].enabled);
        assert!(all["own@muster.example.com"].enabled, "whoever isn't the sync's isn't touched");
    });
}

#[test]
fn a_persons_fault_doesnt_stop_the_others() {
    samba::test("kept::a_persons_fault_doesnt_stop_the_others", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let support = muster.group("Support");
        muster.by_hand("name,email\nHand,hand@corp.example.com\n", support);
        let good = samba.technician("Good", "good").await;
        let none = format!("CN=none,OU=People,{BASE}");
        samba.person(&none, Person::named("none")).await;
        let mut people = vec![good, none];
        for (name, email) in [
            ("invalid", "no email"),
            ("twin1", "twin@corp.example.com"),
            ("twin2", "twin@corp.example.com"),
            ("hand", "hand@corp.example.com"),
            // The Master Account Holder's.
            ("ada", "ada@muster.example.com"),
        ] {
            let dn = samba.technician(name, name).await;
            samba.replace(&dn, "mail", email).await;
            people.push(dn);
        }
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        samba.group("Support", &people).await;
        let sync = muster.sync(&samba, &["Support=Support"]);
        let (code, said) = sync.say(&["run", "--once"]);
        assert_eq!(code, SOME_FAILED, "{said}");
        assert_eq!(muster.enabled(), ["good", "hand"]);
        for name in ["none", "invalid", "twin1", "twin2", "hand", "ada"] {
            assert!(said.lines().any(|line| line.starts_with(name)), "{name} in\n{said}");
        }
    });
}
