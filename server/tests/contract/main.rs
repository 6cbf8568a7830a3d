//! What scripts and browsers rely on, tried on the real program: its command line, its layers, its
//! import. Each test has a database of its own and an own port.

mod support;

mod commands;
mod configuration;
mod import_commands;
mod imports;
mod serving;
mod sign_in;
