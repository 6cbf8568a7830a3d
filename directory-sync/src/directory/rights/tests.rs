use proptest::prelude::*;

use super::*;

const ALLOW: u8 = 0;
const DENY: u8 = 1;
const ALLOW_OBJECT: u8 = 5;
const DENY_OBJECT: u8 = 6;
const ALLOW_IF: u8 = 9;
const DENY_IF: u8 = 10;
const READ_PROPERTY: u32 = 0x10;
const OTHER: Uuid = uuid!("bf96793f-0de6-11d0-a285-00aa003049e2");

/// `S-1-5-n`
fn sid(number: u32) -> Vec<u8> {
    [&[1, 1, 0, 0, 0, 0, 0, 5][..], &number.to_le_bytes()].concat()
}

fn entry_of(kind: u8, flags: u8, mask: u32, object: &[u8], who: u32) -> Vec<u8> {
    let body = [&mask.to_le_bytes()[..], object, &sid(who)].concat();
    let size = u16::try_from(body.len() + 4).unwrap().to_le_bytes();
    [&[kind, flags][..], &size, &body].concat()
}

fn about(object: Uuid) -> Vec<u8> {
    [&HAS_OBJECT.to_le_bytes()[..], &object.to_bytes_le()].concat()
}

fn descriptor(entries: &[Vec<u8>]) -> Vec<u8> {
    let all = entries.concat();
    let size = u16::try_from(all.len() + 8).unwrap().to_le_bytes();
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let head = [1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
    [&head[..], &[4, 0], &size, &count, &[0, 0], &all].concat()
}

fn token() -> Token {
    Token([1104, 11].iter().map(|number| Sid::parse(&sid(*number)).unwrap()).collect())
}

#[test]
fn the_first_entry_for_the_attribute_and_the_account_decides() {
    let check = |entries: &[Vec<u8>], expected: bool| {
        let list = AccessList::parse(&descriptor(entries)).unwrap();
        assert_eq!(list.lets_read(&token(), MEMBER), expected, "{list:?}");
    };
    let everything = entry_of(ALLOW, 0, READ_PROPERTY, &[], 11);
    let of = |kind, object| entry_of(kind, 0, READ_PROPERTY, &about(object), 11);
    check(&[], false);
    check(std::slice::from_ref(&everything), true);
    check(&[entry_of(DENY, 0, READ_PROPERTY, &[], 1104), everything.clone()], false);
    // For an attribute, its property set, another attribute, a class.
    check(&[of(DENY_OBJECT, MEMBER.own), everything.clone()], false);
    check(&[of(DENY_OBJECT, MEMBERSHIP), everything.clone()], false);
    check(&[of(DENY_OBJECT, OTHER), everything.clone()], true);
    check(&[of(DENY_OBJECT, CLASSES[1]), everything.clone()], false);
    check(&[of(ALLOW_OBJECT, MEMBERSHIP)], true);
    check(&[of(ALLOW_OBJECT, OTHER)], false);
    check(&[of(ALLOW_OBJECT, MEMBER.own), of(DENY_OBJECT, MEMBER.own)], true);
    // For another account, for objects below, for another right.
    check(&[entry_of(ALLOW, 0, READ_PROPERTY, &[], 7)], false);
    check(&[entry_of(DENY, 0, READ_PROPERTY, &[], 7), everything.clone()], true);
    check(&[entry_of(ALLOW, INHERIT_ONLY, READ_PROPERTY, &[], 11)], false);
    check(&[entry_of(DENY, INHERIT_ONLY, READ_PROPERTY, &[], 11), everything.clone()], true);
    check(&[entry_of(ALLOW, 0, 0x20, &[], 11)], false);
    check(&[entry_of(ALLOW, 0, 0x8000_0000, &[], 11)], true);
    // Under a condition.
    check(&[entry_of(ALLOW_IF, 0, READ_PROPERTY, &[], 11)], false);
    check(&[entry_of(DENY_IF, 0, READ_PROPERTY, &[], 11), everything], false);
}

#[test]
fn without_a_list_everybody_may_read_and_an_invalid_descriptor_is_refused() {
    let mut none = descriptor(&[]);
    none[16..20].fill(0);
    assert!(AccessList::parse(&none).unwrap().lets_read(&token(), MEMBER));
    let mut without = descriptor(&[]);
    without[2] = 0;
    for broken in [&[][..], &[0; 20], &[1, 0, 4, 0x80], &descriptor(&[])[..25], &without] {
        assert_eq!(AccessList::parse(broken), None);
    }
    let mut cut = descriptor(&[entry_of(ALLOW, 0, READ_PROPERTY, &[], 11)]);
    cut.pop();
    assert_eq!(AccessList::parse(&cut), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Some(list) = AccessList::parse(&bytes) {
            let _either = list.lets_read(&token(), MEMBER_OF);
        }
    }

    #[test]
    fn no_entry_makes_it_panic(entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..5)) {
        let _list = AccessList::parse(&descriptor(&entries));
    }
}
