//! Which attributes of an object the account may read, by the object's access list: a directory returns an
//! unreadable attribute as an empty one.

use roster::directory::protocol::Guid;
use uuid::{Uuid, uuid};

use super::sid::Sid;
use crate::failure::Result;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, filter};

/// An attribute, with its GUID and its property set's in access lists (`schemaIDGUID` and
/// `attributeSecurityGUID` of Active Directory's schema).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: &'static str,
    own: Uuid,
    set: Uuid,
}

pub const MEMBER: Attribute = Attribute {
    name: "member",
    own: uuid!("bf9679c0-0de6-11d0-a285-00aa003049e2"),
    set: MEMBERSHIP,
};
pub const MEMBER_OF: Attribute = Attribute {
    name: "memberOf",
    own: uuid!("bf967991-0de6-11d0-a285-00aa003049e2"),
    set: MEMBERSHIP,
};
pub const ACCOUNT_EXPIRES: Attribute = Attribute {
    name: "accountExpires",
    own: uuid!("bf967915-0de6-11d0-a285-00aa003049e2"),
    set: uuid!("4c164200-20c0-11d0-a768-00aa006e0529"),
};

pub const DISPLAY_NAME: Attribute = Attribute {
    name: "displayName",
    own: uuid!("bf967953-0de6-11d0-a285-00aa003049e2"),
    set: uuid!("59ba2f42-79a2-11d0-9020-00c04fc2d3cf"),
};

const MEMBERSHIP: Uuid = uuid!("bc0ac240-79a9-11d0-9020-00c04fc2d4cf");

/// `RIGHT_DS_READ_PROPERTY`, and the generic rights that contain it.
const READ: u32 = 0x10 | 0x8000_0000 | 0x1000_0000;

/// Users, groups and persons: an entry for a class applies to each of its attributes.
const CLASSES: [Uuid; 3] = [
    uuid!("bf967aba-0de6-11d0-a285-00aa003049e2"),
    uuid!("bf967a9c-0de6-11d0-a285-00aa003049e2"),
    uuid!("4828cc14-1437-45bc-9b07-ad6f015e5f28"),
];

/// The entry applies to objects below only.
const INHERIT_ONLY: u8 = 0x08;
/// The entry names an attribute, a property set or a class.
const HAS_OBJECT: u32 = 1;
/// The entry names the class that inherits it.
const HAS_INHERITED_OBJECT: u32 = 2;

const REVISION: u8 = 1;
const DACL_PRESENT: u16 = 0x0004;
const SELF_RELATIVE: u16 = 0x8000;

/// The SIDs of the signed-in account and its groups, as the controller determines them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token(pub Vec<Sid>);

impl Token {
    /// Reads `tokenGroups` of the rootDSE after a sign-in.
    pub async fn read(connection: &mut Connection) -> Result<Self> {
        let what = "the account's own groups (tokenGroups)";
        let attributes = ["tokenGroups"];
        let query = Query { what, base: "", filter: ANYTHING, attributes: &attributes };
        let found = connection.read(query, Values::Plain).await?;
        let Found::Entry(root) = found else { return Err(connection.malformed(what)) };
        let sids: Option<Vec<Sid>> = root.all("tokengroups").map(Sid::parse).collect();
        sids.map(Self).ok_or_else(|| connection.malformed(what))
    }

    /// Whether the account may read the attribute, so that a missing value means an empty attribute.
    pub async fn may_read(
        &self,
        connection: &mut Connection,
        object: Guid,
        attribute: Attribute,
    ) -> Result<bool> {
        let base = filter::base_of(object);
        // By RFC 4511, a filter on an unreadable attribute is undefined, and so is its negation: if this one
        // matches, the attribute is empty. Samba doesn't follow that, and access lists don't show
        // confidential attributes. So both the filter and the access list must agree.
        let without = format!("(!({}=*))", attribute.name);
        let is_active_directory = !self.0.is_empty();
        let (attributes, values) = if is_active_directory {
            (["nTSecurityDescriptor"], Values::AccessList)
        } else {
            (["1.1"], Values::Plain)
        };
        let what = "an access list";
        let query = Query { what, base: &base, filter: &without, attributes: &attributes };
        let Found::Entry(entry) = connection.read(query, values).await? else {
            return Ok(false);
        };
        let list = entry.bytes("ntsecuritydescriptor").and_then(AccessList::parse);
        Ok(!is_active_directory || list.is_some_and(|list| list.lets_read(self, attribute)))
    }
}

