//! How many connections there may be.

use super::given::Given;
use crate::failure::Result;
use crate::serve::Bounds;

const ALL: usize = 4096;
const PER_ADDRESS: usize = 256;

/// The bounds as they were given, before anybody knows how many the system allows.
#[derive(Debug)]
pub struct Connections {
    all: Option<usize>,
    per_address: usize,
}

impl Connections {
    pub fn read(all: Option<Given>, per_address: Option<Given>) -> Result<Self> {
        let all = all.map(|given| number(&given)).transpose()?;
        let per_address = per_address.map_or(Ok(PER_ADDRESS), |given| number(&given))?;
        Ok(Self { all, per_address })
    }

    /// No more than the system has files for.
    pub fn within(&self, possible: usize) -> Bounds {
        if let Some(wanted) = self.all
            && wanted > possible
        {
            tracing::warn!(
                wanted,
                possible,
                "--max-connections is more than the limit on open files allows: raise that \
                 (LimitNOFILE in the unit, or ulimit -n)"
            );
        }
        let all = self.all.unwrap_or(ALL).min(possible);
        Bounds { all, per_address: self.per_address }
    }
}

fn number(given: &Given) -> Result<usize> {
    match given.text.parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(given.refuse(format_args!(
            "“{}” is no number of connections. Give a whole number from 1 on.",
            given.text
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_than_the_system_allows() {
        let check = |all: Option<&str>, possible, expected| {
            let all = all.map(|text| Given::flag("max_connections", text));
            let bounds = Connections::read(all, None).unwrap().within(possible);
            assert_eq!(bounds, Bounds { all: expected, per_address: PER_ADDRESS });
        };
        check(None, 100_000, ALL);
        check(None, 896, 896);
        check(Some("10000"), 100_000, 10_000);
        check(Some("10000"), 896, 896);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["0", "-1", "many", ""] {
            let given = Given::flag("max_connections_per_address", text);
            assert!(Connections::read(None, Some(given)).is_err(), "{text}");
        }
    }
}
