//! Seats: how many licences of each kind are taken. The counters stand in the settings row and are
//! changed by conditional updates, so that two can't take the last one.

use crate::connection::Transaction;
use crate::error::Error;
use crate::permit::Permit;
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

impl SeatCount {
    /// The seats that a technician takes: only who is enabled, and has a place in a group, takes
    /// any. The one place where this is decided.
    #[must_use]
    pub fn of(enabled: bool, standard_license: bool, mobile_license: bool) -> Self {
        Self {
            standard: u32::from(enabled && standard_license),
            mobile: u32::from(enabled && mobile_license),
        }
    }

    pub fn add(&mut self, more: Self) {
        self.standard += more.standard;
        self.mobile += more.mobile;
    }
}

impl SeatsFree {
    /// Sets these seats aside if all of them are free.
    pub fn take(&mut self, wanted: SeatCount) -> bool {
        let left = |free: Option<u32>, wanted| match free {
            None => Some(None),
            Some(free) => free.checked_sub(wanted).map(Some),
        };
        match (left(self.standard, wanted.standard), left(self.mobile, wanted.mobile)) {
            (Some(standard), Some(mobile)) => {
                *self = Self { standard, mobile };
                true
            }
            _ => false,
        }
    }

    /// Gives back the seats of one state and sets aside those of another; if those aren't free,
    /// all stays as it is.
    pub fn exchange(&mut self, from: SeatCount, to: SeatCount) -> bool {
        let with = |free: Option<u32>, more| free.map(|free| free.saturating_add(more));
        let mut free = Self {
            standard: with(self.standard, from.standard),
            mobile: with(self.mobile, from.mobile),
        };
        let taken = free.take(to);
        if taken {
            *self = free;
        }
        taken
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatKind {
    Standard,
    Mobile,
}

impl Transaction {
    /// Takes all the seats that are wanted, or none and says so. Locks the settings row.
    pub async fn take_seats(&mut self, permit: &Permit, wanted: SeatCount) -> Result<bool, Error> {
        self.lives(permit)?;
        let none = SeatCount::default();
        Ok(self.change_seats(none, wanted).await?.is_none())
    }

    /// From the seats of one state to those of another, or nothing is changed and it says so.
    pub async fn exchange_seats(
        &mut self,
        permit: &Permit,
        from: SeatCount,
        to: SeatCount,
    ) -> Result<bool, Error> {
        self.lives(permit)?;
        Ok(self.change_seats(from, to).await?.is_none())
    }

    pub async fn give_back_seats(
        &mut self,
        permit: &Permit,
        taken: SeatCount,
    ) -> Result<(), Error> {
        self.lives(permit)?;
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
        let check = |enabled, standard, mobile, expected| {
            let seats = SeatCount::of(enabled, standard, mobile);
            assert_eq!((seats.standard, seats.mobile), expected);
        };
        check(true, true, true, (1, 1));
        check(true, true, false, (1, 0));
        check(true, false, true, (0, 1));
        check(false, true, true, (0, 0));
    }

    #[test]
    fn seats_are_set_aside_all_or_none() {
        let check = |standard, mobile, wanted: (u32, u32), taken, left| {
            let mut free = SeatsFree { standard, mobile };
            let wanted = SeatCount { standard: wanted.0, mobile: wanted.1 };
            assert_eq!(free.take(wanted), taken);
            assert_eq!((free.standard, free.mobile), left);
        };
        check(None, None, (9, 9), true, (None, None));
        check(Some(1), None, (1, 1), true, (Some(0), None));
        check(Some(0), None, (0, 1), true, (Some(0), None));
        check(Some(2), Some(0), (1, 1), false, (Some(2), Some(0)));
    }

    #[test]
    fn seats_are_exchanged_all_or_none() {
        let one = |standard, mobile| SeatCount { standard, mobile };
        let check = |from, to, taken, left| {
            let mut free = SeatsFree { standard: Some(0), mobile: Some(1) };
            assert_eq!(free.exchange(from, to), taken);
            assert_eq!((free.standard, free.mobile), (Some(left), Some(1)));
        };
        check(one(1, 0), one(1, 0), true, 0);
        check(one(1, 0), one(0, 0), true, 1);
        check(one(0, 0), one(1, 0), false, 0);
        check(one(1, 0), one(1, 2), false, 0);
    }
}
