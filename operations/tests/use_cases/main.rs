//! The use cases over a real SQLite file, by ready actors; those that two requests at once could break also
//! over PostgreSQL, whose address is in `MUSTER_TEST_POSTGRES`. `cargo xtask test` sets it.

#[cfg(test)]
#[macro_use]
mod database;

#[cfg(test)]
mod access;
#[cfg(test)]
mod administrators;
#[cfg(test)]
mod all_or_nothing;
#[cfg(test)]
mod arrange;
#[cfg(test)]
mod assets;
#[cfg(test)]
mod attempts;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod authorization;
#[cfg(test)]
mod bring;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod device;
#[cfg(test)]
mod directions;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod directory_bounds;
#[cfg(test)]
mod directory_held;
#[cfg(test)]
mod directory_leavers;
#[cfg(test)]
mod directory_tokens;
#[cfg(test)]
mod directory_world;
#[cfg(test)]
mod enrollment_code;
#[cfg(test)]
mod history;
#[cfg(test)]
mod import_retries;
#[cfg(test)]
mod import_undo;
#[cfg(test)]
mod import_updates;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod in_the_middle;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod many;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod session;
#[cfg(test)]
mod set_up;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod two_step;
#[cfg(test)]
mod two_step_duty;
#[cfg(test)]
mod world;
