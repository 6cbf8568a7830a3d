//! Who asks: the cookie's token becomes a `Caller` in the request's extensions. Nothing is decided
//! here; that is the gate's and the operations' business.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::session;
use roster::authority::{Caller, Origin};
use roster::secret::Secret;

use super::{address, gate, trace};
use crate::routes::Refusal;
use crate::serve::{RequestId, Site};

/// Characters of what a browser says of itself that are kept.
const AGENT_CHARS: usize = 256;

pub async fn recognize(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let origin = origin(&request, &site);
    let path = request.uri().path();
    let token = cookie(request.headers(), site.cookie.name)
        .filter(|_| !gate::is_for_everybody(path) && !gate::is_for_services(path));
    let caller = match token {
        Some(token) => session::authenticate(&site.operations, &token, origin.clone()).await,
        None => Ok(None),
    };
    match caller {
        Ok(caller) => {
            let caller = caller.unwrap_or_else(|| Caller::anonymous(origin));
            trace::record(&caller);
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => {
            let id = request.extensions().get().map_or("-", RequestId::as_str);
            Refusal::from(error.into_fault(id)).into_response()
        }
    }
}

fn origin(request: &Request, site: &Site) -> Origin {
    let agent = request.headers().get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Origin {
        address: address::of(request, &site.proxies),
        agent: agent.chars().take(AGENT_CHARS).collect(),
        device: cookie(request.headers(), site.cookie.device),
        repeat: None,
    }
}

fn cookie(headers: &HeaderMap, wanted: &str) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == wanted && !value.is_empty())
        .map(|(_, value)| Secret::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_cookie_is_found_among_others_by_its_whole_name() {
        let check = |line: &'static str, expected: Option<&str>| {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(line))]);
            let found = cookie(&headers, "muster");
            assert_eq!(found.as_ref().map(Secret::reveal), expected, "{line}");
        };
        check("muster=abc", Some("abc"));
        check("a=b; muster=abc=; c=d", Some("abc="));
        check("__Host-muster=abc", None);
        check("xmuster=abc; muster=", None);
    }
}
