//! Assets of other versions, as the database has them: a few of them stay in memory, so that asking for
//! them again and again asks the database once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use operations::assets::Asset;

use super::{accepts, answer};

/// About two versions' worth.
const MOST: usize = 48;

#[derive(Clone)]
struct Found {
    compressed: bool,
    contents: Bytes,
}

/// Those that were asked for. Clones share them.
#[derive(Clone, Default)]
pub struct Others(Arc<Mutex<BTreeMap<String, Found>>>);

impl Others {
    /// The answer from memory; `None`: the database is to be asked.
    pub fn remembered(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        found.map(|found| respond(name, found, headers))
    }

    /// What the database had of it as an answer.
    pub fn respond(&self, asset: Option<Asset>, headers: &HeaderMap) -> Response {
        let Some(Asset { name, compressed, contents }) = asset else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let found = Found { compressed, contents: Bytes::from(contents.into_owned()) };
        let mut others = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if others.len() >= MOST {
            others.clear();
        }
        others.insert(name.clone(), found.clone());
        drop(others);
        respond(&name, found, headers)
    }
}

/// It is there in one form alone, which all browsers take.
fn respond(name: &str, found: Found, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if found.compressed && !accepts(accepted.unwrap_or_default(), "gzip") {
        return StatusCode::NOT_ACCEPTABLE.into_response();
    }
    answer(name, found.contents, found.compressed.then_some("gzip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "frontend-a3df76fe4f2422af.js";

    fn asset(name: &str) -> Asset {
        Asset { name: name.to_owned(), compressed: true, contents: b"packed".into() }
    }

    fn accepting(encoding: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, encoding.parse().unwrap())])
    }

    #[test]
    fn it_is_answered_as_it_was_kept() {
        let others = Others::default();
        assert!(others.remembered(NAME, &accepting("gzip, br")).is_none());
        let found = others.respond(Some(asset(NAME)), &accepting("gzip, br"));
        let again = others.remembered(NAME, &accepting("gzip, br")).unwrap();
        for response in [found, again] {
            let header = |name| response.headers().get(name).and_then(|it| it.to_str().ok());
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(header(header::CONTENT_ENCODING), Some("gzip"));
            assert_eq!(header(header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
            assert!(header(header::CACHE_CONTROL).is_some_and(|it| it.contains("immutable")));
        }
        let none = others.remembered(NAME, &accepting("identity")).unwrap();
        assert_eq!(none.status(), StatusCode::NOT_ACCEPTABLE);
        let unknown = others.respond(None, &accepting("gzip"));
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn memory_is_bounded() {
        let others = Others::default();
        for n in 0..10 * MOST {
            others.respond(Some(asset(&format!("a-{n:016x}.js"))), &accepting("gzip"));
        }
        assert!(others.0.lock().unwrap().len() <= MOST);
    }
}
