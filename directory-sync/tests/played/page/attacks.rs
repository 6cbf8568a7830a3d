//! Other users and programs of this machine, and pages of the web in the browser that sets up.

use std::time::Duration;

use directory_sync::arguments::Setup as Flags;
use directory_sync::browser::{End, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::visitor::{Page, Visitor, limits, stage};

/// A request as it is, and the whole answer.
async fn raw(page: &Page, request: &str) -> String {
    let mut stream = TcpStream::connect(page.host()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // Whoever is cut off has seen what there was.
    let _cut_off = stream.read_to_string(&mut answer).await;
    answer
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[tokio::test]
async fn the_address_works_once_and_only_its_browser_is_served() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let host = page.host();
    let path = page.address.split_once(host).unwrap().1;
    let get = async |path: &str, more: &str| {
        raw(&page, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")).await
    };
    // Neither a guess nor a browser that looks ahead uses it up.
    for guess in ["/begin/", "/begin/0", &format!("{path}0"), &path[..path.len() - 1]] {
        assert_eq!(status(&get(guess, "").await), "403", "{guess}");
    }
    assert_eq!(status(&get(path, "Sec-Purpose: prefetch;prerender\r\n").await), "503");
    assert_eq!(status(&get("/muster", "").await), "403");
    let mut visitor = Visitor::to(&page).await;
    let again = get(path, "").await;
    assert_eq!(status(&again), "403");
    assert!(again.contains("This address works once, and was used already."), "{again}");
    assert!(!again.to_lowercase().contains("set-cookie"), "{again}");
    let again = get(path, &format!("Cookie: {}\r\n", visitor.cookie)).await;
    assert_eq!(status(&again), "403");
    for cookie in ["", "Cookie: muster-sync-setup=\r\n", "Cookie: muster-sync-setup=0; a=b\r\n"] {
        let answer = get("/muster", cookie).await;
        assert_eq!(status(&answer), "403", "{cookie}");
        assert!(answer.contains("Set-up is open in another browser"), "{answer}");
    }
    // What everybody may see has nothing to hide.
    for public in ["/style.css", "/progress.js", "/favicon.svg"] {
        assert_eq!(status(&get(public, "").await), "200", "{public}");
    }
    assert_eq!(visitor.get("/nothing").await.status, 404);
    assert_eq!(visitor.get("/").await.location(), "/muster");
}

#[tokio::test]
async fn the_cookie_and_every_response_have_strict_headers() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let path = page.address.split_once(page.host()).unwrap().1;
    let begun = raw(&page, &format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", page.host())).await;
    let cookie = begun.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(begun.contains("location: /muster\r\n"), "{begun}");
    let refused = raw(&page, &format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", page.host())).await;
    for answer in [begun, refused] {
        for header in [
            "cache-control: no-store\r\n",
            "referrer-policy: same-origin\r\n",
            "x-content-type-options: nosniff\r\n",
            "x-frame-options: DENY\r\n",
            "cross-origin-opener-policy: same-origin\r\n",
            "default-src 'none'; style-src 'self'; script-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.contains(header), "{header} in {answer}");
        }
        assert!(!answer.contains("unsafe-inline") && !answer.contains("style="), "{answer}");
    }
}

/// A file of this machine that leads here is another site: its redirect wouldn't have the cookie.
#[tokio::test]
async fn a_local_page_that_leads_here_is_answered_with_a_page() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let path = page.address.split_once(page.host()).unwrap().1;
    let head = format!("Host: {}\r\nSec-Fetch-Site: cross-site\r\n", page.host());
    let begun = raw(&page, &format!("GET {path} HTTP/1.1\r\n{head}\r\n")).await;
    assert_eq!(status(&begun), "200");
    assert!(begun.contains("content=\"0; url=/muster\""), "{begun}");
}

#[tokio::test]
async fn a_request_with_another_host_name_is_refused() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let visitor = Visitor::to(&page).await;
    let port = page.host().split(':').nth(1).unwrap();
    let cookie = &visitor.cookie;
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("localhost:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{port}.evil.example"),
        format!("127.0.0.1:{port}\r\nHost: evil.example"),
        String::new(),
    ] {
        let request = format!("GET /muster HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
        let answer = raw(&page, &request).await;
        assert!(["421", "400"].contains(&status(&answer)), "{host}: {answer}");
        assert!(!answer.contains("<form"), "{answer}");
    }
    let absolute = "GET http://evil.example/muster HTTP/1.1";
    let request = format!("{absolute}\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", page.host());
    assert_eq!(status(&raw(&page, &request).await), "421");
    let none = format!("GET /muster HTTP/1.0\r\nCookie: {cookie}\r\n\r\n");
    assert_eq!(status(&raw(&page, &none).await), "421");
}

#[tokio::test]
async fn only_this_pages_own_forms_are_accepted() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    let host = page.host().to_owned();
    let port = host.split(':').nth(1).unwrap();
    let own = format!("Origin: http://{host}\r\n");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let token = format!("form={}&server=https%3A%2F%2Fevil.example&go=back", visitor.form);
    let cookie = visitor.cookie.clone();
    let send = async |head: &str, body: &str| {
        let length = body.len();
        let head =
            format!("Host: {host}\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n{head}");
        let answer = raw(&page, &format!("POST /muster HTTP/1.1\r\n{head}\r\n{body}")).await;
        status(&answer).to_owned()
    };
    for (head, body, expected) in [
        (form.to_owned(), &*token, "403"),
        (format!("Origin: null\r\n{form}"), &token, "403"),
        (format!("Origin: http://evil.example\r\n{form}"), &token, "403"),
        (format!("Origin: https://{host}\r\n{form}"), &token, "403"),
        (format!("Origin: http://localhost:{port}\r\n{form}"), &token, "403"),
        (format!("Origin: http://127.0.0.1:1\r\n{form}"), &token, "403"),
        (format!("{own}{own}{form}"), &token, "403"),
        (format!("{own}{form}Sec-Fetch-Site: cross-site\r\n"), &token, "403"),
        (format!("{own}{form}Sec-Fetch-Site: same-site\r\n"), &token, "403"),
        (format!("{own}{form}Sec-Fetch-Site: none\r\n"), &token, "403"),
        (own.clone(), &token, "415"),
        (format!("{own}Content-Type: text/plain\r\n"), &token, "415"),
        (format!("{own}Content-Type: multipart/form-data; boundary=x\r\n"), &token, "415"),
        (format!("{own}{form}"), "form=&server=x", "403"),
        (format!("{own}{form}"), "server=x&go=next", "403"),
        (format!("{own}{form}"), "form=0&form=1&server=x", "403"),
    ] {
        assert_eq!(send(&head, body).await, expected, "{head}{body}");
    }
    assert_eq!(visitor.see("/muster").await.value("server"), "", "nothing was typed");
    assert_eq!(send(&format!("{own}{form}Sec-Fetch-Site: same-origin\r\n"), &token).await, "303");
    assert_eq!(visitor.see("/muster").await.value("server"), "https://evil.example");
    for method in ["PUT", "DELETE", "OPTIONS", "HEAD"] {
        let head = format!("Host: {host}\r\nCookie: {cookie}\r\n{own}");
        let answer = raw(&page, &format!("{method} /muster HTTP/1.1\r\n{head}\r\n")).await;
        assert_eq!(status(&answer), "405", "{method}");
    }
    let head = format!("Host: {host}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-site\r\n");
    let answer = raw(&page, &format!("GET /muster HTTP/1.1\r\n{head}\r\n")).await;
    assert_eq!(status(&answer), "403", "a page at another port of this machine");
}

#[tokio::test]
async fn clients_that_send_too_much_or_too_slowly_are_cut_off_and_block_nobody() {
    let stage = stage().await;
    let (short, long) = (Duration::from_millis(300), Duration::from_hours(1));
    let strict = Limits {
        head: short,
        body: short,
        connection: long,
        bytes: 1_000,
        connections: 4,
        ..limits()
    };
    let page = Page::of(&stage, &Flags::default(), strict).await;
    let mut visitor = Visitor::to(&page).await;
    let (host, cookie) = (page.host().to_owned(), visitor.cookie.clone());
    let head = format!(
        "POST /muster HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n"
    );
    let large = "a".repeat(1_001);
    let answer = raw(&page, &format!("{head}Content-Length: 1001\r\n\r\n{large}")).await;
    assert_eq!(status(&answer), "413");
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n{large}\r\n0\r\n\r\n");
    assert_eq!(status(&raw(&page, &chunked).await), "413");
    let slow = raw(&page, &format!("{head}Content-Length: 10\r\n\r\nform=")).await;
    assert_eq!(status(&slow), "408");
    let endless = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {}", "x".repeat(64 * 1024));
    assert!(["431", ""].contains(&status(&raw(&page, &endless).await)));
    // Who says nothing loses the place.
    let mut silent = Vec::new();
    for _ in 0..6 {
        silent.push(TcpStream::connect(&host).await.unwrap());
    }
    for stream in &mut silent {
        let mut said = String::new();
        let _let_go = stream.read_to_string(&mut said).await;
        assert!(["408", ""].contains(&status(&said)), "{said}");
    }
    visitor.see("/muster").await;
    assert_eq!(page.stop().await, End::Stopped);
}
