//! Listens on loopback and routes requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::form::Form;
use super::gate::{Gate, Refused, fetch_site};
use super::limits::Limits;
use super::respond::{self, Answer};
use super::state::State;
use super::steps::{self, Next, Place};
use super::work::{Task, Work};
use super::{End, markup};
use crate::arguments::Setup as Flags;
use crate::configuration::Files;
use crate::failure::{Failure, Result};

/// The most bytes of a request's head. A browser with one cookie needs far less.
const HEAD: usize = 32 * 1024;

/// Set-up at a one-time address.
pub struct Offer {
    pub address: String,
    listener: TcpListener,
    page: Arc<Page>,
}

/// The state that all requests share.
struct Page {
    gate: Gate,
    limits: Limits,
    state: Mutex<State>,
    /// The last request of the browser that began it.
    used: Mutex<Instant>,
    finished: watch::Sender<bool>,
}

impl Offer {
    pub async fn make(files: Files, flags: &Flags, limits: Limits) -> Result<Self> {
        let failed = |error: std::io::Error| Failure::Usage {
            why: format!("Set-up can’t listen on this machine’s loopback address: {error}."),
        };
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any).await.map_err(failed)?;
        let gate = Gate::new(listener.local_addr().map_err(failed)?)?;
        let page = Page {
            gate,
            limits,
            state: Mutex::new(State::new(files, flags)?),
            used: Mutex::new(Instant::now()),
            finished: watch::Sender::new(false),
        };
        Ok(Self { address: page.gate.address(), listener, page: Arc::new(page) })
    }

    /// Serves until set-up ends or `stop` completes.
    pub async fn until(self, stop: impl Future<Output = ()>) -> End {
        let Self { listener, page, .. } = self;
        let end = async {
            tokio::select! {
                () = page.finished() => End::Finished,
                () = page.idle() => End::Idle,
                () = stop => End::Stopped,
            }
        };
        let end = tokio::select! {
            end = end => end,
            () = accept(&listener, &page) => End::Stopped,
        };
        page.give_up().await;
        end
    }
}

/// Accepts connections; never returns.
async fn accept(listener: &TcpListener, page: &Arc<Page>) {
    let places = Arc::new(Semaphore::new(page.limits.connections));
    loop {
        match listener.accept().await {
            // Beyond the limit connections are closed; the one browser needs fewer.
            Ok((stream, _)) => {
                if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
                    let page = Arc::clone(page);
                    tokio::spawn(async move {
                        connection(stream, page).await;
                        drop(place);
                    });
                }
            }
            Err(error) => {
                tracing::debug!(%error, "a connection can't be accepted");
                sleep(page.limits.at_once).await;
            }
        }
    }
}

