//! Anonymous is turned away here, before anything renders, with an empty body. What somebody who
//! is signed in may do is decided by the operations, not here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use roster::account::Role;
use roster::authority::{Actor, Caller, Origin};

use crate::routes::{Refusal, directory_sync, health};
use crate::serve::{RequestId, Site};

const SIGN_IN: &str = "/sign-in";
const CODE: &str = "/sign-in/code";
const SET_UP: &str = "/setup";
const CHOOSE_PASSWORD: &str = "/choose-password";
const TWO_STEP: &str = "/account/two-step";
/// The server functions of the pages that anonymous sees.
const SIGN_IN_FUNCTION: &str = "/api/fn/sign_in";
const CODE_FUNCTION: &str = "/api/fn/sign_in_code";
const PASSKEY_FUNCTIONS: [&str; 6] = [
    "/api/fn/sign_in_passkeys",
    "/api/fn/sign_in_passkey_ask",
    "/api/fn/sign_in_passkey",
    "/api/fn/sign_in_awaited",
    "/api/fn/sign_in_second_ask",
    "/api/fn/sign_in_second",
];
const SET_UP_FUNCTION: &str = "/api/fn/set_up";

/// Neither a session nor the database is asked for these.
pub fn is_for_everybody(path: &str) -> bool {
    path.starts_with("/assets/") || health::is_for_monitors(path)
}

/// Whoever comes here has a service token, or is turned away by those routes; a session is worth
/// nothing here.
pub fn is_for_services(path: &str) -> bool {
    path.starts_with(directory_sync::PREFIX)
}

pub async fn admit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    if is_for_everybody(uri.path()) || is_for_services(uri.path()) {
        return next.run(request).await;
    }
    let navigation = is_navigation(request.method(), &uri, request.headers());
    let actor = request.extensions().get::<Caller>().and_then(Caller::person);
    let verdict = if let Some(actor) = actor {
        known(&uri, navigation, actor)
    } else {
        let id = request.extensions().get().cloned();
        match is_set_up(&site, id).await {
            Ok(set_up) => anonymous(&uri, navigation, set_up),
            Err(refusal) => return refusal.into_response(),
        }
    };
    match verdict {
        Verdict::Pass => next.run(request).await,
        Verdict::See(place) => see(&place),
        Verdict::SignInFirst => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Pass,
    /// 303 to another page.
    See(String),
    SignInFirst,
}

impl Verdict {
    fn see(place: &str) -> Self {
        Self::See(place.to_owned())
    }
}

fn anonymous(uri: &Uri, navigation: bool, set_up: bool) -> Verdict {
    match uri.path() {
        SIGN_IN | CODE if set_up => Verdict::Pass,
        SET_UP if !set_up => Verdict::Pass,
        SIGN_IN_FUNCTION | CODE_FUNCTION | SET_UP_FUNCTION => Verdict::Pass,
        path if PASSKEY_FUNCTIONS.contains(&path) => Verdict::Pass,
        _ if !navigation => Verdict::SignInFirst,
        _ if !set_up => Verdict::see(SET_UP),
        "/" | SET_UP => Verdict::see(SIGN_IN),
        // Another server's address in disguise is nowhere to go on to.
        path if path.starts_with("//") => Verdict::see(SIGN_IN),
        path => {
            let wanted = uri.path_and_query().map_or(path, |wanted| wanted.as_str());
            Verdict::See(format!("{SIGN_IN}?next={}", escaped(wanted)))
        }
    }
}

fn known(uri: &Uri, navigation: bool, actor: &Actor) -> Verdict {
    match uri.path() {
        CHOOSE_PASSWORD => Verdict::Pass,
        _ if navigation && actor.must_change_password => Verdict::see(CHOOSE_PASSWORD),
        TWO_STEP => Verdict::Pass,
        _ if navigation && actor.two_step_due => Verdict::see(TWO_STEP),
        "/" | SIGN_IN | CODE | SET_UP if navigation => Verdict::see(home(actor.role)),
        _ => Verdict::Pass,
    }
}

/// Where somebody begins.
fn home(role: Role) -> &'static str {
    match role {
        Role::Technician => "/account",
        Role::Administrator | Role::Master | Role::Holder => "/organization",
    }
}

/// The browser's own way to a page or a download, and not a request by a script.
fn is_navigation(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let reads = *method == Method::GET || *method == Method::HEAD;
    let asks_for_page = match text(header::HeaderName::from_static("sec-fetch-mode")) {
        Some(mode) => mode == "navigate",
        None => text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html")),
    };
    reads && asks_for_page && !uri.path().starts_with("/api/fn/")
}

