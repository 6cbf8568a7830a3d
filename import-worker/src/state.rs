//! What the worker holds.

use std::collections::VecDeque;

use roster::history::ImportRules;
use roster::import::{Checked, Filter, Sheet};
use roster::worker::{Request, Wanted};
use web_sys::File;

use crate::sending::Import;

#[derive(Default)]
pub struct State {
    /// The file itself, to be read again in another way.
    pub file: Option<File>,
    /// What the organization asks of a row.
    pub org: Option<ImportRules>,
    /// A file is being read; what is asked meanwhile waits.
    pub reading: bool,
    pub waiting: VecDeque<(Request, Option<File>)>,
    pub loaded: Option<Loaded>,
    pub import: Option<Import>,
    /// Of the file's bytes.
    pub digest: Option<String>,
}

/// A file that was read and checked.
pub struct Loaded {
    pub sheet: Sheet,
    pub checked: Checked,
    pub wanted: Wanted,
    /// The rows of the filter that was asked for last.
    pub filtered: (Filter, Vec<u32>),
}