/// Serves the one request of a connection.
async fn connection(stream: TcpStream, page: Arc<Page>) {
    let limits = page.limits;
    let answer = service_fn(move |request| {
        let page = Arc::clone(&page);
        async move { Ok::<_, std::convert::Infallible>(page.answer(request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), answer);
    // The client is gone, so a failure can't be reported.
    let _ended = timeout(limits.connection, served).await;
}

impl Page {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> Answer {
        self.lead(request).await.unwrap_or_else(respond::refused)
    }

    async fn lead(self: &Arc<Self>, request: Request<Incoming>) -> Result<Answer, Refused> {
        self.gate.host(&request)?;
        let path = request.uri().path().to_owned();
        if request.method() == Method::GET {
            match path.as_str() {
                "/style.css" => return Ok(respond::file("text/css", markup::STYLE.to_owned())),
                "/progress.js" => {
                    return Ok(respond::file("text/javascript", markup::PROGRESS.to_owned()));
                }
                "/favicon.svg" => {
                    return Ok(respond::file("image/svg+xml", markup::SIGN.to_owned()));
                }
                _ => (),
            }
            if let Some(token) = path.strip_prefix("/begin/") {
                return self.begin(&request, token);
            }
        }
        self.gate.browser(&request)?;
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        match (request.method(), path.as_str(), Place::of(&path)) {
            (&Method::GET, "/", _) => Ok(respond::see(self.state().at.path())),
            (&Method::GET, "/working", _) => Ok(self.working()),
            (&Method::GET, "/working/over", _) => Ok(self.over().await),
            (&Method::GET, _, Some(place)) => Ok(self.show(place)),
            (&Method::POST, "/working", _) => {
                self.form(request).await?;
                Ok(self.cancel().await)
            }
            (&Method::POST, _, Some(place)) => {
                let form = self.form(request).await?;
                Ok(self.take(place, &form).await)
            }
            (_, _, None) => Err(Refused::NotThere),
            _ => Err(Refused::OtherMethod),
        }
    }

    fn begin(&self, request: &Request<Incoming>, token: &str) -> Result<Answer, Refused> {
        let cookie = self.gate.begin(request, token)?;
        let answer = match fetch_site(request.headers()) {
            None | Some("none") => respond::see(Place::Muster.path()),
            Some(_) => respond::page(markup::onward()),
        };
        Ok(respond::with_cookie(answer, &cookie))
    }

    /// Checks the sender before it reads the body.
    async fn form(&self, request: Request<Incoming>) -> Result<Form, Refused> {
        self.gate.own_form(&request)?;
        let body = Limited::new(request.into_body(), self.limits.bytes).collect();
        let body = timeout(self.limits.body, body).await.map_err(|_| Refused::TooSlow)?;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() { Refused::TooLarge } else { Refused::NoForm }
        })?;
        let form = Form::read(&body.to_bytes());
        self.gate.form_token(form.get("form").unwrap_or_default())?;
        Ok(form)
    }

    fn show(&self, place: Place) -> Answer {
        let mut state = self.state();
        if goes_on(&mut state) {
            return respond::see("/working");
        }
        if place > state.reached {
            return respond::see(state.at.path());
        }
        if place != state.at {
            // The browser's own back button was used.
            state.faults.clear();
            state.at = place;
        }
        respond::page(steps::show(&state, self.gate.form().reveal()))
    }

    async fn take(self: &Arc<Self>, place: Place, form: &Form) -> Answer {
        let over = {
            let mut state = self.state();
            if goes_on(&mut state) {
                return respond::see("/working");
            }
            if place > state.reached {
                return respond::see(state.at.path());
            }
            match steps::take(place, &mut state, form) {
                Next::Stay => None,
                Next::To(place) => {
                    self.go(&mut state, place);
                    None
                }
                Next::Work(task) => Some(self.begin_work(&mut state, task)),
            }
        };
        if let Some(mut over) = over {
            // The state says whether the work has ended.
            let _in_time = timeout(self.limits.at_once, over.wait_for(|over| *over)).await;
        }
        self.onward()
    }

    fn go(&self, state: &mut State, place: Place) {
        state.at = place;
        state.reached = state.reached.max(place);
        if place == Place::Finished {
            self.finished.send_replace(true);
        }
    }

    fn onward(&self) -> Answer {
        let mut state = self.state();
        respond::see(if goes_on(&mut state) { "/working" } else { state.at.path() })
    }

    fn begin_work(self: &Arc<Self>, state: &mut State, task: Task) -> watch::Receiver<bool> {
        let Task { what, can_cancel, run } = task;
        let (stop, stopping) = watch::channel(false);
        let (ended, over) = watch::channel(false);
        state.work = Some(Work { what, can_cancel, stop, over: over.clone() });
        let page = Arc::clone(self);
        tokio::spawn(async move {
            let then = run(stopping).await;
            let mut state = page.state();
            let place = then(&mut state);
            page.go(&mut state, place);
            drop(state);
            ended.send_replace(true);
        });
        over
    }

    fn working(&self) -> Answer {
        let mut state = self.state();
        if !goes_on(&mut state) {
            return respond::see(state.at.path());
        }
        let at = state.at;
        match &state.work {
            Some(Work { what, can_cancel, .. }) => {
                let token = self.gate.form().reveal();
                respond::page(markup::working(at, what, *can_cancel, token))
            }
            None => respond::see(at.path()),
        }
    }

    async fn over(&self) -> Answer {
        let over = self.state().work.as_ref().map(|work| work.over.clone());
        let over = match over {
            Some(mut over) => timeout(self.limits.wait, over.wait_for(|over| *over)).await.is_ok(),
            None => true,
        };
        respond::nothing(if over { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED })
    }

    async fn cancel(&self) -> Answer {
        let over = self.stop_work();
        if let Some(mut over) = over {
            // The work may have to notify the server first.
            let _in_time = timeout(self.limits.at_once, over.wait_for(|over| *over)).await;
        }
        self.onward()
    }

    fn stop_work(&self) -> Option<watch::Receiver<bool>> {
        let state = self.state();
        let work = state.work.as_ref().filter(|work| work.can_cancel)?;
        work.stop.send_replace(true);
        Some(work.over.clone())
    }

    /// Stops the work that is running when set-up ends.
    async fn give_up(&self) {
        if let Some(mut over) = self.stop_work() {
            let _in_time = timeout(self.limits.connection, over.wait_for(|over| *over)).await;
        }
    }

    async fn finished(&self) {
        let mut finished = self.finished.subscribe();
        if finished.wait_for(|finished| *finished).await.is_err() {
            // The sender was dropped, which can't happen while `self` exists.
            return;
        }
        sleep(self.limits.last_page).await;
    }

    async fn idle(&self) {
        loop {
            let used = *self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let end = used + self.limits.idle;
            if end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
    }
}

/// Whether work is still running. Forgets work that has ended.
fn goes_on(state: &mut State) -> bool {
    if state.work.as_ref().is_some_and(Work::is_over) {
        state.work = None;
    }
    state.work.is_some()
}
