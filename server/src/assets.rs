//! The built assets: embedded in a release build, read from `target/site/` by a debug build. What is built,
//! named and compressed, and how, is `xtask`'s matter; here the files are found and sent. What this build
//! hasn't got, a server of another version may have kept in the database.

mod others;

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use operations::assets::Asset;
use rust_embed::RustEmbed;

pub use others::Others;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// `cargo xtask build` sets this to the manifest's text. That it is named here makes other assets another
/// build; of files that are only embedded cargo sees no change.
const EMBEDDED: Option<&str> = option_env!("MUSTER_SITE");

/// The names under which assets are served, by the names that the sources give them.
type Manifest = BTreeMap<String, String>;

/// Where the page finds its parts.
#[derive(Clone, Debug)]
pub struct Urls {
    pub frontend_js: String,
    pub frontend_wasm: String,
    pub loader_js: String,
    /// What pages need beside the first part, by the names of who needs it, joined by dots.
    pub parts: Vec<(String, String)>,
    pub worker_js: String,
    pub worker_wasm: String,
    pub css: String,
    pub favicon: String,
}

/// While developing, read them for each page: the assets may have been built anew.
pub fn urls() -> Urls {
    Urls {
        frontend_js: url("frontend.js"),
        frontend_wasm: url("frontend.wasm"),
        loader_js: url("frontend-loader.js"),
        parts: parts(),
        worker_js: url("import-worker.js"),
        worker_wasm: url("import-worker.wasm"),
        css: url("main.css"),
        favicon: url("favicon.svg"),
    }
}

/// The address of an asset. One that was not built has an address where nothing is.
pub fn url(name: &str) -> String {
    let manifest = manifest();
    format!("/assets/{}", manifest.get(name).map_or(name, String::as_str))
}

fn parts() -> Vec<(String, String)> {
    let part = |(name, served): (&String, &String)| {
        let needed = name.strip_prefix("frontend.")?.strip_suffix(".wasm")?;
        Some((needed.to_owned(), format!("/assets/{served}")))
    };
    manifest().iter().filter_map(part).collect()
}

/// Whether there are assets at all: without them the pages have neither style nor script.
pub fn are_built() -> bool {
    !manifest().is_empty()
}

/// An asset of this build; `None`: it is none.
pub fn own(name: &str, headers: &HeaderMap) -> Option<Response> {
    if !manifest().values().any(|known| known == name) {
        return None;
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let (contents, encoding) = find(name, accepted.unwrap_or_default())?;
    Some(answer(name, contents, encoding))
}

/// What servers of other versions may be asked for. While developing, every build is another version:
/// nothing is kept.
pub fn to_keep() -> Vec<Asset> {
    if cfg!(debug_assertions) {
        return Vec::new();
    }
    let kept = |name: &String| {
        let packed = Site::get(&format!("{name}.gz"));
        let compressed = packed.is_some();
        let contents = packed.or_else(|| Site::get(name))?.data;
        Some(Asset { name: name.clone(), compressed, contents })
    };
    manifest().values().filter_map(kept).collect()
}

/// A name carries its contents' digest, so what it names never changes.
fn answer(name: &str, contents: impl IntoResponse, encoding: Option<&'static str>) -> Response {
    let mut response = contents.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form that the browser takes and that there is.
fn find(name: &str, accepted: &str) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    let compressed =
        [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, extension)| {
            let file = accepts(accepted, encoding)
                .then(|| Site::get(&format!("{name}.{extension}")))??;
            Some((file.data, Some(encoding)))
        });
    compressed.or_else(|| Some((Site::get(name)?.data, None)))
}

/// RFC 9110, section 12.5.3, as far as it concerns a server that prefers by size: a coding is taken
/// when it is named, unless its weight is zero.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        // Only under this type does a browser compile it while it loads.
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn manifest() -> Cow<'static, Manifest> {
    static EMBEDDED_MANIFEST: LazyLock<Manifest> = LazyLock::new(read_manifest);
    if cfg!(debug_assertions) {
        Cow::Owned(read_manifest())
    } else {
        Cow::Borrowed(&EMBEDDED_MANIFEST)
    }
}

fn read_manifest() -> Manifest {
    let file = Site::get("assets.json").map(|file| file.data);
    let text = EMBEDDED.map(|text| Cow::Borrowed(text.as_bytes())).or(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named() {
        for (accepted, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("gzip;q=0.5, br;q=0", false, true),
            ("BR", true, false),
            ("identity", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (accepts(accepted, "br"), accepts(accepted, "gzip")),
                (brotli, gzip),
                "{accepted}"
            );
        }
    }

    #[test]
    fn only_what_the_manifest_names_is_served() {
        for name in ["assets.json", "../../Cargo.toml", "frontend.js", ""] {
            assert!(own(name, &HeaderMap::new()).is_none(), "{name}");
        }
    }

    #[test]
    fn an_asset_that_was_not_built_has_an_address_where_nothing_is() {
        assert_eq!(url("nothing.css"), "/assets/nothing.css");
    }
}
