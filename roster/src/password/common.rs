//! What counts as a common password: the bundled list, derived from the public frequency list of
//! zxcvbn; words that people put a year or a sign to; and texts that a finger makes by itself.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

type Words = HashSet<&'static str, FxBuildHasher>;

/// Whole passwords.
static COMMON: LazyLock<Words> = LazyLock::new(|| lines(include_str!("common.txt")));

/// Seasons, months, places, what is said at a desk, the product's name.
static WORDS: LazyLock<Words> = LazyLock::new(|| lines(include_str!("words.txt")));

fn lines(text: &'static str) -> Words {
    text.lines().collect()
}

/// The password is on a list; also when only its case, digits and signs around it, or letters
/// written as signs ("P@ssw0rd1!") tell it from one that is. Or it is a short text over and over, or
/// a run as "abcdefgh".
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = plain_letters(&lower);
    let end = lower.trim_end_matches(is_added).len();
    let start = lower.len() - lower.trim_start_matches(is_added).len();
    // A letter is written as one sign of one byte: both forms have the same places.
    let stems = [0..lower.len(), 0..end, start..end];
    let listed =
        |text: &str| stems.iter().any(|stem| text.get(stem.clone()).is_some_and(is_listed));
    listed(&lower) || listed(&plain) || is_repeated(&lower) || is_run(&lower)
}

fn is_added(c: char) -> bool {
    !c.is_alphabetic()
}

fn is_listed(word: &str) -> bool {
    COMMON.contains(word) || WORDS.contains(word)
}

/// A text over and over that is too short for a password, or common itself.
fn is_repeated(lower: &str) -> bool {
    let chars = lower.chars().count();
    // Where its repetitions begin; the last one may be cut short.
    let mut units = lower.char_indices().map(|(at, _)| at).enumerate().skip(1);
    units.any(|(length, at)| {
        2 * length <= chars
            && lower[at..].bytes().zip(lower.bytes()).all(|(one, other)| one == other)
            && (length < super::MIN_CHARS || is_listed(lower[..at].trim_matches(is_added)))
    })
}

/// From each character to the next it is the same step: none, one up, one down.
fn is_run(lower: &str) -> bool {
    let step = |from: char, to: char| match (from, to) {
        ('9', '0') => 1,
        ('0', '9') => -1,
        _ => i64::from(u32::from(to)) - i64::from(u32::from(from)),
    };
    let mut steps = lower.chars().zip(lower.chars().skip(1)).map(|(from, to)| step(from, to));
    steps.next().is_some_and(|first| first.abs() <= 1 && steps.all(|step| step == first))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_each_there_once_and_as_they_are_looked_up() {
        for (list, text) in
            [(&*COMMON, include_str!("common.txt")), (&*WORDS, include_str!("words.txt"))]
        {
            assert_eq!(list.len(), text.lines().count());
            for word in text.lines() {
                assert_eq!(word, word.to_lowercase().trim());
                assert!(is_common(word), "{word}");
            }
        }
    }

    #[test]
    fn repetitions_and_runs() {
        let check =
            |password: &str, expected| assert_eq!(is_common(password), expected, "{password}");
        for common in [
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "Xk9-Xk9-Xk9-Xk9-",
            "123456789012345678",
            "9876543210987654",
            "abcdefghijklmnopq",
            "zyxwvutsrqponmlk",
            "ääääääääääääääää",
            "passwordpassword",
            "Passwort1!Passwort1!",
        ] {
            check(common, true);
        }
        for other in
            ["Kz7!qwPm4xTo", "kvmzp kvmzpq rtwb", "eins zwei drei vier", "山本さんのパスワード"]
        {
            check(other, false);
        }
    }
}
