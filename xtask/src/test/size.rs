//! Holds the first load to its ceiling. What is measured is also compiled, so that a small file that is no
//! module doesn't pass for a small module.

use std::fs;

use crate::{
    Outcome,
    bench::first_load::{CEILING, LIMIT, shipped},
    command::{command, read},
    npm, say,
    site::{self, Mode},
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
    let site = site::build(Mode::Release)?;
    for module in ["frontend.wasm", "import-worker.wasm"] {
        read(command("node").args(["--eval", COMPILE]).arg(shipped(&site, module)?))
            .map_err(|error| format!("what is shipped as {module} is no module: {error}"))?;
    }
    let bytes = fs::metadata(shipped(&site, "frontend.wasm")?)?.len();
    say::result(&format!(
        "  the first load is {bytes} bytes of WebAssembly under brotli; it is to be {LIMIT}, and \
         may be {CEILING} until then"
    ));
    if bytes <= CEILING {
        Ok(())
    } else {
        Err(format!("the first load is {bytes} bytes, {} too many", bytes - CEILING).into())
    }
}
