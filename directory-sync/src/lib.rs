//! `muster-sync`: reads Active Directory from a domain controller and sends what it read to `muster`. All
//! decisions are the server's: it plans, refuses, applies and audits.

pub mod arguments;
pub mod browser;
pub mod clock;
pub mod commands;
pub mod configuration;
pub mod connect;
pub mod directory;
pub mod failure;
pub mod ldap;
pub mod log;
pub mod memory;
pub mod program;
pub mod run;
pub mod say;
pub mod server;
pub mod service;
pub mod setup;
pub mod state;
pub mod system;
pub mod tls;
pub mod under_way;
