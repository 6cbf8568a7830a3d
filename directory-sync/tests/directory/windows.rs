//! The same on Windows, as far as Wine is one: with `MUSTER_TEST_WINE` naming `muster-sync.exe`, Debian's
//! wine64 and mingw-w64. Rights to files are nothing there, and domains neither.

use std::fs;

use super::muster::{DONE, FAILED, HELD, Muster, Sync};
use super::page;
use super::samba::{self, PASSWORD, Samba, disabled};

#[test]
fn the_program_for_windows_sets_up_and_keeps_in_step() {
    samba::test(
        "windows::the_program_for_windows_sets_up_and_keeps_in_step",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let Some(sync) = muster.on_windows() else { return };
            muster.group("Support");
            let anna = samba.technician("Anna Müller", "anna").await;
            samba.group("Support", &[&anna]).await;
            let said = sync.setup(&muster, &samba, &["Support=Support"]);
            assert_eq!(said.status.code(), Some(DONE), "{said:?}");
            for (secret, text) in [("bind-password", PASSWORD), ("token", "muster_")] {
                let kept = fs::read(sync.beside(secret)).unwrap();
                assert!(!String::from_utf8_lossy(&kept).contains(text), "{secret} is encrypted");
            }
            assert_eq!(sync.say(&["check"]).0, DONE);
            let (code, said) = sync.say(&["preview"]);
            assert!(code == DONE && said.contains("1 changes would wait"), "{code}\n{said}");
            assert_eq!(sync.once(), HELD);
            muster.decide("approve");
            samba.replace(&anna, "userAccountControl", disabled(true)).await;
            assert_eq!(sync.once(), DONE);
            assert!(!muster.technicians()["anna@corp.example.com"].enabled);
            assert_eq!(sync.say(&["rotate-token"]).0, DONE);
            assert_eq!(sync.once(), DONE);
            // What was encrypted elsewhere is of no use.
            fs::write(sync.beside("token"), "nothing that was encrypted here").unwrap();
            let (code, said) = sync.say(&["check"]);
            assert!(code == FAILED && said.contains("[config.secret]"), "{said}");
        },
    );
}

#[test]
fn the_program_for_windows_sets_up_in_a_browser() {
    samba::test(
        "windows::the_program_for_windows_sets_up_in_a_browser",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let Some(sync) = muster.on_windows() else { return };
            page::walk(&muster, &mut samba, &sync).await;
        },
    );
}

#[test]
fn the_service_of_windows_is_installed_runs_and_is_taken_away() {
    samba::test(
        "windows::the_service_of_windows_is_installed_runs_and_is_taken_away",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            let Some(sync) = muster.on_windows() else { return };
            muster.group("Support");
            let anna = samba.technician("Anna", "anna").await;
            samba.group("Support", &[&anna]).await;
            let said = sync.setup(&muster, &samba, &["Support=Support"]);
            assert_eq!(said.status.code(), Some(DONE), "{said:?}");
            let service = || {
                let (code, said) = sync.say(&["status", "--json"]);
                assert_eq!(code, DONE, "{said}");
                serde_json::from_str::<serde_json::Value>(&said).unwrap()["service"].clone()
            };
            assert!(service().is_null());
            // The second time it is there, and runs.
            for _twice in 0..2 {
                let (code, said) = sync.say(&["install"]);
                assert_eq!(code, DONE, "{said}");
                muster.until("the service runs", || service() == "active");
            }
            muster.until("its first run waits", || {
                muster.runs().iter().any(|run| run["state"] == "held")
            });
            let log = fs::read_to_string(sync.beside("log")).unwrap();
            assert!(log.contains("keeping technicians in step"), "{log}");
            let (code, said) = sync.say(&["uninstall"]);
            assert_eq!(code, DONE, "{said}");
            assert!(service().is_null());
            let log = fs::read_to_string(sync.beside("log")).unwrap();
            assert!(log.trim_end().ends_with("stopped"), "{log}");
        },
    );
}

/// As far as Wine goes: the controller takes the ticket and offers its layers of security, but that offer
/// Wine can't take out of its envelope. The last step is seen on Windows alone.
#[test]
fn the_account_that_runs_it_comes_by_kerberos() {
    samba::test("windows::the_account_that_runs_it_comes_by_kerberos", async |mut samba: Samba| {
        let muster = Muster::start().await;
        let Some(mut sync) = muster.on_windows() else { return };
        muster.group("Support");
        let check = |sync: &Sync, samba: &Samba, why: &str| {
            let said = sync.setup_as(&["--kerberos"], &muster, samba, &["Support=Support"]);
            assert_eq!(said.status.code(), Some(FAILED), "{said:?}");
            let text = String::from_utf8_lossy(&said.stderr);
            assert!(text.contains(why) && text.contains("[ldap.kerberos]"), "{text}");
            assert!(!sync.beside("bind-password").exists() && !sync.beside("token").exists());
        };
        check(&sync, &samba, "by Kerberos");
        sync.sign_in(samba.ticket().await);
        check(&sync, &samba, "decrypt message failed");
    });
}
