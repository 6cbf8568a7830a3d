//! Several servers over one database: they are killed, stopped, frozen and started while people work.

use std::thread::sleep;
use std::time::Duration;

use super::stage::{Haproxy, Import, Muster, Node, Watch, eventually, program, report};

#[test]
fn servers_that_die_stop_and_freeze_behind_a_proxy_give_no_wrong_answer() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let muster = Muster::set_up(&node.url());
    let mut servers = [(); 3].map(|()| muster.serve_behind_proxy());
    let proxy = Haproxy::before_muster(&servers.each_ref().map(|server| server.address));
    let session = muster.session(proxy.address);
    let import = Import::new(1, 5_000);
    let (pages, sign_ins) = (session.readers(6), session.sign_ins());
    let chunks = import.send(&session);

    sleep(Duration::from_secs(2));
    servers[0].kill();
    sleep(Duration::from_secs(4));
    servers[0].start(&muster);
    sleep(Duration::from_secs(3));
    let watch = Watch::start();
    servers[1].stop();
    report(&format!("SIGTERM: gone after {:.1?}", watch.took()));
    sleep(Duration::from_secs(2));
    servers[1].start(&muster);
    sleep(Duration::from_secs(3));
    servers[2].signal("-STOP");
    sleep(Duration::from_secs(4));
    servers[2].signal("-CONT");
    sleep(Duration::from_secs(3));

    chunks.wait(Duration::from_mins(3));
    let loads = [("pages", &pages), ("signing in", &sign_ins), ("import", &chunks)];
    for (what, load) in loads {
        load.halt();
        let answers = load.so_far();
        report(&format!("{what}: {}, slowest {:.1?}", answers.counted(), answers.slowest()));
    }
    for failure in proxy.failures() {
        report(&failure);
    }
    let there = node.emails();
    import.assert_whole(&there);
    assert_eq!(there.len(), import.emails().count());
    muster.ok(&["audit", "verify"]);
    for (what, load) in loads {
        load.so_far().assert_all_good(what);
    }
}

#[test]
fn a_frozen_server_gives_its_locks_back() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let muster = Muster::set_up(&node.url());
    let (frozen, other) = (muster.serve(), muster.serve());
    let session = muster.session(frozen.address);
    let import = Import::new(1, 10_000);
    let chunks = import.send(&session);

    let idle = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND usename = 'muster'";
    eventually("a server frozen in a transaction", Duration::from_mins(1), || {
        frozen.signal("-STOP");
        sleep(Duration::from_millis(50));
        if node.sql(idle) != "0" {
            return true;
        }
        frozen.signal("-CONT");
        false
    });
    let watch = Watch::start();
    let mut numbers = 0..;
    let other = session.at(other.address);
    let page = other.page("/organization");
    assert!(page.is_good(), "pages meanwhile: {page:?}");
    eventually("another server's write", Duration::from_mins(2), || {
        let answer = other.create(&format!("o{}@x.example", numbers.next().unwrap()));
        assert!(answer.is_good() || answer.is_honest_outage(), "{answer:?}");
        answer.is_good()
    });
    report(&format!("another server writes again after {:.1?}", watch.took()));
    assert!(watch.took() <= Duration::from_secs(13), "after {:?}", watch.took());
    frozen.signal("-CONT");
    chunks.wait(Duration::from_mins(3));
    report(&format!("the import of the frozen server: {}", chunks.so_far().counted()));
    import.assert_whole(&node.emails());
}
