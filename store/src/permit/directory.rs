//! Permits about directories and their tokens.

use roster::authority::{Act, Actor, Caller, Denied, DirectoryCaller, Grant, Who, decide};
use roster::directory::protocol::{RunId, SourceId};
use roster::id::{Timestamp, TokenId};

use super::{About, Permit, Refused};
use crate::connection::Transaction;
use crate::directory::{LiveToken, Source};
use crate::error::Error;
use crate::sql::Columns;

const DIRECTORY: &str = "directory";
const TOKEN: &str = "token";

/// What is to be done with a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceAct {
    /// What its service does.
    Sync,
    /// Ask it for a run.
    Change,
    /// Decide about a run that waits, or about somebody whom it asks for.
    Decide,
}

impl SourceAct {
    fn about(self, source: SourceId) -> Act<'static> {
        match self {
            Self::Sync => Act::SyncDirectory { source },
            Self::Change => Act::ChangeDirectory,
            Self::Decide => Act::DecideDirectoryRun,
        }
    }
}

impl Transaction {
    /// Locks a source: until this transaction ends nobody else begins, ends or decides a run of it. A
    /// service must still have the token with which it came.
    pub async fn source_for(
        &mut self,
        caller: &Caller,
        id: SourceId,
        act: SourceAct,
        now: Timestamp,
    ) -> Result<(Source, Permit), Error> {
        let decided = match &caller.who {
            Who::Directory(_) => decide(caller, &act.about(id)),
            _ => decide(&*self.present(caller).await?, &act.about(id)),
        };
        let decided = decided.map_err(Refused::Denied)?;
        let source = self.lock_directory(id).await?;
        if let Who::Directory(service) = &caller.who {
            let token = self.directory_token_by_id(service.token).await?;
            working(token, service, now)?;
        }
        let source = source.ok_or(Refused::Absent(DIRECTORY))?;
        Ok((source, self.bind(decided, About::Source(id))))
    }

    /// Locks a service token that is to be revoked.
    pub async fn token_for(
        &mut self,
        caller: &Caller,
        id: TokenId,
    ) -> Result<(LiveToken, Permit), Error> {
        let caller = self.present(caller).await?;
        let decided = decide(&caller, &Act::ChangeDirectory).map_err(Refused::Denied)?;
        let token = self.lock_directory_token(id).await?.ok_or(Refused::Absent(TOKEN))?;
        Ok((token, self.bind(decided, About::Token(id))))
    }

    /// Locks the token of the service with which a directory is to enroll, and decides whether this
    /// person may say so. They have no session: they proved who they are in the same request, and are
    /// met as they are by now.
    pub async fn enrollment_for(
        &mut self,
        person: &Caller,
        service: &DirectoryCaller,
        now: Timestamp,
    ) -> Result<Permit, Error> {
        let unknown = Refused::Denied(Denied::NotSignedIn);
        let actor = person.person().ok_or(unknown)?;
        let found = self.lock_credentials(actor.account).await?.filter(|found| found.enabled);
        let found = found.ok_or(unknown)?;
        let who = Who::Person(Actor { role: found.role, areas: Vec::new(), ..actor.clone() });
        let present = Caller { who, origin: person.origin.clone() };
        let decided = decide(&present, &Act::EnrollDirectory).map_err(Refused::Denied)?;
        working(self.lock_directory_token(service.token).await?, service, now)?;
        Ok(self.bind(decided, About::Token(service.token)))
    }

    /// The permit is about the source of this run.
    pub(crate) async fn opens_run(
        &mut self,
        permit: &Permit,
        grants: &[Grant],
        run: RunId,
    ) -> Result<(), Error> {
        let row = sqlx::query("SELECT source_id FROM directory_runs WHERE id = $1")
            .bind(run.to_string())
            .fetch_optional(self.connection())
            .await?;
        // No source has the ID 0.
        let source = row.map_or(Ok(0), |row| row.number("source_id"))?;
        self.opens(permit, grants, &About::Source(SourceId(source)))
    }
}

/// The token still works, and for the same source: it may have been revoked since the request came.
fn working(
    token: Option<LiveToken>,
    service: &DirectoryCaller,
    now: Timestamp,
) -> Result<(), Refused> {
    let bound = |token: &LiveToken| token.source.as_ref().map(|(source, _)| *source);
    let token = token.filter(|token| token.works(now) && bound(token) == service.source);
    token.map(drop).ok_or(Refused::Denied(Denied::NotSignedIn))
}
