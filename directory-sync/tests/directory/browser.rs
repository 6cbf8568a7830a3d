//! Somebody at Muster's pages, by what the pages send.

use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::{Value, json};

use super::muster::{ADDRESS, HOLDER, PASSWORD};
use super::samba::Samba;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

pub struct Browser {
    client: Client,
    cookie: String,
}

/// The session's cookie, as it is sent back.
fn given(answer: &Response) -> Option<String> {
    let cookie = answer.headers().get(SET_COOKIE)?.to_str().unwrap();
    Some(cookie.split(';').next().unwrap().to_owned())
}

impl Browser {
    pub async fn of_the_holder(samba: &Samba) -> Self {
        let (holder, _) =
            Self::sign_in(samba, HOLDER, PASSWORD).await.expect("the holder is let in");
        holder
    }

    /// Signed in, and where that leads; `None`: nobody is let in.
    pub async fn sign_in(samba: &Samba, email: &str, password: &str) -> Option<(Self, String)> {
        let tls = samba.tls().as_ref().clone();
        let client = Client::builder().tls_backend_preconfigured(tls).build().unwrap();
        let mut browser = Self { client, cookie: String::new() };
        let fields =
            [("form[email]", email), ("form[password]", password), ("form[next]", "")].map(owned);
        let answer = browser.send("sign_in", FORM, encoded(&fields)).await;
        browser.cookie = given(&answer)?;
        Some((browser, answer.text().await.unwrap().trim_matches('"').to_owned()))
    }

    pub async fn is_signed_in(&self) -> bool {
        let answer = self.send("own_account", JSON, "{}".to_owned()).await;
        answer.status() != StatusCode::UNAUTHORIZED
    }

    pub async fn see(&self, function: &str, question: Value) -> Value {
        content(function, self.send(function, JSON, question.to_string()).await).await
    }

    pub async fn change(&self, function: &str, fields: &[(String, String)]) -> Value {
        content(function, self.send(function, FORM, encoded(fields)).await).await
    }

    /// The session goes on under a new token.
    pub async fn choose_password(&mut self, password: &str) {
        let fields = [("form[currentPassword]", ""), ("form[password]", password)].map(owned);
        let answer = self.send("change_password", FORM, encoded(&fields)).await;
        self.cookie = given(&answer).expect("a new token");
        content("change_password", answer).await;
    }

    pub async fn set_default_password(&self, password: &str) {
        let now = self.see("settings_see", json!({})).await;
        let policies = &now["policies"];
        let fields = [
            ("organization", &now["organization"]),
            ("strength", &now["strength"]),
            ("standardSeats", &Value::Null),
            ("mobileSeats", &Value::Null),
            ("defaultPassword", &json!(password)),
            ("defaultPasswordDays", &now["default_password_days"]),
            ("maxAgeDays", &policies["max_age_days"]),
            ("warningDays", &policies["warning_days"]),
            ("history", &policies["history"]),
            ("changeAfterReset", &policies["change_after_reset"]),
            ("lockOutFailures", &policies["lock_out"]["failures"]),
            ("lockOutMinutes", &policies["lock_out"]["minutes"]),
            ("idleMinutes", &policies["sessions"]["idle_minutes"]),
            ("sessionHours", &policies["sessions"]["hours"]),
            ("twoStep", &now["two_step"]),
        ];
        self.change("settings_change", &form(&now["version"], &fields)).await;
    }

    /// `link`, `refuse` or `ask`: what becomes of an account of the same email.
    pub async fn set_existing_email(&self, word: &str) {
        let now = self.see("directory", json!({})).await["settings"].clone();
        let thresholds = &now["rules"]["thresholds"];
        let emails = &now["rules"]["email_thresholds"];
        let enables = &now["rules"]["enable_thresholds"];
        let fields = [
            ("intervalMinutes", &now["interval_minutes"]),
            ("atLeast", &thresholds["at_least"]),
            ("percent", &thresholds["percent"]),
            ("dayPercent", &thresholds["day_percent"]),
            ("emailsAtLeast", &emails["at_least"]),
            ("emailsPercent", &emails["percent"]),
            ("emailsDayPercent", &emails["day_percent"]),
            ("enablesAtLeast", &enables["at_least"]),
            ("enablesPercent", &enables["percent"]),
            ("enablesDayPercent", &enables["day_percent"]),
            ("existingEmail", &json!(word)),
        ];
        self.change("directory_settings_change", &form(&now["version"], &fields)).await;
    }

    /// “Same person”, to whatever problem asks it.
    pub async fn agree(&self) {
        let problems = self.see("directory_problems", json!({ "from": 0 })).await;
        let all = problems["items"].as_array().unwrap();
        let asked =
            all.iter().find(|problem| problem["code"] == "email.ask").expect("one is asked");
        let fields = [("source", "source"), ("guid", "subject"), ("account", "account")];
        let fields = fields.map(|(name, from)| (name.to_owned(), typed(&asked[from])));
        self.change("directory_agree", &fields).await;
    }

    /// Standard and mobile ones that are taken.
    pub async fn seats(&self) -> (i64, i64) {
        let now = self.see("settings_see", json!({})).await;
        let used = |kind: &str| now[kind]["used"].as_i64().unwrap();
        (used("standard"), used("mobile"))
    }

    /// *Download*, for a system.
    pub async fn download(&self, system: &str) -> Vec<u8> {
        self.take(&format!("download/{system}")).await
    }

    /// *Active Directory Logger*.
    pub async fn log(&self) -> String {
        String::from_utf8(self.take("log").await).unwrap()
    }

    async fn take(&self, file: &str) -> Vec<u8> {
        let url = format!("http://{ADDRESS}/api/directory/{file}");
        let answer = self.client.get(url).header(COOKIE, &self.cookie).send().await.unwrap();
        assert!(answer.status().is_success(), "{file}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    async fn send(&self, function: &str, kind: &str, body: String) -> Response {
        let url = format!("http://{ADDRESS}/api/fn/{function}");
        let sent = self.client.post(url).header(CONTENT_TYPE, kind).header(COOKIE, &self.cookie);
        sent.body(body).send().await.unwrap()
    }
}

async fn content(function: &str, answer: Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{function}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

fn form(version: &Value, fields: &[(&str, &Value)]) -> Vec<(String, String)> {
    let version = ("version".to_owned(), typed(version));
    let fields = fields.iter().map(|(name, value)| (format!("form[{name}]"), typed(value)));
    [version].into_iter().chain(fields).collect()
}

/// As a field has it.
fn typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn encoded(fields: &[(String, String)]) -> String {
    let url = Url::parse_with_params("http://form", fields).unwrap();
    url.query().unwrap_or_default().to_owned()
}
