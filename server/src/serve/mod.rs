//! `muster serve`: opens what is needed, says where it listens, serves until it is told to stop.

#[cfg(test)]
mod addresses;
mod connections;
#[cfg(test)]
mod everywhere;
mod jobs;
mod layers;
mod listen;
mod readiness;
#[cfg(test)]
mod rendered;
mod site;
mod stop;
mod tls;

use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use futures::FutureExt;
use operations::Operations;
use roster::authority::Caller;
use tokio::task::JoinHandle;

use crate::configuration::{Configuration, Exposure};
use crate::failure::{Failure, Result};
use crate::{assets, routes, say};
pub use connections::Bounds;
use connections::{Doorkeeper, Patience, Places};
pub use layers::request_id::RequestId;
pub use layers::{security_headers, trace};
pub use site::Site;

pub async fn serve(configuration: Configuration) -> Result<ExitCode> {
    let tls = match &configuration.exposure {
        Exposure::Tls { cert, key } => Some(tls::load(cert, key).await?),
        Exposure::Loopback | Exposure::Proxy(_) => None,
    };
    tls::reload_on_signal(&configuration.exposure, tls.clone());
    let bounds = configuration.connections.within(connections::files::enough_for());
    let listener = listen::bind(configuration.listen)?;
    let address =
        listener.local_addr().map_err(|error| listen::failure(configuration.listen, &error))?;
    let operations = crate::commands::open(&configuration.database).await?;
    if let Err(cause) = operations.must_be_writable().await {
        operations.close().await;
        return Err(Failure::failed(cause.to_string()));
    }
    let public = configuration.public;
    let operations = match public.clone() {
        Some(address) => operations.at(address),
        None => operations,
    };
    let site = Site::new(operations.clone(), configuration.exposure).at(public.as_ref());
    let origin = listen::origin(address, tls.is_some());
    invite(&operations, &origin).await?;

    if !assets::are_built() {
        tracing::warn!("the pages have no style and no script: build them by `cargo xtask run`");
    }
    warn_of_root();
    // Before the first page that asks for them, which another server may be asked.
    jobs::keep_assets(&operations).await;
    let jobs =
        [jobs::start(&operations), jobs::note_heads(&operations), jobs::watch(&site.readiness)];
    let app = layers::around(routes::all(&site), &site);
    let server =
        axum_server::from_tcp(listener).map_err(|error| listen::failure(address, &error))?;
    say::line(format_args!("Muster is listening on {origin}"))?;
    let places = Places::new(bounds, site.proxies.clone());
    let handle = Handle::new();
    let stop = stop::on_signal(handle.clone(), site.readiness.clone(), configuration.stop_delay);
    tokio::spawn(stop);
    run(server.handle(handle), tls, places, app).await?;
    jobs.iter().for_each(JoinHandle::abort);
    jobs::note_head(&operations).await;
    operations.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Until told to stop; then what is under way is finished.
async fn run(
    server: Server<SocketAddr>,
    tls: Option<RustlsConfig>,
    places: Places,
    app: Router,
) -> Result<()> {
    let server = connections::limited(server);
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = if let Some(tls) = tls {
        let door = Doorkeeper::before(RustlsAcceptor::new(tls), places, Patience::USUAL);
        server.acceptor(door).serve(app).left_future()
    } else {
        let door = Doorkeeper::before(DefaultAcceptor::new(), places, Patience::USUAL);
        server.acceptor(door).serve(app).right_future()
    };
    serving.await.map_err(|error| Failure::failed(format!("The server stopped: {error}.")))
}

/// Nothing here needs root's rights: a fault would give them away.
fn warn_of_root() {
    if rustix::process::geteuid().is_root() {
        tracing::warn!(
            "Muster runs as root, and needs no such right: run it as a user of its own, as \
             muster.service does"
        );
    }
}

/// Before the first visit: the one-time code for the person at the console. The one secret that is
/// printed, by design.
async fn invite(operations: &Operations, origin: &str) -> Result<()> {
    let code = operations::set_up::new_code(operations, &Caller::operator()).await?;
    match code {
        Some(code) => say::line(format_args!(
            "Muster is not set up yet. Open {origin}/setup and enter this one-time code:\n\n    \
             {}\n",
            code.reveal()
        )),
        None => Ok(()),
    }
}
