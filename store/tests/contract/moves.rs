//! Groups and people moved by several at once, in whatever order: the tree stays a tree, nobody is
//! lost, every count is what a naive look finds.

use roster::id::{AccountId, GroupId};
use store::{PersonEdit, Store};

use crate::make::{commit, create, group, permit, technician};
use crate::place::Place;

contract!(whatever_the_order_of_moves_the_tree_stays_a_tree);

const GROUPS: usize = 9;
const PEOPLE: usize = 12;
const MOVERS: u64 = 4;
const MOVES: usize = 12;

/// The same numbers for the same seed: xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

async fn whatever_the_order_of_moves_the_tree_stays_a_tree(place: &Place) {
    let store = &place.store;
    let mut groups = vec![GroupId::ROOT];
    for n in 0..GROUPS {
        groups.push(group(store, &format!("G{n}")).await);
    }
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        let place = groups[1 + n % GROUPS];
        people.push(create(store, &technician(place, "P", &format!("p{n}@example.com"))).await);
    }
    for round in 1..=3 {
        let movers: Vec<_> = (1..=MOVERS)
            .map(|seed| {
                let numbers = Numbers(round * 7919 + seed * 104_729);
                tokio::spawn(mover(store.clone(), groups.clone(), people.clone(), numbers))
            })
            .collect();
        for mover in movers {
            mover.await.unwrap();
        }
        check(place).await;
    }
}

/// Moves this and that. What is refused, or ended by the database, is left.
async fn mover(store: Store, groups: Vec<GroupId>, people: Vec<AccountId>, mut numbers: Numbers) {
    for _ in 0..MOVES {
        let to = groups[numbers.below(groups.len())];
        let mut tx = store.write().await.unwrap();
        let moved = if numbers.below(3) == 0 && to != GroupId::ROOT {
            let some = &people[numbers.below(people.len())..];
            let held = tx.lock_accounts(some).await.unwrap();
            let edits: Vec<PersonEdit> = held
                .into_values()
                .map(|kept| PersonEdit {
                    person: kept.person.clone(),
                    group: Some(to),
                    before: kept,
                })
                .collect();
            let results = tx.update_people(&permit(&tx), &edits).await.unwrap();
            results.iter().all(Result::is_ok)
        } else {
            let id = groups[1 + numbers.below(groups.len() - 1)];
            tx.move_group(&permit(&tx), &permit(&tx), id, to).await.unwrap().is_ok()
        };
        if moved {
            commit(tx).await;
        }
    }
}

async fn check(place: &Place) {
    const BELOW: &str = "WITH RECURSIVE below (top, id) AS ( \
             SELECT id, id FROM technician_groups \
             UNION ALL \
             SELECT below.top, child.id FROM below \
             JOIN technician_groups child ON child.parent_id = below.id)";
    let all = i64::try_from(GROUPS + 1).unwrap();
    let reached = format!("{BELOW} SELECT COUNT(*) FROM below WHERE top = 1");
    assert_eq!(place.number(&reached).await, all, "every group is below the root, once");
    let people = i64::try_from(PEOPLE).unwrap();
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts").await, people);
    let wrong = format!(
        "{BELOW} SELECT COUNT(*) FROM technician_groups top WHERE \
             child_groups <> (SELECT COUNT(*) FROM technician_groups child \
                 WHERE child.parent_id = top.id) \
             OR technicians <> (SELECT COUNT(*) FROM accounts WHERE group_id = top.id) \
             OR technicians_below <> (SELECT COUNT(*) FROM below \
                 JOIN accounts ON accounts.group_id = below.id WHERE below.top = top.id)"
    );
    assert_eq!(place.number(&wrong).await, 0, "every count is right");
}
