//! A large directory: every look-up is one, or this would not end.

use super::world::{World, person};
use crate::directory::plan::Approval;
use crate::directory::protocol::Finding;

#[test]
fn a_hundred_thousand_people() {
    const PEOPLE: u32 = 100_000;
    let mut world = World::in_step(PEOPLE);
    // Everybody takes the email of the next; the last is gone, and in the way of all of them.
    for number in 1..PEOPLE {
        world.people[number as usize - 1].email = format!("p{}@x.test", number + 1);
    }
    world.gone(PEOPLE, Finding::NoSuchObject);
    let plan = world.plan().unwrap();
    assert_eq!(plan.failed.len(), PEOPLE as usize - 1);
    assert_eq!(plan.disables.len(), 1);

    let mut world = World::in_step(0);
    world.known.first_run = true;
    world.people = (1..=PEOPLE).map(person).collect();
    let held = world.plan().unwrap().held.unwrap();
    let plan = world.approved(&Approval { steps: held.waiting }).unwrap();
    assert_eq!(plan.creates.len(), PEOPLE as usize);
    assert!(plan.settles());
}
