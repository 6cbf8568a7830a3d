//! `xtask/attack/known.toml`: findings that are none.

use std::fs;

use serde::Deserialize;

use super::Finding;
use crate::{Outcome, place};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    finding: Vec<NoFinding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFinding {
    tool: String,
    /// As the suite prints it; `*` stands for anything.
    what: String,
    /// Why it is none.
    reason: String,
}

impl Known {
    pub fn read() -> Outcome<Self> {
        let file = place::root().join("xtask/attack/known.toml");
        let known: Self = toml::from_str(&fs::read_to_string(&file)?)?;
        match known.finding.iter().find(|it| it.reason.trim().is_empty()) {
            Some(finding) => Err(format!("“{}” has no reason", finding.what).into()),
            None => Ok(known),
        }
    }

    pub fn is_none(&self, finding: &Finding) -> bool {
        self.finding.iter().any(|it| it.tool == finding.tool && matches(&it.what, &finding.what))
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_has_a_reason_and_matches() {
        assert!(Known::read().is_ok());
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("a*c", "abc", true),
            ("a*c", "abcd", false),
            ("*b*", "abc", true),
            ("a*é", "aé", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