const ANYTHING: &str = "(objectClass=*)";

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    allows: bool,
    /// `None`: every attribute.
    object: Option<Uuid>,
    who: Sid,
}

/// The entries of an object's access list that concern reading, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList {
    /// `None`: the object has no list, so everybody may read everything.
    entries: Option<Vec<Entry>>,
}

impl AccessList {
    /// Parses a security descriptor (`nTSecurityDescriptor`, MS-DTYP 2.4.6). `None`: it is not valid.
    #[must_use]
    pub fn parse(descriptor: &[u8]) -> Option<Self> {
        let control = u16::from_le_bytes(*descriptor.get(2..)?.first_chunk()?);
        let at = number(descriptor, 16)?;
        // The list was requested, so a descriptor without one is not valid.
        let answers = DACL_PRESENT | SELF_RELATIVE;
        if descriptor.first() != Some(&REVISION) || control & answers != answers {
            return None;
        }
        if at == 0 {
            return Some(Self { entries: None });
        }
        let list = descriptor.get(usize::try_from(at).ok()?..)?;
        let count = u16::from_le_bytes(*list.get(4..)?.first_chunk()?);
        let mut rest = list.get(8..)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let size = usize::from(u16::from_le_bytes(*rest.get(2..)?.first_chunk()?));
            let (own, next) = rest.split_at_checked(size)?;
            entries.extend(entry(own).ok()?);
            rest = next;
        }
        Some(Self { entries: Some(entries) })
    }

    /// Decides as a controller does (MS-ADTS 5.1.3.3.2): by the first entry for the attribute and the
    /// account.
    #[must_use]
    pub fn lets_read(&self, token: &Token, attribute: Attribute) -> bool {
        let Some(entries) = &self.entries else { return true };
        let about = |entry: &&Entry| {
            let names = |it: Uuid| it == attribute.own || it == attribute.set;
            let forbids_class = |it: Uuid| !entry.allows && CLASSES.contains(&it);
            token.0.contains(&entry.who)
                && entry.object.is_none_or(|it| names(it) || forbids_class(it))
        };
        entries.iter().find(about).is_some_and(|entry| entry.allows)
    }
}

/// The entry is truncated.
struct Torn;

/// `None`: the entry doesn't concern reading this object.
fn entry(bytes: &[u8]) -> Result<Option<Entry>, Torn> {
    let (&[kind, flags], rest) = bytes.split_first_chunk::<2>().ok_or(Torn)?;
    let mask = number(rest, 2).ok_or(Torn)?;
    let body = rest.get(6..).ok_or(Torn)?;
    if flags & INHERIT_ONLY != 0 || mask & READ == 0 {
        return Ok(None);
    }
    // Conditions aren't evaluated: a conditional denial (10, 12) counts, a conditional permission (9, 11)
    // doesn't.
    let (allows, names_object) = match kind {
        0 => (true, false),
        5 => (true, true),
        1 | 10 => (false, false),
        6 | 12 => (false, true),
        _ => return Ok(None),
    };
    let (object, sid) = if names_object { named(body).ok_or(Torn)? } else { (None, body) };
    Ok(Some(Entry { allows, object, who: Sid::first(sid).ok_or(Torn)? }))
}

/// The attribute or property set of an entry, and the bytes after it.
fn named(bytes: &[u8]) -> Option<(Option<Uuid>, &[u8])> {
    let flags = number(bytes, 0)?;
    let mut rest = bytes.get(4..)?;
    let mut object = None;
    if flags & HAS_OBJECT != 0 {
        let (guid, next) = rest.split_first_chunk::<16>()?;
        object = Some(Uuid::from_bytes_le(*guid));
        rest = next;
    }
    if flags & HAS_INHERITED_OBJECT != 0 {
        rest = rest.get(16..)?;
    }
    Some((object, rest))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests;
