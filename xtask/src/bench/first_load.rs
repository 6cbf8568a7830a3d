//! How much WebAssembly the browser loads before Muster can be used, as it travels: under brotli.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::Figure;
use crate::{
    Outcome,
    site::{self, Mode},
};

/// What it is to be, in bytes.
pub const LIMIT: u64 = 300_000;
/// What it may be until the limit is reached: it never grows, and falls with every step there.
pub const CEILING: u64 = 385_000;

pub fn bench() -> Outcome<Vec<Figure>> {
    let bytes = wasm()?;
    #[expect(clippy::cast_precision_loss, reason = "a file's size, far below 2⁵²")]
    let (value, limit) = (bytes as f64, LIMIT as f64);
    Ok(vec![Figure {
        name: "first-load-wasm-brotli",
        value,
        unit: "bytes",
        against: format!("the limit of {LIMIT} bytes"),
        ratio: value / limit,
    }])
}

/// Builds the release site, publishes nothing, and returns the size.
pub fn wasm() -> Outcome<u64> {
    let site = site::build(Mode::Release)?;
    Ok(fs::metadata(shipped(&site, "frontend.wasm")?)?.len())
}

/// An asset of the release site as it travels, under brotli.
pub fn shipped(site: &Path, name: &str) -> Outcome<PathBuf> {
    let names: serde_json::Value = serde_json::from_slice(&fs::read(site.join("assets.json"))?)?;
    let name = names[name].as_str().ok_or_else(|| format!("the site has no {name}"))?;
    Ok(site.join(format!("{name}.br")))
}
