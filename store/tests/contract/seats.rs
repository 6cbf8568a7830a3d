//! Seats: the counters are what a recount would say, whatever happens.

use roster::fields::Person;
use roster::id::AccountId;
use store::{SeatCount, SeatsFree, Store, WriteConflict};

use crate::make::{commit, create, group, permit, person, set_seats, technician};
use crate::place::Place;

contract!(
    seats_are_taken_all_or_none,
    creating_needs_seats,
    seats_set_below_what_is_used_free_nothing,
    counters_equal_a_recount,
);

async fn seats_are_taken_all_or_none(place: &Place) {
    let store = &place.store;
    set_seats(store, Some(3), Some(1)).await;
    let mut tx = store.write().await.unwrap();
    let mut check = async |standard, mobile, taken, left: (u32, u32)| {
        let wanted = SeatCount { standard, mobile };
        assert_eq!(tx.take_seats(&permit(&tx), wanted).await.unwrap(), taken);
        let free = SeatsFree { standard: Some(left.0), mobile: Some(left.1) };
        assert_eq!(tx.free_seats().await.unwrap(), free);
    };
    check(0, 0, true, (3, 1)).await;
    check(2, 0, true, (1, 1)).await;
    check(2, 0, false, (1, 1)).await;
    check(1, 2, false, (1, 1)).await;
    check(1, 1, true, (0, 0)).await;
    tx.give_back_seats(&permit(&tx), SeatCount { standard: 2, mobile: 0 }).await.unwrap();
    assert_eq!(tx.free_seats().await.unwrap().standard, Some(2));
    commit(tx).await;
    set_seats(store, None, None).await;
    let free = store.write().await.unwrap().free_seats().await.unwrap();
    assert_eq!(free, SeatsFree { standard: None, mobile: None });
}

async fn creating_needs_seats(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    set_seats(store, Some(1), Some(0)).await;
    let mut ada = technician(support, "Ada", "ada@example.com");
    ada.person.mobile_license = true;
    let mut tx = store.write().await.unwrap();
    let refused = tx.create_account(&permit(&tx), &ada).await.unwrap();
    assert_eq!(refused, Err(WriteConflict::NoMobileSeat));
    ada.person.mobile_license = false;
    tx.create_account(&permit(&tx), &ada).await.unwrap().unwrap();
    let bob = technician(support, "Bob", "bob@example.com");
    let refused = tx.create_account(&permit(&tx), &bob).await.unwrap();
    assert_eq!(refused, Err(WriteConflict::NoStandardSeat));
    // An administrator without a place takes none.
    tx.create_account(&permit(&tx), &crate::make::holder("h@example.com")).await.unwrap().unwrap();
}

async fn seats_set_below_what_is_used_free_nothing(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let id = create(store, &technician(support, "Ada", "ada@example.com")).await;
    create(store, &technician(support, "Bob", "bob@example.com")).await;
    set_seats(store, Some(1), None).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.free_seats().await.unwrap().standard, Some(0));
    // Who has a seat can be edited and keeps it.
    let renamed = person("Ada B", "ada@example.com");
    tx.edit_account(&permit(&tx), id, 1, &renamed).await.unwrap().unwrap();
    let settings = tx.settings().await.unwrap();
    assert_eq!((settings.standard.used, settings.standard.free()), (2, Some(0)));
}

/// A stream of numbers that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn person(&mut self, n: u64) -> Person {
        let mut person = person("P", &format!("p{n}@example.com"));
        person.enabled = self.below(3) > 0;
        person.standard_license = self.below(2) > 0;
        person.mobile_license = self.below(2) > 0;
        person
    }
}

async fn counters_equal_a_recount(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    for seed in 1..=4_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..40 {
            match dice.below(4) {
                0 => {
                    let limit = |n| (n < 8).then(|| u32::try_from(n).unwrap());
                    set_seats(store, limit(dice.below(12)), limit(dice.below(12))).await;
                }
                1 => {
                    let mut new = technician(support, "P", "p@example.com");
                    let number = dice.below(30);
                    new.person = dice.person(number);
                    let mut tx = store.write().await.unwrap();
                    let done = tx.create_account(&permit(&tx), &new).await.unwrap();
                    if done.is_err() || dice.below(8) > 0 {
                        commit(tx).await;
                    }
                }
                _ => edit_somebody(store, &mut dice).await,
            }
        }
        let settings = store.read().await.unwrap().settings().await.unwrap();
        for (kind, used) in [("standard", settings.standard.used), ("mobile", settings.mobile.used)]
        {
            let recount = format!("SELECT COUNT(*) FROM accounts WHERE enabled AND {kind}_license");
            assert_eq!(place.number(&recount).await, i64::from(used), "{kind}, seed {seed}");
        }
    }
}

async fn edit_somebody(store: &Store, dice: &mut Dice) {
    let mut tx = store.write().await.unwrap();
    let id = AccountId(i64::try_from(dice.below(20)).unwrap());
    let Some(account) = tx.account(id).await.unwrap() else { return };
    let number = dice.below(30);
    let version = account.version - i64::from(dice.below(9) == 0);
    let edit = dice.person(number);
    let _ = tx.edit_account(&permit(&tx), id, version, &edit).await.unwrap();
    if dice.below(8) > 0 {
        commit(tx).await;
    }
}
