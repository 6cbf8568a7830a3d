//! The chain that makes a change of the trail show: each entry carries the SHA-256 of the entry
//! before it and of its own content, and the head of the chain says which entry is the last.

use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// What an entry's hash is over, as it is kept: all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// One more than that of the entry before.
    pub id: i64,
    pub at: i64,
    pub actor_id: Option<i64>,
    pub actor: String,
    pub address: String,
    pub agent: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: String,
    /// JSON, letter by letter.
    pub before: String,
    pub after: String,
}

/// Where a chain begins and ends. It is kept apart from the entries, so that it shows when the
/// newest of them are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The id of the last entry from before there was a chain; 0: there is none.
    pub begins_after: i64,
    /// The id of the newest entry.
    pub last: i64,
    /// The hash of the newest entry, in hexadecimal; empty before the first one.
    pub hash: String,
}

/// The hash of an entry, in hexadecimal. Each field goes in with its length before it, so that
/// nothing can pass from one field into the next.
#[must_use]
pub fn hash(previous: &str, content: &Content) -> String {
    use fmt::Write as _;

    let mut digest = Sha256::new();
    let mut field = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    field(b"muster audit 1");
    field(previous.as_bytes());
    field(&content.id.to_be_bytes());
    field(&content.at.to_be_bytes());
    // Nobody is no bytes: other than account 0.
    field(content.actor_id.map(i64::to_be_bytes).as_ref().map_or(&[], |id| id.as_slice()));
    for text in [
        &content.actor,
        &content.address,
        &content.agent,
        &content.action,
        &content.subject_kind,
        &content.subject_id,
        &content.subject_name,
        &content.before,
        &content.after,
    ] {
        field(text.as_bytes());
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is wrong with a chain, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The first entry that doesn't hold.
    pub entry: i64,
    pub fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It isn't what was written, or what stands before it isn't.
    #[error("it is not as it was written")]
    Changed,
    #[error("it is not there any more")]
    Missing,
    /// The chain's head knows of no such entry.
    #[error("it was not written by Muster")]
    Added,
}

/// Goes along a chain, entry by entry in the order of their ids.
#[derive(Clone, Debug)]
pub struct Walk {
    next: i64,
    hash: String,
}

impl Walk {
    #[must_use]
    pub fn along(head: &Head) -> Self {
        Self { next: head.begins_after + 1, hash: String::new() }
    }

    /// The id of the newest entry that was seen, from before the chain at first.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.next - 1
    }

    /// The next entry there is, and the hash that it carries.
    pub fn step(&mut self, content: &Content, carried: Option<&str>) -> Result<(), Broken> {
        let broken = |entry, fault| Err(Broken { entry, fault });
        if content.id != self.next {
            return broken(self.next, Fault::Missing);
        }
        self.hash = hash(&self.hash, content);
        if carried != Some(&self.hash) {
            return broken(content.id, Fault::Changed);
        }
        self.next += 1;
        Ok(())
    }

    /// No entry is left.
    pub fn end(&self, head: &Head) -> Result<(), Broken> {
        let fault = |entry, fault| Err(Broken { entry, fault });
        if self.last() < head.last {
            return fault(self.next, Fault::Missing);
        }
        if self.last() > head.last {
            return fault(head.last + 1, Fault::Added);
        }
        if self.hash != head.hash {
            return fault(head.last, Fault::Changed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Links = Vec<(Content, String)>;

    fn content() -> impl Strategy<Value = Content> {
        let text = || "[a-c]{0,3}";
        (any::<i64>(), any::<Option<i64>>(), [text(), text(), text(), text(), text()]).prop_map(
            |(at, actor_id, [actor, address, action, before, after])| Content {
                id: 0,
                at,
                actor_id,
                actor,
                address,
                agent: String::new(),
                action,
                subject_kind: "account".to_owned(),
                subject_id: "7".to_owned(),
                subject_name: "Ada".to_owned(),
                before,
                after,
            },
        )
    }

    fn chained(contents: Vec<Content>, begins_after: i64) -> (Head, Links) {
        let mut head = Head { begins_after, last: begins_after, hash: String::new() };
        let links = contents
            .into_iter()
            .map(|content| {
                head.last += 1;
                let content = Content { id: head.last, ..content };
                head.hash = hash(&head.hash, &content);
                (content, head.hash.clone())
            })
            .collect();
        (head, links)
    }

    fn verify(head: &Head, links: &Links) -> Result<(), Broken> {
        let mut walk = Walk::along(head);
        for (content, carried) in links {
            walk.step(content, Some(carried))?;
        }
        walk.end(head)
    }

    proptest! {
        #[test]
        fn any_tampering_is_found(
            contents in prop::collection::vec(content(), 2..9),
            other in content(),
            begins_after in 0..3_i64,
            place in any::<prop::sample::Index>(),
            second in any::<prop::sample::Index>(),
            way in 0..6,
        ) {
            let (head, links) = chained(contents, begins_after);
            prop_assert_eq!(verify(&head, &links), Ok(()));
            let (place, second) = (place.index(links.len()), second.index(links.len()));
            let id = links[place].0.id;
            let mut forged = links.clone();
            match way {
                // Another content, under the hash that was there or under its own.
                0 | 1 => {
                    forged[place].0 = Content { id, ..other };
                    if way == 1 {
                        let before = place.checked_sub(1).map_or("", |before| &links[before].1);
                        forged[place].1 = hash(before, &forged[place].0);
                    }
                }
                // Removed; and again, with those after it moved up.
                2 => drop(forged.remove(place)),
                3 => {
                    forged.remove(place);
                    for (content, _) in &mut forged[place..] {
                        content.id -= 1;
                    }
                }
                // Inserted, with those after it moved down.
                4 => {
                    for (content, _) in &mut forged[place..] {
                        content.id += 1;
                    }
                    let content = Content { id, ..other };
                    let before = place.checked_sub(1).map_or("", |before| &links[before].1);
                    let carried = hash(before, &content);
                    forged.insert(place, (content, carried));
                }
                // Two change places.
                _ => {
                    forged.swap(place, second);
                    let ids = (links[place].0.id, links[second].0.id);
                    (forged[place].0.id, forged[second].0.id) = ids;
                }
            }
            if forged == links {
                prop_assert_eq!(verify(&head, &forged), Ok(()));
            } else {
                prop_assert!(verify(&head, &forged).is_err());
            }
        }

        #[test]
        fn an_entry_after_the_last_is_found(contents in prop::collection::vec(content(), 1..4), more in content()) {
            let (head, mut links) = chained(contents, 0);
            let content = Content { id: head.last + 1, ..more };
            let carried = hash(&head.hash, &content);
            links.push((content, carried));
            prop_assert_eq!(verify(&head, &links), Err(Broken { entry: head.last + 1, fault: Fault::Added }));
        }
    }

    #[test]
    fn nothing_passes_from_one_field_into_the_next() {
        let content = |actor: &str, address: &str| Content {
            id: 1,
            at: 0,
            actor_id: None,
            actor: actor.to_owned(),
            address: address.to_owned(),
            agent: String::new(),
            action: String::new(),
            subject_kind: String::new(),
            subject_id: String::new(),
            subject_name: String::new(),
            before: String::new(),
            after: String::new(),
        };
        assert_ne!(hash("", &content("ab", "c")), hash("", &content("a", "bc")));
        let nobody = content("", "");
        let zero = Content { actor_id: Some(0), ..nobody.clone() };
        assert_ne!(hash("", &nobody), hash("", &zero));
    }
}
