//! LDAP's messages as trees of tags.

use ldap3::asn1::{PL, StructureTag, TagClass, parse_tag, write};

pub fn universal(id: u64, payload: PL) -> StructureTag {
    StructureTag { class: TagClass::Universal, id, payload }
}

pub fn sequence(parts: Vec<StructureTag>) -> StructureTag {
    universal(16, PL::C(parts))
}

pub fn set(parts: Vec<StructureTag>) -> StructureTag {
    universal(17, PL::C(parts))
}

pub fn octets(bytes: &[u8]) -> StructureTag {
    universal(4, PL::P(bytes.to_vec()))
}

pub fn integer(number: u8) -> StructureTag {
    universal(2, PL::P(vec![number]))
}

/// Also `ENUMERATED`, by its own number.
pub fn enumerated(number: u8) -> StructureTag {
    universal(10, PL::P(vec![number]))
}

pub fn application(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    StructureTag { class: TagClass::Application, id, payload: PL::C(parts) }
}

pub fn context(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    StructureTag { class: TagClass::Context, id, payload: PL::C(parts) }
}

pub fn parts(tag: &StructureTag) -> &[StructureTag] {
    match &tag.payload {
        PL::C(parts) => parts,
        PL::P(_) => &[],
    }
}

pub fn bytes(tag: &StructureTag) -> &[u8] {
    match &tag.payload {
        PL::P(bytes) => bytes,
        PL::C(_) => &[],
    }
}

pub fn text(tag: &StructureTag) -> String {
    String::from_utf8_lossy(bytes(tag)).into_owned()
}

pub fn encoded(tag: StructureTag) -> Vec<u8> {
    let mut buffer = bytes::BytesMut::new();
    write::encode_into(&mut buffer, tag).unwrap();
    buffer.to_vec()
}

/// A whole message and what follows it; `None`: more must come first.
pub fn message(buffer: &[u8]) -> Option<(StructureTag, usize)> {
    let (rest, tag) = parse_tag(buffer).ok()?;
    Some((tag, buffer.len() - rest.len()))
}
