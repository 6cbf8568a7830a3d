//! What the document promises: every code with its cure.

use directory_sync::failure::CODES;

const DOCUMENT: &str = include_str!("../../docs/directory-sync.md");

#[test]
fn every_code_stands_in_the_document() {
    for code in CODES {
        let line = format!("\n| `{code}` | ");
        assert!(DOCUMENT.contains(&line), "docs/directory-sync.md says nothing of {code}");
    }
}
