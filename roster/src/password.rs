//! Password strength: which passwords the organization's policy takes. How they are hashed is
//! `operations`' business. Nothing here ever puts a password into a message.

mod common;

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// At least so many characters.
pub const MIN_CHARS: usize = 8;
/// At most so many characters, of any script; never cut.
pub const MAX_CHARS: usize = 256;
/// A password of this many characters or more may be of any types, with any character twice.
pub const PASSPHRASE_CHARS: usize = 15;
/// Shorter words of a name or address are too common to forbid.
const MIN_PERSONAL_WORD: usize = 3;
/// Such words make a password personal although a few letters are added.
const TELLING_PERSONAL_WORD: usize = 4;
/// So many letters beside such a word are more than added.
const OWN_LETTERS: usize = 4;

/// The policy's minimum. Types are lower case, upper case, digit, other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Three types.
    #[default]
    Good,
    /// Three types and no character twice, or four types.
    Strong,
    /// Four types and no character twice.
    Excellent,
}

impl Strength {
    pub const ALL: [Self; 3] = [Self::Good, Self::Strong, Self::Excellent];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Strong => "strong",
            Self::Excellent => "excellent",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::Strong => "Strong",
            Self::Excellent => "Excellent",
        }
    }

    /// What a password must have, as a person reads it beside the field.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Good => {
                "At least 8 characters, of three types: lower case, upper case, digits, others. \
                 From 15 characters on, any."
            }
            Self::Strong => {
                "At least 8 characters, of three types with no character twice, or of all four: \
                 lower case, upper case, digits, others. From 15 characters on, any."
            }
            Self::Excellent => {
                "At least 8 characters with none twice, of all four types: lower case, upper \
                 case, digits, others. From 15 characters on, any."
            }
        }
    }
}

/// Whose password it is to be: what it must not be made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub organization: &'a str,
}

/// One thing that is wrong with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    TooShort,
    TooLong,
    /// It needs so many of these types, which it could still have.
    Missing {
        types: Vec<&'static str>,
        needed: usize,
    },
    RepeatsACharacter,
    Common,
    Personal,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "is shorter than {MIN_CHARS} characters"),
            Self::TooLong => write!(f, "is longer than {MAX_CHARS} characters"),
            Self::Missing { types, needed } => {
                let joint = if *needed == types.len() { " and " } else { " or " };
                write!(f, "lacks {}", types.join(joint))
            }
            Self::RepeatsACharacter => f.write_str("has a character twice"),
            Self::Common => f.write_str(
                "is among the most common ones, or a common word with digits or signs added",
            ),
            Self::Personal => {
                f.write_str("is made of the name, the email or the organization’s name")
            }
        }
    }
}

/// Why a password is refused: all that is wrong with it, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakness(pub Vec<Fault>);

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The password ")?;
        for (place, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if place > 0 { " and " } else { "" })?;
        }
        f.write_str(".")
    }
}

impl std::error::Error for Weakness {}

/// The password satisfies the policy, or what is wrong with it.
pub fn check(password: &str, strength: Strength, context: &Context<'_>) -> Result<(), Weakness> {
    let chars = password.chars().count();
    let is_passphrase = chars >= PASSPHRASE_CHARS;
    let (types, count) = missing_types(password);
    let repeats = repeats_a_character(password);
    let wanted = match strength {
        _ if is_passphrase => 0,
        Strength::Strong if repeats => 4,
        Strength::Good | Strength::Strong => 3,
        Strength::Excellent => 4,
    };
    let needed = usize::saturating_sub(wanted, count);
    // Of two ways to mend it, all four types or no character twice, both are said.
    let repeats_matter = match strength {
        _ if is_passphrase => false,
        Strength::Good => false,
        Strength::Strong => repeats && count == 3,
        Strength::Excellent => repeats,
    };
    let faults: Vec<Fault> = [
        (chars < MIN_CHARS).then_some(Fault::TooShort),
        (chars > MAX_CHARS).then_some(Fault::TooLong),
        (needed > 0).then_some(Fault::Missing { types, needed }),
        repeats_matter.then_some(Fault::RepeatsACharacter),
        common::is_common(password).then_some(Fault::Common),
        is_personal(password, context).then_some(Fault::Personal),
    ]
    .into_iter()
    .flatten()
    .collect();
    if faults.is_empty() { Ok(()) } else { Err(Weakness(faults)) }
}

