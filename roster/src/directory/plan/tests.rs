//! The sentences of the specification as tables, and what holds for every run as properties.

mod emails;
mod kept_in_step;
mod many;
mod never_the_wrong_people;
mod properties;
mod told;
mod world;
