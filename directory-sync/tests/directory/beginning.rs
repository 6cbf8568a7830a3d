//! As a new administrator does it: token, download, set-up, preview, approval, and the people are there.

use std::fs::{self, Permissions};
use std::io::{self, Cursor};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use zip::ZipArchive;

use super::browser::Browser;
use super::muster::{ADDRESS, DONE, HELD, HOLDER, Muster, PASSWORD};
use super::samba::{self, BASE, DOMAIN, Samba};

#[test]
fn from_the_token_to_the_people() {
    samba::test("beginning::from_the_token_to_the_people", async |mut samba: Samba| {
        let anna = samba.technician("Anna Müller", "anna").await;
        let ben = samba.technician("Ben", "ben").await;
        samba.group("Help Desk", &[&anna, &ben]).await;
        let muster = Muster::start().await;
        muster.group("Support/Tier 1");
        let holder = Browser::of_the_holder(&samba).await;
        let token = holder.see("directory_token_create", json!({})).await;
        let program = unpacked(&muster, holder.download("linux").await);
        let say = |arguments: &[&str]| {
            let config = muster.file("service/muster-sync.toml");
            let mut command = Command::new(&program);
            let said = command.arg("--config").arg(config).args(arguments).output().unwrap();
            let text = [said.stdout, said.stderr].map(|it| String::from_utf8(it).unwrap()).concat();
            (said.status.code().unwrap(), text)
        };
        let file = |name: &str, content: &str| muster.secret(name, content).display().to_string();
        let (code, said) = say(&[
            "setup",
            "--server",
            &format!("http://{ADDRESS}"),
            "--email",
            HOLDER,
            "--password-file",
            &file("holder", PASSWORD),
            "--token-file",
            &file("token", token.as_str().unwrap()),
            "--domain",
            DOMAIN,
            "--controller",
            "localhost",
            "--ca-file",
            &samba.ca().display().to_string(),
            "--bind-user",
            &format!("reader@{DOMAIN}"),
            "--bind-password-file",
            &file("reader", samba::PASSWORD),
            "--base",
            &format!("OU=People,{BASE}"),
            "--map",
            "Help Desk=Support/Tier 1",
            "--no-install",
        ]);
        assert_eq!(code, DONE, "{said}");
        let (code, said) = say(&["preview"]);
        assert_eq!(code, DONE, "{said}");
        let run = muster.runs()[0]["run"].as_str().unwrap().to_owned();
        assert!(said.contains("would be created          0              2\n"), "{said}");
        assert!(said.ends_with(&format!("/settings/directory/runs/{run}\n")), "{said}");
        let list = json!({ "id": run, "filter": {}, "from": 0 });
        let list = holder.see("directory_changes", list).await.to_string();
        assert!(list.contains("Anna Müller") && list.contains("ben@corp.example.com"), "{list}");
        assert!(muster.technicians().is_empty(), "a preview changes nothing");
        assert_eq!(say(&["run", "--once"]).0, HELD);
        assert!(muster.technicians().is_empty(), "the first run waits");
        let run = muster.runs()[0]["run"].as_str().unwrap().to_owned();
        holder.change("directory_run_approve", &[("id".to_owned(), run)]).await;
        let all = muster.technicians();
        assert_eq!(all["anna@corp.example.com"].name, "Anna Müller");
        assert_eq!(muster.enabled(), ["anna", "ben"]);
        assert_eq!(say(&["run", "--once"]).0, DONE);
    });
}

/// The program as it lies in the download, beside a guide that knows the server.
fn unpacked(muster: &Muster, download: Vec<u8>) -> PathBuf {
    let mut zip = ZipArchive::new(Cursor::new(download)).unwrap();
    let guide = io::read_to_string(zip.by_name("README.txt").unwrap()).unwrap();
    assert!(guide.contains(&format!("muster-sync setup --server http://{ADDRESS}")), "{guide}");
    let program = muster.file("download/muster-sync");
    fs::create_dir_all(program.parent().unwrap_or(Path::new("/"))).unwrap();
    let mut packed = zip.by_name("muster-sync").unwrap();
    io::copy(&mut packed, &mut fs::File::create(&program).unwrap()).unwrap();
    let mode = packed.unix_mode().expect("it may be started");
    fs::set_permissions(&program, Permissions::from_mode(mode)).unwrap();
    program
}
