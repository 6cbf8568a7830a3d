//! Silent and slow clients against a server with little patience, over sockets and over TLS.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use futures::{FutureExt, stream};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Bounds, Doorkeeper, Patience, Places, limited};

/// What is closed is closed long before; this only ends a test that fails.
const NEVER: Duration = Duration::from_mins(1);
const LITTLE: Duration = Duration::from_millis(200);
/// The beginning of HTTP/2, and its empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n";

fn little() -> Patience {
    Patience { first_bytes: LITTLE, first_request: LITTLE, idle: LITTLE, answer: LITTLE }
}

struct Served {
    address: SocketAddr,
    /// `/slow` is answered when told.
    answer: Arc<Notify>,
}

fn serve(tls: Option<RustlsConfig>, bounds: Bounds, patience: Patience) -> Served {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(Notify::new());
    let told = answer.clone();
    let slow = async move || {
        told.notified().await;
        "slow"
    };
    let app = Router::new()
        .route("/", get(async || "quick"))
        .route("/slow", get(slow))
        // More than all buffers on the way hold.
        .route("/large", get(async || vec![b'x'; 64 << 20]))
        .route("/endless", get(async || Body::from_stream(stream::repeat(Ok::<_, String>("x")))));
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = limited(axum_server::from_tcp(listener).unwrap());
    let places = Places::new(bounds, Arc::default());
    tokio::spawn(if let Some(tls) = tls {
        let door = Doorkeeper::before(RustlsAcceptor::new(tls), places, patience);
        server.acceptor(door).serve(app).left_future()
    } else {
        let door = Doorkeeper::before(DefaultAcceptor::new(), places, patience);
        server.acceptor(door).serve(app).right_future()
    });
    Served { address, answer }
}

fn many() -> Bounds {
    Bounds { all: 1000, per_address: 1000 }
}

/// From another address of this computer.
async fn connect_from(ip: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(ip.parse().unwrap(), 0)).unwrap();
    socket.connect(to).await.unwrap()
}

async fn connect(to: SocketAddr) -> TcpStream {
    TcpStream::connect(to).await.unwrap()
}

/// Reads until the server closes.
async fn until_closed(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut read = Vec::new();
    let closed = timeout(NEVER, stream.read_to_end(&mut read)).await;
    // Reset, or closed without TLS's farewell: closed all the same.
    let _how = closed.expect("the server closes this connection");
    read
}

/// Sends one byte after another, until it is cut off.
async fn dripping(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) {
    let drip = async {
        for byte in bytes.iter().cycle() {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(LITTLE / 20).await;
        }
    };
    timeout(NEVER, drip).await.expect("the server closes this connection");
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, path: &str) -> Option<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let answer = String::from_utf8(until_closed(stream).await).unwrap();
    answer.starts_with("HTTP/1.1 200").then_some(answer)
}

async fn begun(served: &Served, begin: &[u8]) -> TcpStream {
    let mut stream = connect(served.address).await;
    stream.write_all(begin).await.unwrap();
    stream
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let served = serve(None, many(), little());
    for begin in [&b""[..], b"P", &PREFACE[..12], PREFACE, b"GET / HT", ASK] {
        let said = until_closed(begun(&served, begin).await).await;
        let asked = begin == ASK;
        assert_eq!(said.starts_with(b"HTTP/1.1 200"), asked, "{}", begin.escape_ascii());
    }
}

#[tokio::test]
async fn who_says_one_byte_after_another_is_let_go() {
    let served = serve(None, many(), little());
    dripping(connect(served.address).await, PREFACE).await;
    dripping(connect(served.address).await, b"GET / HTTP/1.1\r\nX: ").await;
    dripping(begun(&served, PREFACE).await, b"\0\0\xff\x01").await;
    dripping(begun(&served, ASK).await, b"\r\n").await;
}

#[tokio::test]
async fn who_does_not_take_the_answer_is_let_go() {
    let bounds = Bounds { all: 1, per_address: 1 };
    for path in ["/large", "/endless"] {
        let served = serve(None, bounds, little());
        let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n");
        let greedy = begun(&served, request.as_bytes()).await;
        // The one place is free again.
        let honest = async {
            while ask(connect(served.address).await, "/").await.is_none() {
                tokio::time::sleep(LITTLE / 20).await;
            }
        };
        timeout(NEVER, honest).await.expect(path);
        drop(greedy);
    }
}

#[tokio::test]
async fn who_waits_for_an_answer_is_not_let_go() {
    let served = serve(None, many(), little());
    let waiting = tokio::spawn(ask(connect(served.address).await, "/slow"));
    // Meanwhile others come and are let go, one after another.
    for _ in 0..4 {
        until_closed(connect(served.address).await).await;
    }
    served.answer.notify_one();
    assert!(waiting.await.unwrap().is_some_and(|answer| answer.ends_with("slow")));
}

#[tokio::test]
async fn the_newest_is_refused_at_once() {
    let patience = Patience { first_bytes: NEVER, ..little() };
    let bounds = Bounds { all: 5, per_address: 3 };
    let served = serve(None, bounds, patience);
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(connect_from("127.0.0.1", served.address).await);
    }
    until_closed(connect_from("127.0.0.1", served.address).await).await;
    assert!(ask(connect_from("127.0.0.2", served.address).await, "/").await.is_some());
    for _ in 0..2 {
        silent.push(connect_from("127.0.0.3", served.address).await);
    }
    until_closed(connect_from("127.0.0.2", served.address).await).await;
    for stream in &silent {
        let mut byte = [0];
        assert!(stream.try_read(&mut byte).is_err(), "those who were there stay");
    }
}

#[tokio::test]
async fn honest_requests_are_answered_among_silent_ones() {
    let bounds = Bounds { all: 20, per_address: 1000 };
    let served = serve(None, bounds, little());
    let address = served.address;
    let attack = tokio::spawn(async move {
        loop {
            let silent: Vec<_> = futures::future::join_all((0..30).map(|_| connect(address))).await;
            for stream in silent {
                until_closed(stream).await;
            }
        }
    });
    let honest = async {
        for _ in 0..5 {
            while ask(connect(address).await, "/").await.is_none() {
                tokio::time::sleep(LITTLE / 20).await;
            }
        }
    };
    timeout(NEVER, honest).await.expect("honest requests are answered");
    attack.abort();
}

fn pem(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/tls").join(name)
}

async fn encrypted(address: SocketAddr) -> TlsStream<TcpStream> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(pem("certificate.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::from(address.ip());
    let stream = connect(address).await;
    TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn after_the_handshake_it_is_the_same() {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let tls = RustlsConfig::from_pem_file(pem("certificate.pem"), pem("key.pem")).await.unwrap();
    let served = serve(Some(tls), many(), little());
    let waiting = tokio::spawn(ask(encrypted(served.address).await, "/slow"));
    for begin in [&b""[..], &PREFACE[..12], PREFACE] {
        let mut stream = encrypted(served.address).await;
        stream.write_all(begin).await.unwrap();
        until_closed(stream).await;
    }
    dripping(encrypted(served.address).await, PREFACE).await;
    served.answer.notify_one();
    assert!(waiting.await.unwrap().is_some());
}
