//! How long the import's page can't answer while a file of 100,000 rows is read and checked.

use super::Figure;
use crate::{Outcome, build, test::end2end};

/// The test measures, and prints a figure a line among its report.
pub fn bench() -> Outcome<Vec<Figure>> {
    build::shipped()?;
    let printed = end2end::measured()?;
    let figures = printed.lines().map(str::trim).filter(|line| line.starts_with('{'));
    figures.map(|line| Ok(serde_json::from_str(line)?)).collect()
}
