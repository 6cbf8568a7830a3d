//! Goes along a chain, and says where it doesn't hold.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ChainKey, Content, FoundBy, Head, hash};

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
    /// The chain begins later than it did.
    #[error("the chain begins after it, and should begin before")]
    Unchained,
    #[error("it is not the entry that was noted")]
    NotNoted,
}

/// An entry's number and hash as somebody noted them where nobody could change them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub entry: i64,
    pub hash: String,
}

/// What a chain is held to.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// By their numbers. The newest has chained the newest entries; without keys the whole chain is
    /// from before there were any.
    pub keys: BTreeMap<i64, ChainKey>,
    /// Up to this entry there was no chain yet.
    pub begins_after: i64,
    /// To be met on the way.
    pub since: Option<Noted>,
}

/// Goes along a chain, entry by entry in the order of their ids.
#[derive(Clone, Debug)]
pub struct Walk {
    terms: Terms,
    next: i64,
    hash: String,
    /// The number of the key of the newest entry that was seen; 0: none was under a key.
    key: i64,
    /// How many those were that are under none.
    plain: u64,
}

impl Walk {
    /// At its beginning, unless that is not where it was.
    pub fn along(head: &Head, terms: Terms) -> Result<Self, Broken> {
        if head.begins_after > terms.begins_after {
            return Err(Broken { entry: terms.begins_after + 1, fault: Fault::Unchained });
        }
        if let Some(noted) = &terms.since
            && noted.entry <= head.begins_after
        {
            return Err(Broken { entry: noted.entry, fault: Fault::Unchained });
        }
        let next = head.begins_after + 1;
        Ok(Self { terms, next, hash: String::new(), key: 0, plain: 0 })
    }

    /// The id of the newest entry that was seen, from before the chain at first.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.next - 1
    }

    /// Entries so far that are from before the keys: whoever can write to the database can write
    /// such ones, too, and it shows by their number alone.
    #[must_use]
    pub fn plain(&self) -> u64 {
        self.plain
    }

    /// The next entry there is, and the hash that it carries.
    pub fn step(
        &mut self,
        content: &Content,
        found_by: &FoundBy,
        carried: Option<&str>,
    ) -> Result<(), Broken> {
        let broken = |entry, fault| Err(Broken { entry, fault });
        if content.id != self.next {
            return broken(self.next, Fault::Missing);
        }
        let number = carried.and_then(key_number).unwrap_or(0);
        let key = self.terms.keys.get(&number);
        self.hash = hash(&self.hash, content, found_by, key);
        // What was under a key is never under an earlier one again, or under none.
        let holds = number >= self.key
            && (key.is_some() || number == 0 && found_by.is_of(content))
            && carried == Some(&self.hash);
        if !holds {
            return broken(content.id, Fault::Changed);
        }
        let noted = self.terms.since.as_ref().filter(|noted| noted.entry == content.id);
        if noted.is_some_and(|noted| noted.hash != self.hash) {
            return broken(content.id, Fault::NotNoted);
        }
        self.key = number;
        self.plain += u64::from(number == 0);
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
        // A key that is taken into use writes an entry at once.
        let newest = self.terms.keys.last_key_value().map_or(0, |(number, _)| *number);
        let noted = self.terms.since.as_ref().map_or(0, |noted| noted.entry);
        if self.key < newest || self.last() < noted {
            return fault(self.next, Fault::Missing);
        }
        Ok(())
    }
}

