//! Accounts in the import's own format, passwords apart: what is exported imports as the same.

use serde_json::{Map, Value};

use super::formula::guard;
use super::outcome::Table;
use crate::fields::{Field, Person};
use crate::id::GroupId;

/// The column, and the key, of groups' paths.
const GROUP_PATH: &str = "Technician Group Path";
const GROUP_PATH_KEY: &str = "technicianGroupPath";

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedRow {
    pub person: Person,
    pub group: Option<GroupId>,
    /// Tells on another server, where the ID may be another group's, which one was meant.
    pub group_path: Option<String>,
}

impl ExportedRow {
    fn text(&self, field: Field) -> String {
        let yes = |yes: bool| yes.to_string();
        match field {
            Field::Name => self.person.name.clone(),
            Field::Nickname => self.person.nickname.clone(),
            Field::Email => self.person.email.as_typed.clone(),
            Field::Password => String::new(),
            Field::SsoId => self.person.sso_id.clone().unwrap_or_default(),
            Field::Description => self.person.description.clone(),
            Field::Enabled => yes(self.person.enabled),
            Field::StandardLicense => yes(self.person.standard_license),
            Field::MobileLicense => yes(self.person.mobile_license),
            Field::Group => self.group.map_or_else(String::new, |group| group.to_string()),
        }
    }

    fn object(&self) -> Value {
        let mut object = Map::new();
        for field in exported() {
            let text = self.text(field);
            let value = match (field, self.group) {
                (Field::Group, Some(group)) => Value::from(group.0),
                _ if field.default().is_some() => Value::Bool(text == "true"),
                _ if text.is_empty() => continue,
                _ => Value::String(text),
            };
            object.insert(field.key().to_owned(), value);
        }
        if let Some(path) = &self.group_path {
            object.insert(GROUP_PATH_KEY.to_owned(), Value::from(path.as_str()));
        }
        Value::Object(object)
    }
}

fn exported() -> impl Iterator<Item = Field> + Clone {
    Field::ALL.into_iter().filter(|field| *field != Field::Password)
}

#[must_use]
pub fn export_csv<'a>(rows: impl IntoIterator<Item = &'a ExportedRow>) -> Vec<u8> {
    let mut csv = Table::new(b',');
    csv.row(exported().map(Field::header).chain([GROUP_PATH]));
    for row in rows {
        let path = row.group_path.clone().unwrap_or_default();
        let texts = exported().map(|field| row.text(field)).chain([path]);
        csv.row(texts.map(|text| guard(&text).into_owned()));
    }
    csv.into_bytes()
}

#[must_use]
pub fn export_json<'a>(rows: impl IntoIterator<Item = &'a ExportedRow>) -> Vec<u8> {
    let mut file = Map::new();
    file.insert("technicians".to_owned(), rows.into_iter().map(ExportedRow::object).collect());
    let mut json = serde_json::to_vec_pretty(&file).unwrap_or_default();
    json.push(b'\n');
    json
}
