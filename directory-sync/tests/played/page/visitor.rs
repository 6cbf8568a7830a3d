//! A browser at the page, as far as it is one: a cookie, forms, and no redirect that isn't looked at.

use std::collections::BTreeMap;
use std::time::Duration;

use directory_sync::arguments::Setup as Flags;
use directory_sync::browser::{End, Limits, Offer};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::directory::Objects;
use crate::muster::TOKEN;
use crate::stage::{GROUP, Stage};

pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "hidden-password";
pub const READER: &str = "secret";

/// Patient, but for what a test waits for.
pub fn limits() -> Limits {
    let last_page = Duration::from_millis(50);
    Limits { last_page, at_once: Duration::from_secs(20), ..Limits::of_a_person() }
}

/// A directory with two groups and a person, and a server that waits for its holder.
pub async fn stage() -> Stage {
    let mut objects = Objects::default();
    objects.person(1);
    objects.group(GROUP, [1]);
    objects.group(GROUP + 1, [1]);
    let stage = Stage::with(objects).await;
    let waits_for = (EMAIL.into(), PASSWORD.into(), String::new());
    *stage.muster.waits_for.lock().unwrap() = Some(waits_for);
    stage.muster.mappings.lock().unwrap().clear();
    stage
}

pub struct Page {
    pub address: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<End>,
}

impl Page {
    pub async fn of(stage: &Stage, flags: &Flags, limits: Limits) -> Self {
        let offer = Offer::make(stage.files(), flags, limits).await.unwrap();
        let address = offer.address.clone();
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(offer.until(async {
            let _stopped = stopped.await;
        }));
        Self { address, stop, ended }
    }

    /// `127.0.0.1:50123`
    pub fn host(&self) -> &str {
        self.address.split('/').nth(2).unwrap()
    }

    pub async fn end(self) -> End {
        self.ended.await.unwrap()
    }

    pub async fn stop(self) -> End {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap()
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |it| it.to_str().unwrap())
    }

    /// The value of the field, as the form has it.
    pub fn value(&self, field: &str) -> String {
        let (_, after) = self.text.split_once(&format!("name=\"{field}\"")).expect(field);
        let (_, after) = after.split_once("value=\"").unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    /// What stands beside a field that is wrong.
    pub fn fault(&self, field: &str) -> &str {
        let (_, after) =
            self.text.split_once(&format!("id=\"{field}-error\">")).unwrap_or_default();
        after.split("</p>").next().unwrap()
    }
}

/// It follows no redirect by itself.
pub fn client() -> Client {
    let tls = directory_sync::tls::to_server(None).unwrap().as_ref().clone();
    Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).build().unwrap()
}

pub struct Visitor {
    client: Client,
    pub host: String,
    pub cookie: String,
    pub form: String,
    /// All that came back, headers too.
    pub heard: Vec<String>,
    pub shown: Answer,
}

impl Visitor {
    pub async fn to(page: &Page) -> Self {
        let client = client();
        let shown =
            Answer { status: StatusCode::OK, headers: HeaderMap::new(), text: String::new() };
        let host = page.host().to_owned();
        let mut visitor =
            Self { client, host, cookie: String::new(), form: String::new(), heard: vec![], shown };
        let begun = visitor.get(page.address.split_once(&visitor.host.clone()).unwrap().1).await;
        assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/muster"));
        let cookie = begun.headers[SET_COOKIE].to_str().unwrap();
        visitor.cookie = cookie.split(';').next().unwrap().to_owned();
        visitor.see("/muster").await;
        visitor.form = visitor.shown.value("form");
        visitor
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.client.get(format!("http://{}{path}", self.host));
        let answer = request.header(COOKIE, &self.cookie).send().await.unwrap();
        self.hear(answer).await
    }

    pub async fn see(&mut self, path: &str) -> &Answer {
        self.shown = self.get(path).await;
        assert_eq!(self.shown.status, StatusCode::OK, "{path}: {}", self.shown.location());
        &self.shown
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all: BTreeMap<_, _> = fields.iter().copied().collect();
        let form = self.form.clone();
        all.entry("form").or_insert(&form);
        let body = reqwest::Url::parse_with_params("http://form", &all).unwrap();
        let request = self
            .client
            .post(format!("http://{}{path}", self.host))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, format!("http://{}", self.host))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.query().unwrap_or_default().to_owned());
        let answer = request.send().await.unwrap();
        self.hear(answer).await
    }

    /// Sends a form, and goes where that leads.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> &Answer {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
        let to = answer.location().to_owned();
        self.see(&to).await
    }

    pub fn title(&self) -> &str {
        let (_, after) = self.shown.text.split_once("<title>").unwrap();
        after.split(" · ").next().unwrap()
    }

    async fn hear(&mut self, answer: reqwest::Response) -> Answer {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        self.heard.push(format!("{headers:?}\n{text}"));
        Answer { status, headers, text }
    }

    pub async fn connects_to_muster(&mut self, stage: &Stage) {
        let server = format!("http://{}", stage.address);
        self.send("/muster", &muster_fields(&server)).await;
        assert_eq!(self.title(), "Connect to the directory", "{}", self.shown.text);
    }

    pub async fn connects_to_the_directory(&mut self, stage: &Stage) {
        let (controller, ca) = (stage.directory.address.to_string(), ca(stage));
        self.send("/directory", &directory(&controller, &ca, READER)).await;
        assert_eq!(self.title(), "Map AD groups to Technician Groups", "{}", self.shown.text);
    }

    pub async fn maps(&mut self, search: &str, ad_group: &str, place: &str) {
        self.send("/groups", &[("search", search), ("go", "search")]).await;
        self.send("/groups", &[("choose", ad_group)]).await;
        self.send("/groups", &[("take", place)]).await;
    }
}

pub fn ca(stage: &Stage) -> String {
    stage.directory.folder.path().join("ca.pem").display().to_string()
}

pub fn muster_fields(server: &str) -> [(&'static str, &str); 5] {
    [("server", server), ("token", TOKEN), ("email", EMAIL), ("password", PASSWORD), ("go", "next")]
}

pub fn directory<'a>(
    controller: &'a str,
    ca: &'a str,
    password: &'a str,
) -> [(&'static str, &'a str); 7] {
    [
        ("domain", "corp.example.com"),
        ("controller", controller),
        ("ca-file", ca),
        ("bind-user", "reader"),
        ("bind-password", password),
        ("base", ""),
        ("go", "next"),
    ]
}
