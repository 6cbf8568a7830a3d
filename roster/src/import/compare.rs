//! The dry run: what an import would do to those who are there already. The browser sends keys and
//! checksums, the server answers with a verdict for each row; the commit decides by the same
//! function, so that a preview and its commit can't disagree.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::submit::SubmittedValues;
use crate::account::UnknownWord;
use crate::email;
use crate::fields::{self, Field, Person};
use crate::id::{AccountId, GroupId};
use crate::problem::Problem;

/// Rows of one comparison, at most.
pub const COMPARE_ROWS: usize = 5_000;

/// What to do with a row whose email belongs to a technician already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    #[default]
    Skip,
    /// What the row says replaces what is there; an empty cell keeps it. A password is never
    /// replaced: it is the person's own by then, and importing twice must equal importing once.
    Update,
}

impl Existing {
    pub const ALL: [Self; 2] = [Self::Skip, Self::Update];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
        }
    }
}

impl FromStr for Existing {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|existing| existing.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// `POST /api/imports/compare`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub existing: Existing,
    /// The group for the whole file.
    pub group: Option<GroupId>,
    pub rows: Vec<CompareRow>,
}

/// A row as far as it takes to compare it: keys and checksums. `None`: the row says nothing, so
/// that what is there stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompareRow {
    /// The email's key.
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sso_id: Option<String>,
    /// Not set where a group holds for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What the file says beside the group's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_path: Option<String>,
    /// Checksums of the texts as they would be stored.
    pub name: u32,
    pub email_as_typed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_license: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_license: Option<bool>,
}

/// What is there already, as far as it is compared.
#[derive(Clone, Copy, Debug)]
pub struct There<'a> {
    pub person: &'a Person,
    pub group: Option<GroupId>,
}

/// The answer, row by row in the order in which they were asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub verdicts: Vec<Verdict>,
    /// Seats that are free now; `None`: no limit.
    pub standard_seats_free: Option<u32>,
    pub mobile_seats_free: Option<u32>,
}

/// What would become of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Create,
    Update(Update),
    /// Every value of the row is there already.
    Unchanged,
    /// The email belongs to a technician, and those are to be skipped.
    Skip,
    /// The row can't be imported as things are: `group.unknown`, `sso_id.in_use` …
    Conflict(Problem),
}

/// The account that a row would change, as it was when it was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    pub account: AccountId,
    pub version: i64,
    pub differences: Vec<Difference>,
}

/// A field that would change. What it would become stands in the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub field: Field,
    /// As people read it; of a group its path.
    pub before: String,
}

/// What a row's sender takes for granted, by the dry run. `None` with the row: there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Nobody has the row's email.
    Nobody,
    /// This account, in this version.
    Account { id: AccountId, version: i64 },
}

impl CompareRow {
    /// `None` where the row has an error, which the check says.
    #[must_use]
    pub fn of(values: &SubmittedValues, group_chosen: bool) -> Option<Self> {
        let text = |field: Field| values.get(field).unwrap_or_default();
        let given = |field: Field| values.get(field).is_some();
        let flag =
            |field: Field| given(field).then(|| fields::boolean(field, text(field))).transpose();
        let mut row = Self {
            sso_id: given(Field::SsoId)
                .then(|| fields::sso_id(text(Field::SsoId)).map(|it| it.value.into_owned()))
                .transpose()
                .ok()?,
            group: if group_chosen { None } else { fields::group(text(Field::Group)).ok()? },
            group_path: values.group_path.clone().filter(|_| !group_chosen),
            name: checksum(&fields::name(text(Field::Name)).ok()?.value),
            email_as_typed: checksum(&crate::text::clean(text(Field::Email))),
            nickname: given(Field::Nickname)
                .then(|| fields::nickname(text(Field::Nickname)).map(|it| checksum(&it.value)))
                .transpose()
                .ok()?,
            description: given(Field::Description)
                .then(|| {
                    fields::description(text(Field::Description)).map(|it| checksum(&it.value))
                })
                .transpose()
                .ok()?,
            enabled: flag(Field::Enabled).ok()?,
            standard_license: flag(Field::StandardLicense).ok()?,
            mobile_license: flag(Field::MobileLicense).ok()?,
            email: String::new(),
        };
        email::examine(&crate::text::clean(text(Field::Email)), &mut row.email).ok()?;
        Some(row)
    }

    /// The fields in which the row differs from what is there, in their order. `chosen` is the
    /// group for the whole file.
    #[must_use]
    pub fn differs(&self, there: There<'_>, chosen: Option<GroupId>) -> Vec<Field> {
        let person = there.person;
        let text = |given: Option<u32>, now: &str| given.is_some_and(|it| it != checksum(now));
        let flag = |given: Option<bool>, now: bool| given.is_some_and(|it| it != now);
        let differs = |field: Field| match field {
            Field::Name => text(Some(self.name), &person.name),
            Field::Nickname => text(self.nickname, &person.nickname),
            Field::Email => text(Some(self.email_as_typed), &person.email.as_typed),
            Field::SsoId => self.sso_id.is_some() && self.sso_id != person.sso_id,
            Field::Description => text(self.description, &person.description),
            Field::Enabled => flag(self.enabled, person.enabled),
            Field::StandardLicense => flag(self.standard_license, person.standard_license),
            Field::MobileLicense => flag(self.mobile_license, person.mobile_license),
            Field::Group => {
                let wanted = chosen.or(self.group);
                wanted.is_some() && wanted != there.group
            }
            Field::Password => false,
        };
        Field::ALL.into_iter().filter(|field| differs(*field)).collect()
    }
}

/// FNV-1a, 32 bits: it tells whether a preview shows a difference; what is written is compared in
/// full.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::Email;

    fn there() -> Person {
        Person {
            name: "Anna Bauer".into(),
            nickname: "Anna".into(),
            email: Email::parse("anna@x.test").unwrap(),
            sso_id: Some("a.bauer".into()),
            description: "Berlin".into(),
            enabled: true,
            standard_license: true,
            mobile_license: false,
        }
    }

    #[test]
    fn only_what_a_row_says_can_differ() {
        let check = |values: &[(Field, &str)], chosen: Option<i64>, expected: &[Field]| {
            let mut row = SubmittedValues::default();
            row.set(Field::Name, "Anna Bauer");
            row.set(Field::Email, "anna@x.test");
            for (field, text) in values {
                row.set(*field, text);
            }
            let chosen = chosen.map(GroupId);
            let person = there();
            let there = There { person: &person, group: Some(GroupId(1001)) };
            let row = CompareRow::of(&row, chosen.is_some()).unwrap();
            assert_eq!(row.differs(there, chosen), expected, "{values:?}");
        };
        check(&[], None, &[]);
        check(&[(Field::Nickname, "Anna"), (Field::Enabled, "yes")], None, &[]);
        check(&[(Field::Password, "Vq7!mReXb2")], None, &[]);
        check(&[(Field::Email, "Anna@X.test")], None, &[Field::Email]);
        check(&[(Field::Name, "Anna Berg")], None, &[Field::Name]);
        check(&[(Field::SsoId, "a.berg")], None, &[Field::SsoId]);
        check(
            &[(Field::Enabled, "no"), (Field::MobileLicense, "1")],
            None,
            &[Field::Enabled, Field::MobileLicense],
        );
        check(&[(Field::Group, "1001")], None, &[]);
        check(&[(Field::Group, "1002")], None, &[Field::Group]);
        check(&[(Field::Group, "1002")], Some(1001), &[]);
        check(&[], Some(1002), &[Field::Group]);
    }
}
