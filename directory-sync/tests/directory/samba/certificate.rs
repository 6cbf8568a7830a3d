//! An authority of the test's own, and the controller's certificate with its names.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use super::HOST;

/// `ca.pem`, `certificate.pem` and `key.pem` in the folder.
pub fn make(folder: &Path) {
    let (certificate, key, authority) = chain(&[HOST, "localhost", "127.0.0.1"]);
    fs::write(folder.join("ca.pem"), authority).unwrap();
    fs::write(folder.join("certificate.pem"), certificate).unwrap();
    let key_file = folder.join("key.pem");
    fs::write(&key_file, key).unwrap();
    // Samba refuses a key that others may read.
    fs::set_permissions(key_file, Permissions::from_mode(0o600)).unwrap();
}

fn chain(names: &[&str]) -> (String, String, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Corp CA");
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    (certificate.pem(), key.serialize_pem(), authority_pem)
}
