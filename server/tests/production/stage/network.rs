//! Machines of their own, as network namespaces on a bridge: one of them can fall silent, with no word to those
//! who talk to it.

use std::process::Command;

use super::postgres::Node;
use super::process::{Runner, read};

const BRIDGE: &str = "muster-br";
/// Of the networks for benchmarks, which nobody else uses.
const HERE: &str = "198.18.77.1";

pub struct Network {
    machines: Vec<Machine>,
}

struct Machine {
    namespace: String,
    link: String,
}

impl Network {
    pub fn new() -> Self {
        remove(&["link", "delete", BRIDGE]);
        ip(&["link", "add", BRIDGE, "type", "bridge"]);
        let network = Self { machines: Vec::new() };
        ip(&["address", "add", &format!("{HERE}/24"), "dev", BRIDGE]);
        ip(&["link", "set", BRIDGE, "up"]);
        network
    }

    /// A machine for PostgreSQL.
    pub fn node(&mut self) -> Node {
        let number = self.machines.len() + 2;
        let machine =
            Machine { namespace: format!("muster-{number}"), link: format!("muster-v{number}") };
        let (namespace, link) = (machine.namespace.clone(), machine.link.clone());
        remove(&["netns", "delete", &namespace]);
        ip(&["netns", "add", &namespace]);
        self.machines.push(machine);
        ip(&["link", "add", &link, "type", "veth", "peer", "name", "eth0", "netns", &namespace]);
        ip(&["link", "set", &link, "master", BRIDGE, "up"]);
        let host = format!("198.18.77.{number}");
        ip(&["-n", &namespace, "address", "add", &format!("{host}/24"), "dev", "eth0"]);
        ip(&["-n", &namespace, "link", "set", "lo", "up"]);
        ip(&["-n", &namespace, "link", "set", "eth0", "up"]);
        Node::new(Runner::postgres().in_namespace(namespace), host, 5432)
    }

    /// The machine that came as this one is heard no more. Its neighbors keep its hardware address, so that
    /// what they send disappears without an error.
    pub fn cut(&self, number: usize) {
        let machine = &self.machines[number];
        let host = format!("198.18.77.{}", number + 2);
        let links = read(Command::new("ip").args([
            "-n",
            &machine.namespace,
            "-br",
            "link",
            "show",
            "eth0",
        ]));
        let hardware = links.split_whitespace().nth(2).unwrap().to_owned();
        let keep =
            ["neighbor", "replace", &host, "lladdr", &hardware, "dev", BRIDGE, "nud", "permanent"];
        ip(&keep);
        ip(&["link", "set", &machine.link, "nomaster"]);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for machine in &self.machines {
            remove(&["netns", "delete", &machine.namespace]);
            remove(&["link", "delete", &machine.link]);
        }
        remove(&["link", "delete", BRIDGE]);
    }
}

fn ip(arguments: &[&str]) {
    read(Command::new("ip").args(arguments));
}

/// What a run that was cut short may have left.
fn remove(arguments: &[&str]) {
    let _not_there = Command::new("ip").args(arguments).output();
}
