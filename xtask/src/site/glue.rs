//! From cargo's module to what a browser loads: wasm-bindgen's JavaScript and the optimized WebAssembly.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use wasm_bindgen_cli_support::Bindgen;

use super::{Mode, digest, split, wasm};
use crate::{Outcome, command::read, npm, say};

pub struct Module {
    pub js: String,
    /// Loads the parts that come with pages, if the module is split.
    pub loader: Option<String>,
    /// The WebAssembly by name: the first part, called like the module, and the others.
    pub wasm: BTreeMap<String, Vec<u8>>,
}

/// The module of the pages, the one that is split.
pub const PAGES: &str = "frontend";

/// What the browsers of the last years know and Rust's compiler uses; wasm-opt may not use more.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

pub fn module(name: &str, mode: Mode, work: &Path) -> Outcome<Module> {
    let folder = work.join(name);
    fs::create_dir_all(&folder)?;
    // Read once: what is stamped is what is bound, even if cargo builds it anew meanwhile.
    let compiled = fs::read(wasm::module(name, mode)?)?;
    let optimize = mode == Mode::Release && npm::is_there();
    let recipe = digest::recipe()?;
    let inputs = digest::of([&compiled[..], recipe.as_bytes(), &[u8::from(optimize)]]);
    let (bound, finished) = (folder.join("bound"), folder.join("finished"));

    digest::once(&folder.join("stamp"), &inputs, || {
        emptied(&bound)?;
        emptied(&finished)?;
        say::quiet(&format!("binding {name} to JavaScript"), || bind(name, compiled, &bound))?;
        if mode == Mode::Release && !optimize {
            say::progress(
                "  Node.js is missing: the WebAssembly is not optimized, and twice as large",
            );
        }
        for file in modules(&bound)? {
            let to = finished.join(file.file_name().unwrap_or_default());
            if optimize { self::optimize(name, &file, &to)? } else { fs::rename(file, to)? }
        }
        Ok(())
    })?;
    let named = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read(file)?))
    };
    let loader = bound.join(split::LOADER);
    Ok(Module {
        js: fs::read_to_string(bound.join("module.js"))?,
        loader: loader.exists().then(|| fs::read_to_string(loader)).transpose()?,
        wasm: modules(&finished)?.iter().map(named).collect::<Outcome<_>>()?,
    })
}

fn emptied(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

fn modules(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = super::files(folder)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    Ok(files)
}

fn bind(name: &str, compiled: Vec<u8>, folder: &Path) -> Outcome {
    let mut bindgen = Bindgen::new();
    if name == PAGES {
        let first = split::split(name, &compiled, folder)?;
        // The other parts find what they need of the first one by the linker's names.
        bindgen.keep_lld_exports(true).demangle(false).input_bytes("module", first);
    } else {
        bindgen.input_bytes("module", compiled);
    }
    // Names carry digests, so the page says where the module is; the script can't know.
    bindgen.web(true)?.omit_default_module_path(true).typescript(false).generate(folder)?;
    if folder.join("snippets").exists() {
        return Err("a dependency brings JavaScript files of its own, which have no name among the assets yet".into());
    }
    Ok(fs::rename(folder.join("module_bg.wasm"), folder.join(format!("{name}.wasm")))?)
}

/// The pages' module is loaded before anything can be seen, so its size counts; the worker's is loaded
/// when a file is there to check, and then its speed counts.
fn optimize(name: &str, bound: &Path, wasm: &Path) -> Outcome {
    npm::install()?;
    let level = if name == PAGES { "-Oz" } else { "-O3" };
    let file = wasm.file_name().unwrap_or_default().to_string_lossy();
    say::quiet(&format!("optimizing {file}"), || {
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
