//! The import as the browser does it: chunks in any order and as often as the line allows, a server
//! that dies in the middle, and every row once.

use std::sync::mpsc;

use serde_json::{Value, json};

use super::support::{Answer, Browser, PASSWORD, Place, try_send};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn new_import(rows: u32, group: i64) -> Value {
    json!({
        "id": ID, "file_name": "people.csv", "file_sha256": "ab".repeat(32), "rows": rows,
        "group": group, "columns": ["Name", "Email"], "delimiter": ",",
    })
}

/// Rows `from..to` of a made-up file.
fn chunk(from: u32, to: u32) -> Value {
    let row = |row: u32| json!({ "line": row + 2, "values": { "name": format!("Person {row}"), "email": format!("p{row}@x.example") } });
    json!({ "rows": (from..to).map(row).collect::<Vec<_>>() })
}

fn group(place: &Place) -> i64 {
    place.ok(&["group", "add", "Support"]).trim().parse().unwrap()
}

fn put(browser: &Browser<'_>, number: u32, chunk: &Value) -> Answer {
    browser.send_json("PUT", &format!("/api/imports/{ID}/chunks/{number}"), chunk)
}

fn outcomes(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rows = answer.json()["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_import_from_its_beginning_to_its_downloads() {
    let place = Place::set_up();
    let group = group(&place);
    let server = place.serve();
    let browser = server.sign_in();
    for _ in 0..2 {
        let answer = browser.send_json("POST", "/api/imports", &new_import(4, group));
        assert_eq!((answer.status, answer.json()["state"].as_str()), (200, Some("running")));
    }
    let chunks = format!("/api/imports/{ID}/chunks");
    assert_eq!(browser.get(&chunks).json(), json!([]));
    let early = browser.send_json("POST", &format!("/api/imports/{ID}/finish"), &json!({}));
    assert_eq!((early.status, early.json()["code"].as_str()), (409, Some("conflict")));

    assert_eq!(outcomes(&put(&browser, 1, &chunk(2, 4))), ["created", "created"]);
    let first = put(&browser, 0, &chunk(0, 2));
    assert_eq!(outcomes(&first), ["created", "created"]);
    let again = put(&browser, 0, &chunk(0, 2));
    assert_eq!(again.text(), first.text(), "sent again, it answers as before");
    assert_eq!(browser.get(&chunks).json(), json!([0, 1]));

    let answer = browser.send_json("POST", &format!("/api/imports/{ID}/finish"), &json!({}));
    assert_eq!((answer.status, answer.json()["state"].as_str()), (200, Some("finished")));
    assert_eq!(answer.json()["counts"]["created"], 4);
    let csv = browser.get(&format!("/api/imports/{ID}/rows.csv"));
    assert_eq!(csv.text().lines().count(), 5);
    let disposition = csv.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"people"), "{disposition}");
    assert!(browser.get(&format!("/api/imports/{ID}/rows.json")).text().contains("p3@x.example"));
    assert_eq!(browser.get(&format!("/api/imports/{ID}/failed.csv")).status, 200);
    assert_eq!(place.ok(&["export"]).lines().count(), 5);
}

#[test]
fn the_server_checks_every_row_anew() {
    let place = Place::set_up();
    let group = group(&place);
    let server = place.serve();
    let browser = server.sign_in();
    browser.send_json("POST", "/api/imports", &new_import(3, group));
    let rows = json!({ "rows": [
        { "line": 2, "values": { "name": "Ada", "email": "ada.l@x.example", "password": PASSWORD } },
        { "line": 3, "values": { "name": "", "email": "nobody" } },
        { "line": 4, "values": { "name": "Bob", "email": "bob@x.example", "password": "weak" } },
    ]});
    let answer = put(&browser, 0, &rows);
    assert_eq!(outcomes(&answer), ["created", "failed", "failed"]);
    assert!(!answer.text().contains(PASSWORD));
    let failed = browser.get(&format!("/api/imports/{ID}/failed.csv")).text();
    assert!(failed.contains("email.invalid") && !failed.contains("weak\""), "{failed}");
}

#[test]
fn what_is_no_chunk_is_refused() {
    let place = Place::set_up();
    let group = group(&place);
    let server = place.serve();
    let browser = server.sign_in();
    let unknown = put(&browser, 0, &chunk(0, 1));
    assert_eq!((unknown.status, unknown.json()["code"].as_str()), (404, Some("not_found")));
    browser.send_json("POST", "/api/imports", &new_import(600, group));
    assert_eq!(put(&browser, 0, &chunk(0, 501)).status, 422);
    assert_eq!(put(&browser, 0, &json!({ "rows": [] })).status, 422);
    assert_eq!(put(&browser, 0, &json!({ "lines": [] })).status, 422);
    let path = format!("/api/imports/{ID}/chunks/0");
    let broken = browser.send("PUT", &path, &[("Content-Type", "application/json")], b"{");
    assert_eq!((broken.status, broken.json()["code"].as_str()), (400, Some("refused")));
    let cancelled = browser.send_json("POST", &format!("/api/imports/{ID}/cancel"), &json!({}));
    assert_eq!(cancelled.json()["state"], "canceled");
    assert_eq!(put(&browser, 0, &chunk(0, 1)).status, 409);
}

