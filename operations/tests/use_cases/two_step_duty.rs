//! The two-step duty that a Master Administrator set is not got round by who may not lift it.

use operations::{Error, Operations, Result, administrators, groups, technicians, two_step};
use roster::account::Role;
use roster::authority::{Caller, Who};
use roster::fault::Fault;
use roster::id::{AccountId, GroupId};
use roster::many::{Change, Outcome, Selection, Step};

use crate::world::World;

const WHY: &str = "A Master Administrator requires two-step verification where";

/// A world in which a Master Administrator requires two-step verification in a group of the
/// Administrator's, and not in the one beside it.
struct Duty {
    world: World,
    asking: GroupId,
    beside: GroupId,
}

impl Duty {
    async fn new() -> Self {
        let world = World::new().await;
        let asking = make(&world.operations, world.inside, "Asking").await;
        let beside = make(&world.operations, world.inside, "Beside").await;
        two_step::set_of_group(&world.operations, &world.master, asking, true).await.unwrap();
        Self { world, asking, beside }
    }

    async fn technician(&self, group: GroupId, email: &str) -> AccountId {
        let draft = crate::world::draft(email, email);
        technicians::create(&self.world.operations, &self.world.holder, group, draft)
            .await
            .unwrap()
            .id
    }

    async fn moved(&self, by: &Caller, who: &[AccountId], to: GroupId) -> Result<Outcome> {
        let step = Step { who: Selection::Ids(who.to_vec()), change: Change::MoveTo(to) };
        technicians::change_many(&self.world.operations, by, &step).await
    }

    async fn asks(&self, group: GroupId) -> bool {
        let found = two_step::of_group(&self.world.operations, &self.world.master, group).await;
        let found = found.unwrap();
        found.asks || found.asked_above
    }
}

async fn make(operations: &Operations, parent: GroupId, name: &str) -> GroupId {
    groups::create(operations, &Caller::operator(), parent, name).await.unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T>) {
    let Err(Error::Fault(fault @ Fault::Refused { .. })) = result else { panic!("{result:?}") };
    assert!(fault.to_string().starts_with(WHY), "{fault}");
}

#[tokio::test]
async fn nobody_is_moved_out_of_it_by_an_administrator() {
    let duty = Duty::new().await;
    let administrator = duty.world.administrator.clone();
    let ann = duty.technician(duty.asking, "ann@example.com").await;
    let bob = duty.technician(duty.asking, "bob@example.com").await;
    let carl = duty.technician(duty.world.inside, "carl@example.com").await;
    refused(duty.moved(&administrator, &[ann], duty.beside).await);
    // Of many, those whom nothing binds go.
    let outcome = duty.moved(&administrator, &[ann, carl, bob], duty.beside).await.unwrap();
    assert_eq!(outcome.changed, 1);
    let left: Vec<AccountId> = outcome.left.iter().map(|left| left.id).collect();
    assert_eq!(left, [ann, bob]);
    assert!(outcome.left.iter().all(|left| left.reason.starts_with(WHY)), "{:?}", outcome.left);
    // An Administrator's own duty isn't a Master Administrator's: it could be lifted next.
    two_step::set_of_group(&duty.world.operations, &administrator, duty.beside, true)
        .await
        .unwrap();
    refused(duty.moved(&administrator, &[ann], duty.beside).await);
    // Where one holds, too, they may go; and so may whoever a Master Administrator moves.
    let below = make(&duty.world.operations, duty.asking, "Below").await;
    assert_eq!(duty.moved(&administrator, &[ann], below).await.unwrap().changed, 1);
    assert_eq!(duty.moved(&duty.world.master, &[ann, bob], duty.beside).await.unwrap().changed, 2);
}

#[tokio::test]
async fn no_group_is_moved_out_of_it_by_an_administrator() {
    let duty = Duty::new().await;
    let (operations, administrator) = (&duty.world.operations, &duty.world.administrator);
    let below = make(operations, duty.asking, "Below").await;
    refused(groups::move_below(operations, administrator, below, duty.beside).await);
    // It takes its own duty along.
    groups::move_below(operations, administrator, duty.asking, duty.beside).await.unwrap();
    assert!(duty.asks(below).await);
    groups::move_below(operations, &duty.world.master, below, duty.world.inside).await.unwrap();
    assert!(!duty.asks(below).await);
}

#[tokio::test]
async fn a_copy_keeps_the_duty_and_who_set_it() {
    let duty = Duty::new().await;
    let (operations, administrator) = (&duty.world.operations, &duty.world.administrator);
    let copy = groups::copy(operations, administrator, duty.asking).await.unwrap();
    assert!(duty.asks(copy).await);
    assert!(two_step::set_of_group(operations, administrator, copy, false).await.is_err());
    let of_copy = two_step::of_group(operations, administrator, copy).await.unwrap();
    assert!(of_copy.held_by_master);
}

/// Whoever was a Master Administrator when they asked is met as they are by then.
#[tokio::test]
async fn it_is_decided_where_it_is_written() {
    let duty = Duty::new().await;
    let (operations, holder) = (&duty.world.operations, &duty.world.holder);
    let ann = duty.technician(duty.asking, "ann@example.com").await;
    let account = duty.world.master.person().unwrap().account;
    let version = technicians::see(operations, holder, account).await.unwrap().account.version;
    let to = Role::Administrator;
    administrators::change_role(operations, holder, account, version, to, None, None)
        .await
        .unwrap();
    administrators::assign(operations, holder, duty.world.inside, account).await.unwrap();
    let mut stale = duty.world.sign_in("mara@example.com").await;
    if let Who::Person(actor) = &mut stale.who {
        actor.role = Role::Master;
    }
    refused(duty.moved(&stale, &[ann], duty.beside).await);
    let below = make(operations, duty.asking, "Below").await;
    refused(groups::move_below(operations, &stale, below, duty.beside).await);
}
