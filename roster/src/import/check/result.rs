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
}

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
}

impl Filter {
    pub const ALL: [Self; 4] = [Self::All, Self::Ready, Self::Errors, Self::Warnings];

    #[must_use]
    pub fn takes(self, status: RowStatus) -> bool {
        match self {
            Self::All => true,
            Self::Ready => status != RowStatus::Error,
            Self::Errors => status == RowStatus::Error,
            Self::Warnings => status == RowStatus::Warning,
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
}

impl Counts {
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
        }
    }
}

#[derive(Clone, Debug)]
pub struct Checked {
    statuses: Vec<RowStatus>,
    /// In the order of rows.
    findings: Vec<Finding>,
    counts: Counts,
    rules: Rules,
}

impl Checked {
    pub(super) fn new(rows: usize, findings: Vec<Finding>, rules: Rules) -> Self {
        let mut statuses = vec![RowStatus::Ok; rows];
        for finding in &findings {
            let status = match finding.code.severity() {
                Severity::Error => RowStatus::Error,
                Severity::Warning => RowStatus::Warning,
            };
            if let Some(of_row) = statuses.get_mut(wide(finding.row)) {
                *of_row = status.max(*of_row);
            }
        }
        let mut counts = Counts { rows: narrow(rows), ..Counts::default() };
        for status in &statuses {
            match status {
                RowStatus::Ok => counts.ok += 1,
                RowStatus::Warning => counts.warnings += 1,
                RowStatus::Error => counts.errors += 1,
            }
        }
        Self { statuses, findings, counts, rules }
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
