//! Requests that are sent again with their key: done once, answered the same, for the same person alone.

#[path = "../../../store/tests/contract/repeats/cut.rs"]
mod cut;

use std::path::Path;
use std::process::Command;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use operations::set_up::SetUp;
use operations::{Operations, administrators, keys, sign_in};
use roster::account::Role;
use roster::authority::{Caller, Origin};
use roster::fields::Draft;
use roster::secret::Secret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Site, layers};
use crate::configuration::Exposure;
use crate::routes;
use cut::Proxy;

const HOLDER: &str = "ada@northwind.example";
const MASTER: &str = "bob@northwind.example";
const PASSWORD: &str = "Kt4?wZuLp9-bridge";
const KEY: &str = "8a7c1a34-6f0e-4a52-9d3c-0d0e5f4b7a11";
const OTHER_KEY: &str = "8a7c1a34-6f0e-4a52-9d3c-0d0e5f4b7a12";

struct World {
    server: Router,
    operations: Operations,
    holder: String,
    _folder: TempDir,
}

#[derive(Debug, PartialEq)]
struct Answer {
    status: StatusCode,
    replayed: bool,
    body: Value,
}

fn fresh(body: Value) -> Answer {
    Answer { status: StatusCode::OK, replayed: false, body }
}

fn replayed(body: Value) -> Answer {
    Answer { status: StatusCode::OK, replayed: true, body }
}

impl World {
    async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("muster.db").display());
        Self::on(&url, None, folder).await
    }

    async fn on(url: &str, key_file: Option<&Path>, folder: TempDir) -> Self {
        let operations = Operations::open(url, key_file).await.unwrap();
        let wish = SetUp {
            code: None,
            organization: "Northwind".to_owned(),
            name: "Ada".to_owned(),
            email: HOLDER.to_owned(),
            password: Secret::new(PASSWORD),
        };
        operations::set_up::set_up(&operations, &Caller::operator(), wish).await.unwrap();
        let site = Site::new(operations.clone(), Exposure::Loopback);
        let server = layers::around(routes::all(&site), &site);
        let holder = token(&operations, HOLDER).await;
        Self { server, operations, holder, _folder: folder }
    }

    async fn send(&self, token: &str, key: Option<&str>, address: &str, body: &str) -> Answer {
        let mut request = Request::post(["/api/fn/", address].concat())
            .header(header::COOKIE, ["muster=", token].concat())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.server.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            replayed: headers.contains_key("idempotency-replayed"),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// As the holder, with a key.
    async fn group(&self, key: &str, name: &str) -> Answer {
        self.send(&self.holder, Some(key), "group_create", &group(name)).await
    }
}

async fn token(operations: &Operations, email: &str) -> String {
    let anonymous = Caller::anonymous(Origin::default());
    let signed_in = sign_in::sign_in(operations, &anonymous, email, &Secret::new(PASSWORD)).await;
    signed_in.unwrap().token.reveal().to_owned()
}

fn group(name: &str) -> String {
    ["parent=1&form[name]=", name].concat()
}

fn technician(group: &Value, name: &str) -> String {
    format!(
        "group={group}&form[name]={name}&form[nickname]={name}&form[email]={name}@x.example\
         &form[singleSignOnId]=&form[description]=&form[enabled]=true"
    )
}

