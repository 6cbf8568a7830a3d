//! Bodies that come packed by gzip. How much they may be unpacked is limited: a small body can hold
//! an endless one.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;
use roster::directory::protocol::bounds::BATCH_BYTES;

use crate::routes::Refusal;

/// What a hundred thousand who are gone come to, in a run's commit.
const COMMIT_BYTES: usize = 32 * 1024 * 1024;
/// Whatever else comes: a batch is the largest.
const USUAL_BYTES: usize = BATCH_BYTES;

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
    let most = if parts.uri.path().ends_with("/commit") { COMMIT_BYTES } else { USUAL_BYTES };
    match unpacked(&packed, most) {
        Ok(bytes) => {
            let mut request = Request::from_parts(parts, Body::from(bytes));
            request.headers_mut().remove(header::CONTENT_LENGTH);
            DefaultBodyLimit::max(most).apply(&mut request);
            next.run(request).await
        }
        Err((status, why)) => Refusal::unreadable(status, &why).into_response(),
    }
}

fn unpacked(packed: &[u8], most: usize) -> Result<Vec<u8>, (StatusCode, String)> {
    let mut bytes = Vec::new();
    let one_more = most as u64 + 1;
    if MultiGzDecoder::new(packed).take(one_more).read_to_end(&mut bytes).is_err() {
        return Err((StatusCode::BAD_REQUEST, "it is not packed by gzip".to_owned()));
    }
    if bytes.len() > most {
        let why = format!("unpacked it is larger than {} MiB", most / 1024 / 1024);
        return Err((StatusCode::PAYLOAD_TOO_LARGE, why));
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
        for most in [COMMIT_BYTES, USUAL_BYTES] {
            assert_eq!(unpacked(&packed(&b"{}"[..]), most).unwrap(), b"{}");
            let bomb = packed(std::io::repeat(b' ').take(most as u64 + 1));
            assert!(bomb.len() < 256 * 1024);
            assert_eq!(unpacked(&bomb, most).unwrap_err().0, StatusCode::PAYLOAD_TOO_LARGE);
            assert_eq!(unpacked(b"{}", most).unwrap_err().0, StatusCode::BAD_REQUEST);
        }
    }
}
