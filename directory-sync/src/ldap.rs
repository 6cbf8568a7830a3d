//! LDAP as Active Directory speaks it: connections that are always encrypted, searches that end either in
//! success or in an error, and values as bytes. `directory` interprets the values.

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
