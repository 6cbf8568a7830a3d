//! `cargo xtask bench directory`: a directory of many people, as the server takes it by itself, and as it
//! goes with the programs that are shipped, beside a controller.

mod programs;
mod server;

use super::Figure;
use crate::{Outcome, say};

pub fn bench() -> Outcome<Vec<Figure>> {
    let mut figures = server::figures()?;
    figures.extend(programs::figures()?);
    for figure in figures.iter().filter(|figure| figure.ratio > 1.0) {
        say::progress(&format!("{} is to be 1 at most", figure.name));
    }
    Ok(figures)
}
