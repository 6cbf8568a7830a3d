//! Cells that a spreadsheet would run as a formula are written with a leading `'`, and one such
//! `'` is taken off again. To be each other's exact inverse, both count a value that already has
//! apostrophes before its formula: `'=x` is written `''=x`. Passwords are neither written nor
//! touched on reading, and JSON needs no guard.

use std::borrow::Cow;

/// Apostrophes, or none, and then what begins a formula.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

pub(super) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_and_back() {
        let check = |text: &str, written: &str| {
            assert_eq!(guard(text), written);
            assert_eq!(unguard(written), text);
        };
        check("=1+1", "'=1+1");
        check("+49 30 123", "'+49 30 123");
        check("-", "'-");
        check("@anna", "'@anna");
        check("\tx", "'\tx");
        check("'=x", "''=x");
        check("''=x", "'''=x");
        check("'", "'");
        check("'t Hooft", "'t Hooft");
        check("a=b", "a=b");
        check("", "");
    }
}
