//! The protocol of directory synchronization as the service speaks it, and the commands beside it.

use std::io::Read;

use flate2::Compression;
use flate2::read::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::support::{Answer, EMAIL, PASSWORD, Place, Server, json_lines, text};

const PREFIX: &str = "/api/directory-sync/v1/";
const GROUP: &str = "00000000-0000-0000-0000-000000000900";
const DOMAIN: &str = "00000000-0000-0000-0000-000000000500";

/// The service, with its token.
struct Service<'a> {
    server: &'a Server,
    token: String,
}

impl<'a> Service<'a> {
    /// Enrolled, and its group mapped.
    fn enrolled(place: &Place, server: &'a Server) -> Self {
        let group: i64 = place.ok(&["group", "add", "Support"]).trim().parse().unwrap();
        let token = place.ok(&["directory", "token"]).trim().to_owned();
        let service = Self { server, token };
        let answer = service.send("POST", "enroll", &enroll(PASSWORD));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mapping = json!({ "ad_group_guid": GROUP, "ad_group_name": "Staff", "technician_group_id": group });
        let answer = service.send("PUT", "mappings", &json!({ "mappings": [mapping] }));
        assert_eq!(answer.status, 204, "{}", answer.text());
        service
    }

    fn send_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let authorization = ["Bearer ", &self.token].concat();
        let mut all =
            vec![("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        all.extend(headers);
        self.server.send(method, &[PREFIX, path].concat(), &all, body)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send_bytes(method, path, &[], body.to_string().as_bytes())
    }

    fn get(&self, path: &str) -> Answer {
        self.send_bytes("GET", path, &[], b"")
    }

    fn begin(&self, run: &str, mode: &str) -> Answer {
        let wish = json!({ "run_id": run, "mode": mode, "agent": "a test", "controller": "dc1" });
        self.send("POST", "runs", &wish)
    }

    /// A whole run; what its commit is answered.
    fn run(&self, number: u32, mode: &str, people: &[Value]) -> Value {
        let id = run_id(number);
        assert_eq!(self.begin(&id, mode).status, 201);
        let batch = json!({ "people": people });
        for _ in 0..2 {
            let answer = self.send("PUT", &format!("runs/{id}/batches/0"), &batch);
            assert_eq!(answer.status, 204, "{}", answer.text());
        }
        let path = format!("runs/{id}/commit");
        let answer = self.send("POST", &path, &commit(people));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let again = self.send("POST", &path, &commit(people));
        assert_eq!(again.text(), answer.text(), "sent again, it answers as before");
        answer.json()
    }
}

fn enroll(password: &str) -> Value {
    json!({
        "email": EMAIL,
        "password": password,
        "directory": { "domain": "corp.example.com", "domain_guid": DOMAIN, "domain_sid": "S-1-5-21-1" },
    })
}

fn run_id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012}")
}

fn person(number: u32) -> Value {
    json!({
        "guid": format!("00000000-0000-0000-0000-{number:012}"),
        "name": format!("Person {number}"),
        "email": format!("p{number}@corp.example"),
        "enabled": true,
        "group_guids": [GROUP],
        "read": "ok",
    })
}

/// The digest is over each person as the protocol's fields are ordered.
fn commit(people: &[Value]) -> Value {
    let mut digest = Sha256::new();
    for person in people {
        let text = |key: &str| person[key].to_string();
        digest.update(format!(
            "{{\"guid\":{},\"name\":{},\"email\":{},\"enabled\":{},\"group_guids\":{},\"read\":{}}}\n",
            text("guid"), text("name"), text("email"), text("enabled"), text("group_guids"), text("read")
        ));
    }
    let digest: Vec<String> = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = digest.concat();
    let group = json!({ "guid": GROUP, "status": "complete", "members": people.len() });
    json!({ "batches": 1, "people": people.len(), "digest": digest, "groups": [group], "absent": [] })
}

#[test]
fn a_directory_enrolls_is_held_approved_and_kept_in_step() {
    let place = Place::set_up();
    let server = place.serve();
    let service = Service::enrolled(&place, &server);
    let hello = service.get("hello").json();
    assert_eq!((&hello["protocol"], &hello["interval_seconds"]), (&1.into(), &900.into()));
    assert_eq!(hello["mappings"][0]["ad_group_name"], "Staff");
    let groups = service.get("groups?search=supp").json();
    assert_eq!(groups["groups"][0]["path"], "Support");

    let people: Vec<Value> = (1..=3).map(person).collect();
    let held = service.run(1, "apply", &people);
    assert_eq!((&held["result"], &held["held"]["reason"]), (&"held".into(), &"first_run".into()));
    assert_eq!(place.ok(&["export"]).lines().count(), 1, "the heading alone");
    let runs = json_lines(place.ok(&["directory", "runs", "--json"]).as_bytes());
    assert_eq!((&runs[0]["state"], &runs[0]["waiting"]), (&"held".into(), &3.into()));
    let said = place.ok(&["directory", "approve", &run_id(1)]);
    assert_eq!(said, "Approved: 3 created.\n");
    assert_eq!(place.ok(&["export"]).lines().count(), 4);

    let mut people: Vec<Value> = (1..=4).map(person).collect();
    people[0]["name"] = json!("Ada");
    let preview = service.run(2, "preview", &people);
    assert_eq!((&preview["result"], &preview["created"]), (&"preview".into(), &1.into()));
    assert_eq!(place.ok(&["export"]).lines().count(), 4);
    let applied = service.run(3, "apply", &people);
    assert_eq!(
        (&applied["created"], &applied["updated"], &applied["unchanged"]),
        (&1.into(), &1.into(), &2.into())
    );
    let managed = service.get("managed").json();
    assert_eq!(managed["guids"].as_array().map(Vec::len), Some(4));

    let browser = server.sign_in();
    let log = browser.get("/api/directory/log");
    assert_eq!(log.status, 200);
    assert!(log.text().contains("p4@corp.example"), "{}", log.text());
    assert!(!log.text().contains(&service.token));
    let output = place.run(&["directory", "drop", &run_id(1)]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "muster: This run is approved already.\n");
    assert_eq!(place.run(&["directory", "drop", "7"]).status.code(), Some(2));
}

