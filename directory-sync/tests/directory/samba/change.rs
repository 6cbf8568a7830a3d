//! What an administrator of the directory does in it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use ldap3::{Mod, Scope, SearchEntry, dn_escape};
use roster::directory::protocol::Guid;

use super::Samba;
use super::provision::BASE;

/// `accountExpires` of an account that doesn't.
pub const NEVER: &str = "9223372036854775807";

/// `NORMAL_ACCOUNT` and `PASSWD_NOTREQD`
const NO_PASSWORD: u32 = 544;
const ENABLED: &str = "512";
const DISABLED: &str = "514";

pub fn disabled(yes: bool) -> &'static str {
    if yes { DISABLED } else { ENABLED }
}

/// A new account.
pub struct Person<'a> {
    pub sign_in: &'a str,
    pub display_name: &'a str,
    pub email: &'a str,
    pub password: &'a str,
}

impl<'a> Person<'a> {
    pub fn named(sign_in: &'a str) -> Self {
        Self { sign_in, display_name: "", email: "", password: "Passw0rd!person" }
    }
}

impl Samba {
    pub async fn add(&mut self, dn: &str, values: &[(&str, &[&str])]) {
        let values: Vec<(&str, HashSet<&str>)> =
            values.iter().map(|(name, values)| (*name, values.iter().copied().collect())).collect();
        self.admin.add(dn, values).await.unwrap().success().unwrap();
    }

    pub async fn replace(&mut self, dn: &str, attribute: &str, value: &str) {
        let values = if value.is_empty() { HashSet::new() } else { HashSet::from([value]) };
        self.change(dn, vec![Mod::Replace(attribute, values)]).await;
    }

    pub(super) async fn change(&mut self, dn: &str, changes: Vec<Mod<&str>>) {
        self.admin.modify(dn, changes).await.unwrap().success().unwrap();
    }

    /// A person in `OU=People`, by the name that they get there; gives the distinguished name.
    pub async fn technician(&mut self, name: &str, sign_in: &str) -> String {
        let dn = format!("CN={},OU=People,{BASE}", dn_escape(name));
        let email = format!("{sign_in}@corp.example.com");
        let person = Person { email: &email, display_name: name, ..Person::named(sign_in) };
        self.person(&dn, person).await;
        dn
    }

    pub async fn person(&mut self, dn: &str, person: Person<'_>) {
        let principal = format!("{}@corp.example.com", person.sign_in);
        let mut values: Vec<(&str, HashSet<Vec<u8>>)> = Vec::new();
        for (name, value) in [
            ("objectClass", "user"),
            ("sAMAccountName", person.sign_in),
            ("userPrincipalName", &principal),
            ("displayName", person.display_name),
            ("mail", person.email),
            ("userAccountControl", ENABLED),
        ] {
            if !value.is_empty() {
                values.push((name, HashSet::from([value.as_bytes().to_vec()])));
            }
        }
        let password = format!("\"{}\"", person.password);
        let password = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        values.push(("unicodePwd", HashSet::from([password])));
        let values =
            values.into_iter().map(|(name, values)| (name.as_bytes().to_vec(), values)).collect();
        self.admin.add(dn, values).await.unwrap().success().unwrap();
    }

    /// A group in `OU=Groups`; gives the distinguished name.
    pub async fn group(&mut self, name: &str, members: &[&str]) -> String {
        let dn = format!("CN={},OU=Groups,{BASE}", dn_escape(name));
        // What may stand in a name is more than what may stand in this one.
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        self.add(&dn, &[("objectClass", &["group"]), ("sAMAccountName", &[&plain])]).await;
        for member in members {
            self.join(&dn, member).await;
        }
        dn
    }

    pub async fn join(&mut self, group: &str, member: &str) {
        self.change(group, vec![Mod::Add("member", HashSet::from([member]))]).await;
    }

    pub async fn leave(&mut self, group: &str, member: &str) {
        self.change(group, vec![Mod::Delete("member", HashSet::from([member]))]).await;
    }

    /// Renamed, moved or both: `CN=new name`, `OU=Elsewhere`; gives the new distinguished name.
    pub async fn move_to(&mut self, dn: &str, name: &str, unit: &str) -> String {
        let below = format!("{unit},{BASE}");
        self.admin.modifydn(dn, name, true, Some(&below)).await.unwrap().success().unwrap();
        format!("{name},{below}")
    }

    /// Renames an organizational unit below the domain; gives its new name.
    pub async fn move_unit(&mut self, unit: &str, name: &str) -> String {
        let dn = format!("{unit},{BASE}");
        self.admin.modifydn(&dn, name, true, None).await.unwrap().success().unwrap();
        name.to_owned()
    }

    pub async fn delete(&mut self, dn: &str) {
        self.admin.delete(dn).await.unwrap().success().unwrap();
    }

    pub async fn guid(&mut self, dn: &str) -> Guid {
        let found = self
            .admin
            .search(dn, Scope::Base, "(objectClass=*)", vec!["objectGUID"])
            .await
            .unwrap()
            .success()
            .unwrap();
        let entry = SearchEntry::construct(found.0.into_iter().next().unwrap());
        let text = entry.attrs.get("objectGUID").map(|it| it[0].clone().into_bytes());
        let bytes = text.or_else(|| entry.bin_attrs.get("objectGUID").map(|it| it[0].clone()));
        Guid(uuid::Uuid::from_bytes_le(bytes.unwrap().try_into().unwrap()))
    }

    /// The rights to an object, by an entry of an access list: `(D;;RP;;;WD)`.
    pub fn forbid(&self, dn: &str, entry: &str) {
        let said = Command::new("samba-tool")
            .args(["dsacl", "set", "--objectdn", dn, "--sddl", entry])
            .arg("--URL")
            .arg(self.path().join("private/sam.ldb"))
            .arg("--configfile")
            .arg(self.path().join("smb.conf"))
            .output()
            .unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
}

impl Samba {
    /// The last part of a group's SID.
    pub async fn rid(&mut self, dn: &str) -> String {
        let found = self
            .admin
            .search(dn, Scope::Base, "(objectClass=*)", vec!["objectSid"])
            .await
            .unwrap()
            .success()
            .unwrap();
        let entry = SearchEntry::construct(found.0.into_iter().next().unwrap());
        let sid = &entry.bin_attrs["objectSid"][0];
        u32::from_le_bytes(*sid.last_chunk().unwrap()).to_string()
    }

    /// Many people without a password in one transaction, past the server, and in the group: `Person 7`
    /// with the email `p7@corp.example.com`.
    pub fn crowd(&self, group: &str, count: usize) {
        let mut people = String::new();
        let mut members = format!("dn: {group}\nchangetype: modify\nadd: member\n");
        for number in 0..count {
            let dn = format!("CN=Person {number},OU=People,{BASE}");
            let _ = write!(
                people,
                "dn: {dn}\nobjectClass: user\nsAMAccountName: p{number}\ndisplayName: Person {number}\n\
                 mail: p{number}@corp.example.com\nuserAccountControl: {NO_PASSWORD}\n\n"
            );
            let _ = writeln!(members, "member: {dn}");
        }
        for (program, changes) in [("ldbadd", people), ("ldbmodify", members)] {
            let file = self.path().join(program);
            fs::write(&file, changes).unwrap();
            let database = self.path().join("private/sam.ldb");
            let said = Command::new(program).arg("-H").arg(database).arg(file).output().unwrap();
            assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        }
    }
}
