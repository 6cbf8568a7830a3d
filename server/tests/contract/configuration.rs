//! Settings: flag before environment before file, and what is said of wrong ones.

use std::net::TcpListener;
use std::process::Output;

use super::support::{Place, text};

/// It ends with this code and a message that begins so.
fn ends(output: &Output, code: i32, message: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.starts_with(&format!("muster: {message}")), "{said}");
}

#[test]
fn a_wrong_setting_is_refused_by_its_name() {
    let place = Place::new();
    let file = place.write("muster.toml", "listen = \"nowhere\"\n");
    let unknown = place.write("unknown.toml", "listn = \"x\"\n");
    let check = |arguments: &[&str], environment: &[(&str, &str)], message: &str| {
        let mut command = place.muster(&["serve"]);
        let output = command.args(arguments).envs(environment.iter().copied()).output().unwrap();
        ends(&output, 2, message);
    };
    check(&["--listen", "3000"], &[], "--listen: “3000” is not an address to listen on.");
    check(&[], &[("MUSTER_LISTEN", "x")], "MUSTER_LISTEN: “x” is not an address");
    let in_file = format!("listen in {}: “nowhere” is not", file.display());
    check(&["--config", file.to_str().unwrap()], &[], &in_file);
    check(&[], &[("MUSTER_CONFIG", file.to_str().unwrap())], &in_file);
    check(&["--config", "gone.toml"], &[], "--config: gone.toml: This file can't be read");
    let of_unknown = format!("--config: {}: “listn” is no setting.", unknown.display());
    check(&["--config", unknown.to_str().unwrap()], &[], &of_unknown);
    check(&["--database", "mysql://root:pw@x/y"], &[], "--database: This names no database.");
    check(&[], &[("MUSTER_DATABASE", "muster.db")], "MUSTER_DATABASE: This names no database.");
    check(&["--log", "xml"], &[], "--log: “xml” is no form. Give human or json.");
    check(&["--log-level", "loud"], &[], "--log-level: “loud” is no level.");
    check(&["--trusted-proxy", "proxy"], &[], "--trusted-proxy: “proxy” is not a network.");
    check(&["--tls-cert", "a.pem"], &[], "--tls-cert: The certificate needs its key.");
    check(&["--max-connections", "many"], &[], "--max-connections: “many” is no number");
    check(&["--max-connections-per-address", "0"], &[], "--max-connections-per-address: “0” is no");
    check(
        &["--database-readers", "0"],
        &[],
        "--database-readers: “0” is no number of connections.",
    );
    check(
        &["--database-writers", "501"],
        &[],
        "--database-writers: “501” is no number of connections.",
    );
    check(&["--listen", "0.0.0.0:0"], &[], "--listen: Other computers can reach 0.0.0.0:0");
    check(&["--listen", "[::]:0"], &[], "--listen: Other computers can reach [::]:0");
}

#[test]
fn no_password_of_a_database_is_ever_said() {
    let place = Place::new();
    for url in [
        "mysql://root:hush@x/y",
        "postgres://root:hush@127.0.0.1:1/y",
        "postgres://root:hush@127.0.0.1:1,127.0.0.1:2/y",
        "postgres://root:hush@127.0.0.1:1/y?sslmod=hush",
    ] {
        let output = place.run(&["serve", "--listen", "127.0.0.1:0", "--database", url]);
        assert!(!output.status.success());
        assert!(!text(&output.stderr).contains("hush"), "{}", text(&output.stderr));
    }
}

#[test]
fn the_flag_goes_before_the_environment_and_that_before_the_file() {
    let place = Place::set_up();
    let file = place.write("muster.toml", "database = \"sqlite:file.db\"\nlog-level = \"warn\"");
    let mut command =
        place.muster(&["group", "add", "Support", "--config", file.to_str().unwrap()]);
    assert!(command.output().unwrap().status.success());
    assert!(place.path("file.db").exists());
    command.env("MUSTER_DATABASE", "sqlite:environment.db");
    assert!(command.output().unwrap().status.success());
    assert!(place.path("environment.db").exists());
    command.args(["--database", "sqlite:flag.db"]);
    assert!(command.output().unwrap().status.success());
    assert!(place.path("flag.db").exists());
}

#[test]
fn a_port_in_use_is_said_to_be_so() {
    let place = Place::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let output = place.run(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
    ends(&output, 1, &format!("Port {port} on 127.0.0.1 is in use by another program"));
}

#[test]
fn a_database_that_is_not_to_be_had_is_said_to_be_so() {
    let place = Place::new();
    let serve = |url: &str| place.run(&["serve", "--listen", "127.0.0.1:0", "--database", url]);
    let output = serve("sqlite:no/such/folder/muster.db");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("no/such/folder"), "{}", text(&output.stderr));
    let output = serve("sqlite:/proc/muster.db");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("/proc/muster.db"), "{}", text(&output.stderr));
    place.write("other.db", "This is a letter and no database, long enough to be looked at.");
    let output = serve("sqlite:other.db");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("other.db"), "{}", text(&output.stderr));
}

#[test]
fn a_bad_certificate_is_said_to_be_so() {
    let place = Place::new();
    place.write("a.pem", "no certificate");
    let tls = |cert: &str| {
        place.run(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", "a.pem"])
    };
    ends(&tls("gone.pem"), 1, "The TLS certificate gone.pem can't be read:");
    ends(&tls("a.pem"), 1, "The certificate a.pem and the key a.pem can't be used together:");
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let place = Place::new();
    for arguments in [&["serve", "--lisen", "x"][..], &["fly"], &["check"], &["setup"]] {
        assert_eq!(place.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(place.run(&["--help"]).status.code(), Some(0));
}
