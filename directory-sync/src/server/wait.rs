//! The waits before a request is sent again.

use std::time::Duration;

/// Seconds; about a minute in all.
const GROWING: [u64; 6] = [1, 2, 4, 8, 16, 32];

/// A commit is sent again for half an hour.
const PATIENT: usize = 36;

#[derive(Clone, Debug)]
pub struct Waits {
    ordinary: Vec<Duration>,
    patient: Vec<Duration>,
}

impl Waits {
    /// For the service: a minute of tries, half an hour for a commit.
    #[must_use]
    pub fn of_the_service() -> Self {
        let growing = GROWING.map(Duration::from_secs);
        let minutes = std::iter::repeat(Duration::from_mins(1));
        Self {
            ordinary: growing.to_vec(),
            patient: growing.into_iter().chain(minutes).take(PATIENT).collect(),
        }
    }

    /// For a person who waits: ordinary requests are sent again once, a commit for half an hour.
    #[must_use]
    pub fn of_a_person() -> Self {
        Self { ordinary: vec![Duration::from_secs(1)], ..Self::of_the_service() }
    }

    /// The given numbers of repetitions, without waiting.
    #[must_use]
    pub fn none(ordinary: usize, patient: usize) -> Self {
        let none = |count| vec![Duration::ZERO; count];
        Self { ordinary: none(ordinary), patient: none(patient) }
    }

    pub(super) fn of(&self, patience: Patience) -> &[Duration] {
        match patience {
            Patience::Once => &[],
            Patience::Ordinary => &self.ordinary,
            Patience::Patient => &self.patient,
        }
    }
}

/// How long a request is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    Once,
    Ordinary,
    Patient,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_a_commit_has_half_an_hour() {
        let waits = Waits::of_the_service();
        let seconds = |patience| waits.of(patience).iter().map(Duration::as_secs).sum::<u64>();
        assert_eq!(seconds(Patience::Once), 0);
        assert_eq!(seconds(Patience::Ordinary), 63);
        assert!(seconds(Patience::Patient) >= 30 * 60);
        assert!(waits.of(Patience::Patient).is_sorted());
    }
}
