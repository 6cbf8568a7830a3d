//! What the fuzzers found worth keeping, without a fuzzer.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

fn each(corpus: &str, target: fn(&[u8])) {
    let folder = format!("{}/fuzz/corpus/{corpus}", env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}")) {
        target(&std::fs::read(entry.unwrap().path()).unwrap());
        files += 1;
    }
    assert!(files > 0, "{folder} is empty");
}

#[test]
fn csv() {
    each("csv", targets::csv);
}

#[test]
fn json() {
    each("json", targets::json);
}

#[test]
fn decode() {
    each("decode", targets::text);
}
