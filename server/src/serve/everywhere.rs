//! Every address that there is, tried by nobody in particular: the gate stands before them all,
//! whoever adds one.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use leptos_axum::generate_route_list;
use operations::Operations;
use operations::set_up::SetUp;
use roster::authority::Caller;
use roster::directory::protocol::Refusal;
use roster::secret::Secret;
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Site, layers};
use crate::configuration::Exposure;
use crate::routes::{self, directory_sync};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// The plain routes; pages and server functions are listed by Leptos.
const PLAIN: [(Method, &str); 17] = [
    (Method::GET, "/api/audit.csv"),
    (Method::GET, "/api/audit.json"),
    (Method::GET, "/api/directory/log"),
    (Method::POST, "/api/technicians/export"),
    (Method::POST, "/api/imports"),
    (Method::POST, "/api/imports/compare"),
    (Method::POST, "/api/imports/{id}/retry"),
    (Method::POST, "/api/imports/{id}/undo"),
    (Method::GET, "/api/imports/{id}/chunks"),
    (Method::PUT, "/api/imports/{id}/chunks/0"),
    (Method::POST, "/api/imports/{id}/finish"),
    (Method::POST, "/api/imports/{id}/cancel"),
    (Method::GET, "/api/imports/{id}/rows.csv"),
    (Method::GET, "/api/imports/{id}/rows.json"),
    (Method::GET, "/api/imports/{id}/failed.csv"),
    (Method::GET, "/api/import-examples/technicians.csv"),
    (Method::GET, "/api/import-examples/technicians.json"),
];

/// Those of the synchronization service, which are told in JSON why.
const SERVICE: [(Method, &str); 11] = [
    (Method::POST, "enroll"),
    (Method::GET, "hello"),
    (Method::GET, "groups?search=a"),
    (Method::PUT, "mappings"),
    (Method::GET, "managed"),
    (Method::POST, "runs"),
    (Method::PUT, "runs/{id}/batches/0"),
    (Method::POST, "runs/{id}/commit"),
    (Method::POST, "runs/{id}/abort"),
    (Method::POST, "events"),
    (Method::POST, "token/rotate"),
];

const OPEN_PAGES: [&str; 3] = ["/sign-in", "/sign-in/code", "/setup"];
const OPEN_FUNCTIONS: [&str; 9] = [
    "/api/fn/set_up",
    "/api/fn/sign_in",
    "/api/fn/sign_in_awaited",
    "/api/fn/sign_in_code",
    "/api/fn/sign_in_passkey",
    "/api/fn/sign_in_passkey_ask",
    "/api/fn/sign_in_passkeys",
    "/api/fn/sign_in_second",
    "/api/fn/sign_in_second_ask",
];

async fn server(folder: &TempDir) -> Router {
    let url = format!("sqlite:{}", folder.path().join("muster.db").display());
    let operations = Operations::open(&url, None).await.unwrap();
    let wish = SetUp {
        code: None,
        organization: "Northwind".to_owned(),
        name: "Ada".to_owned(),
        email: "ada@northwind.example".to_owned(),
        password: Secret::new("Kt4?wZuLp9-bridge"),
    };
    operations::set_up::set_up(&operations, &Caller::operator(), wish).await.unwrap();
    let site = Site::new(operations, Exposure::Loopback);
    layers::around(routes::all(&site), &site)
}

/// Status, where to go instead, length of the body.
async fn answer(
    server: &Router,
    method: &Method,
    path: &str,
    accept: &str,
) -> (StatusCode, Option<String>, usize) {
    let request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
    let response = server.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let location = response.headers().get(header::LOCATION);
    let location = location.map(|location| location.to_str().unwrap().to_owned());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, location, body.len())
}

#[tokio::test]
async fn anonymous_is_turned_away_from_every_address() {
    let folder = TempDir::new().unwrap();
    let server = server(&folder).await;
    let pages: Vec<String> = generate_route_list(app::App)
        .iter()
        .map(|page| page.path().replace("{id}", "1"))
        .filter(|path| !OPEN_PAGES.contains(&path.as_str()))
        .collect();
    assert!(pages.len() > 8, "{pages:?}");
    for page in pages.iter().map(String::as_str).chain(["/", "/nowhere", "/sign-in/x"]) {
        let (status, location, length) = answer(&server, &Method::GET, page, "text/html").await;
        assert_eq!((status, length), (StatusCode::SEE_OTHER, 0), "{page}");
        assert!(location.unwrap().starts_with("/sign-in"), "{page}");
        let turned_away = (StatusCode::UNAUTHORIZED, None, 0);
        assert_eq!(answer(&server, &Method::GET, page, "*/*").await, turned_away, "{page}");
        assert_eq!(answer(&server, &Method::POST, page, "text/html").await, turned_away, "{page}");
    }
}

#[tokio::test]
async fn anonymous_is_turned_away_from_every_function_and_route() {
    let folder = TempDir::new().unwrap();
    let server = server(&folder).await;
    let functions: Vec<(Method, String)> = server_fn::axum::server_fn_paths()
        .map(|(path, method)| (method, path.to_owned()))
        .filter(|(_, path)| !OPEN_FUNCTIONS.contains(&path.as_str()))
        .collect();
    assert!(functions.len() > 8, "{functions:?}");
    for (method, path) in &functions {
        assert!(path.starts_with("/api/fn/"), "{path}");
        let found = answer(&server, method, path, "text/html").await;
        assert_eq!(found, (StatusCode::UNAUTHORIZED, None, 0), "{path}");
    }
    for (method, path) in PLAIN {
        let path = path.replace("{id}", ID);
        let found = answer(&server, &method, &path, "*/*").await;
        assert_eq!(found, (StatusCode::UNAUTHORIZED, None, 0), "{path}");
    }
}

#[tokio::test]
async fn who_has_no_service_token_is_turned_away_and_told_so() {
    let folder = TempDir::new().unwrap();
    let server = server(&folder).await;
    for (method, path) in SERVICE {
        for authorization in [None, Some("Bearer wrong")] {
            let path = [directory_sync::PREFIX, &path.replace("{id}", ID)].concat();
            let mut request = Request::builder().method(&method).uri(&path);
            if let Some(authorization) = authorization {
                request = request.header(header::AUTHORIZATION, authorization);
            }
            // Nothing of the body is looked at.
            let request =
                request.header(header::CONTENT_ENCODING, "gzip").body(Body::from("no gzip"));
            let response = server.clone().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let refusal: Refusal = serde_json::from_slice(&body).unwrap();
            assert_eq!(refusal.code, "token.unknown", "{path}");
        }
    }
}
