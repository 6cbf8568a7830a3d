//! What the browser is told to refuse. Pages bring a policy of their own with the nonce that Leptos
//! gave their inline scripts (see `routes::pages`); every other answer gets one without.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::serve::Site;

pub const POLICY: HeaderName = header::CONTENT_SECURITY_POLICY;

/// The Content-Security-Policy; WebAssembly is compiled, nothing else is evaluated.
pub fn policy(nonce: Option<&str>) -> HeaderValue {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let policy = [
        "default-src 'none'",
        &format!("script-src 'self'{nonce} 'wasm-unsafe-eval'"),
        "style-src 'self'",
        // The icons inside the style sheet.
        "img-src 'self' data:",
        "font-src 'self'",
        // Server functions and the import's chunks.
        "connect-src 'self'",
        // The import check.
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    .join("; ");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // What is signed in is not kept by anybody; assets say something else of themselves.
    (header::CACHE_CONTROL, "no-store"),
];

const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

pub async fn harden(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        add(headers, name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(POLICY) {
        headers.insert(POLICY, policy(None));
    }
    if site.encrypted {
        add(headers, header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_for_scripts_alone() {
        let policy = policy(Some("abc"));
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"), "{policy}");
        assert_eq!(policy.matches("nonce").count(), 1);
        assert!(!policy.contains("unsafe-inline"));
    }
}
