//! The server with a certificate of its own (in `tls/`, for these tests alone).

use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::client::{Answer, exchange};
use super::support::{EMAIL, PASSWORD, Place, Server};

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/tls").join(name);
    path.to_str().unwrap().to_owned()
}

fn serve(place: &Place) -> Server {
    place.serve_with(&["--tls-cert", &file("certificate.pem"), "--tls-key", &file("key.pem")])
}

fn client_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("certificate.pem")).unwrap()).unwrap();
    roots
}

fn trusting(roots: RootCertStore) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    versions.unwrap().with_root_certificates(roots).with_no_client_auth()
}

fn send(server: &Server, method: &str, path: &str, body: &str) -> Answer {
    let name = ServerName::from(server.address.ip());
    let connection = ClientConnection::new(Arc::new(trusting(client_roots())), name).unwrap();
    let stream = StreamOwned::new(connection, TcpStream::connect(server.address).unwrap());
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    exchange(stream, server.address, method, path, &headers, body.as_bytes()).unwrap()
}

#[test]
fn with_a_certificate_it_speaks_tls_alone_and_its_cookies_are_secure() {
    let place = Place::set_up();
    let server = serve(&place);
    let said = server.said.last().unwrap();
    assert_eq!(said, &format!("Muster is listening on https://{}", server.address));

    let answer = send(&server, "GET", "/healthz", "");
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    assert!(answer.header("strict-transport-security").is_some());

    let form = format!("form[email]={EMAIL}&form[password]={PASSWORD}&form[next]=");
    let form = form.replace('?', "%3F").replace('@', "%40");
    let answer = send(&server, "POST", "/api/fn/sign_in", &form);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-muster=") && cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");

    let plain = super::client::try_send(server.address, "GET", "/healthz", &[], b"");
    assert!(plain.is_none(), "no plain HTTP on the same port");
}

/// The certificate that the server shows.
fn shown(server: &Server) -> CertificateDer<'static> {
    let mut roots = client_roots();
    roots.add(CertificateDer::from_pem_file(file("renewed.pem")).unwrap()).unwrap();
    let name = ServerName::from(server.address.ip());
    let mut connection = ClientConnection::new(Arc::new(trusting(roots)), name).unwrap();
    let mut stream = TcpStream::connect(server.address).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).unwrap();
    }
    connection.peer_certificates().unwrap()[0].clone().into_owned()
}

#[test]
fn a_renewed_certificate_is_read_at_sighup() {
    let place = Place::set_up();
    let put = |certificate: &str, key: &str| {
        std::fs::copy(file(certificate), place.path("cert.pem")).unwrap();
        std::fs::copy(file(key), place.path("key.pem")).unwrap();
    };
    put("certificate.pem", "key.pem");
    let server = place.serve_with(&["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    let first = shown(&server);
    // What can't be used is not taken.
    place.write("cert.pem", "no certificate");
    server.signal("-HUP");
    assert_eq!(shown(&server), first);
    put("renewed.pem", "renewed-key.pem");
    server.signal("-HUP");
    let renewed = CertificateDer::from_pem_file(file("renewed.pem")).unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    while shown(&server) != renewed {
        assert!(Instant::now() < until, "the renewed certificate is never shown");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(first, CertificateDer::from_pem_file(file("certificate.pem")).unwrap());
}

#[test]
fn without_a_certificate_sighup_ends_nothing() {
    let place = Place::set_up();
    let server = place.serve();
    server.signal("-HUP");
    for _ in 0..10 {
        assert_eq!(server.get("/healthz").status, 200);
    }
}

#[test]
fn with_a_certificate_it_stops_as_politely() {
    let place = Place::set_up();
    let mut server = serve(&place);
    assert_eq!(send(&server, "GET", "/healthz", "").status, 200);
    server.terminate();
    assert!(server.wait().success());
}
