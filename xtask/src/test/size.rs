//! Holds the first load to its limit.

use crate::{Outcome, bench::first_load, npm, say};

pub fn check() -> Outcome {
    if !npm::is_there() {
        return Err(
            "the size is that after wasm-opt, which needs Node.js: apt-get install nodejs npm"
                .into(),
        );
    }
    let (bytes, limit) = (first_load::wasm()?, first_load::LIMIT);
    say::result(&format!(
        "  the first load is {bytes} bytes of WebAssembly under brotli; the limit is {limit}"
    ));
    if bytes <= limit {
        Ok(())
    } else {
        Err(format!("the first load is {bytes} bytes, {} too many", bytes - limit).into())
    }
}
