//! What is kept in step, in a real Active Directory: Samba's, each test with one of its own, and
//! `muster` beside it. They run where `MUSTER_TEST_SAMBA` is set, with `MUSTER_TEST_MUSTER` naming the
//! program; they need root, Samba's packages, iproute2, procps and util-linux.

#[cfg(test)]
#[path = "directory/accounts.rs"]
mod accounts;
#[cfg(test)]
#[path = "directory/beginning.rs"]
mod beginning;
#[cfg(test)]
#[path = "directory/browser.rs"]
mod browser;
#[cfg(test)]
#[path = "directory/figures.rs"]
mod figures;
#[cfg(test)]
#[path = "directory/interruptions.rs"]
mod interruptions;
#[cfg(test)]
#[path = "directory/kept.rs"]
mod kept;
#[cfg(test)]
#[path = "directory/muster.rs"]
mod muster;
#[cfg(test)]
#[path = "directory/page.rs"]
mod page;
#[cfg(test)]
#[path = "directory/reading.rs"]
mod reading;
#[cfg(test)]
#[path = "directory/safety.rs"]
mod safety;
#[cfg(test)]
#[path = "directory/samba/mod.rs"]
mod samba;
#[cfg(test)]
#[path = "directory/secrets.rs"]
mod secrets;
#[cfg(test)]
#[path = "directory/traces.rs"]
mod traces;
#[cfg(test)]
#[path = "directory/windows.rs"]
mod windows;
#[cfg(test)]
#[path = "directory/wine.rs"]
mod wine;
