//! The client of `muster`'s protocol. Requests that are safe to repeat are sent again after a failure.

mod address;
mod http;
mod wait;

use std::time::Duration;

use roster::directory::protocol::bounds::BATCH_BYTES;
use roster::directory::protocol::{
    Abort, BATCH_PEOPLE, Batch, BeginRun, Commit, Committed, Enroll, Enrolled, Event, Events,
    GroupChoice, Groups, Guid, Hello, Managed, Mapping, Mappings, PROTOCOL, PersonSeen, Rotated,
    RunId,
};
use roster::secret::Secret;
use rustls::ClientConfig;

use crate::failure::{Failure, Result};
use http::{Http, Request};
pub use wait::Waits;

pub struct Server {
    http: Http,
}

impl Server {
    /// `waits`: the waits before a request is sent again.
    pub fn new(address: &str, token: Secret, tls: &ClientConfig, waits: Waits) -> Result<Self> {
        Ok(Self { http: Http::new(address::checked(address)?, token, tls, waits)? })
    }

    /// The waits of an ordinary request.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.http.waits()
    }

    /// Sent only once: a person is waiting.
    pub async fn enroll(&self, enroll: &Enroll) -> Result<Enrolled> {
        self.http.ask(Request::post("enroll").once().json(enroll)?).await
    }

    pub async fn hello(&self) -> Result<Hello> {
        let hello: Hello = self.http.ask(Request::get("hello")).await?;
        match hello.protocol {
            PROTOCOL => Ok(hello),
            spoken => Err(Failure::Protocol { server: self.http.address().to_owned(), spoken }),
        }
    }

    pub async fn groups(&self, search: &str) -> Result<Vec<GroupChoice>> {
        let groups: Groups = self.http.ask(Request::get("groups").query("search", search)).await?;
        Ok(groups.groups)
    }

    pub async fn put_mappings(&self, mappings: Vec<Mapping>) -> Result<()> {
        self.http.tell(Request::put("mappings").json(&Mappings { mappings })?).await
    }

    /// The enabled technicians of this directory, all pages.
    pub async fn managed(&self) -> Result<Vec<Guid>> {
        let mut guids = Vec::new();
        let mut after: Option<Guid> = None;
        loop {
            let mut request = Request::get("managed");
            if let Some(after) = after {
                request = request.query("after", &after.to_string());
            }
            let page: Managed = self.http.ask(request).await?;
            guids.extend(page.guids);
            match page.next {
                // A cursor that doesn't advance would never end.
                Some(next) if Some(next) != after => after = Some(next),
                _ => return Ok(guids),
            }
        }
    }

    pub async fn begin(&self, run: &BeginRun) -> Result<()> {
        match self.http.tell(Request::post("runs").json(run)?).await {
            Err(Failure::ServerRefused { code, .. }) if code == http::CONFLICT => {
                Err(Failure::RunUnderWay { server: self.http.address().to_owned() })
            }
            other => other,
        }
    }

    /// Sends people in batches; returns the number of batches.
    pub async fn put_people(&self, run: RunId, people: &[PersonSeen]) -> Result<u32> {
        let mut number = 0;
        for people in batches(people) {
            let batch = Batch { people: people.to_vec() };
            self.http
                .tell(Request::put(&format!("runs/{run}/batches/{number}")).json(&batch)?)
                .await?;
            number += 1;
        }
        Ok(number)
    }

    /// Sent again until it is answered, because a commit without an answer may have been applied.
    pub async fn commit(&self, run: RunId, commit: &Commit) -> Result<Committed> {
        let request = Request::post(&format!("runs/{run}/commit")).patiently().json(commit)?;
        self.http.ask(request).await
    }

    pub async fn abort(&self, run: RunId, failure: &Failure) -> Result<()> {
        let abort = Abort { code: failure.code().to_owned(), message: failure.to_string() };
        self.http.tell(Request::post(&format!("runs/{run}/abort")).once().json(&abort)?).await
    }

    pub async fn events(&self, events: Vec<Event>) -> Result<()> {
        self.http.tell(Request::post("events").once().json(&Events { events })?).await
    }

    /// Sent only once: each request makes another token.
    pub async fn rotate(&self) -> Result<Secret> {
        let rotated: Rotated = self.http.ask(Request::post("token/rotate").once()).await?;
        Ok(rotated.token)
    }
}

/// The fewest batches that the server accepts.
fn batches(people: &[PersonSeen]) -> Vec<&[PersonSeen]> {
    // Bytes of the JSON around the people.
    const AROUND: usize = 64;
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, AROUND);
    for (place, person) in people.iter().enumerate() {
        let more = serde_json::to_vec(person).map_or(0, |json| json.len() + 1);
        if place - start == BATCH_PEOPLE || (place > start && bytes + more > BATCH_BYTES) {
            batches.push(&people[start..place]);
            (start, bytes) = (place, AROUND);
        }
        bytes += more;
    }
    if start < people.len() {
        batches.push(&people[start..]);
    }
    batches
}

#[cfg(test)]
mod tests {
    use roster::directory::protocol::Read;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_batch_has_as_many_people_and_bytes_as_the_server_takes() {
        let check = |people: usize, groups: usize, expected: &[usize]| {
            let guid = Guid(Uuid::from_u128(1));
            let person = PersonSeen {
                guid,
                name: "\u{1}".repeat(1_024),
                email: String::new(),
                enabled: true,
                reason: None,
                group_guids: vec![guid; groups],
                read: Read::Ok,
            };
            let people = vec![person; people];
            let sizes: Vec<usize> = batches(&people).iter().map(|it| it.len()).collect();
            assert_eq!(sizes, expected);
            for people in batches(&people) {
                let json = serde_json::to_vec(&Batch { people: people.to_vec() }).unwrap();
                assert!(json.len() <= BATCH_BYTES);
            }
        };
        check(0, 1, &[]);
        check(1_000, 1, &[1_000]);
        check(1_001, 1, &[1_000, 1]);
        check(500, 500, &[325, 175]);
    }
}
