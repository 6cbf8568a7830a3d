//! What is logged, and how.

use tracing::level_filters::LevelFilter;

use super::given::Given;
use crate::failure::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    pub form: Form,
    pub level: LevelFilter,
    /// Of the database's statements: slow ones are warnings.
    pub statements: LevelFilter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Human,
    Json,
}

impl Log {
    /// What commands log: to standard error, only what went wrong.
    /// A command that takes its time is no news to whoever waits for it.
    pub const COMMAND: Self =
        Self { form: Form::Human, level: LevelFilter::WARN, statements: LevelFilter::ERROR };
}

pub fn read(form: Option<Given>, level: Option<Given>) -> Result<Log> {
    let form = form.map_or(Ok(Form::Human), |given| match given.text.as_str() {
        "human" => Ok(Form::Human),
        "json" => Ok(Form::Json),
        other => Err(given.refuse(format_args!("“{other}” is no form. Give human or json."))),
    })?;
    let level = level.map_or(Ok(LevelFilter::INFO), |given| match given.text.as_str() {
        "error" => Ok(LevelFilter::ERROR),
        "warn" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        "trace" => Ok(LevelFilter::TRACE),
        other => Err(given.refuse(format_args!(
            "“{other}” is no level. Give error, warn, info, debug or trace."
        ))),
    })?;
    Ok(Log { form, level, statements: level.min(LevelFilter::WARN) })
}