#[test]
fn an_import_is_compared_mended_and_undone() {
    let place = Place::set_up();
    let group = group(&place);
    let server = place.serve();
    let browser = server.sign_in();
    let post = |path: &str, body: &Value| browser.send_json("POST", path, body);
    let row = |email: &str| json!({ "email": email, "name": 1, "email_as_typed": 1 });
    let wish = |rows: Vec<Value>| json!({ "existing": "update", "group": group, "rows": rows });
    let compared = post("/api/imports/compare", &wish(vec![row("p0@x.example")]));
    assert_eq!(compared.json()["verdicts"], json!(["create"]), "{}", compared.text());
    let most: Vec<Value> =
        (0..5000).map(|n| row(&format!("{n}@{}.example", "x".repeat(60)))).collect();
    let compared = post("/api/imports/compare", &wish(most.clone()));
    assert_eq!(compared.status, 200, "{}", compared.text());
    let too_many = post("/api/imports/compare", &wish([&most[..], &most[..1]].concat()));
    assert_eq!((too_many.status, too_many.json()["code"].as_str()), (422, Some("refused")));

    post("/api/imports", &new_import(2, group));
    let other = json!({ "plan": "other" });
    let mut new = new_import(2, group);
    new["plan"] = other["plan"].clone();
    assert_eq!(post("/api/imports", &new).status, 409, "begun with another plan");
    let mut rows = chunk(0, 2);
    rows["rows"][1]["values"]["email"] = json!("broken");
    assert_eq!(outcomes(&put(&browser, 0, &rows)), ["created", "failed"]);
    let undo = format!("/api/imports/{ID}/undo");
    assert_eq!(post(&undo, &json!({})).status, 409, "it has not ended");
    post(&format!("/api/imports/{ID}/finish"), &json!({}));
    let retried = post(&format!("/api/imports/{ID}/retry"), &json!({ "from": 0 })).json();
    assert_eq!(
        (&retried["record"]["counts"]["failed"], &retried["next"]),
        (&1.into(), &Value::Null)
    );
    let compared = post("/api/imports/compare", &wish(vec![row("p0@x.example")])).json();
    let update = &compared["verdicts"][0]["update"];
    assert_eq!(
        (&update["version"], &update["differences"][0]["before"]),
        (&1.into(), &"Person 0".into())
    );
    let undone = post(&undo, &json!({})).json();
    assert_eq!((&undone["left"], &undone["record"]["state"]), (&0.into(), &"undone".into()));
    assert_eq!(undone["record"]["undone"]["counts"]["reversed"], 1);
    assert_eq!(place.ok(&["export"]).lines().count(), 1, "the heading alone");
}

/// Killed in the middle, started again, sent again: every row once.
#[test]
fn a_killed_server_loses_no_row_and_doubles_none() {
    const CHUNKS: u32 = 20;
    const ROWS: u32 = 100;
    let place = Place::set_up();
    let group = group(&place);
    let server = place.serve();
    let cookie = {
        let browser = server.sign_in();
        browser.send_json("POST", "/api/imports", &new_import(CHUNKS * ROWS, group));
        browser.cookie
    };
    let address = server.address;
    let body = |number: u32| chunk(number * ROWS, (number + 1) * ROWS).to_string();
    let headers = [("Cookie", cookie.as_str()), ("Content-Type", "application/json")];
    let (answered, answers) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..CHUNKS {
                let path = format!("/api/imports/{ID}/chunks/{number}");
                if try_send(address, "PUT", &path, &headers, body(number).as_bytes()).is_none() {
                    break;
                }
                answered.send(number).unwrap();
            }
        });
        answers.iter().take(3).for_each(drop);
        server.kill();
        assert!(answers.iter().count() < 16, "it was killed in the middle");
    });

    let server = place.serve();
    let browser = Browser { server: &server, cookie: cookie.clone() };
    let done = browser.get(&format!("/api/imports/{ID}/chunks")).json();
    let done: Vec<u32> = serde_json::from_value(done).unwrap();
    assert!(done.len() >= 3 && done.len() < CHUNKS as usize, "{done:?}");
    for number in 0..CHUNKS {
        let path = format!("/api/imports/{ID}/chunks/{number}");
        let answer = browser.send("PUT", &path, &headers[1..], body(number).as_bytes());
        let outcomes = outcomes(&answer);
        assert!(outcomes.iter().all(|outcome| outcome == "created"), "{number}: {outcomes:?}");
    }
    let answer = browser.send_json("POST", &format!("/api/imports/{ID}/finish"), &json!({}));
    assert_eq!(answer.json()["counts"]["created"], CHUNKS * ROWS);
    assert_eq!(place.ok(&["export"]).lines().count(), (CHUNKS * ROWS + 1) as usize);
}
