//! One module for each address.

pub mod account;
pub mod administrators;
pub mod audit;
pub mod choose_password;
pub mod frame;
pub mod group_search;
pub mod import;
pub mod not_found;
pub mod organization;
pub mod palette;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod two_step;
