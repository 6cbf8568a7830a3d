//! What the pages of directory synchronization ask the server.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::directory::plan::ExistingEmail;
use roster::directory::protocol::{Guid, RunId, SourceId};
use roster::directory::view::{
    ChangeFilter, ChangeKind, ChangeLine, DirectorySettings, Download, EnrollmentCode, ProblemLine,
    RunLine, SourceView, TokenLine,
};
use roster::id::{AccountId, Timestamp, TokenId};
use roster::own::{Again, Asked};
use roster::page::Page;
#[cfg(feature = "ssr")]
use roster::page::Window;
use roster::secret::Secret;
use roster::starting::Waiting;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::{Downloads, context};

/// Problems that the first page shows; all of them have a page of their own.
#[cfg(feature = "ssr")]
const FIRST_PROBLEMS: u32 = 5;
/// Among so many of the newest runs the last that wasn't a preview is looked for.
#[cfg(feature = "ssr")]
const NEWEST_RUNS: u32 = 20;

/// All that the first page shows, its tokens apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryView {
    pub sources: Vec<SourceState>,
    /// The newest of what is wrong now.
    pub problems: Page<ProblemLine>,
    pub settings: DirectorySettings,
    /// When the default password stops working, or stopped; `None`: there is none.
    pub default_password_ends_at: Option<Timestamp>,
    /// Who looks may make service tokens.
    pub may_mint: bool,
    /// What is asked again before a code for enrolling; `None`: who looks may not enroll a directory.
    pub enrolls: Option<Asked>,
    /// Whose program can be downloaded.
    pub downloads: Vec<Download>,
}

/// A directory, what it did last and what it will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    pub source: SourceView,
    pub last_run: Option<RunLine>,
    /// The run that waits for a decision.
    pub held: Option<RunLine>,
    pub next_run_at: Option<Timestamp>,
}

/// A run, and how many changes there are of each kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    pub run: RunLine,
    pub kinds: Vec<(ChangeKind, u64)>,
    /// The same of those alone that wait, or waited, for an approval.
    pub waiting: Vec<(ChangeKind, u64)>,
    /// The run in which its changes wait, if it is another.
    pub waits_in: Option<RunId>,
    /// The organization's default password works.
    pub default_password: bool,
    /// Starting passwords of the technicians it created, until they are downloaded.
    pub starting: Option<Waiting>,
}

/// The form's fields; numbers come as they were typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryForm {
    pub interval_minutes: String,
    pub at_least: String,
    pub percent: String,
    pub day_percent: String,
    pub emails_at_least: String,
    pub emails_percent: String,
    pub emails_day_percent: String,
    pub enables_at_least: String,
    pub enables_percent: String,
    pub enables_day_percent: String,
    pub existing_email: ExistingEmail,
    #[serde(default)]
    pub follow_moved: bool,
}

/// The state of directory synchronization and what is set for it.
#[server(prefix = "/api/fn", endpoint = "directory", input = Json)]
pub async fn see_directory() -> Result<DirectoryView, AppError> {
    use roster::authority::{Act, decide};
    use roster::directory::protocol::Mode;

    let (operations, caller) = context()?;
    let settings = operations::directory::see_settings(&operations, &caller).await?;
    let interval = i64::from(settings.interval_minutes) * 60;
    let mut sources = Vec::new();
    for source in operations::directory::sources(&operations, &caller).await? {
        let newest = Window { offset: 0, limit: NEWEST_RUNS };
        let runs = operations::directory::runs(&operations, &caller, Some(source.id), newest);
        let last_run = runs.await?.items.into_iter().find(|run| run.mode == Mode::Apply);
        let held = match source.held {
            Some(id) => Some(operations::directory::run(&operations, &caller, id).await?),
            None => None,
        };
        let next_run_at = last_run.as_ref().map(|run| run.began_at.plus_seconds(interval));
        sources.push(SourceState { source, last_run, held, next_run_at });
    }
    let first = Window { offset: 0, limit: FIRST_PROBLEMS };
    let problems = operations::directory::problems(&operations, &caller, first).await?;
    let organization = operations::settings::see(&operations, &caller).await?;
    let default_password_ends_at = organization.default_password_expires_at();
    let may_mint = decide(&caller, &Act::MintDirectoryToken).is_ok();
    let enrolls = match decide(&caller, &Act::EnrollDirectory) {
        Ok(_) => {
            Some(operations::own_account::asked_for_second_factor(&operations, &caller).await?)
        }
        Err(_) => None,
    };
    let downloads = use_context::<Downloads>().map_or_else(Vec::new, |Downloads(now)| now());
    Ok(DirectoryView {
        sources,
        problems,
        settings,
        default_password_ends_at,
        may_mint,
        enrolls,
        downloads,
    })
}

/// All service tokens, the newest first; never a token itself.
#[server(prefix = "/api/fn", endpoint = "directory_tokens", input = Json)]
pub async fn list_directory_tokens() -> Result<Vec<TokenLine>, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::directory::tokens(&operations, &caller).await?)
}

/// Makes a service token; answers it this once.
#[server(prefix = "/api/fn", endpoint = "directory_token_create", input = Json)]
pub async fn create_directory_token() -> Result<Secret, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::directory::create_token(&operations, &caller).await?)
}

