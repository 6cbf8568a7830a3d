//! Bundles `style/main.css` and what it imports into one file.

use lightningcss::{
    bundler::{Bundler, FileProvider},
    dependencies::{Dependency, DependencyOptions},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};

use super::Mode;
use crate::{Outcome, place};

/// The first versions that know both nesting and `light-dark()`: those stay as they are written, and what
/// still needs a prefix gets one. Sixteen bits major, eight minor, eight patch.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(123 << 16),
    edge: Some(123 << 16),
    firefox: Some(120 << 16),
    ie: None,
    ios_saf: Some(17 << 16 | 5 << 8),
    opera: None,
    safari: Some(17 << 16 | 5 << 8),
    samsung: None,
};

/// `name_of` tells under which name an asset is served; the styles name them by `url(static/…)`.
pub fn bundle(mode: Mode, name_of: impl Fn(&str) -> Option<String>) -> Outcome<String> {
    let main = place::style().join("main.css");
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(&main).map_err(|error| format!("style: {error}"))?;
    let targets = Targets::from(BROWSERS);
    if mode == Mode::Release {
        let options = MinifyOptions { targets, ..MinifyOptions::default() };
        sheet.minify(options).map_err(|error| format!("style: {error}"))?;
    }
    let options = PrinterOptions {
        minify: mode == Mode::Release,
        targets,
        analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
        ..PrinterOptions::default()
    };
    let printed = sheet.to_css(options).map_err(|error| format!("style: {error}"))?;

    let mut css = printed.code;
    for dependency in printed.dependencies.unwrap_or_default() {
        let Dependency::Url(link) = dependency else { continue };
        let inline = link.url.starts_with("data:") || link.url.starts_with('#');
        let name = if inline { Some(link.url.clone()) } else { name_of(file_name(&link.url)) };
        let name = name.ok_or_else(|| format!("style: {} is not in style/static/", link.url))?;
        css = css.replace(&link.placeholder, &name);
    }
    Ok(css)
}

fn file_name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
