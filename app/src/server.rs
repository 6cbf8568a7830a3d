//! What server functions need of the server: the caller, the use cases, the cookies, and how a refusal
//! is answered.

use http::header::{ACCEPT, COOKIE, HOST, LOCATION, RETRY_AFTER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use leptos::prelude::{Owner, use_context};
use leptos_axum::ResponseOptions;
use operations::Operations;
use operations::sign_in::SignedIn;
use roster::authority::{Caller, Denied};
use roster::directory::view::Download;
use roster::fault::Fault;
use roster::secret::Secret;
use roster::sign_in::DEVICE_DAYS;

use crate::error::AppError;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const SECONDS_A_DAY: i64 = 86_400;
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// How our cookies are called, and whether they travel over TLS alone. Provided as context by
/// `server`.
#[derive(Clone, Copy, Debug)]
pub struct CookieStyle {
    /// The session's.
    pub name: &'static str,
    /// By which a browser that signed in before is known again.
    pub device: &'static str,
    pub secure: bool,
}

/// For which systems the service of directory synchronization can be downloaded now. Provided as
/// context by `server`.
#[derive(Clone, Copy, Debug)]
pub struct Downloads(pub fn() -> Vec<Download>);

/// The use cases and who asks for one. `server` provides both as context, or the caller as an
/// extension of the request.
pub fn context() -> Result<(Operations, Caller), Fault> {
    let operations = use_context::<Operations>();
    let caller = use_context::<Caller>().or_else(|| {
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned())
    });
    operations.zip(caller).ok_or_else(|| {
        tracing::error!("a server function ran without its context");
        Fault::Internal { request: request_id() }
    })
}

/// The id under which the log has this request.
#[must_use]
pub fn request_id() -> String {
    let parts = Owner::current().and_then(|_| use_context::<Parts>());
    let id = parts.as_ref().and_then(|parts| parts.headers.get("x-request-id")?.to_str().ok());
    id.unwrap_or("-").to_owned()
}

impl From<operations::Error> for AppError {
    fn from(error: operations::Error) -> Self {
        error.into_fault(&request_id()).into()
    }
}

/// The status with which a fault is answered.
#[must_use]
pub fn status(fault: &Fault) -> StatusCode {
    match fault {
        Fault::Denied { denied: Denied::NotSignedIn } => StatusCode::UNAUTHORIZED,
        Fault::Denied { .. } => StatusCode::FORBIDDEN,
        Fault::NotFound { .. } => StatusCode::NOT_FOUND,
        Fault::Invalid { .. } | Fault::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::Conflict { .. } => StatusCode::CONFLICT,
        Fault::Wait { .. } | Fault::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
        Fault::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// When to try again: seconds, where waiting helps.
#[must_use]
pub fn retry_after(fault: &Fault) -> Option<HeaderValue> {
    match fault {
        Fault::Wait { seconds } | Fault::Busy { seconds } => Some(HeaderValue::from(*seconds)),
        Fault::Unavailable { reason } => Some(HeaderValue::from(reason.seconds())),
        _ => None,
    }
}

/// Answers this request with the fault's status, whether it is a page or a server function.
pub(crate) fn set_status(fault: &Fault) {
    if is_plain_form() {
        return;
    }
    respond_with(status(fault));
    if let (Some(response), Some(seconds)) = (use_context::<ResponseOptions>(), retry_after(fault))
    {
        response.insert_header(RETRY_AFTER, seconds);
    }
}

/// The page was not found.
pub(crate) fn respond_with(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// A form that was sent before the page was alive: it is answered with the way back to its page,
/// which then shows the fault.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        parts.method == Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Where a form that was sent before the page was alive goes next. A living page goes there by
/// itself.
pub fn lead_plain_form_to(address: &str) {
    if !is_plain_form() {
        return;
    }
    if let (Some(response), Ok(location)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(address))
    {
        response.insert_header(LOCATION, location);
        response.set_status(StatusCode::FOUND);
    }
}

/// The address by which the browser came: name and port, as it says so itself. Good for a hint, and
/// for nothing else.
#[must_use]
pub fn host() -> String {
    let parts = use_context::<Parts>();
    let host = parts.as_ref().and_then(|parts| {
        let named = |name| parts.headers.get(name).and_then(|host| host.to_str().ok());
        // A proxy may put its own name into the other.
        let named = named(FORWARDED_HOST).or_else(|| named(HOST));
        // HTTP/2 has it in the request's own address.
        named.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
    });
    host.unwrap_or_default().to_owned()
}

/// The browser gets what a sign-in gave it: its session, or what waits for the next step, and by what
/// it is known again.
pub fn set_cookies(signed_in: &SignedIn) -> Result<(), Fault> {
    set_session_cookie(&signed_in.token, signed_in.seconds)?;
    match &signed_in.device {
        Some(device) => {
            write_cookie(|style| style.device, device.reveal(), DEVICE_DAYS * SECONDS_A_DAY)
        }
        None => Ok(()),
    }
}

/// The session goes by this token from now on.
pub fn set_session_cookie(token: &Secret, seconds: i64) -> Result<(), Fault> {
    write_cookie(|style| style.name, token.reveal(), seconds)
}

/// What the browser has for a session, whether or not it is one.
#[must_use]
pub fn session_token() -> Option<Secret> {
    let style = use_context::<CookieStyle>()?;
    let parts = use_context::<Parts>()?;
    let lines = parts.headers.get_all(COOKIE);
    let mut cookies =
        lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|it| it.split(';'));
    cookies.find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == style.name && !value.is_empty()).then(|| Secret::new(value))
    })
}

/// The session has ended.
pub fn clear_session_cookie() -> Result<(), Fault> {
    write_cookie(|style| style.name, "", 0)
}

/// What the browser has kept of these pages is not for who uses it next.
pub fn clear_site_data() {
    if let Some(response) = use_context::<ResponseOptions>() {
        let what = HeaderValue::from_static(r#""cache", "storage""#);
        response.insert_header(CLEAR_SITE_DATA, what);
    }
}

fn write_cookie(
    name: fn(&CookieStyle) -> &'static str,
    value: &str,
    max_age: i64,
) -> Result<(), Fault> {
    let written = use_context::<CookieStyle>().zip(use_context::<ResponseOptions>()).and_then(
        |(style, response)| {
            let secure = if style.secure { "; Secure" } else { "" };
            let cookie = format!(
                "{}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}",
                name(&style)
            );
            let mut cookie = HeaderValue::from_str(&cookie).ok()?;
            cookie.set_sensitive(true);
            response.append_header(SET_COOKIE, cookie);
            Some(())
        },
    );
    written.ok_or_else(|| {
        tracing::error!("a cookie can't be written: no style, no response, or no header value");
        Fault::Internal { request: request_id() }
    })
}
