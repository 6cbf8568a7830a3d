//! The session's cookie, from signing in to signing out; and the ways that lead to it.

use super::support::{EMAIL, PASSWORD, Place};

#[test]
fn a_session_from_its_beginning_to_its_end() {
    let place = Place::set_up();
    let server = place.serve();
    let answer = server.send_form(
        "/api/fn/sign_in",
        &[("form[email]", EMAIL), ("form[password]", PASSWORD), ("form[next]", "")],
    );
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("muster="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain loopback: {cookie}");

    let browser = server.sign_in();
    assert_eq!(browser.visit("/organization").status, 200);
    for path in ["/", "/sign-in", "/setup"] {
        let answer = browser.visit(path);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/organization")));
    }
    let answer = browser.send("POST", "/api/fn/sign_out", &[], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(answer.header("clear-site-data"), Some(r#""cache", "storage""#));
    assert_eq!(browser.visit("/organization").status, 303);
    assert_eq!(browser.get("/api/imports/x/chunks").status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let place = Place::set_up();
    let server = place.serve();
    let try_with = |email: &str| {
        let answer = server.send_form(
            "/api/fn/sign_in",
            &[("form[email]", email), ("form[password]", "x"), ("form[next]", "")],
        );
        assert!(answer.header("set-cookie").is_none());
        (answer.status, answer.text())
    };
    let (status, text) = try_with(EMAIL);
    assert_eq!(status, 422, "{text}");
    assert_eq!((status, text), try_with("nobody@northwind.example"));
}

#[test]
fn who_tries_too_often_must_wait() {
    let place = Place::set_up();
    let server = place.serve();
    let answers: Vec<_> = (0..6)
        .map(|_| {
            server.send_form(
                "/api/fn/sign_in",
                &[("form[email]", EMAIL), ("form[password]", "x"), ("form[next]", "")],
            )
        })
        .collect();
    let last = answers.last().unwrap();
    assert_eq!((last.status, last.json()["code"].as_str()), (429, Some("wait")));
}

#[test]
fn a_made_up_cookie_is_nobody() {
    let place = Place::set_up();
    let server = place.serve();
    for cookie in ["muster=", "muster=abc", "muster=%00", "__Host-muster=abc"] {
        let headers = [("Cookie", cookie), ("Accept", "text/html")];
        let answer = server.send("GET", "/organization", &headers, b"");
        assert_eq!(answer.status, 303, "{cookie}");
        assert_eq!(answer.header("location"), Some("/sign-in?next=/organization"));
        assert!(answer.body.is_empty());
    }
}