#[tokio::test]
async fn the_same_key_makes_one_and_answers_the_same() {
    let world = World::sqlite().await;
    let first = world.group(KEY, "Support").await;
    assert_eq!(first, fresh(first.body.clone()));
    assert!(first.body.is_i64());
    assert_eq!(world.group(KEY, "Support").await, replayed(first.body));
    // Without it, it is another request.
    let other = world.send(&world.holder, None, "group_create", &group("Support")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = world.group(OTHER_KEY, "Support").await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What was refused may be sent again by the same key.
    assert!(world.group(OTHER_KEY, "Sales").await.body.is_i64());
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_person() {
    let world = World::sqlite().await;
    let draft = Draft {
        name: "Bob".to_owned(),
        nickname: "Bob".to_owned(),
        email: MASTER.to_owned(),
        password: Some(PASSWORD.to_owned()),
        sso_id: String::new(),
        description: String::new(),
        enabled: true,
        standard_license: false,
        mobile_license: false,
    };
    let operator = Caller::operator();
    administrators::create(&world.operations, &operator, Role::Master, draft).await.unwrap();
    let first = world.group(KEY, "Support").await;
    let other = world.group(KEY, "Sales").await;
    assert_eq!((other.status, &other.body["code"]), (StatusCode::CONFLICT, &json!("conflict")));
    assert!(other.body["message"].as_str().unwrap().contains("new key"), "{other:?}");
    let bob = token(&world.operations, MASTER).await;
    let of_bob = world.send(&bob, Some(KEY), "group_create", &group("Support")).await;
    assert!(!of_bob.replayed && of_bob.body != first.body, "{of_bob:?}");
    let nobody = world.send("none", Some(KEY), "group_create", &group("Support")).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let strange = world.group("not-a-uuid", "Support").await;
    assert_eq!(
        (strange.status, &strange.body["code"]),
        (StatusCode::BAD_REQUEST, &json!("refused"))
    );
}

#[tokio::test]
async fn a_starting_password_is_answered_once() {
    let world = World::sqlite().await;
    let support = world.group(OTHER_KEY, "Support").await.body;
    let body = technician(&support, "eve");
    let send = || world.send(&world.holder, Some(KEY), "technician_create", &body);
    let first = send().await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    let password = first.body["starting"]["password"].as_str().unwrap().to_owned();
    let again = send().await;
    assert_eq!((again.status, again.replayed), (StatusCode::CONFLICT, true));
    assert_eq!(again.body, json!({ "code": "done", "secret": true }));
    assert!(!again.body.to_string().contains(&password));
}

#[tokio::test]
async fn two_at_once_make_one() {
    let world = World::sqlite().await;
    let (one, two) = tokio::join!(world.group(KEY, "Support"), world.group(KEY, "Support"));
    assert_eq!((one.status, &one.body), (two.status, &two.body));
    assert_eq!(one.status, StatusCode::OK);
}

/// The answer to the COMMIT is lost between PostgreSQL and this server.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the tests' one setting, told by xtask")]
async fn a_commit_whose_answer_was_lost_is_done_once() {
    let Ok(cluster) = std::env::var("MUSTER_TEST_POSTGRES") else {
        eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
        return;
    };
    let schema = format!("muster_repeated_{}", std::process::id());
    psql(&cluster, &format!("CREATE SCHEMA {schema}"));
    let proxy = Proxy::before(&format!("{cluster}?options[search_path]={schema}")).await.unwrap();
    let folder = TempDir::new().unwrap();
    let key_file = folder.path().join("muster.key");
    keys::make_file(&Caller::operator(), &key_file).unwrap();
    let world = World::on(&proxy.address, Some(&key_file), folder).await;

    // Without a key nobody knows.
    proxy.cut_at("COMMIT");
    let lost = world.send(&world.holder, None, "group_create", &group("Sales")).await;
    assert_eq!(
        (lost.status, lost.body),
        (
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "code": "outcome_unknown", "repeatable": false })
        )
    );
    // With one the server looks, or the client sends it again.
    proxy.cut_at("COMMIT");
    let first = world.group(KEY, "Support").await;
    let again = world.group(KEY, "Support").await;
    assert!(again.body.is_i64(), "{again:?}");
    assert_eq!(again, replayed(again.body.clone()));
    let unknown = json!({ "code": "outcome_unknown", "repeatable": true });
    assert!(first == again || first.body == unknown, "{first:?}");
    world.operations.close().await;
    psql(&cluster, &format!("DROP SCHEMA {schema} CASCADE"));
}

fn psql(cluster: &str, statement: &str) {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", cluster]);
    assert!(psql.args(["--command", statement]).status().unwrap().success());
}
