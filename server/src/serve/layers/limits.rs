//! How much may be sent, and how long an answer may take.

use std::time::Duration;

use app::repeat;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use roster::fault::{Fault, Outage};
use roster::repeat::HEADER;

use crate::routes::{Refusal, directory_sync};

struct Limits {
    bytes: usize,
    time: Duration,
}

pub const USUAL_BYTES: usize = 256 * 1024;
const USUAL: Limits = Limits { bytes: USUAL_BYTES, time: Duration::from_secs(30) };
/// 500 rows; and fifty passwords are hashed before the answer, behind those of other chunks.
const CHUNK: Limits = Limits { bytes: 8 * 1024 * 1024, time: Duration::from_mins(5) };
/// 5,000 rows of keys and checksums.
const COMPARISON: Limits = Limits { bytes: 8 * 1024 * 1024, time: USUAL.time };
/// All rows at once where it is all or none, some thousands at a time else. What takes longer goes
/// on nevertheless, and who asks again is told how it ended.
const MANY_ROWS: Limits = Limits { bytes: USUAL.bytes, time: Duration::from_mins(30) };
/// A thousand people of a directory, or who of a hundred thousand is gone, packed or not.
const DIRECTORY_BATCH: Limits = Limits { bytes: 8 * 1024 * 1024, time: USUAL.time };
/// A hundred thousand people are planned and written at once.
const DIRECTORY_COMMIT: Limits = Limits { bytes: 8 * 1024 * 1024, time: MANY_ROWS.time };
/// A million rows are written out.
const DOWNLOAD: Limits = Limits { bytes: USUAL.bytes, time: CHUNK.time };

fn of(path: &str) -> Limits {
    if path == "/api/imports/compare" {
        return COMPARISON;
    }
    let run = path.strip_prefix(directory_sync::PREFIX).and_then(|it| it.strip_prefix("runs/"));
    match run.and_then(|path| path.split_once('/')) {
        Some((_, "commit")) => return DIRECTORY_COMMIT,
        Some((_, rest)) if rest.starts_with("batches/") => return DIRECTORY_BATCH,
        _ => {}
    }
    match path.strip_prefix("/api/imports/").and_then(|path| path.split_once('/')) {
        Some((_, rest)) if rest.starts_with("chunks/") => CHUNK,
        Some((_, "finish" | "retry" | "undo")) => MANY_ROWS,
        Some((_, "rows.csv" | "rows.json" | "failed.csv")) => DOWNLOAD,
        _ => USUAL,
    }
}

pub async fn limit(mut request: Request, next: Next) -> Response {
    let limits = of(request.uri().path());
    if announced(&request).is_some_and(|bytes| bytes > limits.bytes) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    DefaultBodyLimit::max(limits.bytes).apply(&mut request);
    // What was under way may be done all the same.
    let too_long = if *request.method() == Method::GET {
        Fault::Unavailable { reason: Outage::Silent }
    } else {
        let repeatable = request.headers().contains_key(HEADER)
            && repeat::answer(request.uri().path()).is_some();
        Fault::OutcomeUnknown { repeatable }
    };
    tokio::time::timeout(limits.time, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!(seconds = limits.time.as_secs(), "the answer took too long");
        Refusal::from(too_long).into_response()
    })
}

fn announced(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_may_be_large_and_slow() {
        let check = |path, bytes, seconds| {
            let limits = of(path);
            assert_eq!((limits.bytes, limits.time.as_secs()), (bytes, seconds), "{path}");
        };
        check("/api/imports/x/chunks/3", CHUNK.bytes, 300);
        check("/api/imports/x/chunks", USUAL.bytes, 30);
        check("/api/imports", USUAL.bytes, 30);
        check("/api/imports/compare", COMPARISON.bytes, 30);
        check("/api/imports/x/finish", USUAL.bytes, 1800);
        check("/api/imports/x/rows.csv", USUAL.bytes, 300);
        check("/api/directory-sync/v1/runs/x/batches/3", DIRECTORY_BATCH.bytes, 30);
        check("/api/directory-sync/v1/runs/x/commit", DIRECTORY_COMMIT.bytes, 1800);
        check("/api/directory-sync/v1/runs/x/abort", USUAL.bytes, 30);
        check("/api/directory-sync/v1/enroll", USUAL.bytes, 30);
        check("/api/fn/sign_in", USUAL.bytes, 30);
    }
}
