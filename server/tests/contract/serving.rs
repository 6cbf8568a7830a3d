//! What every answer of the server is like, whoever asks.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::support::{PASSWORD, Place, json_lines, send, text};

#[test]
fn before_the_set_up_everything_leads_to_it_and_the_code_is_printed_once() {
    let place = Place::new();
    let server = place.serve();
    let said = server.said.join("\n");
    assert!(said.contains(&format!("Open http://{}/setup and enter", server.address)), "{said}");
    for path in ["/", "/sign-in", "/organization", "/nowhere"] {
        let answer = server.visit(path);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/setup")), "{path}");
        assert!(answer.body.is_empty());
    }
    let answer = server.visit("/setup");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("Muster"));
}

#[test]
fn healthz_answers_anybody() {
    let place = Place::set_up();
    let server = place.serve();
    let answer = server.get("/healthz");
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    assert!(!server.said.join("\n").contains("one-time code"));
}

#[test]
fn every_answer_is_hardened() {
    let place = Place::set_up();
    let server = place.serve();
    let browser = server.sign_in();
    let answers = [
        server.get("/healthz"),
        server.visit("/sign-in"),
        server.visit("/organization"),
        server.get("/organization"),
        server.get("/api/nothing"),
        browser.visit("/organization"),
        browser.visit("/nowhere"),
        browser.get("/api/nothing"),
        browser.get("/api/import-examples/technicians.csv"),
        server.send("POST", "/api/fn/sign_in", &[("Sec-Fetch-Site", "cross-site")], b""),
        server.send("POST", "/api/fn/sign_in", &[], &vec![b'x'; 300 * 1024]),
    ];
    assert_eq!(answers.last().map(|answer| answer.status), Some(413));
    for answer in answers {
        let check = |name: &str, expected: &str| {
            assert_eq!(answer.header(name), Some(expected), "{name}: {answer:?}");
        };
        check("x-content-type-options", "nosniff");
        check("referrer-policy", "same-origin");
        check("cross-origin-opener-policy", "same-origin");
        check("cross-origin-resource-policy", "same-origin");
        check("cache-control", "no-store");
        assert!(answer.header("permissions-policy").is_some());
        assert!(answer.header("strict-transport-security").is_none(), "plain loopback");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(36));
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}

#[test]
fn each_page_has_a_nonce_of_its_own_on_every_inline_script() {
    let place = Place::set_up();
    let server = place.serve();
    let nonce = || {
        let answer = server.visit("/sign-in");
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).expect("a nonce").split('\'').next().unwrap().to_owned();
        let html = answer.text();
        assert!(html.contains("<script"), "{html}");
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src=") || tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        nonce
    };
    assert_ne!(nonce(), nonce());
}

