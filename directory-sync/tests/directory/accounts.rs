//! What a directory's people have in Muster: a password, seats, sessions, an account that was there.

use super::browser::Browser;
use super::muster::{DONE, Muster, SOME_FAILED};
use super::samba::{self, Samba, disabled};

pub const EMAIL: &str = "anna@corp.example.com";
pub const DEFAULT: &str = "Passw0rd!for the first day";
pub const CHOSEN: &str = "Passw0rd!that Anna chose";

#[test]
fn a_new_technician_has_the_default_password_and_chooses_one() {
    samba::test(
        "accounts::a_new_technician_has_the_default_password_and_chooses_one",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            muster.group("Support");
            let holder = Browser::of_the_holder(&samba).await;
            holder.set_default_password(DEFAULT).await;
            let anna = samba.technician("Anna", "anna").await;
            samba.group("Support", &[&anna]).await;
            muster.sync(&samba, &["Support=Support"]);
            // The directory's own password is none of Muster's.
            assert!(Browser::sign_in(&samba, EMAIL, "Passw0rd!person").await.is_none());
            let (mut browser, leads_to) = Browser::sign_in(&samba, EMAIL, DEFAULT).await.unwrap();
            assert_eq!(leads_to, "/choose-password");
            browser.choose_password(CHOSEN).await;
            assert!(Browser::sign_in(&samba, EMAIL, DEFAULT).await.is_none());
            let (_, leads_to) = Browser::sign_in(&samba, EMAIL, CHOSEN).await.unwrap();
            assert_eq!(leads_to, "/");
        },
    );
}

#[test]
fn seats_and_sessions_end_with_the_status_and_the_password_stays() {
    samba::test(
        "accounts::seats_and_sessions_end_with_the_status_and_the_password_stays",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let support = muster.group("Support");
            let holder = Browser::of_the_holder(&samba).await;
            holder.set_default_password(DEFAULT).await;
            let none = holder.seats().await;
            let anna = samba.technician("Anna", "anna").await;
            samba.group("Support", &[&anna]).await;
            let sync = muster.sync(&samba, &["Support=Support"]);
            muster.by_hand(&format!("name,email,mobile license\nAnna,{EMAIL},yes\n"), support);
            assert_eq!(holder.seats().await, (none.0 + 1, none.1 + 1));
            let (mut browser, _) = Browser::sign_in(&samba, EMAIL, DEFAULT).await.unwrap();
            browser.choose_password(CHOSEN).await;
            assert!(browser.is_signed_in().await);
            samba.replace(&anna, "userAccountControl", disabled(true)).await;
            assert_eq!(sync.once(), DONE);
            assert_eq!(holder.seats().await, none);
            assert!(!browser.is_signed_in().await);
            assert!(Browser::sign_in(&samba, EMAIL, CHOSEN).await.is_none());
            samba.replace(&anna, "userAccountControl", disabled(false)).await;
            assert_eq!(sync.once(), DONE);
            assert!(!browser.is_signed_in().await, "a session that ended doesn't come back");
            assert!(Browser::sign_in(&samba, EMAIL, CHOSEN).await.is_some());
            assert_eq!(holder.seats().await.0, none.0 + 1);
        },
    );
}

#[test]
fn an_existing_account_is_linked_by_the_setting_or_by_agreement() {
    samba::test(
        "accounts::an_existing_account_is_linked_by_the_setting_or_by_agreement",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            muster.group("Support");
            let other = muster.group("Other");
            let holder = Browser::of_the_holder(&samba).await;
            let row = format!("name,email,password\nAnna By Hand,{EMAIL},{DEFAULT}\n");
            muster.by_hand(&row, other);
            muster.by_hand("name,email\nBen By Hand,ben@corp.example.com\n", other);
            let anna = samba.technician("Anna", "anna").await;
            let carl = samba.technician("Carl", "carl").await;
            let support = samba.group("Support", &[&anna, &carl]).await;
            let sync = muster.sync(&samba, &["Support=Support"]);
            // Nobody has said yet that it is the same person.
            samba.replace(&anna, "userAccountControl", disabled(true)).await;
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.enabled(), ["anna", "ben", "carl"]);
            samba.replace(&anna, "userAccountControl", disabled(false)).await;
            assert_eq!(sync.once(), SOME_FAILED);
            holder.agree().await;
            holder.set_existing_email("link").await;
            let ben = samba.technician("Ben", "ben").await;
            samba.join(&support, &ben).await;
            assert_eq!(sync.once(), DONE);
            let all = muster.technicians();
            assert_eq!(all.len(), 3, "nobody is made twice: {all:?}");
            for email in [EMAIL, "ben@corp.example.com"] {
                assert_eq!((all[email].enabled, all[email].group), (true, other), "{email}");
            }
            // The password is the account's own.
            assert!(Browser::sign_in(&samba, EMAIL, DEFAULT).await.is_some());
            for person in [&anna, &ben] {
                samba.replace(person, "userAccountControl", disabled(true)).await;
            }
            assert_eq!(sync.once(), DONE);
            assert_eq!(muster.enabled(), ["carl"]);
        },
    );
}
