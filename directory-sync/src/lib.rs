//! `muster-sync`: reads Active Directory beside its controller and sends what it saw to `muster`.
//! It reads all and decides nothing: the server plans, refuses, applies and audits.

pub mod clock;
pub mod directory;
pub mod failure;
pub mod ldap;
pub mod tls;
