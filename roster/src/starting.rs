//! Starting passwords: what somebody who was created without a password signs in with, once, to
//! choose their own. Eight words of a list of 1,024: 80 bits that can be read aloud. Who draws the
//! bits is the caller.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, Timestamp};
use crate::secret::Secret;

/// The words of SLIP-0039 (MIT license), but for eight that nobody reads aloud gladly: of 4 to 8 letters,
/// and no two begin with the same four.
const WORDS: &str = include_str!("starting/words.txt");

/// How many random bytes a starting password is made of.
pub const BYTES: usize = 10;

/// A starting password as it is shown, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartingPassword {
    pub password: Secret,
    /// It works until this moment.
    pub ends_at: Timestamp,
}

/// An account that was made, and its starting password, where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    pub id: AccountId,
    pub starting: Option<StartingPassword>,
}

/// Starting passwords of an import or of a directory's run that can be downloaded, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub count: u64,
    /// They work until this moment.
    pub ends_at: Timestamp,
}

/// Makes them: many, by one look at the list.
pub struct Phrases(Vec<&'static str>);

impl Default for Phrases {
    fn default() -> Self {
        Self(WORDS.lines().collect())
    }
}

impl Phrases {
    /// Eight words with hyphens between them, ten bits each.
    #[must_use]
    pub fn phrase(&self, random: [u8; BYTES]) -> Secret {
        let bits = random.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let places = (0..8).rev().map(|place| (bits >> (place * 10)) & 0x3ff);
        let words = places.filter_map(|place| self.0.get(usize::try_from(place).ok()?).copied());
        Secret::new(words.collect::<Vec<_>>().join("-"))
    }
}

/// As it is compared: what was read aloud is typed with spaces or capitals.
#[must_use]
pub fn as_compared(typed: &Secret) -> Secret {
    let words = typed.reveal().split(|c: char| c == '-' || c.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    Secret::new(words.join("-").to_lowercase())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_words_are_told_apart_by_their_first_letters() {
        let Phrases(words) = Phrases::default();
        assert_eq!(words.len(), 1024);
        let first: HashSet<&str> = words.iter().map(|word| &word[..4]).collect();
        assert_eq!(first.len(), words.len());
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn every_bit_counts() {
        let phrases = Phrases::default();
        let of = |random| phrases.phrase(random).reveal().to_owned();
        assert_eq!(of([0; BYTES]), ["academic"; 8].join("-"));
        assert_eq!(of([0xff; BYTES]), ["zero"; 8].join("-"));
        let one_bit = (0..80).map(|bit| {
            let mut random = [0; BYTES];
            random[bit / 8] = 1 << (bit % 8);
            of(random)
        });
        assert_eq!(one_bit.collect::<HashSet<_>>().len(), 80);
    }

    #[test]
    fn what_is_read_aloud_can_be_typed() {
        let check = |typed: &str| {
            assert_eq!(as_compared(&Secret::new(typed)).reveal(), "acid-zero-axis", "{typed}");
        };
        check("acid-zero-axis");
        check(" Acid zero  AXIS\n");
        check("acid - zero - axis");
        assert_ne!(as_compared(&Secret::new("acidzeroaxis")).reveal(), "acid-zero-axis");
    }
}
