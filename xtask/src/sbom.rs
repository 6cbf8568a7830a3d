//! What the release is made of, as `CycloneDX` in JSON: every crate that is linked into the programs or into
//! what they send to browsers, by `cargo metadata` and the lock file's digests.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
};

use serde_json::{Value, json};

use crate::{
    Outcome,
    command::{cargo, read},
    place,
};

/// What is shipped.
const ROOTS: [&str; 4] = ["server", "directory-sync", "frontend", "import-worker"];

pub fn write() -> Outcome {
    let metadata = read(&mut cargo(&["metadata", "--format-version=1", "--locked"]))?;
    let lock = fs::read_to_string(place::root().join("Cargo.lock"))?;
    let sbom = sbom(&serde_json::from_str(&metadata)?, &digests(&toml::from_str(&lock)?));
    let file = place::muster("release")?.with_file_name("muster.cdx.json");
    Ok(fs::write(file, serde_json::to_string_pretty(&sbom)?)?)
}

type Digests = HashMap<(String, String), String>;

fn digests(lock: &toml::Value) -> Digests {
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let digests = packages.into_iter().flatten().filter_map(|package| {
        let of = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
        Some(((of("name")?, of("version")?), of("checksum")?))
    });
    digests.collect()
}

fn sbom(metadata: &Value, digests: &Digests) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages: HashMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|it| (text(&it["id"]), it)).collect();
    let mut nodes: HashMap<String, Vec<String>> = HashMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        // What only builds or tests it isn't in it.
        let linked = list(&node["deps"]).into_iter().filter(|dependency| {
            list(&dependency["dep_kinds"]).iter().any(|it| it["kind"].is_null())
        });
        nodes.insert(text(&node["id"]), linked.map(|it| text(&it["pkg"])).collect());
    }
    let is_root = |package: &&Value| ROOTS.contains(&package["name"].as_str().unwrap_or_default());
    let mut waiting: Vec<String> =
        packages.values().filter(is_root).map(|package| text(&package["id"])).collect();
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        let Some(package) = packages.get(&id).filter(|_| !found.contains_key(&id)) else {
            continue;
        };
        found.insert(id.clone(), component(package, digests));
        waiting.extend(nodes.get(&id).into_iter().flatten().cloned());
    }
    let reference = |id: &String| packages.get(id).map(purl);
    let dependencies = found.keys().map(|id| {
        let on: Vec<_> = nodes.get(id).into_iter().flatten().filter_map(reference).collect();
        json!({ "ref": reference(id), "dependsOn": on })
    });
    let dependencies: Vec<_> = dependencies.collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "name": "muster", "version": env!("CARGO_PKG_VERSION"),
        }},
        "components": found.into_values().collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}

fn component(package: &Value, digests: &Digests) -> Value {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "name": name,
        "version": version,
        "purl": purl(package),
    });
    if let Some(license) = package["license"].as_str() {
        // As Cargo took it once.
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(digest) = digests.get(&(name, version)) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": digest }]);
    }
    component
}

fn purl(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", text(&package["name"]), text(&package["version"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_listed_with_licence_and_digest() {
        let package = |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0" });
        let on = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let packages = ["server", "linked", "builds", "xtask"].map(package);
        let metadata = json!({
            "packages": packages,
            "resolve": { "nodes": [
                { "id": "server", "deps": [on("linked", Value::Null), on("builds", json!("build"))] },
                { "id": "xtask", "deps": [] },
            ]},
        });
        let key = ("linked".to_owned(), "1.0.0".to_owned());
        let sbom = sbom(&metadata, &[(key, "abc".to_owned())].into());
        let names: Vec<_> = sbom["components"].as_array().into_iter().flatten().collect();
        assert_eq!(names.len(), 2);
        assert_eq!(names[0]["purl"], "pkg:cargo/linked@1.0.0");
        assert_eq!(names[0]["hashes"][0]["content"], "abc");
        assert_eq!(names[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(sbom["dependencies"][1]["dependsOn"], json!(["pkg:cargo/linked@1.0.0"]));
    }
}
