//! Connections that are few: behind PgBouncer, and while commits wait.

use std::time::Duration;

use super::stage::{Muster, Node, Pgbouncer, Watch, ask, eventually, program, report};

#[test]
fn pgbouncer_in_transaction_mode_serves_commands_and_servers() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let bouncer = Pgbouncer::before(&node);
    let muster = Muster::set_up(&bouncer.url());
    muster.import_file(3_000);
    assert_eq!(node.emails().len(), 3_000);

    let server = muster.serve();
    let session = muster.session(server.address);
    let loads = [session.readers(4), session.writers("mixed", 2), session.sign_ins()];
    std::thread::sleep(Duration::from_secs(10));
    for (what, load) in ["pages", "creating", "signing in"].into_iter().zip(loads) {
        let answers = load.stop();
        report(&format!("{what}: {}, slowest {:.1?}", answers.counted(), answers.slowest()));
        answers.assert_all_good(what);
    }
    for _ in 0..8 {
        let others = bouncer.ask(&node, "SHOW enable_seqscan");
        assert_eq!(others, "on", "what Muster set for itself stays with others");
    }
}

#[test]
fn pages_are_served_while_all_commits_wait() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let muster = Muster::set_up(&node.url());
    let server = muster.serve();
    let session = muster.session(server.address);
    assert!(session.page("/organization").is_good());

    node.wait_for_standbys("missing");
    let creates = session.writers("waiting", 24);
    std::thread::sleep(Duration::from_secs(2));
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        for path in ["/organization", "/account", "/audit"] {
            let page = session.page(path);
            slowest = slowest.max(page.took);
            assert!(page.is_good(), "a page while commits wait: {page:?}");
        }
        let (alive, ready) = (ask(server.address, "/healthz"), ask(server.address, "/readyz"));
        assert!(alive.is_good(), "{alive:?}");
        slowest = slowest.max(alive.took).max(ready.took);
    }
    report(&format!("slowest page or check while 24 creates wait: {slowest:.1?}"));
    assert!(slowest <= Duration::from_secs(3), "{slowest:?}");

    node.wait_for_standbys("");
    let back = Watch::start();
    eventually("creating", Duration::from_secs(40), || creates.so_far().recovered(back).is_some());
    report(&format!("creating: good {:.1?} after the standby isn't waited for", back.took()));
    let answers = creates.stop();
    report(&format!("creating: {}, slowest {:.1?}", answers.counted(), answers.slowest()));
    answers.assert_kept(&node.emails());
    answers.assert_honest("creating");
}