/// Makes a code for enrolling; answers it this once.
#[server(prefix = "/api/fn", endpoint = "directory_enrollment_code")]
pub async fn create_enrollment_code(form: Again) -> Result<EnrollmentCode, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::directory::create_enrollment_code(&operations, &caller, &form).await?)
}

/// Turns away whoever comes with this token.
#[server(prefix = "/api/fn", endpoint = "directory_token_revoke")]
pub async fn revoke_directory_token(id: TokenId) -> Result<(), AppError> {
    let (operations, caller) = context()?;
    operations::directory::revoke_token(&operations, &caller, id).await?;
    crate::server::lead_plain_form_to(super::ADDRESS);
    Ok(())
}

/// Changes what is set; answers it as it is now.
#[server(prefix = "/api/fn", endpoint = "directory_settings_change")]
pub async fn change_directory_settings(
    version: i64,
    form: DirectoryForm,
) -> Result<DirectorySettings, AppError> {
    let (operations, caller) = context()?;
    let wish = super::numbers::settings(&form, version)?;
    operations::directory::change_settings(&operations, &caller, &wish).await?;
    Ok(operations::directory::see_settings(&operations, &caller).await?)
}

/// Asks the service to begin a run.
#[server(prefix = "/api/fn", endpoint = "directory_run_now")]
pub async fn run_directory_now(source: SourceId) -> Result<(), AppError> {
    let (operations, caller) = context()?;
    operations::directory::run_now(&operations, &caller, source).await?;
    crate::server::lead_plain_form_to(super::ADDRESS);
    Ok(())
}

/// Runs of one directory or all, the newest first.
#[server(prefix = "/api/fn", endpoint = "directory_runs", input = Json)]
pub async fn list_directory_runs(
    source: Option<SourceId>,
    from: u64,
) -> Result<Page<RunLine>, AppError> {
    let (operations, caller) = context()?;
    let window = Window { offset: from, ..Window::default() };
    Ok(operations::directory::runs(&operations, &caller, source, window).await?)
}

/// One run.
#[server(prefix = "/api/fn", endpoint = "directory_run", input = Json)]
pub async fn see_directory_run(id: RunId) -> Result<RunView, AppError> {
    use roster::directory::view::RunState;

    let (operations, caller) = context()?;
    let run = operations::directory::run(&operations, &caller, id).await?;
    let mut kinds = Vec::new();
    let mut waiting = Vec::new();
    for kind in ChangeKind::ALL.iter().copied() {
        for (held, counts) in [(false, &mut kinds), (true, &mut waiting)] {
            if held && run.held.is_none() {
                continue;
            }
            let filter = ChangeFilter { kind: Some(kind), held, text: String::new() };
            let one = Window { offset: 0, limit: 1 };
            let found = operations::directory::changes(&operations, &caller, id, &filter, one);
            let total = found.await?.total;
            if total > 0 {
                counts.push((kind, total));
            }
        }
    }
    let elsewhere = matches!(run.state, RunState::HeldBefore | RunState::Replaced);
    let waits_in = if elsewhere {
        let sources = operations::directory::sources(&operations, &caller).await?;
        sources.into_iter().find(|source| source.id == run.source).and_then(|source| source.held)
    } else {
        None
    };
    let rules = operations::imports::rules(&operations, &caller).await?;
    let starting = operations::directory::starting_passwords(&operations, &caller, id).await?;
    let default_password = rules.default_password_set;
    Ok(RunView { run, kinds, waiting, waits_in, default_password, starting })
}

/// What a run did, or would do, about each person.
#[server(prefix = "/api/fn", endpoint = "directory_changes", input = Json)]
pub async fn list_directory_changes(
    id: RunId,
    filter: ChangeFilter,
    from: u64,
) -> Result<Page<ChangeLine>, AppError> {
    let (operations, caller) = context()?;
    let window = Window { offset: from, ..Window::default() };
    Ok(operations::directory::changes(&operations, &caller, id, &filter, window).await?)
}

/// Does what waits in a run.
#[server(prefix = "/api/fn", endpoint = "directory_run_approve")]
pub async fn approve_directory_run(id: RunId) -> Result<RunLine, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::directory::approve(&operations, &caller, id).await?)
}

/// Does nothing of what waits in a run.
#[server(prefix = "/api/fn", endpoint = "directory_run_drop")]
pub async fn drop_directory_run(id: RunId) -> Result<RunLine, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::directory::drop_run(&operations, &caller, id).await?)
}

/// What is wrong now, the last seen first.
#[server(prefix = "/api/fn", endpoint = "directory_problems", input = Json)]
pub async fn list_directory_problems(from: u64) -> Result<Page<ProblemLine>, AppError> {
    let (operations, caller) = context()?;
    let window = Window { offset: from, ..Window::default() };
    Ok(operations::directory::problems(&operations, &caller, window).await?)
}

/// Says that an account made by hand is this person of the directory.
#[server(prefix = "/api/fn", endpoint = "directory_agree")]
pub async fn agree_on_account(
    source: SourceId,
    guid: Guid,
    account: AccountId,
) -> Result<(), AppError> {
    let (operations, caller) = context()?;
    operations::directory::agree(&operations, &caller, source, guid, account).await?;
    crate::server::lead_plain_form_to(super::problems::ADDRESS);
    Ok(())
}
