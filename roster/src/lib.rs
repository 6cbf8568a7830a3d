//! The rules of Muster. Nothing here performs I/O, reads a clock or draws a random number: time,
//! randomness and identifiers are arguments. The same code runs in the browser, in the server and
//! on the command line, so that a preview and its commit can't disagree.

pub mod account;
pub mod administrator;
pub mod audit;
pub mod authority;
pub mod directory;
pub mod email;
pub mod fault;
pub mod fields;
pub mod group;
pub mod hexadecimal;
pub mod history;
pub mod id;
pub mod import;
pub mod listing;
pub mod many;
pub mod own;
pub mod page;
pub mod passkey;
pub mod password;
pub mod permission;
pub mod policy;
pub mod problem;
pub mod repeat;
pub mod secret;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod starting;
pub mod text;
pub mod two_step;
pub mod worker;
