//! Seats for a chunk's rows, in their order, as long as there are any.

use roster::fields::Field;
use roster::problem::{Code, Problem};
use store::{SeatCount, SeatsFree};

use super::row::Row;

/// There are seats for all rows.
pub(super) fn fits(rows: &[Row], mut free: SeatsFree) -> bool {
    rows.iter().filter_map(Row::seats).all(|(has, wants)| free.exchange(has, wants))
}

/// Sets seats aside for every row that needs some; those for which none is left fail. The seats
/// that are given back, and those that are taken.
pub(super) fn seat(rows: &mut [Row], mut free: SeatsFree) -> (SeatCount, SeatCount) {
    let (mut from, mut to) = (SeatCount::default(), SeatCount::default());
    for row in rows {
        let Some((has, wants)) = row.seats() else { continue };
        if free.exchange(has, wants) {
            from.add(has);
            to.add(wants);
        } else {
            let standard = free.standard == Some(0) && wants.standard > has.standard;
            row.fail(none_left(standard));
        }
    }
    (from, to)
}

fn none_left(standard: bool) -> Problem {
    let (field, kind) = if standard {
        (Field::StandardLicense, "standard")
    } else {
        (Field::MobileLicense, "mobile")
    };
    let message = format!(
        "No {kind} seat is left. Raise the seats in Global Settings, disable somebody, or import \
         this person without the licence."
    );
    Problem::on(field, Code::SeatsNoneLeft, message)
}