#[test]
fn behind_a_proxy_with_tls_the_cookie_is_secure_and_the_address_is_the_browsers() {
    let place = Place::set_up();
    let server = place.serve_with(&["--trusted-proxy", "127.0.0.1"]);
    let answer = server.get("/healthz");
    assert!(answer.header("strict-transport-security").unwrap().starts_with("max-age=63072000"));
    let browser = server.sign_in();
    assert!(browser.cookie.starts_with("__Host-muster="), "{}", browser.cookie);
    let answer = browser.send(
        "GET",
        "/account",
        &[("Accept", "text/html"), ("X-Forwarded-For", "203.0.113.9")],
        b"",
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn what_comes_from_another_site_is_refused() {
    let place = Place::set_up();
    let server = place.serve();
    let browser = server.sign_in();
    let check = |headers: &[(&str, &str)], refused: bool| {
        let answer = browser.send("POST", "/api/imports", headers, b"{}");
        assert_eq!(answer.status == 403, refused, "{headers:?}: {}", answer.status);
        assert!(!refused || answer.body.is_empty());
    };
    check(&[("Sec-Fetch-Site", "cross-site")], true);
    check(&[("Sec-Fetch-Site", "same-site")], true);
    check(&[("Origin", "https://evil.example")], true);
    check(&[("Sec-Fetch-Site", "same-origin")], false);
    check(&[("Origin", &format!("http://{}", server.address))], false);
    check(&[], false);
}

#[test]
fn behind_a_proxy_nobody_but_the_proxy_is_answered() {
    let place = Place::set_up();
    let server = place.serve_with(&["--trusted-proxy", "10.9.9.9"]);
    let refused = [
        server.visit("/sign-in"),
        server.visit("/assets/nothing.js"),
        server.send("GET", "/sign-in", &[("X-Forwarded-For", "10.9.9.9")], b""),
        server.send_form("/api/fn/sign_in", &[]),
        server.send("POST", "/api/directory-sync/v1/runs", &[("Authorization", "Bearer x")], b""),
    ];
    for answer in refused {
        assert_eq!((answer.status, answer.text().as_str()), (421, ""));
    }
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_link_of_another_site_saves_no_file() {
    let place = Place::set_up();
    let server = place.serve();
    let browser = server.sign_in();
    let check = |from: &str, status: u16| {
        for path in ["/api/audit.csv", "/api/directory/log"] {
            let answer = browser.send("GET", path, &[("Sec-Fetch-Site", from)], b"");
            assert_eq!(answer.status, status, "{path} from {from}");
        }
    };
    check("cross-site", 403);
    check("same-site", 403);
    check("same-origin", 200);
    check("none", 200);
}

#[test]
fn the_log_says_who_and_from_where_and_no_secret() {
    let place = Place::set_up();
    let server = place.serve_logging_to("log");
    let browser = server.sign_in();
    browser.visit("/account");
    server.get("/account");
    let cookie = browser.cookie.clone();
    server.kill();
    let log = std::fs::read(place.path("log")).unwrap();
    let lines = json_lines(&log);
    let line = |status: u16| {
        let of_account = |line: &&serde_json::Value| {
            line["status"] == status && line["span"]["path"] == "/account"
        };
        lines.iter().find(of_account).unwrap_or_else(|| panic!("{status}: {}", text(&log)))
    };
    assert_eq!((&line(200)["level"], &line(401)["level"]), (&"INFO".into(), &"WARN".into()));
    for status in [200, 401] {
        assert_eq!(line(status)["span"]["address"], "127.0.0.1");
    }
    assert_eq!(line(200)["span"]["account"], "1");
    assert_eq!(line(401)["span"]["account"], serde_json::Value::Null);
    let token = cookie.split_once('=').unwrap().1;
    assert!(!text(&log).contains(token) && !text(&log).contains(PASSWORD));
}

#[test]
fn too_large_a_body_is_refused() {
    let place = Place::set_up();
    let server = place.serve();
    let body = vec![b'x'; 300 * 1024];
    assert_eq!(server.send("POST", "/api/fn/sign_in", &[], &body).status, 413);
    let browser = server.sign_in();
    let chunk = "/api/imports/01890a5d-ac96-774b-bcce-b302099a8057/chunks/0";
    let answer = browser.send("PUT", chunk, &[("Content-Type", "application/json")], &body);
    assert_ne!(answer.status, 413);
}

#[test]
fn an_unknown_address_is_a_page_for_people_and_a_fault_for_programs() {
    let place = Place::set_up();
    let server = place.serve();
    let browser = server.sign_in();
    let answer = browser.visit("/nowhere");
    assert_eq!(answer.status, 404);
    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
    for (path, code) in [
        ("/api/nothing", "not_found"),
        ("/api/imports/x/rows.csv", "not_found"),
        // A page of another version may ask for it.
        ("/api/fn/nothing", "refused"),
    ] {
        let answer = browser.get(path);
        assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some(code)), "{path}");
    }
}

#[test]
fn examples_are_made_from_the_table_of_fields() {
    let place = Place::set_up();
    let server = place.serve();
    let browser = server.sign_in();
    let answer = browser.get("/api/import-examples/technicians.csv");
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"technicians.csv\""), "{disposition}");
    assert!(
        answer.text().trim_start_matches('\u{feff}').starts_with("Name,Nickname,Email,Password")
    );
    let answer = browser.get("/api/import-examples/technicians.json");
    assert!(answer.text().contains("singleSignOnId"));
}

#[test]
fn told_to_stop_it_finishes_what_is_under_way() {
    let place = Place::set_up();
    let mut server = place.serve();
    let body = b"form%5Bemail%5D=nobody%40northwind.example&form%5Bpassword%5D=x&form%5Bnext%5D=";
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /api/fn/sign_in HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(server.wait().success());
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn two_requests_never_share_an_id_and_the_clients_is_not_taken() {
    let place = Place::set_up();
    let server = place.serve();
    let id = || {
        let answer = send(server.address, "GET", "/healthz", &[("X-Request-Id", "mine")], b"");
        answer.header("x-request-id").unwrap().to_owned()
    };
    let (first, second) = (id(), id());
    assert_ne!(first, second);
    assert_ne!(first, "mine");
}
