//! A domain as the played directory has it, seen by an account that may not read all: by RFC 4511 alone, or
//! with access lists as Microsoft's controllers keep them.

use std::collections::BTreeMap;

use roster::directory::protocol::Guid;
use uuid::{Uuid, uuid};

use super::world::{Expiry, Member, Name, Person, World};
use crate::directory::{Objects, State, guid};
use crate::stage::GROUP;

/// What may not be read any more.
#[derive(Clone, Debug)]
pub enum Taken {
    /// All of an object: to the account that reads it isn't there.
    Whole(Member),
    One(Member, &'static str),
}

pub const ATTRIBUTES: [&str; 14] = [
    "member",
    "memberOf",
    "objectClass",
    "objectGUID",
    "objectSid",
    "accountExpires",
    "userAccountControl",
    "primaryGroupID",
    "displayName",
    "cn",
    "name",
    "mail",
    "nTSecurityDescriptor",
    "isDeleted",
];

/// How an object's permissions say what may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// There are none, and filters are neither true nor false.
    None,
    /// Everything is granted, and before it single attributes are forbidden.
    Forbid,
    /// Single attributes are granted.
    Grant,
}

/// `S-1-5-21-1-2-3-1104`, the account that reads. Its bytes are text, which the played directory takes.
pub const READER: &str =
    "\u{1}\u{5}\0\0\0\0\0\u{5}\u{15}\0\0\0\u{1}\0\0\0\u{2}\0\0\0\u{3}\0\0\0\u{50}\u{4}\0\0";

pub fn number(member: Member) -> u32 {
    match member {
        Member::Person(number) => 1 + number,
        Member::Group(number) => GROUP + number,
        Member::Computer => 700_001,
        Member::Contact => 700_002,
        Member::Foreign => 700_003,
        Member::Alien => 700_004,
    }
}

pub fn of(member: Member) -> Guid {
    guid(number(member))
}

/// `deleted`: people of whom the deleted object is left.
pub fn objects(world: &World, deleted: &[u32], lists: Lists, taken: &[Taken]) -> Objects {
    let mut objects = Objects::default();
    for one in deleted {
        let number = number(Member::Person(*one));
        objects.person(number);
        objects.delete(number, State::Deleted);
    }
    for (member, class, dn) in [
        (Member::Computer, "computer", "CN=PC,OU=People,DC=corp,DC=example,DC=com"),
        (Member::Contact, "contact", "CN=Contact,OU=People,DC=corp,DC=example,DC=com"),
        (
            Member::Foreign,
            "foreignSecurityPrincipal",
            "CN=S-1-5-21-9-9-9-1,CN=ForeignSecurityPrincipals,DC=corp,DC=example,DC=com",
        ),
        (Member::Alien, "user", "CN=Alien,OU=People,DC=other,DC=example,DC=com"),
    ] {
        objects.person(number(member));
        objects.set(number(member), "objectClass", class);
        rename(&mut objects, member, dn);
    }
    for (number, person) in &world.people {
        put_person(&mut objects, *number, person);
    }
    // Groups name each other: each must have its name before.
    for _ in 0..2 {
        for (group, members) in &world.groups {
            objects.group(number(Member::Group(*group)), members.iter().copied().map(number));
        }
    }
    put_backlinks(&mut objects, world);
    // Kept by the controllers of its own domain.
    objects.0.remove(&of(Member::Alien));
    take(&mut objects, taken);
    if lists != Lists::None {
        for object in objects.0.values_mut() {
            let list = access_list(lists, |name| object.forbidden.contains(name));
            object.values.insert("nTSecurityDescriptor", vec![list]);
        }
    }
    objects
}

fn rename(objects: &mut Objects, member: Member, dn: &str) {
    objects.0.entry(of(member)).and_modify(|object| dn.clone_into(&mut object.dn));
}

