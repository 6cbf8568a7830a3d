//! What is wrong with TLS, in words with which an administrator can mend it: each fault in a real handshake.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::BytesMut;
use directory_sync::failure::Failure;
use directory_sync::ldap::{Account, Connection, Controller};
use directory_sync::tls;
use ldap3::asn1::{PL, StructureTag, TagClass, parse_tag, write};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SigningKey, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An authority named "Corp CA", with a key of its own.
fn authority() -> (Issuer<'static, KeyPair>, String) {
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Corp CA");
    let pem = authority.self_signed(&key).unwrap().pem();
    (Issuer::new(authority, key), pem)
}

fn named(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

struct Chain {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    /// What the service is given as its authority.
    known: String,
}

fn issued(certificate: &CertificateParams) -> Chain {
    let (issuer, known) = authority();
    let key = KeyPair::generate().unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap().der().clone();
    Chain { certificate, key, known }
}

/// The same without a version and extensions, which makes it one of version 1.
fn of_version_1() -> Chain {
    let (issuer, known) = authority();
    let key = KeyPair::generate().unwrap();
    let signed = named(&["127.0.0.1"]).signed_by(&key, &issuer).unwrap().der().clone();
    let (_, whole) = parse_tag(&signed).unwrap();
    let [body, algorithm, _] = <[StructureTag; 3]>::try_from(parts(whole)).unwrap();
    let body = parts(body).into_iter().filter(|part| part.class != TagClass::Context);
    let body = constructed(body.collect());
    let mut signature = vec![0];
    signature.extend(issuer.key().sign(&encoded(body.clone())).unwrap());
    let signature = StructureTag { class: TagClass::Universal, id: 3, payload: PL::P(signature) };
    let certificate = encoded(constructed(vec![body, algorithm, signature])).into();
    Chain { certificate, key, known }
}

fn parts(tag: StructureTag) -> Vec<StructureTag> {
    tag.expect_constructed().unwrap()
}

fn constructed(parts: Vec<StructureTag>) -> StructureTag {
    StructureTag { class: TagClass::Universal, id: 16, payload: PL::C(parts) }
}

fn encoded(tag: StructureTag) -> Vec<u8> {
    let mut buffer = BytesMut::new();
    write::encode_into(&mut buffer, tag).unwrap();
    buffer.to_vec()
}

/// Answers one connection with this certificate, whatever it is.
async fn serve(chain: &Chain) -> SocketAddr {
    let key = PrivatePkcs8KeyDer::from(chain.key.serialize_der()).into();
    let certified =
        CertifiedKey::new(vec![chain.certificate.clone()], any_supported_type(&key).unwrap());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // Held until the other side has seen what it came for.
        if let Ok(mut stream) = acceptor.accept(stream).await {
            let _ended = stream.read_u8().await;
        }
    });
    address
}

/// Answers the first message of one connection with these bytes.
async fn answer(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _read = stream.read(&mut [0; 4_096]).await;
        stream.write_all(bytes).await.unwrap();
        let _ended = stream.read_to_end(&mut Vec::new()).await;
    });
    address
}

/// `None`: there is a connection.
async fn fault(address: SocketAddr, known: &str) -> Option<Failure> {
    let folder = TempDir::new().unwrap();
    let file: PathBuf = folder.path().join("ca.pem");
    std::fs::write(&file, known).unwrap();
    let tls = tls::to_controllers(Some(&file)).unwrap();
    let controller = Controller::parse(&address.to_string(), false).unwrap();
    Connection::open(&controller, &Account::Own, tls).await.err()
}

#[tokio::test]
async fn a_valid_certificate_is_accepted() {
    let chain = issued(&named(&["127.0.0.1"]));
    assert_eq!(fault(serve(&chain).await, &chain.known).await, None);
}

#[tokio::test]
async fn each_fault_of_a_certificate_is_explained_with_its_remedy() {
    let of = |change: fn(&mut CertificateParams)| {
        let mut certificate = named(&["127.0.0.1"]);
        change(&mut certificate);
        issued(&certificate)
    };
    let known_is_another = |chain: Chain, known: String| Chain { known, ..chain };
    let good = || issued(&named(&["127.0.0.1"]));
    let mut other = CertificateParams::default();
    other.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    other.distinguished_name.push(DnType::CommonName, "Other CA");
    let other = other.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let self_signed = |ca: bool| {
        let key = KeyPair::generate().unwrap();
        let mut certificate = named(&["127.0.0.1"]);
        if ca {
            certificate.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let certificate = certificate.self_signed(&key).unwrap();
        Chain { certificate: certificate.der().clone(), key, known: certificate.pem() }
    };
    for (chain, what, cure) in [
        (
            of(|it| it.not_after = date_time_ymd(2020, 1, 2)),
            "it has expired, on 2020-01-02",
            "Renew it",
        ),
        (
            of(|it| it.not_before = date_time_ymd(2120, 1, 2)),
            "it isn't valid before 2120-01-02",
            "Set this machine's clock right",
        ),
        (
            issued(&named(&["dc1.example.com", "10.0.0.1"])),
            "it is for dc1.example.com, 10.0.0.1 and not for 127.0.0.1",
            "Have one issued for that name",
        ),
        (issued(&named(&[])), "it is for no name and not for 127.0.0.1", "subjectAltName"),
        (
            known_is_another(good(), other),
            "the authority that issued it isn't known here",
            "Name the authority with --ca-file",
        ),
        (
            known_is_another(self_signed(false), good().known),
            "or it has issued itself",
            "--ca-file",
        ),
        (self_signed(true), "it is the certificate of an authority", "Have one issued"),
        (
            known_is_another(good(), authority().1),
            "the authority known here under the name of its issuer hasn't signed it",
            "give its new certificate with --ca-file",
        ),
        (of_version_1(), "it is of the old version 1", "Have one of version 3 issued"),
        (
            of(|it| it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "it isn't meant for a server",
            "server authentication",
        ),
    ] {
        let failure = fault(serve(&chain).await, &chain.known).await.expect(what);
        assert_eq!(failure.code(), "ldap.certificate", "{what}");
        let said = failure.to_string();
        assert!(said.contains(what) && said.contains(cure), "{what}: {said}");
        assert!(said.ends_with('.') && !said.contains(".."), "{said}");
        // No word of the library's own.
        assert!(!said.contains("Error") && !said.contains('{'), "{said}");
    }
}

#[tokio::test]
async fn a_failed_handshake_is_told_from_a_bad_certificate() {
    for (bytes, what) in [
        (&b"\x15\x03\x03\x00\x02\x02\x28"[..], "no cipher, that both sides take"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "there is no version of TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x50", "it broke off with the alert InternalError"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "speaks no TLS. Check name and port"),
        (b"\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x02\x04\x00\x04\x00", "speaks no TLS"),
    ] {
        let failure = fault(answer(bytes).await, &authority().1).await.unwrap();
        let said = failure.to_string();
        assert_eq!(failure.code(), "ldap.tls", "{said}");
        assert!(said.contains(what), "{what}: {said}");
        assert!(said.ends_with("Nothing was sent unencrypted."), "{said}");
    }
}
