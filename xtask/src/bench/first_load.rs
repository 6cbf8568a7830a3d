//! How much WebAssembly the browser loads before Muster can be used, and how much more with a page that
//! comes after, as it travels: under brotli.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::Figure;
use crate::{
    Outcome,
    site::{self, Mode},
};

/// In bytes: what the sign-in page, the first that anybody sees, may load.
pub const LIMIT: u64 = 300_000;

/// What comes with these addresses, by the part of the program that `app::lazy` gives them.
const PAGES: [(&str, &str, &str); 4] = [
    ("organization-wasm-brotli", "organization", "/organization"),
    ("import-wasm-brotli", "import", "/account/import"),
    ("other-wasm-brotli", "other", "/account and /settings"),
    ("palette-wasm-brotli", "palette", "the command palette, when it is opened first"),
];

pub fn bench() -> Outcome<Vec<Figure>> {
    let site = Shipped::build()?;
    let first = site.first()?;
    let mut figures = vec![figure(
        "first-load-wasm-brotli",
        first,
        (LIMIT, format!("the limit of {LIMIT} bytes")),
    )];
    for (name, page, address) in PAGES {
        let against = format!("the first load of {first} bytes; comes with {address}");
        figures.push(figure(name, site.with(page)?, (first, against)));
    }
    let worker = site.size("import-worker.wasm")?;
    let against = format!("the first load of {first} bytes; loaded with the first file");
    figures.push(figure("import-worker-wasm-brotli", worker, (first, against)));
    Ok(figures)
}

fn figure(name: &'static str, bytes: u64, (than, against): (u64, String)) -> Figure {
    #[expect(clippy::cast_precision_loss, reason = "a file's size, far below 2⁵²")]
    let (value, than) = (bytes as f64, than as f64);
    Figure { name: name.to_owned(), value, unit: "bytes".to_owned(), against, ratio: value / than }
}

/// The release site, built and not published.
pub struct Shipped {
    folder: PathBuf,
    names: BTreeMap<String, String>,
}

impl Shipped {
    pub fn build() -> Outcome<Self> {
        let folder = site::build(Mode::Release)?;
        let names = serde_json::from_slice(&fs::read(folder.join("assets.json"))?)?;
        Ok(Self { folder, names })
    }

    /// The modules, by the names that the sources give them.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        let is_module = |name: &&String| Path::new(name).extension().is_some_and(|it| it == "wasm");
        self.names.keys().filter(is_module).map(String::as_str)
    }

    /// An asset as it travels, under brotli.
    pub fn file(&self, name: &str) -> Outcome<PathBuf> {
        let name = self.names.get(name).ok_or_else(|| format!("the site has no {name}"))?;
        Ok(self.folder.join(format!("{name}.br")))
    }

    pub fn size(&self, name: &str) -> Outcome<u64> {
        Ok(fs::metadata(self.file(name)?)?.len())
    }

    /// The first load: of the parts that come with pages, the sign-in page needs none.
    pub fn first(&self) -> Outcome<u64> {
        self.size("frontend.wasm")
    }

    /// All parts that come with a page.
    fn with(&self, page: &str) -> Outcome<u64> {
        let needed = |name: &&str| {
            let pages = name.strip_prefix("frontend.").and_then(|name| name.strip_suffix(".wasm"));
            pages.is_some_and(|pages| pages.split('.').any(|needing| needing == page))
        };
        let parts: Vec<&str> = self.modules().filter(needed).collect();
        if parts.is_empty() {
            return Err(format!("the site has no part for {page}").into());
        }
        parts.into_iter().map(|part| self.size(part)).sum()
    }
}