fn missing_types(password: &str) -> (Vec<&'static str>, usize) {
    let has = |of: fn(char) -> bool| password.chars().any(of);
    let types = [
        ("a lower-case letter", has(char::is_lowercase)),
        ("an upper-case letter", has(char::is_uppercase)),
        ("a digit", has(char::is_numeric)),
        ("a character of another kind", has(is_other)),
    ];
    let missing: Vec<_> = types.iter().filter(|(_, has)| !has).map(|(name, _)| *name).collect();
    let count = types.len() - missing.len();
    (missing, count)
}

fn is_other(c: char) -> bool {
    !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric()
}

fn repeats_a_character(password: &str) -> bool {
    if password.is_ascii() {
        let mut seen = 0_u128;
        return password.bytes().any(|byte| {
            let bit = 1 << byte;
            let twice = seen & bit != 0;
            seen |= bit;
            twice
        });
    }
    let mut chars: Vec<char> = password.chars().collect();
    chars.sort_unstable();
    chars.windows(2).any(|pair| pair[0] == pair[1])
}

/// What is left of the password without the person's words has no letter in it, or next to none
/// beside a word that is long enough to tell.
fn is_personal(password: &str, context: &Context<'_>) -> bool {
    let texts = [context.name, context.organization, without_top_domain(context.email)];
    // Nearly every password has none of the words: that is found without a copy of anything.
    if password.is_ascii() && !texts.into_iter().any(|text| has_ascii_word_of(password, text)) {
        return false;
    }
    let folded = folded(password);
    let texts = texts.map(self::folded);
    let letters_left = |least: usize| {
        let mut rest = folded.clone();
        for word in texts.iter().flat_map(|text| words(text, least)) {
            rest = rest.replace(word, "");
        }
        (rest != folded).then(|| rest.chars().filter(|c| c.is_alphabetic()).count())
    };
    letters_left(MIN_PERSONAL_WORD) == Some(0)
        || letters_left(TELLING_PERSONAL_WORD).is_some_and(|letters| letters < OWN_LETTERS)
}

/// "com" is nobody's own.
fn without_top_domain(email: &str) -> &str {
    email.rsplit_once('.').map_or(email, |(own, _)| own)
}

fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

fn words(text: &str, least: usize) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(move |word| word.chars().nth(least - 1).is_some())
}

