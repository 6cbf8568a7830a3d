//! What is in the directory.

use std::collections::{BTreeMap, BTreeSet};

use roster::directory::protocol::Guid;
use uuid::Uuid;

pub const DOMAIN: &str = "DC=corp,DC=example,DC=com";

const CONTROLLERS: u32 = 910_000;

/// The name of a controller's own object.
pub fn settings(number: u8) -> String {
    format!("CN=NTDS Settings,CN=DC{number},CN=Servers,CN=Configuration,{DOMAIN}")
}

/// Its bytes are text: a library that guesses takes them for one.
#[must_use]
pub fn guid(number: u32) -> Guid {
    let mut bytes = [0; 16];
    for (place, byte) in format!("guid{number:012}").bytes().enumerate() {
        bytes[place] = byte;
    }
    Guid(Uuid::from_bytes_le(bytes))
}

#[derive(Clone, Debug)]
pub struct Object {
    pub dn: String,
    pub values: BTreeMap<&'static str, Vec<Vec<u8>>>,
    /// What the account that reads may not read.
    pub forbidden: BTreeSet<&'static str>,
    pub state: State,
}

/// Whether an object is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    There,
    /// The account that reads may not see it.
    Hidden,
    Deleted,
    /// Long ago: even less is left of it.
    Recycled,
}

impl Object {
    pub fn new(dn: String, values: BTreeMap<&'static str, Vec<Vec<u8>>>) -> Self {
        Self { dn, values, forbidden: BTreeSet::new(), state: State::There }
    }
}

/// Objects by GUID, in order.
#[derive(Clone, Debug, Default)]
pub struct Objects(pub BTreeMap<Guid, Object>);

impl Objects {
    fn put(&mut self, number: u32, dn: String, values: &[(&'static str, &[u8])]) {
        let guid = guid(number);
        let mut object = Object::new(dn, BTreeMap::new());
        object.values.insert("objectGUID", vec![guid.0.to_bytes_le().to_vec()]);
        for (name, value) in values {
            object.values.entry(name).or_default().push(value.to_vec());
        }
        self.0.insert(guid, object);
    }

    pub fn person(&mut self, number: u32) {
        let name = format!("Person {number}");
        let email = format!("person{number}@corp.example.com");
        self.put(
            number,
            format!("CN={name},OU=People,{DOMAIN}"),
            &[
                ("objectClass", b"top"),
                ("objectClass", b"user"),
                ("displayName", name.as_bytes()),
                ("mail", email.as_bytes()),
                ("userAccountControl", b"512"),
                ("accountExpires", b"9223372036854775807"),
                ("primaryGroupID", b"513"),
            ],
        );
    }

    pub fn set(&mut self, number: u32, name: &'static str, value: &str) {
        if let Some(object) = self.0.get_mut(&guid(number)) {
            object.values.insert(name, vec![value.as_bytes().to_vec()]);
        }
    }

    pub fn unset(&mut self, number: u32, name: &'static str) {
        if let Some(object) = self.0.get_mut(&guid(number)) {
            object.values.remove(name);
        }
    }

    pub fn hide(&mut self, number: u32) {
        if let Some(object) = self.0.get_mut(&guid(number)) {
            object.state = State::Hidden;
        }
    }

    /// Out of its groups, too; what is left of it may be seen by whoever may see deleted objects.
    pub fn delete(&mut self, number: u32, state: State) {
        let gone = guid(number);
        if let Some(object) = self.0.get_mut(&gone) {
            object.state = state;
            object.values.retain(|name, _| ["objectGUID", "objectClass"].contains(name));
            object.values.insert("isDeleted", vec![b"TRUE".to_vec()]);
        }
        self.leave_all(number);
    }

    /// Gone without a trace, or with one that the account that reads may not see.
    pub fn remove(&mut self, number: u32) {
        self.0.remove(&guid(number));
        self.leave_all(number);
    }

    fn leave_all(&mut self, number: u32) {
        let named = format!("<GUID={}>", guid(number));
        for object in self.0.values_mut() {
            if let Some(members) = object.values.get_mut("member") {
                members.retain(|member| !member.starts_with(named.as_bytes()));
            }
        }
    }

    /// What somebody else does to a group's list: the version of the group changes with it.
    pub fn leave(&mut self, group: u32, member: u32) {
        let named = format!("<GUID={}>", guid(member));
        if let Some(members) =
            self.0.get_mut(&guid(group)).and_then(|it| it.values.get_mut("member"))
        {
            members.retain(|it| !it.starts_with(named.as_bytes()));
        }
        self.set(group, "uSNChanged", "2");
    }

    pub fn join(&mut self, group: u32, member: u32) {
        let member = guid(member);
        let dn = self.0.get(&member).map(|it| it.dn.clone()).unwrap_or_default();
        if let Some(group) = self.0.get_mut(&guid(group)) {
            let members = group.values.entry("member").or_default();
            members.push(format!("<GUID={member}>;{dn}").into_bytes());
        }
        self.set(group, "uSNChanged", "3");
    }

    /// A controller's own object, of which it has the number in each byte of its name.
    pub fn controller(&mut self, number: u8) {
        let dn = settings(number);
        self.put(CONTROLLERS + u32::from(number), dn, &[("invocationId", &[number; 16])]);
    }

    /// By the person's own word.
    pub fn belongs(&mut self, number: u32, group: u32) {
        let group = guid(group);
        let dn = self.0.get(&group).map(|group| group.dn.clone()).unwrap_or_default();
        self.set(number, "memberOf", &format!("<GUID={group}>;{dn}"));
    }

    pub fn forbid(&mut self, number: u32, name: &'static str) {
        if let Some(object) = self.0.get_mut(&guid(number)) {
            object.forbidden.insert(name);
        }
    }

    pub fn group(&mut self, number: u32, members: impl IntoIterator<Item = u32>) {
        let mut sid = vec![1, 5, 0, 0, 0, 0, 0, 5];
        for part in [21, 1, 2, 3, 100_000 + number] {
            sid.extend(part.to_le_bytes());
        }
        let name = format!("Group {number}");
        self.put(
            number,
            format!("CN={name},OU=Groups,{DOMAIN}"),
            &[
                ("objectClass", b"top"),
                ("objectClass", b"group"),
                ("objectCategory", b"group"),
                ("objectSid", &sid),
                ("name", name.as_bytes()),
            ],
        );
        let values: Vec<Vec<u8>> = members
            .into_iter()
            .map(|member| {
                let member = guid(member);
                let dn =
                    self.0.get(&member).map_or("CN=later,DC=corp,DC=example,DC=com", |it| &it.dn);
                format!("<GUID={member}>;{dn}").into_bytes()
            })
            .collect();
        if let Some(object) = self.0.get_mut(&guid(number)) {
            object.values.insert("member", values);
        }
    }
}
