//! Seats: how many licences of each kind are taken. The counters stand in the settings row and are
//! changed by conditional updates, so that two can't take the last one.

use roster::authority::Permit;
use roster::id::GroupId;

use crate::connection::Transaction;
use crate::error::Error;
use crate::sql::Columns;

/// So many seats of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatCount {
    pub standard: u32,
    pub mobile: u32,
}

/// Seats that are left; `None`: no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatsFree {
    pub standard: Option<u32>,
    pub mobile: Option<u32>,
}

/// The seats that an account in this state takes: enabled, and with a place in a group.
#[must_use]
pub fn seats_taken(
    enabled: bool,
    group: Option<GroupId>,
    standard_license: bool,
    mobile_license: bool,
) -> SeatCount {
    let takes = |licensed| u32::from(enabled && group.is_some() && licensed);
    SeatCount { standard: takes(standard_license), mobile: takes(mobile_license) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatKind {
    Standard,
    Mobile,
}

impl Transaction {
    /// Takes all the seats that are wanted, or none and says so. Locks the settings row.
    pub async fn take_seats(&mut self, _permit: &Permit, wanted: SeatCount) -> Result<bool, Error> {
        let none = SeatCount::default();
        Ok(self.change_seats(none, wanted).await?.is_none())
    }

    pub async fn give_back_seats(
        &mut self,
        _permit: &Permit,
        taken: SeatCount,
    ) -> Result<(), Error> {
        self.change_seats(taken, SeatCount::default()).await?;
        Ok(())
    }

    /// What is left, and it stays so until this transaction ends: the settings row is locked.
    pub async fn free_seats(&mut self) -> Result<SeatsFree, Error> {
        let row = sqlx::query(
            "UPDATE settings SET version = version WHERE id = 1 \
             RETURNING standard_seats - standard_used AS standard, \
                       mobile_seats - mobile_used AS mobile",
        )
        .fetch_one(self.connection())
        .await?;
        // The limit may have been lowered below what is in use.
        let free = |left: i64| u32::try_from(left.max(0)).unwrap_or(u32::MAX);
        Ok(SeatsFree {
            standard: row.maybe_number("standard")?.map(free),
            mobile: row.maybe_number("mobile")?.map(free),
        })
    }

    /// From the seats of one state to those of another; or the kind that is lacking, and nothing
    /// is changed.
    pub(crate) async fn change_seats(
        &mut self,
        from: SeatCount,
        to: SeatCount,
    ) -> Result<Option<SeatKind>, Error> {
        let standard = i64::from(to.standard) - i64::from(from.standard);
        let mobile = i64::from(to.mobile) - i64::from(from.mobile);
        if (standard, mobile) == (0, 0) {
            return Ok(None);
        }
        let changed = sqlx::query(
            "UPDATE settings \
             SET standard_used = standard_used + $1, mobile_used = mobile_used + $2 \
             WHERE id = 1 \
               AND ($1 <= 0 OR standard_seats IS NULL OR standard_used + $1 <= standard_seats) \
               AND ($2 <= 0 OR mobile_seats IS NULL OR mobile_used + $2 <= mobile_seats)",
        )
        .bind(standard)
        .bind(mobile)
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 1 {
            return Ok(None);
        }
        let free = self.free_seats().await?;
        let lacks = |wanted: i64, free: Option<u32>| free.is_some_and(|n| wanted > i64::from(n));
        Ok(Some(if lacks(standard, free.standard) || !lacks(mobile, free.mobile) {
            SeatKind::Standard
        } else {
            SeatKind::Mobile
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_a_seat() {
        let check = |enabled, group: Option<i64>, standard, mobile, expected| {
            let seats = seats_taken(enabled, group.map(GroupId), standard, mobile);
            assert_eq!((seats.standard, seats.mobile), expected);
        };
        check(true, Some(2), true, true, (1, 1));
        check(true, Some(2), true, false, (1, 0));
        check(true, Some(2), false, true, (0, 1));
        check(false, Some(2), true, true, (0, 0));
        check(true, None, true, true, (0, 0));
    }
}
