//! A value as it was given, and by which of a setting's names.

use std::fmt::Display;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::file;
use crate::arguments::Common;
use crate::failure::{Failure, Result};

/// Where values come from, the first first.
pub struct Sources<'a> {
    matches: &'a ArgMatches,
    file: Option<file::File>,
}

impl<'a> Sources<'a> {
    pub fn read(common: &Common, matches: &'a ArgMatches) -> Result<Self> {
        let file = common.config.as_deref().map(file::read).transpose()?;
        Ok(Self { matches, file })
    }

    /// `id` is the setting's name with underscores; `typed` its value by flag or environment.
    pub fn given(&self, id: &'static str, typed: Option<&String>) -> Option<Given> {
        if let Some(text) = typed {
            let source = match self.matches.value_source(id) {
                Some(ValueSource::EnvVariable) => Source::Environment,
                _ => Source::Flag,
            };
            return Some(Given { id, text: text.clone(), source });
        }
        let file = self.file.as_ref()?;
        let text = file.values.get(id)?.clone();
        Some(Given { id, text, source: Source::File(file.path.clone()) })
    }
}

/// One value of one setting.
#[derive(Debug)]
pub struct Given {
    id: &'static str,
    pub text: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Flag,
    Environment,
    File(PathBuf),
}

impl Given {
    /// The setting, by the name under which this value was given.
    pub fn name(&self) -> String {
        let key = self.id.replace('_', "-");
        match &self.source {
            Source::Flag => format!("--{key}"),
            Source::Environment => format!("MUSTER_{}", self.id.to_uppercase()),
            Source::File(path) => format!("{key} in {}", path.display()),
        }
    }

    pub fn refuse(&self, why: impl Display) -> Failure {
        Failure::Usage(format!("{}: {why}", self.name()))
    }
}

#[cfg(test)]
impl Given {
    pub fn flag(id: &'static str, text: &str) -> Self {
        Self { id, text: text.to_owned(), source: Source::Flag }
    }
}
