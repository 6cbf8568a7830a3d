//! The server with a certificate of its own (in `tls/`, for these tests alone).

use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

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

fn client() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("certificate.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    versions.unwrap().with_root_certificates(roots).with_no_client_auth()
}

fn send(server: &Server, method: &str, path: &str, body: &str) -> Answer {
    let name = ServerName::from(server.address.ip());
    let connection = ClientConnection::new(Arc::new(client()), name).unwrap();
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

#[test]
fn with_a_certificate_it_stops_as_politely() {
    let place = Place::set_up();
    let mut server = serve(&place);
    assert_eq!(send(&server, "GET", "/healthz", "").status, 200);
    server.terminate();
    assert!(server.wait().success());
}
