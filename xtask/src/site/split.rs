//! Cuts a module where `app::lazy` marks it: the first part is loaded at once, each of the others with the
//! pages that need it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use wasm_split_cli_support::{Options, transform};

use crate::Outcome;

/// The script that loads the other parts; it and the first part's script import each other.
pub const LOADER: &str = "loader.js";

/// Writes the loader and the other parts into the folder and returns the first part, still to be bound
/// to JavaScript. A part is called `<name>.<who needs it>.wasm`; several names are joined by dots.
pub fn split(name: &str, compiled: &[u8], folder: &Path) -> Outcome<Vec<u8>> {
    let (first, link) = (folder.join("first.wasm"), format!("./{LOADER}"));
    let mut options = Options::new(compiled);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = "./module.js";
    options.link_name = &link;
    let split = transform(options).map_err(|error| format!("{error:#}"))?;

    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (page, parts) in split.prefetch_map {
        for part in parts {
            needed.entry(part).or_default().insert(page.clone());
        }
    }
    let loader = folder.join(LOADER);
    let mut script = fs::read_to_string(&loader)?;
    for (part, pages) in needed {
        let pages = pages.into_iter().collect::<Vec<_>>().join(".");
        let (old, new) = (format!("{part}.wasm"), format!("{name}.{pages}.wasm"));
        fs::rename(folder.join(&old), folder.join(&new))?;
        script = script.replace(&format!("\"./{old}\""), &format!("\"./{new}\""));
    }
    fs::write(loader, script)?;
    let contents = fs::read(&first)?;
    fs::remove_file(first)?;
    Ok(contents)
}
