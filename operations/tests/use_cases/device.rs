//! A device that keeps passkeys, as far as the server can tell: it makes a key, and signs what it is
//! asked (Web Authentication Level 3, with P-256 and no attestation).

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use roster::passkey::Question;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The person is there, and showed that it is they.
const PRESENT_AND_VERIFIED: u8 = 0x05;
const HAS_CREDENTIAL: u8 = 0x40;

pub struct Device {
    pub origin: &'static str,
    /// Whether it asked for a finger.
    pub verifies: bool,
    key: SigningKey,
    credential_id: Vec<u8>,
    user_handle: String,
    uses: u32,
}

impl Device {
    /// `seed`: which of all devices it is.
    pub fn new(seed: u8) -> Self {
        Self {
            origin: "http://localhost:3000",
            verifies: true,
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            credential_id: vec![seed; 16],
            user_handle: String::new(),
            uses: 0,
        }
    }

    /// By which it names its passkey, as a browser writes it.
    pub fn names(&self) -> String {
        base64(&self.credential_id)
    }

    /// The answer to a question for a new passkey.
    pub fn make(&mut self, question: &Question) -> String {
        let options: Value = serde_json::from_str(&question.options).unwrap();
        let options = &options["publicKey"];
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.user_handle);
        let data = self.client_data("webauthn.create", options);
        let mut authenticator = self.authenticator_data(options["rp"]["id"].as_str().unwrap());
        authenticator[32] |= HAS_CREDENTIAL;
        // No model.
        authenticator.extend([0; 16]);
        authenticator.extend([0, 16]);
        authenticator.extend(&self.credential_id);
        authenticator.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(authenticator.len()).unwrap());
        attestation.extend(authenticator);
        let id = base64(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": { "clientDataJSON": base64(&data), "attestationObject": base64(&attestation) },
        })
        .to_string()
    }

    /// The answer to a question for a passkey that it has.
    pub fn give(&mut self, question: &Question) -> String {
        let options: Value = serde_json::from_str(&question.options).unwrap();
        let options = &options["publicKey"];
        self.uses += 1;
        let data = self.client_data("webauthn.get", options);
        let authenticator = self.authenticator_data(options["rpId"].as_str().unwrap());
        let signed = [authenticator.as_slice(), &Sha256::digest(&data)].concat();
        let signature: Signature = self.key.sign(&signed);
        let id = base64(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&data),
                "authenticatorData": base64(&authenticator),
                "signature": base64(signature.to_der().as_bytes()),
                "userHandle": self.user_handle,
            },
        })
        .to_string()
    }

    /// As a copy of it would sign.
    pub fn copy_from_before(&mut self) {
        self.uses -= 1;
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self, name: &str) -> Vec<u8> {
        let mut data = Sha256::digest(name.as_bytes()).to_vec();
        data.push(if self.verifies { PRESENT_AND_VERIFIED } else { 0x01 });
        data.extend(self.uses.to_be_bytes());
        data
    }

    /// {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(x);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(y);
        key
    }
}

/// For addresses, without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let letter = all >> (18 - 6 * place) & 63;
            text.push(char::from(LETTERS[usize::try_from(letter).unwrap()]));
        }
    }
    text
}
