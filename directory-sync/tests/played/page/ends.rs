//! When it ends.

use std::time::Duration;

use directory_sync::arguments::Setup as Flags;
use directory_sync::browser::{End, Limits, Offer};
use tokio::net::TcpStream;

use super::visitor::{Page, Visitor, client, limits, stage};

#[tokio::test]
async fn it_ends_when_nothing_comes_or_somebody_ends_it_and_listens_no_more() {
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
async fn where_nothing_can_be_kept_that_is_said_before_anything_is_typed() {
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
