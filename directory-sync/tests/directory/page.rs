//! The page of `muster-sync setup --browser`, by what a browser sends, between a real directory and a real
//! server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde_json::Value;

use super::muster::{ADDRESS, DONE, HELD, HOLDER, Muster, PASSWORD, Sync};
use super::samba::{self, DOMAIN, Samba};

struct Page {
    program: Child,
    client: Client,
    origin: String,
    cookie: String,
    form: String,
}

fn location(answer: &Response) -> String {
    answer.headers().get(LOCATION).map_or_else(String::new, |it| it.to_str().unwrap().to_owned())
}

impl Page {
    async fn of(sync: &Sync, samba: &Samba) -> Self {
        let mut program = sync
            .command()
            .args(["setup", "--browser", "--no-install"])
            .env_remove("DISPLAY")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut lines = lines.map(|line| line.unwrap().trim().to_owned());
        let address = lines.find(|line| line.starts_with("http://127.0.0.1:")).unwrap();
        // Whoever writes to a pipe that nobody reads is ended.
        std::thread::spawn(move || lines.for_each(drop));
        let tls = samba.tls().as_ref().clone();
        let client = Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none());
        let client = client.build().unwrap();
        let begun = client.get(&address).send().await.unwrap();
        let cookie = begun.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let origin = address.split("/begin/").next().unwrap().to_owned();
        let mut page = Self { program, client, origin, cookie, form: String::new() };
        let first = page.see("/muster").await;
        let (_, after) = first.split_once("name=\"form\" value=\"").unwrap();
        page.form = after.split('"').next().unwrap().to_owned();
        page
    }

    async fn see(&self, path: &str) -> String {
        let mut path = path.to_owned();
        loop {
            let request = self.client.get(format!("{}{path}", self.origin));
            let answer = request.header(COOKIE, &self.cookie).send().await.unwrap();
            let next = location(&answer);
            if path == "/working" && next.is_empty() {
                let over = self.client.get(format!("{}/working/over", self.origin));
                over.header(COOKIE, &self.cookie).send().await.unwrap();
            } else if next.is_empty() {
                return answer.text().await.unwrap();
            } else {
                path = next;
            }
        }
    }

    /// Where it leads, after all work.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields = [fields, &[("form", &*self.form)]].concat();
        let body = Url::parse_with_params("http://form", fields).unwrap();
        let answer = self
            .client
            .post(format!("{}{path}", self.origin))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.query().unwrap().to_owned())
            .send()
            .await
            .unwrap();
        self.see(&location(&answer)).await
    }
}

/// The value of the button that chooses what has this name.
fn chosen(page: &str, name: &str) -> String {
    let (before, _) = page.split_once(&format!("aria-label=\"Choose {name}\"")).expect(page);
    let (_, value) = before.rsplit_once("value=\"").unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[test]
fn somebody_sets_up_on_the_page_and_the_first_run_waits() {
    samba::test(
        "page::somebody_sets_up_on_the_page_and_the_first_run_waits",
        async |mut samba: Samba| {
            let muster = Muster::start().await;
            walk(&muster, &mut samba, &muster.not_set_up()).await;
        },
    );
}

/// From the first step to the first run.
pub async fn walk(muster: &Muster, samba: &mut Samba, sync: &Sync) {
    muster.group("Support/Tier 1");
    let anna = samba.technician("Anna", "anna").await;
    samba.group("Helpdesk", &[&anna]).await;
    let token: Value =
        serde_json::from_str(&muster.command(&["directory", "token", "--json"])).unwrap();
    let token = token["token"].as_str().unwrap();
    let mut page = Page::of(sync, samba).await;
    let server = format!("http://{ADDRESS}");
    let fields = [
        ("server", &*server),
        ("token", token),
        ("email", HOLDER),
        ("password", "wrong"),
        ("go", "next"),
    ];
    page.send("/muster", &fields).await;
    let (user, ca) = (format!("reader@{DOMAIN}"), samba.ca().display().to_string());
    let fields = [
        ("domain", DOMAIN),
        ("controller", "localhost"),
        ("ca-file", &*ca),
        ("bind-user", &*user),
        ("bind-password", samba::PASSWORD),
        ("go", "next"),
    ];
    let said = page.send("/directory", &fields).await;
    assert!(said.contains("id=\"password-error\">Email or password is wrong"), "{said}");
    page.send("/muster", &[("password", PASSWORD), ("go", "next")]).await;
    let said = page.send("/directory", &fields).await;
    assert!(said.contains("Map AD groups to Technician Groups"), "{said}");
    let found = page.send("/groups", &[("search", "help"), ("go", "search")]).await;
    let helpdesk = chosen(&found, "Helpdesk");
    page.send("/groups", &[("choose", &helpdesk)]).await;
    let places = page.send("/groups", &[("search", "Tier"), ("go", "search")]).await;
    let place = chosen(&places, "Support/Tier 1");
    page.send("/groups", &[("take", &place)]).await;
    let said = page.send("/groups", &[("go", "next")]).await;
    assert!(said.contains("“Helpdesk” can be read: 1 people"), "{said}");
    let said = page.send("/check", &[("go", "next")]).await;
    assert!(said.contains("1 changes would wait for a Master Administrator"), "{said}");
    page.send("/preview", &[("go", "next")]).await;
    let said = page.send("/install", &[("go", "finish")]).await;
    assert!(said.contains("Set-up is finished"), "{said}");
    assert_eq!(page.program.wait().unwrap().code(), Some(DONE));
    assert_eq!(sync.once(), HELD);
    muster.decide("approve");
    assert_eq!(muster.enabled(), ["anna"]);
}
