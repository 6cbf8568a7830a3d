//! `/api/directory-sync/v1`: what the synchronization service beside the domain controller asks for.
//! It comes with a service token and no cookie; what is said to it, refusals too, has the shapes of
//! `roster::directory::protocol`.

mod bearer;
mod packed;
mod speech;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use operations::directory;
use roster::directory::protocol::{
    Abort, Batch, BeginRun, Commit, Committed, Enroll, Enrolled, Events, Groups, Guid, Hello,
    Managed, Mappings, Rotated, RunId,
};
use serde::Deserialize;

use super::Refusal;
use super::ask::{Ask, Named, Sent};
use crate::serve::Site;

/// Below this the gate lets pass who has no session: `bearer` turns away who has no token.
pub const PREFIX: &str = "/api/directory-sync/v1/";

pub fn routes(site: &Site) -> Router<Site> {
    Router::new()
        .route("/api/directory-sync/v1/enroll", post(enroll))
        .route("/api/directory-sync/v1/hello", get(hello))
        .route("/api/directory-sync/v1/groups", get(groups))
        .route("/api/directory-sync/v1/mappings", put(put_mappings))
        .route("/api/directory-sync/v1/managed", get(managed))
        .route("/api/directory-sync/v1/runs", post(begin_run))
        .route("/api/directory-sync/v1/runs/{id}/batches/{number}", put(put_batch))
        .route("/api/directory-sync/v1/runs/{id}/commit", post(commit))
        .route("/api/directory-sync/v1/runs/{id}/abort", post(abort))
        .route("/api/directory-sync/v1/events", post(events))
        .route("/api/directory-sync/v1/token/rotate", post(rotate_token))
        // The last that is named here is the first that a request meets.
        .layer(from_fn(packed::unpack))
        .layer(from_fn_with_state(site.clone(), bearer::recognize))
        .layer(from_fn(speech::translate))
}

async fn enroll(ask: Ask, Sent(wish): Sent<Enroll>) -> Result<Json<Enrolled>, Refusal> {
    ask.answer(directory::enroll(&ask.operations, &ask.caller, &wish).await)
}

async fn hello(ask: Ask) -> Result<Json<Hello>, Refusal> {
    ask.answer(directory::hello(&ask.operations, &ask.caller).await)
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    search: String,
}

async fn groups(ask: Ask, Query(wish): Query<Search>) -> Result<Json<Groups>, Refusal> {
    ask.answer(directory::groups(&ask.operations, &ask.caller, &wish.search).await)
}

async fn put_mappings(ask: Ask, Sent(wish): Sent<Mappings>) -> Result<StatusCode, Refusal> {
    done(&ask, directory::put_mappings(&ask.operations, &ask.caller, wish).await)
}

#[derive(Deserialize)]
struct Behind {
    after: Option<Guid>,
}

async fn managed(ask: Ask, Query(wish): Query<Behind>) -> Result<Json<Managed>, Refusal> {
    ask.answer(directory::managed(&ask.operations, &ask.caller, wish.after).await)
}

async fn begin_run(ask: Ask, Sent(wish): Sent<BeginRun>) -> Result<StatusCode, Refusal> {
    let begun = directory::begin_run(&ask.operations, &ask.caller, &wish).await;
    begun.map(|()| StatusCode::CREATED).map_err(|error| ask.refuse(error))
}

async fn put_batch(
    ask: Ask,
    Named((id, number)): Named<(RunId, u32)>,
    Sent(batch): Sent<Batch>,
) -> Result<StatusCode, Refusal> {
    done(&ask, directory::put_batch(&ask.operations, &ask.caller, id, number, &batch).await)
}

async fn commit(
    ask: Ask,
    Named(id): Named<RunId>,
    Sent(wish): Sent<Commit>,
) -> Result<Json<Committed>, Refusal> {
    ask.answer(directory::commit(&ask.operations, &ask.caller, id, wish).await)
}

async fn abort(
    ask: Ask,
    Named(id): Named<RunId>,
    Sent(why): Sent<Abort>,
) -> Result<StatusCode, Refusal> {
    done(&ask, directory::abort(&ask.operations, &ask.caller, id, &why).await)
}

async fn events(ask: Ask, Sent(told): Sent<Events>) -> Result<StatusCode, Refusal> {
    done(&ask, directory::events(&ask.operations, &ask.caller, &told).await)
}

async fn rotate_token(ask: Ask) -> Result<Json<Rotated>, Refusal> {
    let token = directory::rotate_token(&ask.operations, &ask.caller).await;
    ask.answer(token.map(|token| Rotated { token }))
}

fn done(ask: &Ask, result: operations::Result<()>) -> Result<StatusCode, Refusal> {
    result.map(|()| StatusCode::NO_CONTENT).map_err(|error| ask.refuse(error))
}
