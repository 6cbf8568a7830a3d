//! The bundled list of common passwords, derived from the public frequency list of zxcvbn.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

static COMMON: LazyLock<HashSet<&'static str, FxBuildHasher>> =
    LazyLock::new(|| include_str!("common.txt").lines().collect());

/// The password is on the list; also when only its case, the digits and signs at its end, or
/// letters written as signs ("P@ssw0rd1!") tell it from one that is.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    is_listed(&lower) || is_listed(stem) || is_listed(&plain_letters(&lower)) || {
        let plain = plain_letters(stem);
        is_listed(&plain)
    }
}

fn is_listed(word: &str) -> bool {
    COMMON.contains(word)
}

fn plain_letters(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '@' | '4' => 'a',
            '3' => 'e',
            '1' | '!' => 'i',
            '0' => 'o',
            '$' | '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}
