//! From cargo's module to what a browser loads: wasm-bindgen's JavaScript and the optimized WebAssembly.

use std::{fs, path::Path};

use wasm_bindgen_cli_support::Bindgen;

use super::{Mode, digest, wasm};
use crate::{Outcome, command::read, npm, say};

pub struct Module {
    pub js: String,
    pub wasm: Vec<u8>,
}

/// What the browsers of the last years know and Rust's compiler uses; wasm-opt may not use more.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub fn module(name: &str, mode: Mode, work: &Path) -> Outcome<Module> {
    let folder = work.join(name);
    fs::create_dir_all(&folder)?;
    // Read once: what is stamped is what is bound, even if cargo builds it anew meanwhile.
    let compiled = fs::read(wasm::module(name, mode)?)?;
    let optimize = mode == Mode::Release && npm::is_there();
    let recipe = digest::recipe()?;
    let inputs = digest::of([&compiled[..], recipe.as_bytes(), &[u8::from(optimize)]]);
    let (bound, wasm) = (folder.join("module_bg.wasm"), folder.join("finished.wasm"));

    digest::once(&folder.join("stamp"), &inputs, || {
        say::quiet(&format!("binding {name} to JavaScript"), || bind(compiled, &folder))?;
        if optimize {
            return self::optimize(name, &bound, &wasm);
        }
        if mode == Mode::Release {
            say::progress(
                "  Node.js is missing: the WebAssembly is not optimized, and twice as large",
            );
        }
        Ok(fs::rename(&bound, &wasm)?)
    })?;
    Ok(Module { js: fs::read_to_string(folder.join("module.js"))?, wasm: fs::read(wasm)? })
}

fn bind(compiled: Vec<u8>, folder: &Path) -> Outcome {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("module", compiled).web(true)?;
    // Names carry digests, so the page says where the module is; the script can't know.
    bindgen.omit_default_module_path(true).typescript(false).generate(folder)?;
    if folder.join("snippets").exists() {
        return Err("a dependency brings JavaScript files of its own, which have no name among the assets yet".into());
    }
    Ok(())
}

/// The page's module is loaded before anything can be seen, so its size counts; the worker's is loaded
/// when a file is there to check, and then its speed counts.
fn optimize(name: &str, bound: &Path, wasm: &Path) -> Outcome {
    npm::install()?;
    let level = if name == "frontend" { "-Oz" } else { "-O3" };
    say::quiet(&format!("optimizing {name}"), || {
        let mut tool = npm::tool("wasm-opt");
        tool.arg(level).args(FEATURES).args(["--strip-debug", "--strip-producers"]);
        read(tool.arg(bound).arg("-o").arg(wasm))
    })?;
    Ok(())
}

/// The worker's script starts itself, so that the page needs nothing but `new Worker(url, {type: "module"})`:
/// no inline script, no second file, and the content security policy stays as it is. The module lies beside
/// the script, under the name that its digest gives. Messages that come before `start()` has run are kept
/// and delivered then: while a script waits, a worker drops them.
pub fn starting(js: &str, wasm: &str) -> String {
    format!(
        r#"{js}
const early = [];
const keep = (event) => early.push(event);
self.addEventListener("message", keep);
await __wbg_init({{ module_or_path: new URL("{wasm}", import.meta.url) }});
self.removeEventListener("message", keep);
await start();
for (const {{ data, ports }} of early) self.dispatchEvent(new MessageEvent("message", {{ data, ports: [...ports] }}));
"#
    )
}
