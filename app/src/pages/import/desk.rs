//! What the page knows of the file on it. It outlives the page: whoever looks at another one while
//! an import runs finds it here again.

#[cfg_attr(not(feature = "hydrate"), path = "desk/no_link.rs")]
pub mod link;
#[cfg(feature = "hydrate")]
mod reports;

use std::sync::Arc;

use leptos::prelude::*;
use roster::history::{ImportRecord, ImportRules};
use roster::id::ImportId;
use roster::import::{Cause, FileError};
use roster::worker::{Changed, DryRun, GridRow, Overview, Sending, Step, Trouble, View, Wanted};

/// What happens to the file.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser has a worker"))]
pub enum Stage {
    /// There is none.
    #[default]
    Empty,
    Working(Work),
    Unreadable(FileError),
    /// The file was changed, moved or deleted since it was chosen.
    Gone,
    /// The worker could not be started, or died.
    Broken,
    Checked,
    Sending,
    Interrupted(Trouble),
    /// The import has ended: finished or canceled.
    Ended,
}

impl Stage {
    /// Leaving now would cost something.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Sending | Self::Interrupted(_))
    }
}

/// Reading or checking, and how far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    pub step: Step,
    /// From 0 to 1.
    pub part: f32,
}

/// The file's name and size, before anything of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenFile {
    pub name: String,
    pub bytes: u64,
}

/// The rows that the worker answered last, and of which check and view they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pub epoch: u32,
    pub view: View,
    pub rows: Vec<Arc<GridRow>>,
    /// How many rows the view has.
    pub total: u32,
}

/// What the worker answered to a question about one cell; taken once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser has a worker"))]
pub enum Answer {
    /// A cell's whole text; of a password nothing.
    Cell { row: u32, column: u16, text: Option<String> },
    /// The place and column of the next problem.
    Next(Option<(u32, u16)>),
}

macro_rules! desk {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)*) => {
        /// The signals as they are kept beyond the page.
        #[derive(Clone, Default)]
        struct Kept { $($name: ArcRwSignal<$kind>,)* }

        /// The signals as a page uses them.
        #[derive(Clone, Copy)]
        pub struct Desk { $($(#[$doc])* pub $name: RwSignal<$kind>,)* }

        impl From<Kept> for Desk {
            fn from(kept: Kept) -> Self {
                Self { $($name: kept.$name.into(),)* }
            }
        }
    };
}

desk! {
    stage: Stage,
    file: Option<ChosenFile>,
    /// The last check's; it stays while the same file is read again.
    overview: Option<Overview>,
    /// Counts the checks, so that rows of different ones are never mixed.
    epoch: u32,
    shown: Shown,
    /// What was changed since the file was read, and what of it can be undone.
    changed: Option<Changed>,
    causes: Vec<Cause>,
    dry_run: Option<DryRun>,
    answer: Option<Answer>,
    digest: Option<String>,
    /// The import that is sent, or was interrupted; and whether it is all or nothing.
    import: Option<(ImportId, bool)>,
    sending: Sending,
    /// The last import that ended, while the worker still has its file; and whether the worker
    /// knows what became of every row.
    ended: Option<(ImportRecord, bool)>,
    /// What is to be known of how the file came.
    note: Option<String>,
    rules: Option<ImportRules>,
    wanted: Wanted,
}

impl Desk {
    /// The one desk of this browser tab; on the server an empty one.
    #[must_use]
    pub fn get() -> Self {
        link::kept().into()
    }

    /// Reads the same file in another way.
    pub fn read_again(self, change: impl FnOnce(&mut Wanted)) {
        self.wanted.update(change);
        if self.file.with_untracked(Option::is_some) {
            link::again(self.wanted.get_untracked());
        }
    }
}