/// The number of the key under which a hash was computed.
fn key_number(hash: &str) -> Option<i64> {
    hash.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Link = (Content, FoundBy, String);

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

    fn key(id: i64) -> ChainKey {
        ChainKey::new(id, &[u8::try_from(id).unwrap(); 32])
    }

    fn terms(begins_after: i64) -> Terms {
        Terms { keys: BTreeMap::from([(1, key(1)), (2, key(2))]), begins_after, since: None }
    }

    fn noted(link: &Link) -> Noted {
        Noted { entry: link.0.id, hash: link.2.clone() }
    }

    /// From the `keyed`th on under the first key, the last one under the second.
    fn chained(contents: Vec<Content>, begins_after: i64, keyed: usize) -> (Head, Vec<Link>) {
        let mut head = Head { begins_after, last: begins_after, hash: String::new() };
        let count = contents.len();
        let links = contents.into_iter().enumerate().map(|(place, content)| {
            head.last += 1;
            let content = Content { id: head.last, ..content };
            let found_by = FoundBy::of(&content);
            let key = match place {
                place if place + 1 == count => Some(key(2)),
                place if place >= keyed => Some(key(1)),
                _ => None,
            };
            head.hash = hash(&head.hash, &content, &found_by, key.as_ref());
            (content, found_by, head.hash.clone())
        });
        let links = links.collect();
        (head, links)
    }

    /// What anybody can compute, from this place on.
    fn forge(links: &mut [Link], from: usize, head: &mut Head) {
        for place in from..links.len() {
            let before = place.checked_sub(1).map_or("", |before| &links[before].2).to_owned();
            let (content, found_by, carried) = &mut links[place];
            *carried = hash(&before, content, found_by, None);
        }
        head.last = links.last().map_or(head.begins_after, |link| link.0.id);
        head.hash = links.last().map_or(String::new(), |link| link.2.clone());
    }

    fn verify(head: &Head, links: &[Link], terms: Terms) -> Result<(), Broken> {
        let mut walk = Walk::along(head, terms)?;
        for (content, found_by, carried) in links {
            walk.step(content, found_by, Some(carried))?;
        }
        walk.end(head)
    }

    proptest! {
        #[test]
        fn any_tampering_is_found(
            contents in prop::collection::vec(content(), 2..9),
            other in content(),
            begins_after in 0..3_i64,
            keyed in 0..9_usize,
            place in any::<prop::sample::Index>(),
            second in any::<prop::sample::Index>(),
            way in 0..9,
            hashes_too in any::<bool>(),
            head_too in any::<bool>(),
        ) {
            let (head, links) = chained(contents, begins_after, keyed);
            prop_assert_eq!(verify(&head, &links, terms(begins_after)), Ok(()));
            let (place, second) = (place.index(links.len()), second.index(links.len()));
            let id = links[place].0.id;
            let mut forged = links.clone();
            match way {
                // Another content.
                0 => {
                    forged[place].0 = Content { id, ..other };
                    forged[place].1 = FoundBy::of(&forged[place].0);
                }
                // Hidden from searches.
                1 => forged[place].1.actor_key.push('x'),
                2 => forged[place].1.subject_key.clear(),
                3 => forged[place].1.value_key.push('x'),
                4 => forged[place].1.subject_number = None,
                // Removed; and again, with those after it moved up.
                5 => drop(forged.remove(place)),
                6 => {
                    forged.remove(place);
                    for link in &mut forged[place..] {
                        link.0.id -= 1;
                    }
                }
                // Inserted, with those after it moved down.
                7 => {
                    for link in &mut forged[place..] {
                        link.0.id += 1;
                    }
                    let content = Content { id, ..other };
                    let found_by = FoundBy::of(&content);
                    forged.insert(place, (content, found_by, String::new()));
                }
                // Two change places.
                _ => {
                    forged.swap(place, second);
                    let ids = (links[place].0.id, links[second].0.id);
                    (forged[place].0.id, forged[second].0.id) = ids;
                }
            }
            let mut forged_head = head.clone();
            if hashes_too {
                forge(&mut forged, place.min(second), &mut forged_head);
            }
            if !head_too {
                forged_head = head.clone();
            }
            if forged == links {
                prop_assert_eq!(verify(&forged_head, &forged, terms(begins_after)), Ok(()));
            } else {
                prop_assert!(verify(&forged_head, &forged, terms(begins_after)).is_err());
            }
        }

        #[test]
        fn whoever_forges_head_and_all_is_found_by_what_was_noted(
            contents in prop::collection::vec(content(), 2..9),
            place in any::<prop::sample::Index>(),
            left in any::<prop::sample::Index>(),
        ) {
            let (head, links) = chained(contents, 0, 9);
            let place = place.index(links.len());
            let since = |terms: Terms| Terms { since: Some(noted(&links[place])), ..terms };
            prop_assert_eq!(verify(&head, &links, since(terms(0))), Ok(()));
            // As if there had never been a key: whole by itself.
            let mut forged = links.clone();
            forged[0].0.at = forged[0].0.at.wrapping_add(1);
            let mut forged_head = head.clone();
            forge(&mut forged, 0, &mut forged_head);
            prop_assert_eq!(verify(&forged_head, &forged, Terms::default()), Ok(()));
            let found = verify(&forged_head, &forged, since(Terms::default()));
            prop_assert_eq!(found.map_err(|it| it.fault), Err(Fault::NotNoted));
            // The newest removed, the head set back.
            let left = left.index(place + 1);
            let kept = &links[..left];
            let forged_head = Head {
                begins_after: 0,
                last: i64::try_from(left).unwrap(),
                hash: kept.last().map_or(String::new(), |link| link.2.clone()),
            };
            prop_assert!(verify(&forged_head, kept, since(Terms::default())).is_err());
            prop_assert!(verify(&forged_head, kept, since(terms(0))).is_err());
        }

        #[test]
        fn an_entry_after_the_last_is_found(contents in prop::collection::vec(content(), 1..4), more in content()) {
            let (head, mut links) = chained(contents, 0, 0);
            let content = Content { id: head.last + 1, ..more };
            let found_by = FoundBy::of(&content);
            let carried = hash(&head.hash, &content, &found_by, Some(&key(2)));
            links.push((content, found_by, carried));
            prop_assert_eq!(
                verify(&head, &links, terms(0)),
                Err(Broken { entry: head.last + 1, fault: Fault::Added })
            );
        }
    }

    fn bare(actor: &str, address: &str) -> Content {
        Content {
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
        }
    }

    #[test]
    fn a_chain_that_begins_later_than_it_did_is_broken() {
        let head = Head { begins_after: 3, last: 3, hash: String::new() };
        let check = |begins_after, since: Option<i64>, expected| {
            let since = since.map(|entry| Noted { entry, hash: String::new() });
            let terms = Terms { begins_after, since, ..Terms::default() };
            let found = Walk::along(&head, terms).map(drop).map_err(|it| (it.entry, it.fault));
            assert_eq!(found, expected);
        };
        check(0, None, Err((1, Fault::Unchained)));
        check(2, None, Err((3, Fault::Unchained)));
        check(3, None, Ok(()));
        check(3, Some(3), Err((3, Fault::Unchained)));
        check(3, Some(4), Ok(()));
    }

    #[test]
    fn what_was_searched_with_accents_is_as_it_was_written() {
        let content = bare("Émile", "");
        let found_by = FoundBy { actor_key: "émile".to_owned(), ..FoundBy::of(&content) };
        let hash = hash("", &content, &found_by, None);
        let head = Head { begins_after: 0, last: 1, hash: hash.clone() };
        assert_eq!(verify(&head, &[(content, found_by, hash)], Terms::default()), Ok(()));
    }

    #[test]
    fn nothing_passes_from_one_field_into_the_next() {
        for key in [None, Some(&key(1))] {
            let of = |content: &Content| hash("", content, &FoundBy::of(content), key);
            assert_ne!(of(&bare("ab", "c")), of(&bare("a", "bc")));
            let nobody = bare("", "");
            let zero = Content { actor_id: Some(0), ..nobody.clone() };
            assert_ne!(of(&nobody), of(&zero));
        }
        assert!(!format!("{:?}", key(1)).contains("mac"), "a key is never shown");
    }
}
