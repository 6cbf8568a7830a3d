//! Requests for pages that are dropped while they are rendered, as by a browser that goes elsewhere.

use std::collections::HashSet;
use std::panic;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use tokio::runtime::Handle;
use tower::ServiceExt;

use super::World;

/// Waits until it was polled so many times.
struct Impatient<F> {
    future: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Impatient<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        self.polls -= 1;
        if self.polls == 0 { Poll::Ready(None) } else { Poll::Pending }
    }
}

async fn asked(world: &World, token: Option<&str>, path: &str, polls: usize) -> Option<Response> {
    let mut request = Request::builder().uri(path).header(header::ACCEPT, "text/html");
    if let Some(token) = token {
        request = request.header(header::COOKIE, ["muster=", token].concat());
    }
    let request = request.body(Body::empty()).unwrap();
    let future = Box::pin(world.server.clone().oneshot(request));
    Impatient { future, polls }.await.map(Result::unwrap)
}

/// No task is left of those that began since there were so many.
async fn settled(tasks: usize) {
    let quiet = async {
        while Handle::current().metrics().num_alive_tasks() > tasks {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), quiet).await.unwrap();
}

#[tokio::test]
async fn a_page_that_is_dropped_half_done_panics_no_task() {
    let mut world = World::new("Northwind", "Ada", "Support").await;
    let new = super::draft("Tess", "tess@northwind.example");
    let operator = roster::authority::Caller::operator();
    let tess = operations::technicians::create(&world.operations, &operator, world.group, new);
    world.people.push(tess.await.unwrap().id);
    let panics = Arc::new(AtomicUsize::new(0));
    let (count, usual) = (Arc::clone(&panics), panic::take_hook());
    panic::set_hook(Box::new(move |panic| {
        count.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));

    let holder = Some(world.holder.as_str());
    let mut pages = HashSet::from(["/nowhere".to_owned(), "/organization?find=tess".to_owned()]);
    pages.extend(world.pages().await.into_iter().filter(|page| !page.starts_with("/audit/")));
    pages.insert("/audit/1".to_owned());
    let by_holder = pages.iter().map(|page| (holder, page.as_str()));
    let by_nobody = ["/sign-in", "/sign-in/code"].map(|page| (None, page));
    let tasks = Handle::current().metrics().num_alive_tasks();
    let mut dropped = 0;
    for (token, page) in by_holder.chain(by_nobody) {
        let mut polls = 1;
        // The body of one that is answered is dropped unread.
        while asked(&world, token, page, polls).await.is_none() {
            settled(tasks).await;
            assert_eq!(panics.load(Ordering::SeqCst), 0, "{page} after {polls} polls");
            (polls, dropped) = (polls + 1, dropped + 1);
        }
        settled(tasks).await;
        assert_eq!(panics.load(Ordering::SeqCst), 0, "{page}");
    }
    assert!(dropped > pages.len(), "{dropped}");
}
