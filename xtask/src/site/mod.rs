//! Builds the assets that the browser loads. Each mode has a folder of its own under `<target>/xtask/`, where
//! nothing is done twice; `publish` then lays the files of one mode where `muster` finds them.

mod bundle;
mod css;
mod digest;
mod glue;
mod lock;
mod publish;
mod split;
mod wasm;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Outcome, machine, place};
use bundle::Bundle;
use glue::Module;

/// For whom the site is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// For developing: quick to build, not compressed.
    Debug,
    /// To be shipped: small.
    Release,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds the site and makes it the one that `muster` serves.
pub fn publish(mode: Mode) -> Outcome {
    let work = work(mode)?;
    let _building = lock::lock(&work.join("lock"))?;
    assemble(mode, &work)?;
    let site = place::site();
    let _publishing = lock::lock(&site.with_extension("lock"))?;
    publish::publish(&work.join("site"), &site)
}

/// Builds the site and returns its folder. What is there and current is left alone.
pub fn build(mode: Mode) -> Outcome<PathBuf> {
    let work = work(mode)?;
    let _building = lock::lock(&work.join("lock"))?;
    assemble(mode, &work)?;
    Ok(work.join("site"))
}

fn work(mode: Mode) -> Outcome<PathBuf> {
    Ok(place::target()?.join("xtask").join(mode.name()))
}

fn assemble(mode: Mode, work: &Path) -> Outcome {
    machine::wasm_target()?;
    wasm::compile(mode)?;
    let mut site = Bundle::open(work.join("site"))?;
    for file in files(&place::style().join("static"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        site.add(&name, &fs::read(&file)?)?;
    }
    let css = css::bundle(mode, |name| site.name_of(name))?;
    site.add("main.css", css.as_bytes())?;
    pages(&mut site, glue::module(glue::PAGES, mode, work)?)?;
    let worker = glue::module("import-worker", mode, work)?;
    let worker_wasm = site.add_all(worker.wasm)?.remove("import-worker.wasm").unwrap_or_default();
    site.add("import-worker.js", glue::starting(&worker.js, &worker_wasm).as_bytes())?;
    site.finish(mode)
}

/// The module of the pages. Its script and the loader of its parts import each other, so neither's name can be
/// the digest of all that it says: both have that of what they say but for these names.
fn pages(site: &mut Bundle, module: Module) -> Outcome {
    let mut loader = module.loader.unwrap_or_default();
    for (part, hashed) in site.add_all(module.wasm)? {
        loader = loader.replace(&format!("\"./{part}\""), &format!("\"./{hashed}\""));
    }
    let naming = |digest: &str| {
        let from = |name| format!("from \"./{name}-{digest}.js\"");
        [
            module.js.replace("from \"./loader.js\"", &from("frontend-loader")),
            loader.replace("from \"./module.js\"", &from("frontend")),
        ]
    };
    let digest = digest::of(naming("").iter().map(String::as_bytes));
    let [js, loader] = naming(&digest);
    site.add_named("frontend.js", &digest, js.as_bytes())?;
    site.add_named("frontend-loader.js", &digest, loader.as_bytes())?;
    Ok(())
}

/// The files of a folder by name; a folder that isn't there has none.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}
