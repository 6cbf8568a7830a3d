//! What both databases promise. Each test is one function that runs once on SQLite and once on
//! PostgreSQL; the latter needs `MUSTER_TEST_POSTGRES`, the address of a superuser of a cluster
//! that is there for tests, and says so where it is missing. `cargo xtask test` sets it.

#![cfg(test)]

#[macro_use]
mod place;

mod accounts;
mod administrators;
mod arrange;
mod audit;
mod back_up;
mod concurrency;
mod create_many;
mod credentials;
mod devices;
mod directory;
mod directory_people;
mod edit;
mod failures;
mod groups;
mod import_rows;
mod imports;
mod keys;
mod lists;
mod make;
mod moves;
mod opening;
mod passkeys;
mod pending;
mod people;
mod permits;
mod policy;
mod release_before;
mod rules;
mod search;
mod seats;
mod sessions;
mod settings;
mod staged;
mod starting;
mod transfer;
mod undo;
