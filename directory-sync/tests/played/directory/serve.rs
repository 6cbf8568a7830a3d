//! Connections with TLS: bind, search, and nothing else.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ldap3::asn1::StructureTag;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::Shared;
use super::answer::{Reply, Wanted, search};
use super::ber::{message, parts, text};

const BIND: u64 = 0;
const SEARCH: u64 = 3;

/// Writes `ca.pem` into the folder.
pub async fn start(shared: Arc<Shared>, folder: &Path) -> SocketAddr {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("ca.pem"), cert.pem()).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // An answer in several parts doesn't wait until the first one is acknowledged.
            stream.set_nodelay(true).unwrap();
            tokio::spawn(connection(stream, acceptor.clone(), Arc::clone(&shared)));
        }
    });
    address
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut buffer = Vec::new();
    loop {
        while let Some((message, used)) = message(&buffer) {
            buffer.drain(..used);
            let [id, op, rest @ ..] = parts(&message) else { return };
            let Some(replies) = replies(&shared, op, rest.first()) else { return };
            for reply in replies {
                let Some(reply) = reply else {
                    // What was said before arrives.
                    let _gone = stream.flush().await;
                    return;
                };
                if stream.write_all(&reply.encoded(id.clone())).await.is_err() {
                    return;
                }
            }
            if stream.flush().await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(_) => (),
        }
    }
}

/// `None`: it is over.
fn replies(
    shared: &Shared,
    op: &StructureTag,
    controls: Option<&StructureTag>,
) -> Option<Vec<Option<Reply>>> {
    match op.id {
        BIND => {
            shared.binds.fetch_add(1, Ordering::SeqCst);
            let right = text(&parts(op)[2]) == *shared.password.lock().unwrap();
            let refused =
                "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e";
            Some(vec![Some(if right {
                Reply::result(1, 0, "")
            } else {
                Reply::result(1, 49, refused)
            })])
        }
        SEARCH => Some(search(shared, op, &wanted(controls))),
        _ => None,
    }
}

fn wanted(controls: Option<&StructureTag>) -> Wanted {
    let has = |name: &str| {
        controls.is_some_and(|all| parts(all).iter().any(|it| text(&parts(it)[0]) == name))
    };
    Wanted {
        page: controls.and_then(page),
        deleted: has("1.2.840.113556.1.4.417"),
        recycled: has("1.2.840.113556.1.4.2064"),
    }
}

/// Where the page begins, and its size.
fn page(controls: &StructureTag) -> Option<(usize, usize)> {
    let paged =
        parts(controls).iter().find(|it| text(&parts(it)[0]) == "1.2.840.113556.1.4.319")?;
    let value = parts(paged).last()?;
    let (value, _) = message(super::ber::bytes(value))?;
    let [size, cookie] = parts(&value) else { return None };
    let size = super::ber::bytes(size).iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    Some((text(cookie).parse().unwrap_or(0), size))
}
