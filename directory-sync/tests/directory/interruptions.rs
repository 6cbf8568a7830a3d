//! Whatever stops in the middle of a run, and wherever in it: nobody is disabled who isn't in the
//! directory, and the next run heals.

use std::collections::BTreeSet;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::muster::{DONE, HELD, Muster, Sync};
use super::samba::{self, BASE, Samba};

const PEOPLE: usize = 150;

/// Before a run is interrupted, in milliseconds: from its first word to after its last.
const MOMENTS: [u64; 6] = [20, 80, 140, 220, 320, 500];

const ENABLED: &str = "544";
const DISABLED: &str = "546";

/// Who is in the directory, and what is so there that Muster may not know yet.
struct World {
    samba: Samba,
    muster: Muster,
    sync: Sync,
    /// By their numbers.
    disabled: BTreeSet<usize>,
    renamed: usize,
}

impl World {
    async fn new(mut samba: Samba) -> Self {
        let muster = Muster::start().await;
        muster.group("Support");
        let group = samba.group("Support", &[]).await;
        samba.crowd(&group, PEOPLE);
        let sync = muster.sync(&samba, &["Support=Support"]);
        let world = Self { samba, muster, sync, disabled: BTreeSet::new(), renamed: 0 };
        world.assert_in_step();
        world
    }

    /// One is disabled, one is enabled again, one gets another name; gives whom Muster may have disabled.
    async fn change(&mut self, round: usize) -> BTreeSet<usize> {
        let mut may_be = self.disabled.clone();
        if let Some(back) = self.disabled.pop_first() {
            self.samba.replace(&dn(back), "userAccountControl", ENABLED).await;
        }
        let next = PEOPLE - 1 - round;
        self.samba.replace(&dn(next), "userAccountControl", DISABLED).await;
        self.disabled.insert(next);
        may_be.insert(next);
        self.renamed = round;
        let name = format!("Renamed {round}");
        self.samba.replace(&dn(round), "displayName", &name).await;
        may_be
    }

    fn assert_nobody_else_is_disabled(&self, may_be: &BTreeSet<usize>, when: &str) {
        let all = self.muster.technicians();
        assert_eq!(all.len(), PEOPLE, "{when}");
        for number in 0..PEOPLE {
            let enabled = all[&format!("p{number}@corp.example.com")].enabled;
            assert!(enabled || may_be.contains(&number), "{when}: Person {number} is disabled");
        }
    }

    fn assert_in_step(&self) {
        let all = self.muster.technicians();
        assert_eq!(all.len(), PEOPLE);
        for number in 0..PEOPLE {
            let technician = &all[&format!("p{number}@corp.example.com")];
            assert_eq!(technician.enabled, !self.disabled.contains(&number), "Person {number}");
        }
        if self.renamed > 0 {
            let renamed = &all[&format!("p{}@corp.example.com", self.renamed)];
            assert_eq!(renamed.name, format!("Renamed {}", self.renamed));
        }
    }
}

fn dn(number: usize) -> String {
    format!("CN=Person {number},OU=People,{BASE}")
}

/// Runs that are interrupted one moment later each; `stop` and `go_on` are given the world.
async fn interrupted(
    samba: Samba,
    stop: impl Fn(&mut World),
    go_on: impl AsyncFn(&mut World),
    ends_meanwhile: bool,
) {
    let mut world = World::new(samba).await;
    for (round, moment) in MOMENTS.into_iter().enumerate() {
        let may_be = world.change(round + 1).await;
        let mut run = world.sync.begin();
        thread::sleep(Duration::from_millis(moment));
        stop(&mut world);
        if ends_meanwhile {
            run.wait().unwrap();
        }
        go_on(&mut world).await;
        let code = run.wait().unwrap().code();
        let when = format!("after {moment} ms, ended with {code:?}");
        assert_ne!(code, Some(HELD), "{when}");
        world.assert_nobody_else_is_disabled(&may_be, &when);
        assert_eq!(world.sync.once(), DONE, "{when}");
        world.assert_in_step();
    }
}

#[test]
fn a_controller_is_killed() {
    samba::test("interruptions::a_controller_is_killed", async |samba: Samba| {
        let go_on = async |world: &mut World| world.samba.serve_again().await;
        interrupted(samba, |world| world.samba.kill(), go_on, true).await;
    });
}

#[test]
fn the_server_is_killed() {
    samba::test("interruptions::the_server_is_killed", async |samba: Samba| {
        let go_on = async |world: &mut World| world.muster.serve_again().await;
        interrupted(samba, |world| world.muster.kill(), go_on, false).await;
    });
}

#[test]
fn the_network_is_gone() {
    samba::test("interruptions::the_network_is_gone", async |samba: Samba| {
        let go_on = async |_: &mut World| loopback("up");
        let stop = |_: &mut World| {
            loopback("down");
            thread::sleep(Duration::from_millis(300));
        };
        interrupted(samba, stop, go_on, false).await;
    });
}

#[test]
fn the_service_is_killed() {
    samba::test("interruptions::the_service_is_killed", async |samba: Samba| {
        let stop = |_: &mut World| {
            // It is the only one in this network.
            let killed = Command::new("pkill").args(["-KILL", "-x", "muster-sync"]).status();
            // Or it is through already.
            assert!(killed.is_ok(), "{killed:?}");
        };
        interrupted(samba, stop, async |_: &mut World| (), true).await;
    });
}

fn loopback(state: &str) {
    let done = Command::new("ip").args(["link", "set", "lo", state]).status();
    assert!(done.unwrap().success());
}
