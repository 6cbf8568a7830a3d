//! Slow clients (slowhttptest): while it holds as many connections as it can, others are answered.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{
    Finding,
    target::Target,
    tools::{Tools, bounded},
};
use crate::Outcome;

/// Headers, bodies, ranges and answers that go by letter, and where to.
const WAYS: [(&str, &str, &str); 4] = [
    ("slow headers", "-H", "/sign-in"),
    ("slow body", "-B", "/api/fn/sign_in"),
    ("ranges", "-R", "/sign-in"),
    ("slow reading", "-X", "/sign-in"),
];
const CONNECTIONS: &str = "300";
const SECONDS: u64 = 15;
/// By then it holds all of them.
const FULL: Duration = Duration::from_secs(5);

pub fn attack(_: &Tools, target: &Target) -> Outcome<Vec<Finding>> {
    let mut found = Vec::new();
    for (name, way, path) in WAYS {
        let log = target.folder.join(format!("slowhttptest{way}"));
        let answered = thread::scope(|scope| -> Outcome<bool> {
            let running = scope.spawn(|| {
                let limit = Duration::from_secs(2 * SECONDS);
                bounded(Path::new("slowhttptest"), limit, &log, |tool| {
                    tool.args([way, "-c", CONNECTIONS, "-r", "100", "-i", "5", "-p", "5"]);
                    tool.args(["-l", &SECONDS.to_string(), "-u"]);
                    tool.arg(format!("{}{path}", target.origin));
                })
                .map(drop)
                .map_err(|error| error.to_string())
            });
            // One answer is enough: on a machine with other work, some come late.
            #[expect(clippy::disallowed_methods, reason = "how long the tool has been at work")]
            let begin = Instant::now();
            let mut answered = false;
            while !running.is_finished() {
                thread::sleep(Duration::from_millis(500));
                answered |= begin.elapsed() > FULL
                    && target.answers(Duration::from_secs(5))
                    && !running.is_finished();
            }
            running.join().map_err(|_| "slowhttptest wasn't run")??;
            // It ends early where the server has let all of its connections go.
            Ok(answered || begin.elapsed() < FULL && target.answers(FULL))
        })?;
        if !answered {
            let what = format!("nobody else is answered during {name}");
            found.push(Finding { tool: "slowhttptest", what });
        }
    }
    Ok(found)
}
