//! What the document promises: every code of a person and of a run, with its cure.

use roster::directory::plan::{FaultCode, Rejected};
use roster::directory::protocol::Guid;

const DOCUMENT: &str = include_str!("../../docs/directory-sync.md");

#[test]
fn every_code_stands_in_the_document() {
    let rejected = [
        Rejected::NothingMapped,
        Rejected::GroupGone(Vec::new()),
        Rejected::Contradiction(Guid(uuid::Uuid::nil())),
        Rejected::Miscounted { name: String::new(), members: 1, sent: 0 },
        Rejected::Missing { what: "people", said: 1, here: 0 },
        Rejected::Digest,
    ];
    let of_people = FaultCode::ALL.iter().map(|code| code.as_str());
    for code in of_people.chain(rejected.iter().map(Rejected::code)) {
        let line = format!("\n| `{code}` | ");
        assert!(DOCUMENT.contains(&line), "docs/directory-sync.md says nothing of {code}");
    }
}
