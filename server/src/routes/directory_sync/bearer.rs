//! Who comes with a service token. Without one that works nothing else is looked at, the body least
//! of all.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::directory;
use roster::authority::{Caller, Denied, Origin};
use roster::fault::Fault;
use roster::secret::Secret;

use crate::routes::Refusal;
use crate::serve::{RequestId, Site, trace};

pub async fn recognize(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Caller>().map(|caller| caller.origin.clone());
    let found = match token(request.headers()) {
        Some(token) => authenticate(&site, &token, origin.unwrap_or_default()).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(caller)) => {
            trace::record(&caller);
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => Refusal::from(Fault::Denied { denied: Denied::NotSignedIn }).into_response(),
        Err(error) => {
            let id = request.extensions().get().map_or("-", RequestId::as_str);
            Refusal::from(error.into_fault(id)).into_response()
        }
    }
}

async fn authenticate(
    site: &Site,
    token: &Secret,
    origin: Origin,
) -> operations::Result<Option<Caller>> {
    directory::authenticate(&site.operations, token, origin).await
}

/// RFC 6750, 2.1; the scheme's name is of any case.
fn token(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::new(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_token_is_read_from_its_header() {
        let check = |value: &'static str, expected: Option<&str>| {
            let value = HeaderValue::from_static(value);
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
            let found = token(&headers);
            assert_eq!(found.as_ref().map(Secret::reveal), expected);
        };
        check("Bearer abc", Some("abc"));
        check("bearer  abc ", Some("abc"));
        check("Basic abc", None);
        check("Bearer", None);
        check("Bearer ", None);
    }
}
