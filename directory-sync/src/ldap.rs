//! LDAP as Active Directory speaks it: connections that are always encrypted, searches that either
//! end well or failed, and values as bytes. What the values mean is in `directory`.

mod bind;
pub mod connect;
pub mod controls;
pub mod dn;
pub mod entry;
pub mod filter;
mod kerberos;
pub mod locate;
pub mod search;

pub use bind::Account;
pub use connect::{Connection, Controller};
pub use entry::Entry;
