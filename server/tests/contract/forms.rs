//! Forms that are sent before the page is alive, and those that nobody can read.

use super::support::{Answer, EMAIL, Place, Server};

const SIGN_IN: &str = "/api/fn/sign_in";

/// As a browser without a script sends it from this page.
fn send_from(server: &Server, page: &str) -> Answer {
    let body = format!("form[email]={EMAIL}&form[password]=x&form[next]=");
    let headers = [
        ("Accept", "text/html"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Referer", page),
    ];
    server.send("POST", SIGN_IN, &headers, body.as_bytes())
}

#[test]
fn a_form_of_another_build_asks_for_the_page_to_be_loaded_again() {
    let place = Place::set_up();
    let server = place.serve();
    let check = |answer: &Answer, status, what: &str| {
        let json = answer.json();
        let found = (answer.status, json["code"].as_str(), json["message"].as_str());
        let said = "Muster was updated. Load the page again.";
        assert_eq!(found, (status, Some("refused"), Some(said)), "{what}");
    };
    check(&server.send_form(SIGN_IN, &[("nothing", "known")]), 422, "a form");
    let browser = server.sign_in();
    let json = [("Content-Type", "application/json")];
    check(&browser.send("POST", "/api/fn/of_tomorrow", &json, b"{}"), 404, "a function");
    for body in ["no JSON", "{}", "[true]"] {
        check(&browser.send("POST", "/api/fn/group_see", &json, body.as_bytes()), 422, body);
    }
}

#[test]
fn a_form_leads_back_to_our_own_page_alone() {
    let place = Place::set_up();
    let server = place.serve();
    let own = format!("http://{}/sign-in", server.address);
    let answer = send_from(&server, &own);
    let location = answer.header("location").unwrap();
    assert!(answer.status == 302 && location.starts_with(&format!("{own}?")), "{location}");
    for elsewhere in ["https://evil.example/sign-in", "http://127.0.0.1:1/", "nothing"] {
        assert_eq!(send_from(&server, elsewhere).header("location"), Some("/"), "{elsewhere}");
    }
}

#[test]
fn a_page_shows_what_is_wrong_with_a_form_to_whom_it_was_answered() {
    const WRONG: &str = "Email or password is wrong";
    let place = Place::set_up();
    let server = place.serve();
    let answer = send_from(&server, &format!("http://{}/sign-in?next=%2Faccount", server.address));
    let address = answer.header("location").unwrap().split_once("/sign-in").unwrap().1.to_owned();
    let address = ["/sign-in", &address].concat();
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let visit = |cookie: &str| {
        server.send("GET", &address, &[("Accept", "text/html"), ("Cookie", cookie)], b"")
    };
    let shown = visit(cookie);
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains(WRONG), "{}", shown.text());
    // As a link that somebody else made.
    for none in ["", "muster-fault=00"] {
        let led = visit(none);
        let place = led.header("location");
        assert_eq!((led.status, place), (303, Some("/sign-in?next=%2Faccount")));
    }
}
