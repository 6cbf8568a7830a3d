//! The servers of PostgreSQL: which one is used, and what happens when it is lost.

use std::net::SocketAddr;
use std::time::Duration;

use store::{Error, OpenError, PoolSizes, Store};
use tokio::io::{AsyncRead, AsyncWrite, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::place::Place;

/// Far longer than anything here takes: what waits for ever fails.
const PATIENCE: Duration = Duration::from_secs(25);

/// A way to the server that can be cut without a word.
struct Way {
    address: SocketAddr,
    /// How often it was cut: connections of before are silent.
    cuts: watch::Sender<u32>,
    _carrying: JoinSet<()>,
}

impl Way {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cuts, cut) = watch::channel(0);
        let mut carrying = JoinSet::new();
        carrying.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let far = TcpStream::connect(&server).await.unwrap();
                let (near_in, near_out) = near.into_split();
                let (far_in, far_out) = far.into_split();
                connections.spawn(carry(near_in, far_out, cut.clone()));
                connections.spawn(carry(far_in, near_out, cut.clone()));
            }
        });
        Self { address, cuts, _carrying: carrying }
    }

    /// From now on; connections that are made later are good.
    fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut cuts: watch::Receiver<u32>,
) {
    let before = *cuts.borrow();
    let cut = async move { cuts.wait_for(|now| *now != before).await.is_ok() };
    let is_cut = tokio::select! {
        _ = copy(&mut from, &mut to) => false,
        is_cut = cut => is_cut,
    };
    if is_cut {
        std::future::pending::<()>().await;
    }
}

/// What stands between the user and the database's name.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").unwrap().1.split('/').next().unwrap();
    rest.rsplit('@').next().unwrap()
}

async fn place() -> Option<Place> {
    let place = Place::postgres().await;
    if place.is_none() {
        eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
    }
    place
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_for_a_silent_host_ends_and_the_next_finds_it_again() {
    let Some(place) = place().await else { return };
    let way = Way::to(host(&place.address).to_owned()).await;
    let address = place.address.replacen(host(&place.address), &way.address.to_string(), 1);
    let store = Store::open(&address).await.unwrap();
    let mut reader = store.read().await.unwrap();
    reader.settings().await.unwrap();
    let transaction = store.write().await.unwrap();
    way.cut();
    let (read, committed) = timeout(PATIENCE, async {
        tokio::join!(reader.settings(), transaction.commit_bookkeeping())
    })
    .await
    .expect("neither waits for ever");
    for error in [read.err(), committed.err()] {
        assert!(error.as_ref().is_some_and(Error::is_unavailable), "{error:?}");
    }
    let mut reader = timeout(PATIENCE, store.read()).await.unwrap().unwrap();
    reader.settings().await.unwrap();
    assert!(store.probe().await.unwrap().written);
    drop(reader);
    store.close().await;
    place.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_server_that_takes_writes_is_found_among_several() {
    let Some(place) = place().await else { return };
    let good = host(&place.address);
    for hosts in [format!("127.0.0.1:1,{good}"), format!("{good},[::1]:1")] {
        let store = Store::open(&place.address.replacen(good, &hosts, 1)).await.unwrap();
        assert!(store.probe().await.unwrap().written);
        store.close().await;
    }
    place.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_takes_no_writes_is_only_read() {
    let Some(place) = place().await else { return };
    if place.is_shared() {
        return place.leave().await;
    }
    let read_only = format!("{}&options[default_transaction_read_only]=on", place.address);
    let wanted = format!("{read_only}&target_session_attrs=read-write");
    let refused = Store::open(&wanted).await.unwrap_err();
    assert!(matches!(refused, OpenError::ReadOnly), "{refused}");
    for attributes in ["", "&target_session_attrs=any"] {
        let store = Store::open_to_read(&[&read_only, attributes].concat()).await.unwrap();
        store.read().await.unwrap().settings().await.unwrap();
        assert!(store.probe().await.unwrap_err().is_read_only());
        store.close().await;
    }
    place.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_is_read_while_every_writer_is_taken() {
    let Some(place) = place().await else { return };
    let sizes = PoolSizes { readers: 1, writers: 1 };
    let store = Store::open_sized(&place.address, sizes).await.unwrap();
    let writer = store.write().await.unwrap();
    store.read().await.unwrap().settings().await.unwrap();
    assert!(timeout(Duration::from_millis(300), store.write()).await.is_err());
    drop(writer);
    store.write().await.unwrap();
    store.close().await;
    place.leave().await;
}
