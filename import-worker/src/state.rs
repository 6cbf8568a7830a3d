//! What the worker holds.

use std::collections::VecDeque;
use std::ops::Range;

use roster::history::ImportRules;
use roster::import::{Review, Rules};
use roster::worker::{Request, Seats, View, Wanted};
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
    /// Rows are being compared with the accounts that exist.
    pub comparing: bool,
    pub import: Option<Import>,
    /// Of the file's bytes.
    pub digest: Option<String>,
}

/// A file that was read and checked.
pub struct Loaded {
    pub review: Review,
    pub wanted: Wanted,
    /// The rows of the view that was asked for last; `None`: to be found anew.
    pub viewed: Option<(View, Vec<u32>)>,
    /// Each chunk's rows: by the file as it was read, whatever was mended since.
    pub chunks: Vec<Range<usize>>,
    pub plan: String,
    /// Seats that were free when rows were last compared.
    pub seats: (Seats, Seats),
    /// By row, what it takes if it creates somebody; see `comparing`.
    pub seats_needed: Vec<u8>,
}

impl Loaded {
    /// The rows of the view. They stay while single cells are edited, so that none is pulled away
    /// from under the person who edits.
    pub fn rows(&mut self, view: &View) -> &[u32] {
        if self.viewed.as_ref().is_none_or(|(of, _)| of != view) {
            let rows = self.review.rows(view.filter);
            let rows = match view.text.as_str() {
                "" => rows,
                text => self.review.with_text(rows, text),
            };
            self.viewed = Some((view.clone(), rows));
        }
        self.viewed.as_ref().map_or(&[], |(_, rows)| rows)
    }
}

/// What a row is held to.
pub fn rules(org: &ImportRules, wanted: &Wanted) -> Rules {
    Rules {
        group_chosen: wanted.group.is_some(),
        strength: org.strength,
        organization: org.organization.clone(),
        default_password_set: org.default_password_set,
    }
}
