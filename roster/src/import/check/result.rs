//! What the check of a file found: a status for each row, numbers for the problems, counts.

use serde::{Deserialize, Serialize};

use super::Finding;
use crate::import::arena::{narrow, wide};
use crate::import::sheet::Sheet;
use crate::import::{Rules, message};
use crate::problem::{Code, Problem, Severity};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    Ok,
    /// Can be imported all the same.
    Warning,
    Error,
    /// Somebody took it out: it isn't checked, and isn't imported.
    LeftOut,
}

impl RowStatus {
    fn by(finding: &Finding) -> Self {
        match finding.code.severity() {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
        }
    }
}

/// Up to so many rows are looked at one by one.
const FEW: usize = 8;

/// Which rows to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    #[default]
    All,
    /// Without an error; with warnings, perhaps.
    Ready,
    Errors,
    /// With warnings, but without an error.
    Warnings,
    LeftOut,
    /// By what the dry run says of them; see `Review`.
    Create,
    Update,
    Unchanged,
    Skip,
    Conflict,
}

impl Filter {
    /// What every file can be filtered by.
    pub const ALL: [Self; 4] = [Self::All, Self::Ready, Self::Errors, Self::Warnings];
    /// What a dry run adds.
    pub const VERDICTS: [Self; 5] =
        [Self::Create, Self::Update, Self::Unchanged, Self::Skip, Self::Conflict];

    /// Of a row that no dry run looked at.
    #[must_use]
    pub fn takes(self, status: RowStatus) -> bool {
        match self {
            Self::All => true,
            Self::Ready => matches!(status, RowStatus::Ok | RowStatus::Warning),
            Self::Errors => status == RowStatus::Error,
            Self::Warnings => status == RowStatus::Warning,
            Self::LeftOut => status == RowStatus::LeftOut,
            Self::Create | Self::Update | Self::Unchanged | Self::Skip | Self::Conflict => false,
        }
    }
}

/// How many rows have which status: `rows` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub rows: u32,
    pub ok: u32,
    pub warnings: u32,
    pub errors: u32,
    #[serde(default)]
    pub left_out: u32,
}

impl Counts {
    fn of_status(&mut self, status: RowStatus) -> &mut u32 {
        match status {
            RowStatus::Ok => &mut self.ok,
            RowStatus::Warning => &mut self.warnings,
            RowStatus::Error => &mut self.errors,
            RowStatus::LeftOut => &mut self.left_out,
        }
    }

    #[must_use]
    pub fn ready(self) -> u32 {
        self.ok + self.warnings
    }

