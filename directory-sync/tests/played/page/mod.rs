//! The page of `muster-sync setup --browser`: its steps, and those who have no business there.

mod attacks;
mod ends;
mod steps;
mod visitor;
