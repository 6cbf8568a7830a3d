//! Holds the first load to its limit. What is measured is also compiled, so that a small file that is no
//! module doesn't pass for a small module.

use crate::{
    Outcome,
    bench::first_load::{LIMIT, Shipped},
    command::{command, read},
    npm, say,
};

const COMPILE: &str = "
const sent = require('node:fs').readFileSync(process.argv[1]);
WebAssembly.compile(require('node:zlib').brotliDecompressSync(sent));
";

pub fn check() -> Outcome {
    if !npm::is_there() {
        return Err(
            "the size is that after wasm-opt, which needs Node.js: apt-get install nodejs npm"
                .into(),
        );
    }
    let site = Shipped::build()?;
    for module in site.modules() {
        read(command("node").args(["--eval", COMPILE]).arg(site.file(module)?))
            .map_err(|error| format!("what is shipped as {module} is no module: {error}"))?;
    }
    let bytes = site.first()?;
    say::result(&format!(
        "  the first load is {bytes} bytes of WebAssembly under brotli; it may be {LIMIT}"
    ));
    if bytes <= LIMIT {
        Ok(())
    } else {
        Err(format!("the first load is {bytes} bytes, {} too many", bytes - LIMIT).into())
    }
}