#[test]
fn what_may_not_be_is_said_in_the_protocols_words() {
    let place = Place::set_up();
    let server = place.serve();
    let service = Service::enrolled(&place, &server);
    let check = |answer: &Answer, status, code: &str| {
        let found = answer.json();
        assert_eq!((answer.status, found["code"].as_str()), (status, Some(code)), "{found}");
        assert!(found["message"].as_str().is_some_and(|it| it.len() > 9), "{found}");
    };
    assert_eq!(service.begin(&run_id(1), "apply").status, 201);
    assert_eq!(service.begin(&run_id(1), "apply").status, 201, "as after a lost answer");
    check(&service.begin(&run_id(2), "apply"), 409, "conflict");
    let batches = |number: u32| format!("runs/{}/batches/{number}", run_id(1));
    let crowd: Vec<Value> = (0..1001).map(person).collect();
    check(&service.send("PUT", &batches(0), &json!({ "people": crowd })), 422, "refused");
    check(&service.send("PUT", &batches(2000), &json!({ "people": [] })), 422, "refused");
    check(&service.send("PUT", &batches(0), &json!({ "persons": [] })), 422, "refused");
    check(&service.send_bytes("PUT", &batches(0), &[], b"{"), 400, "refused");
    check(
        &service.send("POST", &format!("runs/{}/commit", run_id(9)), &commit(&[])),
        404,
        "not_found",
    );
    assert_eq!(service.get("nowhere").status, 404);
    let mut wrong = enroll("Wrong-password-1");
    check(&service.send("POST", "enroll", &wrong), 422, "refused");
    wrong = enroll(PASSWORD);
    wrong["directory"]["domain_guid"] = json!(GROUP);
    check(&service.send("POST", "enroll", &wrong), 409, "conflict");
    let abort = json!({ "code": "ldap.lost", "message": "The line was cut." });
    assert_eq!(service.send("POST", &format!("runs/{}/abort", run_id(1)), &abort).status, 204);
    check(&service.send("PUT", &batches(0), &json!({ "people": [] })), 409, "conflict");

    // Neither a cookie nor another's token opens these.
    let browser = server.sign_in();
    let hello = [PREFIX, "hello"].concat();
    check(&browser.get(&hello), 401, "token.unknown");
    let fresh = place.ok(&["directory", "token", "--json"]);
    let token = json_lines(fresh.as_bytes())[0]["token"].as_str().unwrap().to_owned();
    let fresh = Service { server: &server, token };
    check(&fresh.get("hello"), 403, "token.not_enrolled");
    // And the token opens nothing else.
    let authorization = ["Bearer ", &service.token].concat();
    let answer =
        server.send("GET", "/api/directory/log", &[("Authorization", &authorization)], b"");
    assert_eq!((answer.status, answer.body.len()), (401, 0));
}

#[test]
fn a_renewed_token_takes_the_place_of_the_old_one() {
    let place = Place::set_up();
    let server = place.serve();
    let mut service = Service::enrolled(&place, &server);
    let renewed = service.send_bytes("POST", "token/rotate", &[], b"").json();
    assert_eq!(service.get("hello").status, 200, "the old one lives on");
    service.token = renewed["token"].as_str().unwrap().to_owned();
    assert_eq!(service.get("hello").status, 200);
    let events = json!({ "events": [
        { "kind": "heartbeat" },
        { "kind": "error", "at": 1_795_000_000_000_i64, "code": "ldap.failed", "message": "No." },
    ]});
    assert_eq!(service.send("POST", "events", &events).status, 204);
}

fn packed(bytes: impl Read) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed).unwrap();
    packed
}

#[test]
fn bodies_may_be_packed_and_no_bomb_goes_off() {
    let place = Place::set_up();
    let server = place.serve();
    let service = Service::enrolled(&place, &server);
    assert_eq!(service.begin(&run_id(1), "apply").status, 201);
    let path = format!("runs/{}/batches/0", run_id(1));
    let gzip = [("Content-Encoding", "gzip")];
    // Larger than what other addresses take unpacked.
    let people: Vec<Value> = (0..1000)
        .map(|number| {
            let mut person = person(number);
            person["name"] = json!("x".repeat(400));
            person
        })
        .collect();
    let body = packed(json!({ "people": people }).to_string().as_bytes());
    assert_eq!(service.send_bytes("PUT", &path, &gzip, &body).status, 204);
    let bomb = packed(std::io::repeat(b' ').take(64 * 1024 * 1024));
    assert!(bomb.len() < 512 * 1024);
    assert_eq!(service.send_bytes("PUT", &path, &gzip, &bomb).status, 413);
    assert_eq!(service.send_bytes("PUT", &path, &gzip, b"no gzip").status, 400);
    assert_eq!(service.send_bytes("PUT", &path, &[("Content-Encoding", "br")], b"").status, 415);
    assert_eq!(service.get("hello").status, 200);
}
