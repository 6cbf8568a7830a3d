//! Time: how long something took, and waiting that ends.

use std::thread::sleep;
use std::time::{Duration, Instant};

#[derive(Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "what is measured is time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn began(self) -> Instant {
        self.0
    }

    pub fn took(self) -> Duration {
        self.0.elapsed()
    }
}

/// Waits for what has to come within so long; how long it took.
pub fn eventually(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) -> Duration {
    let watch = Watch::start();
    while !is_so() {
        assert!(watch.took() < limit, "{what}: not within {limit:?}");
        sleep(Duration::from_millis(100));
    }
    watch.took()
}
