//! When it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use directory_sync::arguments::Setup as Flags;
use directory_sync::browser::{End, Limits, Offer};
use tokio::net::TcpStream;

use super::visitor::{Page, Visitor, client, limits, stage};

#[tokio::test]
async fn set_up_ends_when_idle_or_finished_and_stops_listening() {
    let stage = stage().await;
    let idle = Limits { idle: Duration::from_millis(50), ..limits() };
    let page = Page::of(&stage, &Flags::default(), idle).await;
    let host = page.host().to_owned();
    assert!(host.starts_with("127.0.0.1:"), "{host}");
    assert_eq!(page.end().await, End::Idle);
    assert!(TcpStream::connect(&host).await.is_err());
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    Visitor::to(&page).await;
    assert_eq!(page.stop().await, End::Stopped);
    assert!(End::Idle.to_string().contains("30 minutes"));
}

#[tokio::test]
async fn a_machine_that_cant_store_secrets_is_reported_at_the_beginning() {
    let stage = stage().await;
    let file = stage.files().configuration;
    std::fs::write(&file, "").unwrap();
    let files = directory_sync::configuration::Files::new(file.join("muster-sync.toml"));
    let offer = Offer::make(files, &Flags::default(), limits()).await.unwrap();
    let address = offer.address.clone();
    let page = tokio::spawn(offer.until(std::future::pending()));
    let client = client();
    let begun = client.get(&address).send().await.unwrap();
    let cookie = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let first = client.get(address.split("/begin").next().unwrap().to_owned() + "/muster");
    let first = first.header("cookie", cookie).send().await.unwrap().text().await.unwrap();
    assert!(first.contains("can't be written"), "{first}");
    page.abort();
}

#[cfg(unix)]
#[tokio::test]
async fn the_command_prints_the_address_and_no_secret_and_ends_by_ctrl_c() {
    let stage = stage().await;
    let secret = |name: &str| {
        let path = stage.directory.folder.path().join(name);
        std::fs::write(&path, "hidden-in-a-file").unwrap();
        path
    };
    let mut program = Command::new(env!("CARGO_BIN_EXE_muster-sync"))
        .arg("--config")
        .arg(stage.files().configuration)
        .args(["setup", "--browser", "--server", "https://muster.example.com"])
        .args([std::ffi::OsStr::new("--token-file"), secret("token").as_os_str()])
        .args([std::ffi::OsStr::new("--bind-password-file"), secret("reader").as_os_str()])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    let mut lines = String::new();
    while !lines.contains("Ctrl-C ends set-up.") {
        assert!(said.read_line(&mut lines).unwrap() > 0, "{lines}");
    }
    let address = lines.lines().map(str::trim).find(|it| it.starts_with("http://")).unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let page = client().get(address).send().await.unwrap();
    assert_eq!(page.status(), 303);
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    let stop = Command::new("kill").args(["-INT", &program.id().to_string()]).status();
    assert!(stop.unwrap().success());
    assert_eq!(program.wait().unwrap().code(), Some(4));
    said.read_to_string(&mut lines).unwrap();
    program.stderr.take().unwrap().read_to_string(&mut lines).unwrap();
    assert!(lines.contains("Set-up was stopped."), "{lines}");
    assert!(!lines.contains("hidden") && !lines.contains(cookie.split(';').next().unwrap()));
}
