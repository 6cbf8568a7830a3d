//! Directory synchronization: what the service beside the domain controller and the server tell
//! each other, and what the server does about it. The service reads and decides nothing; the plan
//! is made here.

pub mod plan;
pub mod protocol;
pub mod view;
mod words;
