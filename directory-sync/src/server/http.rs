//! Sends one request, repeats it if that is allowed, and interprets refusals.

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode, Url};
use roster::directory::protocol::Refusal;
use roster::secret::Secret;
use rustls::ClientConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wait::{Patience, Waits};
use crate::failure::{Failure, Result};
use crate::tls::Fault;

/// The longest wait for an answer: a commit of many people takes minutes.
const FOR_AN_ANSWER: Duration = Duration::from_mins(5);
const TO_CONNECT: Duration = Duration::from_secs(15);
/// The longest wait that a busy server may ask for.
const LONGEST: Duration = Duration::from_mins(5);
/// Smaller bodies aren't worth compressing.
const COMPRESSED: usize = 1_024;

/// Codes of the server's refusals that are handled here.
pub const CONFLICT: &str = "conflict";
const TOKEN_UNKNOWN: &str = "token.unknown";
const TOKEN_NOT_ENROLLED: &str = "token.not_enrolled";

pub struct Http {
    client: Client,
    base: Url,
    /// The server's address in sentences.
    address: String,
    token: Secret,
    waits: Waits,
}

pub struct Request {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    patience: Patience,
}

impl Request {
    fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            body: None,
            patience: Patience::Ordinary,
        }
    }

    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    pub fn put(path: &str) -> Self {
        Self::new(Method::PUT, path)
    }

    pub fn once(self) -> Self {
        Self { patience: Patience::Once, ..self }
    }

    pub fn patiently(self) -> Self {
        Self { patience: Patience::Patient, ..self }
    }

    pub fn query(mut self, name: &'static str, value: &str) -> Self {
        self.query.push((name, value.to_owned()));
        self
    }

    pub fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body)
            .map_err(|error| Failure::Usage { why: format!("This can't be sent: {error}.") })?;
        Ok(Self { body: Some(body), ..self })
    }
}

/// A failed try.
struct Failed {
    failure: Failure,
    /// Another try may succeed.
    again: bool,
    /// The wait that the server asks for.
    after: Option<Duration>,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self { failure, again: false, after: None }
    }
}

impl Http {
    pub fn new(base: Url, token: Secret, tls: &ClientConfig, waits: Waits) -> Result<Self> {
        let address = base.origin().ascii_serialization();
        let client = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .connect_timeout(TO_CONNECT)
            .timeout(FOR_AN_ANSWER)
            // The token must not follow a redirect to another server.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("muster-sync/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Failure::ServerUnreachable {
                server: address.clone(),
                why: error.to_string(),
            })?;
        Ok(Self { client, base, address, token, waits })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn waits(&self) -> Vec<Duration> {
        self.waits.of(Patience::Ordinary).to_vec()
    }

    pub async fn ask<A: DeserializeOwned>(&self, request: Request) -> Result<A> {
        let body = self.send(&request).await?;
        serde_json::from_slice(&body).map_err(|error| Failure::Unexpected {
            server: self.address.clone(),
            why: format!("{} to {}", error, request.path),
        })
    }

    pub async fn tell(&self, request: Request) -> Result<()> {
        self.send(&request).await.map(drop)
    }

    async fn send(&self, request: &Request) -> Result<Vec<u8>> {
        let mut waits = self.waits.of(request.patience).iter();
        loop {
            let failed = match self.try_once(request).await {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            let Some(wait) = waits.next().filter(|_| failed.again) else {
                return Err(failed.failure);
            };
            let wait = failed.after.map_or(*wait, |after| after.min(LONGEST).max(*wait));
            tracing::info!(code = failed.failure.code(), ?wait, "the request is sent again");
            tokio::time::sleep(wait).await;
        }
    }

    async fn try_once(&self, request: &Request) -> Result<Vec<u8>, Failed> {
        let url = self.base.join(&request.path).map_err(|error| Failure::ServerAddress {
            address: self.address.clone(),
            why: error.to_string(),
        })?;
        let mut sent = self.client.request(request.method.clone(), url);
        sent = sent.bearer_auth(self.token.reveal());
        if !request.query.is_empty() {
            sent = sent.query(&request.query);
        }
        if let Some(body) = &request.body {
            sent = sent.header(CONTENT_TYPE, "application/json");
            sent = match compressed(body) {
                Some(small) => sent.header(CONTENT_ENCODING, "gzip").body(small),
                None => sent.body(body.clone()),
            };
        }
        let answer = sent.send().await.map_err(|error| self.unreachable(&error))?;
        if answer.status().is_success() {
            let body = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
            return Ok(body.to_vec());
        }
        Err(self.refusal(answer).await)
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failed {
        let server = self.address.clone();
        match Fault::of(error) {
            Some(Fault::Certificate(why)) => {
                return Failure::ServerCertificate { server, why }.into();
            }
            Some(Fault::Handshake(why)) => return Failure::ServerNoTls { server, why }.into(),
            None => (),
        }
        let why = if error.is_timeout() { "nothing answers".to_owned() } else { innermost(error) };
        Failed { failure: Failure::ServerUnreachable { server, why }, again: true, after: None }
    }

    async fn refusal(&self, answer: Response) -> Failed {
        let server = self.address.clone();
        let status = answer.status();
        let after = answer.headers().get(RETRY_AFTER);
        let after = after.and_then(|it| it.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        let said: Option<Refusal> = match answer.bytes().await {
            Ok(body) => serde_json::from_slice(&body).ok(),
            Err(_) => None,
        };
        let failing = Failure::ServerFailing { server: server.clone(), status: status.as_u16() };
        let again = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let failure = match (status, said) {
            (StatusCode::UNAUTHORIZED, None) => Failure::TokenRefused { server },
            (_, Some(said)) if said.code == TOKEN_UNKNOWN => Failure::TokenRefused { server },
            (_, Some(said)) if said.code == TOKEN_NOT_ENROLLED => {
                Failure::TokenNotEnrolled { server }
            }
            (_, Some(Refusal { code, message })) if !status.is_server_error() => {
                Failure::ServerRefused { code, message }
            }
            (_, _) if again => failing,
            (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, None) => {
                Failure::NotMuster { server }
            }
            (_, None) if status.is_redirection() => Failure::NotMuster { server },
            (_, _) => failing,
        };
        Failed { failure, again, after }
    }
}

/// `None`: the body is too small to be worth it.
fn compressed(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < COMPRESSED {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

/// The innermost cause: the outer errors only say that a request failed.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
