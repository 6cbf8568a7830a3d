//! Somebody who is signed in, and what they ask for.

use std::net::SocketAddr;

use serde_json::Value;
use uuid::Uuid;

use super::{Load, Sample, Watch};
use crate::client::{Answer, send, try_send};

pub const EMAIL: &str = "ada@northwind.example";
pub const PASSWORD: &str = "Kt4?wZuLp9-bridge";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[derive(Clone)]
pub struct Session {
    pub address: SocketAddr,
    cookie: String,
    group: i64,
}

/// Asks for a page or a state without a session.
pub fn ask(address: SocketAddr, path: &str) -> Sample {
    sample(path, || try_send(address, "GET", path, &[], b"")).0
}

/// Whether it can do its work, and what it says.
pub fn readiness(address: SocketAddr) -> (u16, String) {
    let answer = send(address, "GET", "/readyz", &[], b"");
    (answer.status, answer.text())
}

impl Session {
    /// Signs in; technicians will go into this group.
    pub fn begin(address: SocketAddr, group: i64) -> Self {
        let (sample, answer) = sign_in(address);
        let cookie = answer.as_ref().and_then(cookie);
        let cookie = cookie.unwrap_or_else(|| panic!("signing in: {sample:?}"));
        Self { address, cookie, group }
    }

    /// The same session on another server.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub fn group(&self) -> i64 {
        self.group
    }

    pub fn create(&self, email: &str) -> Sample {
        self.create_once(email, &Uuid::now_v7().to_string())
    }

    /// However often it is sent with this key.
    fn create_once(&self, email: &str, key: &str) -> Sample {
        let group = self.group.to_string();
        let fields = [
            ("group", group.as_str()),
            ("form[name]", email),
            ("form[nickname]", ""),
            ("form[email]", email),
            ("form[singleSignOnId]", ""),
            ("form[description]", ""),
            ("form[enabled]", "true"),
        ];
        let headers = [FORM, ("Idempotency-Key", key)];
        let mut sample = self.send("POST", "/api/fn/technician_create", &headers, &form(&fields));
        email.clone_into(&mut sample.name);
        sample
    }

    pub fn page(&self, path: &str) -> Sample {
        self.send("GET", path, &[("Accept", "text/html")], "")
    }

    pub fn json(&self, method: &str, path: &str, body: &Value) -> Sample {
        self.send(method, path, &[("Content-Type", "application/json")], &body.to_string())
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Sample {
        let headers = [&[("Cookie", self.cookie.as_str())], headers].concat();
        sample(path, || try_send(self.address, method, path, &headers, body.as_bytes())).0
    }

    /// So many people create technicians, one after the other. What isn't acknowledged is sent again, with
    /// the same key.
    pub fn writers(&self, name: &str, count: usize) -> Load {
        Load::of((0..count).map(|writer| {
            let (session, name) = (self.clone(), format!("{name}-{writer}"));
            let new = move |number: u32| (format!("{name}-{number}@x.example"), Uuid::now_v7());
            let mut numbers = 1..;
            let mut present = new(0);
            move || {
                let (email, key) = &present;
                let sample = session.create_once(email, &key.to_string());
                if sample.is_good() {
                    present = new(numbers.next()?);
                }
                Some(sample)
            }
        }))
    }

    /// So many people read pages.
    pub fn readers(&self, count: usize) -> Load {
        let paths = ["/organization", "/account/imports", "/audit", "/settings"];
        Load::of((0..count).map(|reader| {
            let session = self.clone();
            let mut paths = paths.into_iter().cycle().skip(reader);
            move || Some(session.page(paths.next()?))
        }))
    }

    /// Somebody signs in and out, again and again: an account has only so many sessions.
    pub fn sign_ins(&self) -> Load {
        let (address, group) = (self.address, self.group);
        Load::of([move || {
            let (sample, answer) = sign_in(address);
            if let Some(cookie) = answer.as_ref().and_then(cookie) {
                let session = Self { address, cookie, group };
                let _ends_by_itself = session.send("POST", "/api/fn/sign_out", &[FORM], "");
            }
            Some(sample)
        }])
    }
}

/// Of a session that began.
fn cookie(answer: &Answer) -> Option<String> {
    let cookie = answer.header("set-cookie")?.split(';').next()?;
    (answer.status == 200).then(|| cookie.to_owned())
}

fn sign_in(address: SocketAddr) -> (Sample, Option<Answer>) {
    let path = "/api/fn/sign_in";
    let fields = [("form[email]", EMAIL), ("form[password]", PASSWORD), ("form[next]", "")];
    sample(path, || try_send(address, "POST", path, &[FORM], form(&fields).as_bytes()))
}

fn sample(name: &str, send: impl FnOnce() -> Option<Answer>) -> (Sample, Option<Answer>) {
    let watch = Watch::start();
    let answer = send();
    let is_json = |answer: &&Answer| answer.header("content-type") == Some("application/json");
    let body = answer.as_ref().filter(is_json).map(Answer::json).unwrap_or_default();
    let code = body["code"].as_str().unwrap_or_default();
    let sample = Sample {
        name: name.to_owned(),
        status: answer.as_ref().map(|answer| answer.status),
        code: code.to_owned(),
        retry_after: answer.as_ref().is_some_and(|answer| answer.header("retry-after").is_some()),
        began: watch.began(),
        took: watch.took(),
    };
    (sample, answer)
}

fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        bytes.concat()
    };
    let fields = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    fields.collect::<Vec<_>>().join("&")
}