fn put_person(objects: &mut Objects, one: u32, person: &Person) {
    let member = Member::Person(one);
    let at = number(member);
    objects.person(at);
    let name = format!("Person {at}");
    if person.outside {
        rename(objects, member, &format!("CN={name},OU=Elsewhere,DC=corp,DC=example,DC=com"));
    }
    objects.set(at, "cn", &name);
    objects.set(at, "name", &name);
    match person.name {
        Name::Displayed(which) => objects.set(at, "displayName", &format!("Person {at} {which}")),
        Name::Blank => objects.set(at, "displayName", " "),
        Name::None => objects.unset(at, "displayName"),
    }
    match person.mail {
        Some(mail) => objects.set(at, "mail", &format!("m{mail}@corp.example.com")),
        None => objects.unset(at, "mail"),
    }
    match person.expiry {
        Expiry::Never => (),
        Expiry::None => objects.unset(at, "accountExpires"),
        Expiry::Past => objects.set(at, "accountExpires", "133170048000000000"),
        Expiry::Later => objects.set(at, "accountExpires", "150000000000000000"),
    }
    if person.disabled {
        objects.set(at, "userAccountControl", "514");
    }
    if let Some(group) = person.primary {
        let rid = 100_000 + number(Member::Group(group));
        objects.set(at, "primaryGroupID", &rid.to_string());
    }
}

fn put_backlinks(objects: &mut Objects, world: &World) {
    let mut groups: BTreeMap<Guid, Vec<Vec<u8>>> = BTreeMap::new();
    for (group, members) in &world.groups {
        let own = of(Member::Group(*group));
        let name = format!("<GUID={own}>;{}", objects.0[&own].dn).into_bytes();
        for member in members {
            groups.entry(of(*member)).or_default().push(name.clone());
        }
    }
    for (member, groups) in groups {
        objects.0.entry(member).and_modify(|it| _ = it.values.insert("memberOf", groups));
    }
}

fn take(objects: &mut Objects, taken: &[Taken]) {
    for taken in taken {
        match taken {
            Taken::Whole(member) => _ = objects.0.remove(&of(*member)),
            Taken::One(member, name) => objects.forbid(number(*member), name),
        }
    }
}

/// Those of which silence has a meaning, with their `schemaIDGUID`.
const SILENT: [(&str, Uuid); 4] = [
    ("member", uuid!("bf9679c0-0de6-11d0-a285-00aa003049e2")),
    ("memberOf", uuid!("bf967991-0de6-11d0-a285-00aa003049e2")),
    ("accountExpires", uuid!("bf967915-0de6-11d0-a285-00aa003049e2")),
    ("displayName", uuid!("bf967953-0de6-11d0-a285-00aa003049e2")),
];

const GRANT: u8 = 0;
const GRANT_OBJECT: u8 = 5;
const FORBID_OBJECT: u8 = 6;

/// A security descriptor with a list of who may read what.
fn access_list(lists: Lists, is_forbidden: impl Fn(&str) -> bool) -> Vec<u8> {
    let named =
        |forbidden: bool| SILENT.iter().filter(move |(name, _)| is_forbidden(name) == forbidden);
    let entries: Vec<Vec<u8>> = match lists {
        Lists::Grant => named(false).map(|(_, it)| entry(GRANT_OBJECT, Some(*it))).collect(),
        _ => named(true)
            .map(|(_, it)| entry(FORBID_OBJECT, Some(*it)))
            .chain([entry(GRANT, None)])
            .collect(),
    };
    let all = entries.concat();
    let size = u16::try_from(all.len() + 8).unwrap().to_le_bytes();
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let head = [1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
    [&head[..], &[4, 0], &size, &count, &[0, 0], &all].concat()
}

fn entry(kind: u8, object: Option<Uuid>) -> Vec<u8> {
    let mut body = 0x10_u32.to_le_bytes().to_vec();
    if let Some(object) = object {
        body.extend(1_u32.to_le_bytes());
        body.extend(object.to_bytes_le());
    }
    body.extend(READER.as_bytes());
    let size = u16::try_from(body.len() + 4).unwrap().to_le_bytes();
    [&[kind, 0][..], &size, &body].concat()
}
