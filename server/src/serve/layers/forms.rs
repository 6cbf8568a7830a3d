//! Forms that were sent before the page was alive. They are answered with the way back to their page,
//! which shows what is wrong; that stands in the address. A link from elsewhere could put any sentence
//! there: so the browser gets a cookie along, and without it the page is shown as if nothing were
//! wrong.

use app::server::CookieStyle;
use axum::extract::{Query, Request, State};
use axum::http::header::{ACCEPT, COOKIE, HOST, LOCATION, REFERER, SET_COOKIE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use roster::hexadecimal;
use sha2::{Digest, Sha256};

use crate::serve::Site;

/// The address's parameters that hold what is wrong, and with which form.
const FAULT: &str = "__err";
const FORM: &str = "__path";
/// Long enough to correct a form and to load its page again.
const SECONDS: u32 = 600;
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

pub async fn lead_back(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return match without_foreign_fault(request.uri(), request.headers(), site.cookie) {
            None => next.run(request).await,
            Some(place) => (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response(),
        };
    }
    if !is_plain_form(&request) {
        return next.run(request).await;
    }
    if !is_own(&site, &request) {
        request.headers_mut().remove(REFERER);
    }
    let mut response = next.run(request).await;
    let place = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
    if let Some(seal) = place.and_then(|place| place.parse::<Uri>().ok()).and_then(|it| seal(&it))
        && let Ok(cookie) = HeaderValue::try_from(cookie(site.cookie, &seal))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn is_plain_form(request: &Request) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The page of the form is this server's.
fn is_own(site: &Site, request: &Request) -> bool {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(page) = text(REFERER).and_then(|page| page.parse::<Uri>().ok()) else { return false };
    let Some(host) = page.authority().filter(|_| page.scheme().is_some()) else { return false };
    // HTTP/2 has the host in the request's own address; a proxy may put its own name there.
    let forwarded = text(FORWARDED_HOST).filter(|_| !site.proxies.is_empty());
    let asked = [text(HOST), request.uri().authority().map(Authority::as_str), forwarded];
    let public = site.public.as_deref().and_then(|public| public.split_once("://"));
    asked.into_iter().flatten().any(|asked| host.as_str().eq_ignore_ascii_case(asked))
        || public.is_some_and(|(_, public)| host.as_str().eq_ignore_ascii_case(public))
}

/// The address without its fault, where this server hasn't put it there for this browser.
fn without_foreign_fault(uri: &Uri, headers: &HeaderMap, style: CookieStyle) -> Option<String> {
    if !parameters(uri).iter().any(|(key, _)| key == FAULT || key == FORM) {
        return None;
    }
    let seal = seal(uri);
    if seal.is_some() && seal.as_deref() == kept(headers, style) {
        return None;
    }
    // What can't be read as parameters goes, too.
    let kept = uri.query().unwrap_or_default().split('&').filter(|part| {
        let alone: Uri = ["/?", part].concat().parse().unwrap_or_default();
        let read = parameters(&alone);
        !read.iter().any(|(key, _)| key == FAULT || key == FORM)
    });
    let kept: Vec<&str> = kept.collect();
    let mark = if kept.is_empty() { "" } else { "?" };
    // Not to another host: "//" begins one.
    let path = ["/", uri.path().trim_start_matches('/')].concat();
    Some([&path, mark, &kept.join("&")].concat())
}

fn parameters(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map(|Query(parameters)| parameters).unwrap_or_default()
}

/// What the cookie says of the one fault in this address.
fn seal(uri: &Uri) -> Option<String> {
    let parameters = parameters(uri);
    let one = |key: &str| {
        let mut found = parameters.iter().filter(|(found, _)| found == key);
        found.next().filter(|_| found.next().is_none())
    };
    let ((_, form), (_, fault)) = one(FORM).zip(one(FAULT))?;
    Some(hexadecimal::of(&Sha256::digest([form, "\n", fault].concat())))
}

fn name(style: CookieStyle) -> String {
    [style.name, "-fault"].concat()
}

fn cookie(style: CookieStyle, seal: &str) -> String {
    let secure = if style.secure { "; Secure" } else { "" };
    format!("{}={seal}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Strict{secure}", name(style))
}

fn kept(headers: &HeaderMap, style: CookieStyle) -> Option<&str> {
    let name = name(style);
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies =
        lines.flat_map(|line| line.split(';')).filter_map(|it| it.trim().split_once('='));
    cookies.find(|(found, _)| *found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: CookieStyle =
        CookieStyle { name: "muster", device: "muster-device", secure: false };

    #[test]
    fn only_a_fault_of_our_own_stays_in_the_address() {
        let own: Uri =
            "/sign-in?next=%2F&__path=%2Fapi%2Ffn%2Fsign_in&__err=e30%3D".parse().unwrap();
        let cookie = cookie(STYLE, &seal(&own).unwrap());
        let headers = HeaderMap::from_iter([(
            COOKIE,
            HeaderValue::try_from(["a=b; ", cookie.split(';').next().unwrap()].concat()).unwrap(),
        )]);
        let check = |uri: &str, expected: Option<&str>| {
            let found = without_foreign_fault(&uri.parse().unwrap(), &headers, STYLE);
            assert_eq!(found.as_deref(), expected, "{uri}");
        };
        check(&own.to_string(), None);
        check("/sign-in?next=%2F", None);
        check("/sign-in?__path=%2Fapi%2Ffn%2Fsign_in&__err=e30%3D&next=a", None);
        check("/sign-in?__path=%2Fapi%2Ffn%2Fsign_in&__err=e31", Some("/sign-in"));
        check("/sign-in?a=b&__err=e31&c", Some("/sign-in?a=b&c"));
        check("/sign-in?%5F_err=e31&_%5fpath=x", Some("/sign-in"));
        check("//evil.example/?__err=e31", Some("/evil.example/"));
        // Two of them: who reads the address may take the other.
        check(&[&own.to_string(), "&__err=e31"].concat(), Some("/sign-in?next=%2F"));
    }
}
