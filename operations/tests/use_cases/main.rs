//! The use cases over a real SQLite file, by ready actors.

#[cfg(test)]
mod authorization;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod world;
