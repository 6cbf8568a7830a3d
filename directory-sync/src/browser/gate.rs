//! Access control: only the browser that opened the one-time address is served, and only the page's own
//! forms are accepted. Other programs and users of this machine can connect, and web pages can send a
//! browser here.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, Request, StatusCode};
use roster::secret::Secret;

use super::token::{random, same};
use crate::failure::Result;

const NAME: &str = "muster-sync-setup";
const FORM: &str = "application/x-www-form-urlencoded";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    OtherHost,
    /// The one-time address was used already, or is wrong.
    Used,
    OtherBrowser,
    OtherPage,
    OldForm,
    NoForm,
    TooLarge,
    TooSlow,
    NotThere,
    OtherMethod,
    NotYet,
}

impl Refused {
    pub fn status(self) -> StatusCode {
        match self {
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Used | Self::OtherBrowser | Self::OtherPage | Self::OldForm => {
                StatusCode::FORBIDDEN
            }
            Self::NoForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotThere => StatusCode::NOT_FOUND,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotYet => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::OtherHost => {
                "Set-up answers only at the address that muster-sync printed. Open that address."
            }
            Self::Used => {
                "This address works once, and was used already. If set-up is open in another window, go on \
                 there. If you didn't open it, end muster-sync with Ctrl-C. Then run “muster-sync \
                 setup --browser” again."
            }
            Self::OtherBrowser => {
                "Set-up is open in another browser. To begin here, end muster-sync with \
                 Ctrl-C and run “muster-sync setup --browser” again."
            }
            Self::OtherPage => "This request came from another page. Nothing was done.",
            Self::OldForm => "This form belongs to an earlier set-up. Load the page again.",
            Self::NoForm => "Only this page's own forms are accepted.",
            Self::TooLarge => "The form is too large. Nothing was done.",
            Self::TooSlow => "The form took too long to arrive. Nothing was done. Send it again.",
            Self::NotThere => "There is no such page.",
            Self::OtherMethod => "This address doesn't support this method.",
            Self::NotYet => {
                "The browser tried to load this page in advance. Open the address yourself."
            }
        }
    }
}

pub struct Gate {
    /// `127.0.0.1:50123`
    host: String,
    begin: Mutex<Option<Secret>>,
    cookie: Mutex<Option<Secret>>,
    /// The token in every form.
    form: Secret,
}

impl Gate {
    pub fn new(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            host: address.to_string(),
            begin: Mutex::new(Some(random()?)),
            cookie: Mutex::default(),
            form: random()?,
        })
    }

    /// The one-time address.
    pub fn address(&self) -> String {
        let begin = self.begin.lock().unwrap_or_else(PoisonError::into_inner);
        let token = begin.as_ref().map(Secret::reveal).unwrap_or_default();
        format!("http://{}/begin/{token}", self.host)
    }

    pub fn form(&self) -> &Secret {
        &self.form
    }

    /// Checks the `Host` header: another site can make its own name resolve to this address.
    pub fn host<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        let asked = one(request.headers(), &HOST);
        let target = request.uri().authority().is_none_or(|it| it.as_str() == self.host);
        if target && asked == Some(&*self.host) { Ok(()) } else { Err(Refused::OtherHost) }
    }

    /// Exchanges the one-time token for the cookie.
    pub fn begin<B>(&self, request: &Request<B>, token: &str) -> Result<String, Refused> {
        // A browser that loads pages in advance must not use up the token.
        if request.headers().contains_key(PURPOSE) {
            return Err(Refused::NotYet);
        }
        let mut begin = self.begin.lock().unwrap_or_else(PoisonError::into_inner);
        if !begin.as_ref().is_some_and(|it| same(it, token)) {
            return Err(Refused::Used);
        }
        let cookie = random().map_err(|_| Refused::NotYet)?;
        let set = format!("{NAME}={}; Path=/; HttpOnly; SameSite=Strict", cookie.reveal());
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = Some(cookie);
        *begin = None;
        Ok(set)
    }

    /// Checks that the request comes from the browser that began, not from another site or port in it.
    pub fn browser<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        let cookie = self.cookie.lock().unwrap_or_else(PoisonError::into_inner);
        let given = request.headers().get_all(COOKIE).iter().filter_map(|it| it.to_str().ok());
        let given = given.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        let mut given = given.filter(|(name, _)| *name == NAME);
        if !given.any(|(_, given)| cookie.as_ref().is_some_and(|it| same(it, given))) {
            return Err(Refused::OtherBrowser);
        }
        match fetch_site(request.headers()) {
            None | Some("same-origin") => Ok(()),
            Some("none") if request.method() == Method::GET => Ok(()),
            Some(_) => Err(Refused::OtherPage),
        }
    }

    /// Checks that a form was sent by this page: every browser sends the origin of a form.
    pub fn own_form<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        let origin = one(request.headers(), &ORIGIN).and_then(|it| it.strip_prefix("http://"));
        if origin != Some(&*self.host) {
            return Err(Refused::OtherPage);
        }
        let kind = one(request.headers(), &CONTENT_TYPE).and_then(|it| it.split(';').next());
        if kind.is_some_and(|it| it.trim().eq_ignore_ascii_case(FORM)) {
            Ok(())
        } else {
            Err(Refused::NoForm)
        }
    }

    pub fn form_token(&self, given: &str) -> Result<(), Refused> {
        if same(&self.form, given) { Ok(()) } else { Err(Refused::OldForm) }
    }
}

/// `None`: the client doesn't send `Sec-Fetch-Site`.
pub fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get(FETCH_SITE).map(|it| it.to_str().unwrap_or_default())
}

/// The value of a header that occurs once. Repeated headers are not trusted.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_none() { Some(first) } else { None }
}
