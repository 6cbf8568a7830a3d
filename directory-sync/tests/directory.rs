//! What is kept in step, in a real Active Directory: Samba's, each test with one of its own. They run
//! where `MUSTER_TEST_SAMBA` is set, and need root, Samba's packages, iproute2 and util-linux.

#[path = "directory/reading.rs"]
mod reading;
#[path = "directory/samba/mod.rs"]
mod samba;