fn has_ascii_word_of(password: &str, text: &str) -> bool {
    words(text, MIN_PERSONAL_WORD).any(|word| {
        let mut windows = password.as_bytes().windows(word.len());
        windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::Strength::{Excellent, Good, Strong};
    use super::*;

    const ADA: Context<'_> = Context {
        name: "Ada Lovelace",
        email: "ada.lovelace@engines.example",
        organization: "Northwind Support",
    };

    #[test]
    fn levels() {
        let check = |password: &str, expected: [bool; 3]| {
            let found = Strength::ALL.map(|strength| check(password, strength, &ADA).is_ok());
            assert_eq!(found, expected, "{password:?} at {:?}", Strength::ALL);
        };
        check("", [false; 3]);
        check("Ab1!xyz", [false; 3]);
        check("cdefghijk", [false; 3]);
        check("cdefgh12", [false; 3]);
        check("Cdefgh12", [true, true, false]);
        check("Cdefgg12", [true, false, false]);
        check("Cdefgg1!", [true, true, false]);
        check("Cdefgh1!", [true, true, true]);
        check("aAdDkK72", [true, true, false]);
        check("ÄäÖö1!ßx", [true, true, true]);
        check("山本さんのpasA14", [true, true, true]);
        check(&format!("Aa1!{}", "x".repeat(252)), [true, true, true]);
        check(&format!("Aa1!{}", "x".repeat(253)), [false; 3]);
    }

    #[test]
    fn common_and_personal_passwords_are_refused_at_every_level() {
        let check = |password: &str, expected: Fault| {
            for strength in Strength::ALL {
                let weakness = check(password, strength, &ADA).unwrap_err();
                assert!(weakness.0.contains(&expected), "{password} at {strength:?}: {weakness}");
            }
        };
        check("Password1!", Fault::Common);
        check("P@ssw0rd2026", Fault::Common);
        check("Qwertyuiop1!", Fault::Common);
        check("Herbst2026!", Fault::Common);
        check("2026-Herbst!", Fault::Common);
        check("Muster2026!", Fault::Common);
        check("Admin-123", Fault::Common);
        check("Frühling#26", Fault::Common);
        check("$0mmer2026", Fault::Common);
        check("passwordpassword", Fault::Common);
        check("123456789012345", Fault::Common);
        check("Lovelace1815!", Fault::Personal);
        check("Northwind#26", Fault::Personal);
        check("LovelaceNorthwind1", Fault::Personal);
        check("ENGINES-42", Fault::Personal);
        check("Ada-2026!", Fault::Personal);
        check("Northwinds-1", Fault::Personal);
        check("xNorthwind2026ab", Fault::Personal);
        check("northwind support 2026", Fault::Personal);
    }

    #[test]
    fn passphrases_are_free_of_rules_of_composition() {
        let check = |password: &str, expected: bool| {
            for strength in Strength::ALL {
                let taken = check(password, strength, &ADA).is_ok();
                assert_eq!(taken, expected, "{password} at {strength:?}");
            }
        };
        check("correct horse battery staple", true);
        check("sieben müde elche", true);
        check("ada walks home slowly", true);
        check("the northwind blows cold", true);
        check("482915773064018", true);
        check("mōri mōri mōri mōri", false);
        // One character less has to have the types again.
        check("kvmzprtwbqnhxd", false);
        check("kvmzprtwbqnhxdf", true);
    }

    #[test]
    fn a_word_of_three_letters_is_personal_alone_and_no_part_of_a_password() {
        let check = |password: &str, expected: bool| {
            assert_eq!(is_personal(password, &ADA), expected, "{password}");
        };
        check("ada", true);
        check("Ada-1815-Ada", true);
        check("Kadaq7!x", false);
        check("Example-1", false);
    }

    use proptest::prelude::*;

    proptest! {
        /// Whatever is added to a word of the list, as long as it holds no letter, changes nothing.
        #[test]
        fn a_common_word_stays_common(
            word in "(herbst|muster|admin|willkommen|dragon)",
            before in "[0-9!#%&*+._-]{0,4}",
            after in "[0-9!#%&*+._-]{0,12}",
        ) {
            for word in [word.clone(), word.to_uppercase()] {
                let password = [&before, &word, &after].map(String::as_str).concat();
                let weakness = check(&password, Good, &ADA).unwrap_err();
                prop_assert!(weakness.0.contains(&Fault::Common), "{}: {}", password, weakness);
            }
        }

        /// From 15 characters on the levels are one.
        #[test]
        fn levels_agree_about_passphrases(password in "\\PC{15,40}") {
            let [good, strong, excellent] = Strength::ALL.map(|it| check(&password, it, &ADA));
            prop_assert_eq!(&good, &strong);
            prop_assert_eq!(&good, &excellent);
            if let Err(Weakness(faults)) = good {
                let alone = [Fault::Common, Fault::Personal];
                prop_assert!(faults.iter().all(|fault| alone.contains(fault)), "{:?}", faults);
            }
        }

        /// What one level takes, those below it take.
        #[test]
        fn levels_are_ordered(password in "\\PC{0,20}") {
            let taken = Strength::ALL.map(|it| check(&password, it, &ADA).is_ok());
            prop_assert!(taken.is_sorted_by(|easier, harder| easier >= harder), "{:?}", taken);
        }
    }

    #[test]
    fn the_message_says_what_is_missing_and_never_the_password() {
        let check = |password, strength, expected: &str| {
            assert_eq!(check(password, strength, &ADA).unwrap_err().to_string(), expected);
        };
        check(
            "kvmzp",
            Good,
            "The password is shorter than 8 characters and lacks an upper-case letter or a digit or a character of another kind.",
        );
        check(
            "Cdefgg12",
            Strong,
            "The password lacks a character of another kind and has a character twice.",
        );
        check("Cdefgh12", Excellent, "The password lacks a character of another kind.");
        check("Cdefgg1!", Excellent, "The password has a character twice.");
    }
}
