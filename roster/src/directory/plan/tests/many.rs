//! A large directory: every look-up is one, or this would not end.

use super::world::{World, person};
use crate::directory::plan::Approval;
use crate::directory::protocol::Finding;

#[test]
fn a_hundred_thousand_people() {
    const PEOPLE: u32 = 100_000;
    let mut world = World::in_step(PEOPLE);
    // Everybody takes the email of the next; the last can't be read, and is in the way of all of them.
    for number in 1..PEOPLE {
        world.people[number as usize - 1].email = format!("p{}@x.test", number + 1);
    }
    world.gone(PEOPLE, Finding::Unreadable);
    assert_eq!(world.plan().unwrap().failed.len(), PEOPLE as usize);
    // The last is gone: their email goes to the one before, and all of it waits.
    world.absent[0].finding = Finding::NoSuchObject;
    let plan = world.plan().unwrap();
    assert_eq!((plan.failed.len(), plan.disables.len()), (0, 1));
    assert_eq!(plan.held.unwrap().waiting.len(), PEOPLE as usize);

    let mut world = World::in_step(0);
    world.known.first_run = true;
    world.people = (1..=PEOPLE).map(person).collect();
    let held = world.plan().unwrap().held.unwrap();
    let plan = world.approved(&Approval { steps: held.waiting }).unwrap();
    assert_eq!(plan.creates.len(), PEOPLE as usize);
    assert!(plan.settles());
}
