//! A server that remembers what it was told, and can be made to answer badly.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use roster::directory::protocol::{
    Abort, Batch, BeginRun, Commit, Committed, DirectoryIdentity, Enroll, Enrolled, Event, Events,
    GroupChoice, Groups, Guid, Hello, Managed, Mapping, Mappings, PROTOCOL, PersonSeen, Refusal,
    RunResult, SourceId,
};
use roster::id::{GroupId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

pub const TOKEN: &str = "hidden-token";

#[derive(Default)]
pub struct Told {
    pub begun: Vec<BeginRun>,
    /// Of the last run.
    pub batches: Vec<Vec<PersonSeen>>,
    pub commits: Vec<Commit>,
    pub aborts: Vec<Abort>,
    pub events: Vec<Event>,
    pub enrolled: Vec<Enroll>,
    /// Bodies that came compressed.
    pub compressed: usize,
    /// "PUT runs/…", in order.
    pub requests: Vec<String>,
}

pub struct Muster {
    pub told: Mutex<Told>,
    pub mappings: Mutex<Vec<Mapping>>,
    /// With whom nothing is enrolled yet: the email, password and code that it takes.
    pub waits_for: Mutex<Option<(String, String, String)>>,
    /// Answers to requests whose address has this in it wait for it.
    pub holds: Mutex<Option<(&'static str, Arc<Notify>)>>,
    pub managed: Mutex<Vec<Guid>>,
    pub directory: Mutex<DirectoryIdentity>,
    pub answer: Mutex<Committed>,
    /// The next answers to requests whose address has this in it, before the right one.
    pub bad: Mutex<Vec<(&'static str, Bad)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    Status(u16),
    /// It is done, and the answer gets lost.
    Lost,
}

const GROUPS: [(i64, &str); 3] =
    [(1001, "Support"), (1002, "Support/Tier 1"), (1003, "<img src=x onerror=alert(1)>")];

pub const DONE: Committed = Committed::empty(RunResult::Applied);

impl Muster {
    pub async fn start(directory: DirectoryIdentity, group: Guid) -> (Arc<Self>, SocketAddr) {
        let mapping = Mapping {
            ad_group_guid: group,
            ad_group_name: "Support".into(),
            technician_group_id: GroupId(1001),
        };
        let muster = Arc::new(Self {
            told: Mutex::default(),
            mappings: Mutex::new(vec![mapping]),
            waits_for: Mutex::default(),
            holds: Mutex::default(),
            managed: Mutex::default(),
            directory: Mutex::new(directory),
            answer: Mutex::new(DONE),
            bad: Mutex::default(),
        });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&muster));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (muster, address)
    }

    fn next_bad(&self, path: &str) -> Option<Bad> {
        let mut bad = self.bad.lock().unwrap();
        let place = bad.iter().position(|(part, _)| path.contains(part))?;
        Some(bad.remove(place).1)
    }

    fn hello(&self) -> Hello {
        Hello {
            protocol: PROTOCOL,
            server_time: Timestamp(0),
            source_id: SourceId(1),
            directory: self.directory.lock().unwrap().clone(),
            interval_seconds: 900,
            mappings: self.mappings.lock().unwrap().clone(),
            commands: Vec::new(),
        }
    }
}

async fn answer(State(muster): State<Arc<Muster>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().trim_start_matches("/api/directory-sync/v1/").to_owned();
    let query = parts.uri.query().unwrap_or_default();
    let search = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "search");
    let search = search.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    muster.told.lock().unwrap().requests.push(format!("{} {path}", parts.method));
    if parts.headers.get("authorization").is_none_or(|it| it != &format!("Bearer {TOKEN}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let held = muster.holds.lock().unwrap().clone();
    if let Some((_, go_on)) = held.filter(|(part, _)| path.contains(part)) {
        go_on.notified().await;
    }
    if path != "enroll" && muster.waits_for.lock().unwrap().is_some() {
        return refusal(StatusCode::FORBIDDEN, "token.not_enrolled");
    }
    let bad = muster.next_bad(&path);
    if let Some(Bad::Status(status)) = bad {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    let response = take(&muster, (&path, &search), &parts.headers, &body);
    match bad {
        Some(Bad::Lost) => StatusCode::BAD_GATEWAY.into_response(),
        _ => response,
    }
}

fn take(
    muster: &Muster,
    (path, search): (&str, &str),
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let mut told = muster.told.lock().unwrap();
    let body = match headers.get("content-encoding") {
        Some(_) => {
            told.compressed += 1;
            let mut plain = Vec::new();
            GzDecoder::new(body.as_ref()).read_to_end(&mut plain).unwrap();
            plain
        }
        None => body.to_vec(),
    };
    match path.split('/').collect::<Vec<_>>()[..] {
        ["hello"] => json(&muster.hello()),
        ["enroll"] => {
            let enroll: Enroll = read(&body);
            let mut waits_for = muster.waits_for.lock().unwrap();
            let Some((email, password, code)) = waits_for.clone() else {
                return refusal(StatusCode::CONFLICT, "conflict");
            };
            if (enroll.email.as_str(), enroll.password.reveal()) != (email.as_str(), &password) {
                return refusal(StatusCode::UNPROCESSABLE_ENTITY, "refused");
            }
            if enroll.code.reveal() != code {
                return refusal(StatusCode::UNPROCESSABLE_ENTITY, "invalid.code");
            }
            *waits_for = None;
            muster.directory.lock().unwrap().clone_from(&enroll.directory);
            told.enrolled.push(enroll);
            json(&Enrolled { source_id: SourceId(1) })
        }
        ["groups"] => json(&Groups {
            groups: GROUPS
                .iter()
                .filter(|(_, path)| path.contains(search))
                .map(|(id, path)| GroupChoice { id: GroupId(*id), path: (*path).to_owned() })
                .collect(),
        }),
        ["mappings"] => {
            *muster.mappings.lock().unwrap() = read::<Mappings>(&body).mappings;
            StatusCode::NO_CONTENT.into_response()
        }
        ["managed"] => json(&Managed { guids: muster.managed.lock().unwrap().clone(), next: None }),
        ["events"] => {
            told.events.extend(read::<Events>(&body).events);
            StatusCode::NO_CONTENT.into_response()
        }
        ["runs"] => {
            told.begun.push(read(&body));
            told.batches.clear();
            StatusCode::CREATED.into_response()
        }
        ["runs", _, "batches", number] => {
            let number: usize = number.parse().unwrap();
            let people = read::<Batch>(&body).people;
            match told.batches.get_mut(number) {
                Some(known) => assert_eq!(*known, people, "a batch that is sent again is the same"),
                None => told.batches.push(people),
            }
            StatusCode::NO_CONTENT.into_response()
        }
        ["runs", _, "commit"] => {
            told.commits.push(read(&body));
            json(&*muster.answer.lock().unwrap())
        }
        ["runs", _, "abort"] => {
            told.aborts.push(read(&body));
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Every refusal has the same sentence.
pub const REFUSED: &str = "The server’s own <b>sentence</b>.";

fn refusal(status: StatusCode, code: &str) -> Response {
    let refusal = Refusal { code: code.to_owned(), message: REFUSED.to_owned() };
    (status, json(&refusal)).into_response()
}

fn read<T: DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body).unwrap()
}

fn json(value: &impl Serialize) -> Response {
    ([("content-type", "application/json")], serde_json::to_vec(value).unwrap()).into_response()
}
