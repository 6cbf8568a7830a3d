//! The configuration file: TOML, a key per setting, named as its flag.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

const KEYS: [&str; 12] = [
    "database",
    "key-file",
    "listen",
    "log",
    "log-level",
    "max-connections",
    "max-connections-per-address",
    "public-url",
    "stop-delay",
    "tls-cert",
    "tls-key",
    "trusted-proxy",
];

#[derive(Debug)]
pub struct File {
    pub path: PathBuf,
    /// By the settings' names with underscores.
    pub values: BTreeMap<String, String>,
}

pub fn read(path: &Path) -> Result<File> {
    let refuse = |why: String| Failure::Usage(format!("--config: {}: {why}", path.display()));
    let text = fs::read_to_string(path)
        .map_err(|error| refuse(format!("This file can't be read: {error}.")))?;
    let values = parse(&text).map_err(refuse)?;
    Ok(File { path: path.to_owned(), values })
}

fn parse(text: &str) -> std::result::Result<BTreeMap<String, String>, String> {
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| format!("This is not TOML.\n{error}"))?;
    table.into_iter().map(|(key, value)| setting(&key, value)).collect()
}

fn setting(key: &str, value: toml::Value) -> std::result::Result<(String, String), String> {
    let key = key.replace('_', "-");
    if !KEYS.contains(&key.as_str()) {
        return Err(format!("“{key}” is no setting. The settings are {}.", KEYS.join(", ")));
    }
    match value {
        toml::Value::String(text) => Ok((key.replace('-', "_"), text)),
        toml::Value::Integer(number) if key.starts_with("max-") || key == "stop-delay" => {
            Ok((key.replace('-', "_"), number.to_string()))
        }
        _ => Err(format!("{key} must be a text: {key} = \"…\".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_flags_names_and_unknown_ones_are_refused() {
        let values =
            parse("listen = \"[::1]:80\"\ntls-cert = \"a\"\nlog_level = \"warn\"").unwrap();
        assert_eq!(values.keys().collect::<Vec<_>>(), ["listen", "log_level", "tls_cert"]);
        let check = |text: &str, expected: &str| {
            let found = parse(text).unwrap_err();
            assert!(found.contains(expected), "{found}");
        };
        check(
            "listn = \"x\"",
            "“listn” is no setting. The settings are database, key-file, listen,",
        );
        check("listen = 3000", "listen must be a text: listen = \"…\".");
        check("listen", "This is not TOML.");
    }
}
