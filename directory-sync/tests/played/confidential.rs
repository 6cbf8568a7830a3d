//! Attributes that are confidential: the access list lets everybody read them, and the directory doesn't show
//! them all the same.

use roster::directory::protocol::Read;

use super::directory::{Objects, guid};
use super::stage::{GROUP, Stage};

/// `S-1-5-11`: everybody who is signed in. It may read every property.
const EVERYBODY: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0];

fn all_may_read() -> Vec<u8> {
    let head = [1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
    let list = [4, 0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0x10, 0, 0, 0];
    [&head[..], &list, &EVERYBODY].concat()
}

#[tokio::test]
async fn a_confidential_attribute_is_not_an_empty_one() {
    for (hidden, expected) in [(false, Read::Ok), (true, Read::Unreadable)] {
        let mut objects = Objects::default();
        objects.person(1);
        objects.unset(1, "accountExpires");
        if hidden {
            objects.set(1, "accountExpires", "116444736000000000");
            objects.forbid(1, "accountExpires");
        }
        objects.group(GROUP, [1]);
        for object in objects.0.values_mut() {
            object.values.insert("nTSecurityDescriptor", vec![all_may_read()]);
        }
        let stage = Stage::with(objects).await;
        let token = String::from_utf8(EVERYBODY.to_vec()).unwrap();
        stage.directory.says("tokenGroups", &token);
        let outcome = stage.run().await.unwrap();
        let person = &outcome.snapshot.people[0];
        assert_eq!((person.guid, person.read), (guid(1), expected));
    }
}
