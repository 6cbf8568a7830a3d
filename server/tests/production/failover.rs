//! The primary is lost and its standby takes over, while people work on two servers.

use std::thread::sleep;
use std::time::Duration;

use super::stage::{
    Answers, Haproxy, Import, Load, Muster, Network, Pair, Server, Watch, eventually, program,
    report,
};

/// What a failover may cost beyond its own time.
const RECOVERY: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn a_primary_that_dies_costs_no_acknowledged_write_and_comes_back_as_a_standby() {
    if program().is_none() {
        return;
    }
    let mut pair = Pair::here();
    let work = Work::begin(&pair.url());
    pair.primary.kill();
    work.fail_over(&pair);
    pair.primary.follow(&pair.standby);
    let session = work.muster.session(work.servers[0].address);
    for number in 0..20 {
        let answer = session.create(&format!("after-{number}@x.example"));
        assert!(answer.is_good(), "with the old primary as a standby: {answer:?}");
    }
    eventually("the old primary follows", PATIENCE, || {
        pair.primary.emails() == pair.standby.emails()
    });
}

#[test]
fn a_primary_that_falls_silent_costs_ten_seconds_at_most() {
    if program().is_none() {
        return;
    }
    let mut network = Network::new();
    let pair = Pair::of(network.node(), network.node());
    let work = Work::begin(&pair.url());
    network.cut(0);
    work.fail_over(&pair);
}

#[test]
fn a_failover_behind_a_proxy_is_an_outage_and_no_fault() {
    if program().is_none() {
        return;
    }
    let mut pair = Pair::here();
    let proxy = Haproxy::before_postgres(&[&pair.primary, &pair.standby]);
    let address = proxy.address;
    let work = Work::begin(&format!("postgres://muster:pw@{address}/muster"));
    pair.primary.kill();
    work.fail_over(&pair);
}

/// Two servers; eight people who create technicians, readers, somebody who signs in, an import.
struct Work {
    muster: Muster,
    servers: [Server; 2],
    writers: [Load; 2],
    readers: Load,
    sign_ins: Load,
    import: Import,
    chunks: Load,
}

impl Work {
    fn begin(database: &str) -> Self {
        let muster = Muster::set_up(database);
        let servers = [muster.serve(), muster.serve()];
        let first = muster.session(servers[0].address);
        let second = first.at(servers[1].address);
        let import = Import::new(1, 5_000);
        let work = Self {
            writers: [first.writers("first", 4), second.writers("second", 4)],
            readers: second.readers(2),
            sign_ins: first.sign_ins(),
            chunks: import.send(&first),
            import,
            muster,
            servers,
        };
        sleep(Duration::from_secs(3));
        work
    }

    /// The primary is lost since now. All that people do goes on at the other one.
    fn fail_over(&self, pair: &Pair) {
        let lost = Watch::start();
        sleep(Duration::from_secs(5));
        pair.standby.promote();
        let promoted = Watch::start();
        let loads = [
            ("creating", &self.writers[0]),
            ("creating on the second server", &self.writers[1]),
            ("pages", &self.readers),
            ("signing in", &self.sign_ins),
            ("import", &self.chunks),
        ];
        for (what, load) in loads {
            eventually(what, PATIENCE, || load.so_far().recovered(promoted).is_some());
        }
        let outage = promoted.began() - lost.began();
        report(&format!("promoted {outage:.1?} after the loss"));
        for load in &self.writers {
            load.halt();
        }
        self.chunks.wait(Duration::from_mins(3));
        let there = pair.standby.emails();
        for (what, load) in loads {
            load.halt();
            let answers = load.so_far();
            let recovered = answers.recovered(promoted).unwrap();
            report(&format!(
                "{what}: good {recovered:.1?} after the promotion, slowest {:.1?}, {}",
                answers.slowest(),
                answers.counted()
            ));
        }
        for load in &self.writers {
            load.so_far().assert_kept(&there);
        }
        self.import.assert_whole(&there);
        for (what, load) in loads {
            let answers: Answers = load.so_far();
            answers.assert_honest(what);
            assert!(answers.recovered(promoted).unwrap() <= RECOVERY, "{what}: too late");
        }
    }
}
