//! What the reading account may read of an object, by the object's access list: silence of a directory is no
//! answer, since an attribute that may not be read comes as one that is empty.

use roster::directory::protocol::Guid;
use uuid::{Uuid, uuid};

use super::sid::Sid;
use crate::failure::Result;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, filter};

/// What is asked for, with its own name and its property set's in access lists (`schemaIDGUID` and
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

/// Of users, groups and persons: an entry about a class is about each of its attributes.
const CLASSES: [Uuid; 3] = [
    uuid!("bf967aba-0de6-11d0-a285-00aa003049e2"),
    uuid!("bf967a9c-0de6-11d0-a285-00aa003049e2"),
    uuid!("4828cc14-1437-45bc-9b07-ad6f015e5f28"),
];

/// For those below alone.
const INHERIT_ONLY: u8 = 0x08;
/// The entry names an attribute, a property set or a class.
const HAS_OBJECT: u32 = 1;
/// It also names the class of those who inherit it.
const HAS_INHERITED_OBJECT: u32 = 2;

const REVISION: u8 = 1;
const DACL_PRESENT: u16 = 0x0004;
const SELF_RELATIVE: u16 = 0x8000;

/// The account that is signed in and its groups, as the controller counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token(pub Vec<Sid>);

impl Token {
    /// Asks a controller that has let the account in (`tokenGroups` of its rootDSE).
    pub async fn read(connection: &mut Connection) -> Result<Self> {
        let what = "the account's own groups (tokenGroups)";
        let attributes = ["tokenGroups"];
        let query = Query { what, base: "", filter: ANYTHING, attributes: &attributes };
        let found = connection.read(query, Values::Plain).await?;
        let Found::Entry(root) = found else { return Err(connection.malformed(what)) };
        let sids: Option<Vec<Sid>> = root.all("tokengroups").map(Sid::parse).collect();
        sids.map(Self).ok_or_else(|| connection.malformed(what))
    }

    /// Whether silence about an attribute means that the object has no value of it.
    pub async fn may_read(
        &self,
        connection: &mut Connection,
        object: Guid,
        attribute: Attribute,
    ) -> Result<bool> {
        let base = filter::base_of(object);
        // By RFC 4511 a filter about what may not be read is neither true nor false, and so is its opposite:
        // what it finds has no value, or stands in a directory that doesn't heed this (Samba's). An access list
        // knows nothing of attributes that are confidential. So both must say it.
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

/// An object's access list, of which only the entries about reading are kept, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList {
    /// `None`: there is no list, and everybody may everything.
    entries: Option<Vec<Entry>>,
}

impl AccessList {
    /// Reads a security descriptor (`nTSecurityDescriptor`, MS-DTYP 2.4.6). `None`: it is none.
    #[must_use]
    pub fn parse(descriptor: &[u8]) -> Option<Self> {
        let control = u16::from_le_bytes(*descriptor.get(2..)?.first_chunk()?);
        let at = number(descriptor, 16)?;
        // The list was asked for: one that is left out is no answer.
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

    /// As a controller decides it (MS-ADTS 5.1.3.3.2): the first entry about the attribute that is for
    /// the account says.
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

/// It isn't whole.
struct Torn;

/// `None`: it says nothing of reading here.
fn entry(bytes: &[u8]) -> Result<Option<Entry>, Torn> {
    let (&[kind, flags], rest) = bytes.split_first_chunk::<2>().ok_or(Torn)?;
    let mask = number(rest, 2).ok_or(Torn)?;
    let body = rest.get(6..).ok_or(Torn)?;
    if flags & INHERIT_ONLY != 0 || mask & READ == 0 {
        return Ok(None);
    }
    // 10 and 12 forbid under a condition that isn't looked at: that counts. What others allow under one
    // (9, 11) doesn't.
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

/// The attribute or property set of an entry, and what comes after it.
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
