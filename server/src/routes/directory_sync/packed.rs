//! Bodies that come packed by gzip. How much they may be unpacked is limited: a small body can hold
//! an endless one.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;

use crate::routes::Refusal;

/// A thousand people with all their groups, or what a hundred thousand who are gone come to.
const UNPACKED_BYTES: usize = 32 * 1024 * 1024;

pub async fn unpack(mut request: Request, next: Next) -> Response {
    let Some(encoding) = request.headers_mut().remove(header::CONTENT_ENCODING) else {
        return next.run(request).await;
    };
    if encoding == HeaderValue::from_static("identity") {
        return next.run(request).await;
    }
    if encoding != HeaderValue::from_static("gzip") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Refusal::unreadable(status, "only gzip is unpacked").into_response();
    }
    let (parts, body) = request.into_parts();
    // As much as this address takes packed: the layer of limits has said so in the extensions.
    let mut packed = Request::new(body);
    *packed.extensions_mut() = parts.extensions.clone();
    let packed = match Bytes::from_request(packed, &()).await {
        Ok(packed) => packed,
        Err(rejection) => {
            return Refusal::unreadable(rejection.status(), &rejection.body_text()).into_response();
        }
    };
    match unpacked(&packed) {
        Ok(bytes) => {
            let mut request = Request::from_parts(parts, Body::from(bytes));
            request.headers_mut().remove(header::CONTENT_LENGTH);
            DefaultBodyLimit::max(UNPACKED_BYTES).apply(&mut request);
            next.run(request).await
        }
        Err((status, why)) => Refusal::unreadable(status, why).into_response(),
    }
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, (StatusCode, &'static str)> {
    let mut bytes = Vec::new();
    let most = UNPACKED_BYTES as u64 + 1;
    if MultiGzDecoder::new(packed).take(most).read_to_end(&mut bytes).is_err() {
        return Err((StatusCode::BAD_REQUEST, "it is not packed by gzip"));
    }
    if bytes.len() > UNPACKED_BYTES {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "unpacked it is larger than 32 MiB"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::GzEncoder;

    fn packed(bytes: impl Read) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed).unwrap();
        packed
    }

    #[test]
    fn a_small_body_that_holds_a_huge_one_is_refused() {
        assert_eq!(unpacked(&packed(&b"{}"[..])).unwrap(), b"{}");
        let bomb = packed(std::io::repeat(b' ').take(UNPACKED_BYTES as u64 + 1));
        assert!(bomb.len() < 256 * 1024);
        assert_eq!(unpacked(&bomb).unwrap_err().0, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(unpacked(b"{}").unwrap_err().0, StatusCode::BAD_REQUEST);
    }
}