async fn is_set_up(site: &Site, id: Option<RequestId>) -> Result<bool, Refusal> {
    site.is_set_up(&Caller::anonymous(Origin::default())).await.map_err(|error| {
        let id = id.as_ref().map_or("-", RequestId::as_str);
        Refusal::from(error.into_fault(id))
    })
}

fn see(place: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// As the value of a query's parameter.
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                let _never_fails = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use roster::id::{AccountId, SessionId};

    fn actor(role: Role, must_change_password: bool) -> Actor {
        Actor {
            account: AccountId(1),
            name: String::new(),
            role,
            areas: Vec::new(),
            session: SessionId(1),
            must_change_password,
            two_step_due: false,
        }
    }

    #[test]
    fn anonymous_sees_nothing_but_the_way_in() {
        let check = |uri: &str, navigation, set_up, expected: Verdict| {
            assert_eq!(anonymous(&uri.parse().unwrap(), navigation, set_up), expected, "{uri}");
        };
        check("/sign-in", true, true, Verdict::Pass);
        check("/setup", true, false, Verdict::Pass);
        check("/setup", true, true, Verdict::see("/sign-in"));
        check("/sign-in", true, false, Verdict::see("/setup"));
        check("/", true, true, Verdict::see("/sign-in"));
        check("/api/fn/sign_in", false, true, Verdict::Pass);
        check("/sign-in/code", true, true, Verdict::Pass);
        check("/api/fn/sign_in_code", false, true, Verdict::Pass);
        check("/api/fn/sign_out", false, true, Verdict::SignInFirst);
        check("/api/fn/sign_in/x", false, true, Verdict::SignInFirst);
        check("/sign-in/", false, true, Verdict::SignInFirst);
        check("/organization", false, true, Verdict::SignInFirst);
        check("/organization", false, false, Verdict::SignInFirst);
        let next = Verdict::see("/sign-in?next=/organization%3Fq%3Da%26b%2520c");
        check("/organization?q=a&b%20c", true, true, next);
        check("/sign-in/", true, true, Verdict::see("/sign-in?next=/sign-in/"));
    }

    #[test]
    fn services_have_addresses_of_their_own() {
        let check = |path, expected| assert_eq!(is_for_services(path), expected, "{path}");
        check("/api/directory-sync/v1/hello", true);
        check("/api/directory-sync/v1/runs/1/commit", true);
        check("/api/directory-sync/v1", false);
        check("/api/directory-sync/v10/hello", false);
        check("/api/directory/log", false);
        check("//api/directory-sync/v1/hello", false);
    }

    #[test]
    fn the_way_on_never_leads_elsewhere() {
        let uri = Uri::builder().path_and_query("//evil.example/x").build().unwrap();
        assert_eq!(anonymous(&uri, true, true), Verdict::see("/sign-in"));
    }

    #[test]
    fn who_is_known_is_sent_where_they_belong() {
        let check = |uri: &str, role, must_change, expected: Verdict| {
            let found = known(&uri.parse().unwrap(), true, &actor(role, must_change));
            assert_eq!(found, expected, "{uri}");
        };
        check("/", Role::Technician, false, Verdict::see("/account"));
        check("/sign-in", Role::Administrator, false, Verdict::see("/organization"));
        check("/setup", Role::Holder, false, Verdict::see("/organization"));
        check("/organization", Role::Technician, false, Verdict::Pass);
        check("/organization", Role::Technician, true, Verdict::see("/choose-password"));
        check("/choose-password", Role::Technician, true, Verdict::Pass);
        check("/account/two-step", Role::Technician, true, Verdict::see("/choose-password"));
        let due = Actor { two_step_due: true, ..actor(Role::Master, false) };
        let found = |uri: &str| known(&uri.parse().unwrap(), true, &due);
        assert_eq!(found("/organization"), Verdict::see("/account/two-step"));
        assert_eq!(found("/account/two-step"), Verdict::Pass);
    }

    #[test]
    fn navigations_are_the_browsers_own() {
        let check =
            |method: Method, uri: &str, headers: &[(&'static str, &'static str)], expected| {
                let headers = headers.iter().map(|(name, value)| {
                    (header::HeaderName::from_static(name), HeaderValue::from_static(value))
                });
                let headers: HeaderMap = headers.collect();
                assert_eq!(is_navigation(&method, &uri.parse().unwrap(), &headers), expected);
            };
        check(Method::GET, "/account", &[("sec-fetch-mode", "navigate")], true);
        check(
            Method::GET,
            "/account",
            &[("sec-fetch-mode", "cors"), ("accept", "text/html")],
            false,
        );
        check(Method::GET, "/account", &[("accept", "text/html,*/*")], true);
        check(Method::GET, "/account", &[("accept", "*/*")], false);
        check(Method::POST, "/account", &[("accept", "text/html")], false);
        check(Method::GET, "/api/fn/x", &[("accept", "text/html")], false);
    }
}
