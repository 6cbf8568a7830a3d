//! What a dry run says of the rows: a byte for each, and the details of those that have any. A row
//! that is changed has no verdict until it is compared again.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::compare::{CompareRow, Difference, Expected, Update, Verdict};
use super::{Filter, Review, narrow, wide};
use crate::import::SubmittedRow;
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    Create,
    Update,
    Unchanged,
    Skip,
    Conflict,
}

impl VerdictKind {
    /// `None` for a filter that asks for no verdict.
    pub(super) fn of_filter(filter: Filter) -> Option<Self> {
        match filter {
            Filter::Create => Some(Self::Create),
            Filter::Update => Some(Self::Update),
            Filter::Unchanged => Some(Self::Unchanged),
            Filter::Skip => Some(Self::Skip),
            Filter::Conflict => Some(Self::Conflict),
            Filter::All | Filter::Ready | Filter::Errors | Filter::Warnings | Filter::LeftOut => {
                None
            }
        }
    }
}

/// Of the rows without an error that aren't left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictCounts {
    pub create: u32,
    pub update: u32,
    pub unchanged: u32,
    pub skip: u32,
    pub conflict: u32,
    pub uncompared: u32,
}

#[derive(Clone, Debug)]
enum Detail {
    Update(Update),
    Conflict(Problem),
}

#[derive(Debug)]
pub(super) struct Verdicts {
    kinds: Vec<Option<VerdictKind>>,
    details: FxHashMap<u32, Detail>,
}

impl Verdicts {
    pub fn new(rows: usize) -> Self {
        Self { kinds: vec![None; rows], details: FxHashMap::default() }
    }

    fn put(&mut self, row: u32, verdict: Verdict) {
        let (kind, detail) = match verdict {
            Verdict::Create => (VerdictKind::Create, None),
            Verdict::Update(update) => (VerdictKind::Update, Some(Detail::Update(update))),
            Verdict::Unchanged => (VerdictKind::Unchanged, None),
            Verdict::Skip => (VerdictKind::Skip, None),
            Verdict::Conflict(problem) => (VerdictKind::Conflict, Some(Detail::Conflict(problem))),
        };
        let Some(slot) = self.kinds.get_mut(wide(row)) else { return };
        *slot = Some(kind);
        match detail {
            Some(detail) => self.details.insert(row, detail),
            None => self.details.remove(&row),
        };
    }

    pub fn forget(&mut self, rows: &[u32]) {
        for row in rows {
            if self.kinds[wide(*row)].take().is_some() {
                self.details.remove(row);
            }
        }
    }

    /// In no order.
    pub fn conflicts(&self) -> impl Iterator<Item = (u32, &Problem)> {
        self.details.iter().filter_map(|(row, detail)| match detail {
            Detail::Conflict(problem) => Some((*row, problem)),
            Detail::Update(_) => None,
        })
    }
}

impl Review {
    /// Rows that an import would send, and that no dry run has looked at since they were changed;
    /// at most so many.
    #[must_use]
    pub fn uncompared(&self, most: usize) -> Vec<u32> {
        let rows = 0..narrow(self.sheet.row_count());
        let open = |row: &u32| self.verdicts.kinds[wide(*row)].is_none() && self.is_sent(*row);
        rows.filter(open).take(most).collect()
    }

    /// `None` where an import wouldn't send the row.
    #[must_use]
    pub fn compare_row(&self, row: usize) -> Option<CompareRow> {
        if row >= self.sheet.row_count() || !self.is_sent(narrow(row)) {
            return None;
        }
        let values = self.sheet.submitted(row, &self.checked).values;
        CompareRow::of(&values, self.rules().group_chosen)
    }

    /// The server's answer about these rows, in their order.
    pub fn put_verdicts(&mut self, rows: &[u32], verdicts: Vec<Verdict>) {
        for (row, verdict) in rows.iter().zip(verdicts) {
            self.verdicts.put(*row, verdict);
        }
    }

    /// Nothing is known of any row: it is to be compared under other terms.
    pub fn forget_verdicts(&mut self) {
        self.verdicts = Verdicts::new(self.sheet.row_count());
    }

    #[must_use]
    pub fn verdict(&self, row: usize) -> Option<VerdictKind> {
        self.verdicts.kinds.get(row).copied().flatten()
    }

    /// What an update would change.
    #[must_use]
    pub fn differences(&self, row: usize) -> &[Difference] {
        match self.verdicts.details.get(&narrow(row)) {
            Some(Detail::Update(update)) => &update.differences,
            _ => &[],
        }
    }

    #[must_use]
    pub fn conflict(&self, row: usize) -> Option<&Problem> {
        match self.verdicts.details.get(&narrow(row)) {
            Some(Detail::Conflict(problem)) => Some(problem),
            _ => None,
        }
    }

    #[must_use]
    pub fn verdict_counts(&self) -> VerdictCounts {
        let mut counts = VerdictCounts::default();
        for row in (0..narrow(self.sheet.row_count())).filter(|row| self.is_sent(*row)) {
            *match self.verdicts.kinds[wide(row)] {
                Some(VerdictKind::Create) => &mut counts.create,
                Some(VerdictKind::Update) => &mut counts.update,
                Some(VerdictKind::Unchanged) => &mut counts.unchanged,
                Some(VerdictKind::Skip) => &mut counts.skip,
                Some(VerdictKind::Conflict) => &mut counts.conflict,
                None => &mut counts.uncompared,
            } += 1;
        }
        counts
    }

    /// The row for the server, with what the dry run said of it.
    #[must_use]
    pub fn submitted(&self, row: usize) -> SubmittedRow {
        let expected = match (self.verdict(row), self.verdicts.details.get(&narrow(row))) {
            (Some(VerdictKind::Create), _) => Some(Expected::Nobody),
            (_, Some(Detail::Update(Update { account, version, .. }))) => {
                Some(Expected::Account { id: *account, version: *version })
            }
            _ => None,
        };
        SubmittedRow { expected, ..self.sheet.submitted(row, &self.checked) }
    }
}
