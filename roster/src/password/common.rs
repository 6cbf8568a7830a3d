//! The bundled list of common passwords, derived from the public frequency list of zxcvbn.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

/// In bytes; shorter ones are not on the list.
const SHORTEST: usize = 6;

static COMMON: LazyLock<HashSet<&'static str, FxBuildHasher>> =
    LazyLock::new(|| include_str!("common.txt").lines().collect());

/// The password is on the list; also when only its case, the digits and signs at its end, or
/// letters written as signs ("P@ssw0rd1!") tell it from one that is.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = plain_letters(&lower);
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    // A letter is written as one sign of one byte: both forms have the same places.
    let plain_stem = plain.get(..stem.len()).unwrap_or_default();
    [&lower, stem, &plain, plain_stem].into_iter().any(is_listed)
}

fn is_listed(word: &str) -> bool {
    word.len() >= SHORTEST && COMMON.contains(word)
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
