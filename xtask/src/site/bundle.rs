//! The folder of finished assets: each under a name that its contents give, beside it its compressed forms,
//! and `assets.json`, which tells the name of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::PathBuf,
    thread,
};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use super::{Mode, digest};
use crate::{Outcome, say};

const MANIFEST: &str = "assets.json";

/// What compression makes smaller; pictures and fonts are compressed as they are.
const TEXT: [&str; 7] = ["css", "js", "json", "svg", "txt", "wasm", "webmanifest"];

pub struct Bundle {
    folder: PathBuf,
    names: BTreeMap<String, String>,
}

impl Bundle {
    pub fn open(folder: PathBuf) -> Outcome<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, names: BTreeMap::new() })
    }

    /// Adds an asset and returns the name under which it is served.
    pub fn add(&mut self, name: &str, contents: &[u8]) -> Outcome<String> {
        self.add_named(name, &digest::of([contents]), contents)
    }

    /// Adds assets and returns under which name each is served.
    pub fn add_all(
        &mut self,
        assets: BTreeMap<String, Vec<u8>>,
    ) -> Outcome<BTreeMap<String, String>> {
        let add = |(name, contents): (String, Vec<u8>)| {
            let hashed = self.add(&name, &contents)?;
            Ok((name, hashed))
        };
        assets.into_iter().map(add).collect()
    }

    /// Adds an asset under a digest that isn't its own.
    pub fn add_named(&mut self, name: &str, digest: &str, contents: &[u8]) -> Outcome<String> {
        let (stem, extension) =
            name.rsplit_once('.').ok_or_else(|| format!("asset {name} has no extension"))?;
        let hashed = format!("{stem}-{digest}.{extension}");
        self.put(&hashed, contents)?;
        self.names.insert(name.to_owned(), hashed.clone());
        Ok(hashed)
    }

    pub fn name_of(&self, name: &str) -> Option<String> {
        self.names.get(name).cloned()
    }

    /// Compresses what is to be shipped, writes the manifest and removes what no longer belongs.
    pub fn finish(self, mode: Mode) -> Outcome {
        let mut wanted: BTreeSet<String> = self.names.values().cloned().collect();
        wanted.insert(MANIFEST.to_owned());
        if mode == Mode::Release {
            wanted.extend(self.compress()?);
        }
        self.put(MANIFEST, &serde_json::to_vec_pretty(&self.names)?)?;
        for file in super::files(&self.folder)? {
            if file
                .file_name()
                .and_then(|name| name.to_str())
                .is_none_or(|name| !wanted.contains(name))
            {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }

    /// The names of the compressed forms. Those of an unchanged file are there already.
    fn compress(&self) -> Outcome<Vec<String>> {
        let text = |name: &&String| name.rsplit('.').next().is_some_and(|end| TEXT.contains(&end));
        let texts: Vec<&String> = self.names.values().filter(text).collect();
        let forms = || texts.iter().flat_map(|name| [format!("{name}.br"), format!("{name}.gz")]);
        let missing: Vec<String> =
            forms().filter(|form| !self.folder.join(form).exists()).collect();
        if !missing.is_empty() {
            say::quiet("compressing the assets", || {
                thread::scope(|scope| {
                    let workers: Vec<_> = missing
                        .iter()
                        .map(|form| scope.spawn(|| self.compress_one(form)))
                        .collect();
                    let mut done = workers
                        .into_iter()
                        .map(|worker| worker.join().unwrap_or_else(|_| Err("panic".into())));
                    done.try_for_each(|one| one)
                })
                .map_err(|error| format!("compressing failed: {error}").into())
            })?;
        }
        Ok(forms().collect())
    }

    fn compress_one(&self, form: &str) -> Result<(), String> {
        let (name, kind) = form.rsplit_once('.').unwrap_or((form, ""));
        let contents = fs::read(self.folder.join(name)).map_err(|error| error.to_string())?;
        let compressed = if kind == "br" { brotli(&contents) } else { gzip(&contents) };
        let compressed = compressed.map_err(|error| error.to_string())?;
        self.put(form, &compressed).map_err(|error| error.to_string())
    }

    /// Writes the file in one move unless it is there, with these contents.
    fn put(&self, name: &str, contents: &[u8]) -> Outcome {
        let file = self.folder.join(name);
        if fs::read(&file).is_ok_and(|there| there == contents) {
            return Ok(());
        }
        let part = self.folder.join(format!("{name}.part"));
        fs::write(&part, contents)?;
        Ok(fs::rename(part, file)?)
    }
}

fn brotli(mut contents: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = BrotliEncoderParams { quality: 11, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut contents, &mut compressed, &best)?;
    Ok(compressed)
}

fn gzip(contents: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents)?;
    encoder.finish()
}