    #[must_use]
    pub fn of(self, filter: Filter) -> u32 {
        match filter {
            Filter::All => self.rows,
            Filter::Ready => self.ready(),
            Filter::Errors => self.errors,
            Filter::Warnings => self.warnings,
            Filter::LeftOut => self.left_out,
            // Verdicts are counted by the dry run.
            _ => 0,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Checked {
    statuses: Vec<RowStatus>,
    /// In order.
    findings: Vec<Finding>,
    counts: Counts,
    rules: Rules,
}

impl Checked {
    /// `findings` are in order.
    pub(super) fn new(sheet: &Sheet, findings: Vec<Finding>, rules: Rules) -> Self {
        let counts = Counts::default();
        let mut checked = Self { statuses: Vec::new(), findings, counts, rules };
        checked.settle_all(sheet);
        checked
    }

    /// Takes the statuses of all rows from their findings.
    fn settle_all(&mut self, sheet: &Sheet) {
        let rows = sheet.row_count();
        self.statuses.clear();
        self.statuses.resize(rows, RowStatus::Ok);
        for finding in &self.findings {
            if let Some(status) = self.statuses.get_mut(wide(finding.row)) {
                *status = RowStatus::by(finding).max(*status);
            }
        }
        for (status, left_out) in self.statuses.iter_mut().zip(&sheet.left_out) {
            if *left_out {
                *status = RowStatus::LeftOut;
            }
        }
        self.counts = Counts::default();
        for status in &self.statuses {
            self.counts.rows += 1;
            *self.counts.of_status(*status) += 1;
        }
    }

    /// As `settle_all`, of these rows.
    pub(super) fn settle(&mut self, sheet: &Sheet, rows: &[u32]) {
        if rows.len() > FEW {
            return self.settle_all(sheet);
        }
        for row in rows {
            let found = self.findings_of(wide(*row)).iter().map(RowStatus::by).max();
            let status = match found {
                _ if sheet.is_left_out(wide(*row)) => RowStatus::LeftOut,
                found => found.unwrap_or(RowStatus::Ok),
            };
            let before = std::mem::replace(&mut self.statuses[wide(*row)], status);
            *self.counts.of_status(before) -= 1;
            *self.counts.of_status(status) += 1;
        }
    }

    /// Of the rows, in their order, takes out what is to go, and puts in what was found, which is
    /// in order as well. The statuses are settled by whoever asks.
    pub(super) fn replace(
        &mut self,
        rows: &[u32],
        goes: impl Fn(&Finding) -> bool,
        found: Vec<Finding>,
    ) {
        if rows.len() > FEW {
            let mut ahead = rows;
            self.findings.retain(|finding| {
                while let [row, rest @ ..] = ahead
                    && *row < finding.row
                {
                    ahead = rest;
                }
                ahead.first() != Some(&finding.row) || !goes(finding)
            });
            self.findings.extend(found);
            self.findings.sort();
            return;
        }
        for row in rows {
            let start = self.findings.partition_point(|finding| finding.row < *row);
            let own = Finding::of_row(&self.findings, wide(*row));
            let end = start + own.len();
            let kept = own.iter().filter(|finding| !goes(finding));
            let mut own: Vec<Finding> =
                kept.chain(found.iter().filter(|of| of.row == *row)).copied().collect();
            own.sort_unstable();
            self.findings.splice(start..end, own);
        }
    }

    /// Puts other findings of the code in the place of all that there are.
    pub(super) fn replace_all(&mut self, sheet: &Sheet, code: Code, found: Vec<Finding>) {
        let before = self.findings.len();
        self.findings.retain(|finding| finding.code != code);
        if self.findings.len() < before || !found.is_empty() {
            self.findings.extend(found);
            self.findings.sort();
            self.settle_all(sheet);
        }
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// `Ok` for a row that isn't there.
    #[must_use]
    pub fn status(&self, row: usize) -> RowStatus {
        self.statuses.get(row).copied().unwrap_or(RowStatus::Ok)
    }

    /// The rows of the filter, in the file's order.
    #[must_use]
    pub fn rows(&self, filter: Filter) -> Vec<u32> {
        let rows = self.statuses.iter().enumerate();
        rows.filter(|(_, status)| filter.takes(**status)).map(|(row, _)| narrow(row)).collect()
    }

    /// All problems as numbers, in the order of rows.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    #[must_use]
    pub fn findings_of(&self, row: usize) -> &[Finding] {
        Finding::of_row(&self.findings, row)
    }

    /// How often each code was found; codes that weren't are left out.
    #[must_use]
    pub fn codes(&self) -> Vec<(Code, u32)> {
        let count = |code: Code| {
            narrow(self.findings.iter().filter(|finding| finding.code == code).count())
        };
        let counted = Code::ALL.iter().map(|code| (*code, count(*code)));
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// The row's problems in sentences. `sheet` is the one that was checked.
    #[must_use]
    pub fn problems_of(&self, sheet: &Sheet, row: usize) -> Vec<Problem> {
        let findings = self.findings_of(row);
        if findings.is_empty() {
            return Vec::new();
        }
        let values = sheet.values(row);
        let sentence =
            |finding: &Finding| message::of_finding(finding, sheet, &values, &self.rules);
        let mut problems: Vec<Problem> = findings.iter().map(sentence).collect();
        problems.sort_by_key(Problem::place);
        problems
    }
}
