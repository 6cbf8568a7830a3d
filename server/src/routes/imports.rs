//! Imports as the browser sends them: compared, begun, sent in chunks, ended, tried again, undone;
//! and the Import Summary's files.

use axum::response::Response;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use operations::imports::{self, Download};
use roster::history::{
    Chunk, ChunkResult, ImportRecord, NewImport, Retried, RetryFrom, UndoProgress,
};
use roster::id::ImportId;
use roster::import::{Compared, Comparison};

use super::ask::{Ask, Named, Sent};
use super::{Refusal, download};
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/api/imports", post(begin))
        .route("/api/imports/compare", post(compare))
        .route("/api/imports/{id}/chunks", get(chunks_done))
        .route("/api/imports/{id}/chunks/{number}", put(put_chunk))
        .route("/api/imports/{id}/finish", post(finish))
        .route("/api/imports/{id}/cancel", post(cancel))
        .route("/api/imports/{id}/retry", post(retry))
        .route("/api/imports/{id}/undo", post(undo))
        .route("/api/imports/{id}/rows.csv", get(all_csv))
        .route("/api/imports/{id}/rows.json", get(all_json))
        .route("/api/imports/{id}/failed.csv", get(failed_csv))
        .route("/api/imports/{id}/starting-passwords", post(starting_passwords))
}

async fn begin(ask: Ask, Sent(wish): Sent<NewImport>) -> Result<Json<ImportRecord>, Refusal> {
    ask.answer(imports::begin(&ask.operations, &ask.caller, wish).await)
}

async fn chunks_done(ask: Ask, Named(id): Named<ImportId>) -> Result<Json<Vec<u32>>, Refusal> {
    ask.answer(imports::chunks_done(&ask.operations, &ask.caller, id).await)
}

async fn put_chunk(
    ask: Ask,
    Named((id, number)): Named<(ImportId, u32)>,
    Sent(chunk): Sent<Chunk>,
) -> Result<Json<ChunkResult>, Refusal> {
    ask.answer(imports::put_chunk(&ask.operations, &ask.caller, id, number, chunk).await)
}

async fn finish(ask: Ask, Named(id): Named<ImportId>) -> Result<Json<ImportRecord>, Refusal> {
    ask.answer(imports::finish(&ask.operations, &ask.caller, id).await)
}

async fn cancel(ask: Ask, Named(id): Named<ImportId>) -> Result<Json<ImportRecord>, Refusal> {
    ask.answer(imports::cancel(&ask.operations, &ask.caller, id).await)
}

async fn compare(ask: Ask, Sent(wish): Sent<Comparison>) -> Result<Json<Compared>, Refusal> {
    ask.answer(imports::compare(&ask.operations, &ask.caller, wish).await)
}

async fn retry(
    ask: Ask,
    Named(id): Named<ImportId>,
    Sent(RetryFrom { from }): Sent<RetryFrom>,
) -> Result<Json<Retried>, Refusal> {
    ask.answer(imports::retry_failed(&ask.operations, &ask.caller, id, from).await)
}

async fn undo(ask: Ask, Named(id): Named<ImportId>) -> Result<Json<UndoProgress>, Refusal> {
    ask.answer(imports::undo(&ask.operations, &ask.caller, id).await)
}

async fn all_csv(ask: Ask, Named(id): Named<ImportId>) -> Result<Response, Refusal> {
    save(ask, id, Download::AllCsv).await
}

async fn all_json(ask: Ask, Named(id): Named<ImportId>) -> Result<Response, Refusal> {
    save(ask, id, Download::AllJson).await
}

async fn failed_csv(ask: Ask, Named(id): Named<ImportId>) -> Result<Response, Refusal> {
    save(ask, id, Download::FailedCsv).await
}

/// Each is handed out once: so it is no GET.
async fn starting_passwords(ask: Ask, Named(id): Named<ImportId>) -> Result<Response, Refusal> {
    imports::take_starting_passwords(&ask.operations, &ask.caller, id)
        .await
        .map(|file| download::file(&file.name, file.content_type, file.bytes))
        .map_err(|error| ask.refuse(error))
}

async fn save(ask: Ask, id: ImportId, which: Download) -> Result<Response, Refusal> {
    imports::download(&ask.operations, &ask.caller, id, which)
        .await
        .map(|file| download::file(&file.name, file.content_type, file.bytes))
        .map_err(|error| ask.refuse(error))
}
