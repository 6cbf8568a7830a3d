//! One row's texts, by field, and the check of a row by itself: the same in the preview, on the
//! server, on the command line and in forms.

use std::borrow::Cow;
use std::fmt;

use super::{Rules, message};
use crate::email::{self, Email};
use crate::fields::{self, Field, Person};
use crate::password::{self, Context};
use crate::problem::{Code, Problem};
use crate::text;

/// The texts in the order of `Field::ALL`; empty where there is none.
#[derive(Clone, PartialEq, Eq)]
pub struct Values<'a>(pub [Cow<'a, str>; Field::COUNT]);

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values")
            .field("name", &self.get(Field::Name))
            .field("email", &self.get(Field::Email))
            .finish_non_exhaustive()
    }
}

/// Fields that can't be looked at, since their cells aren't what they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden(u16);

impl Hidden {
    /// By what is known of the row's shape; `None` as field means the whole row.
    pub fn by(problems: impl Iterator<Item = (Code, Option<Field>)>) -> Self {
        let mut hidden = Self::default();
        for (code, field) in problems {
            match field {
                _ if code.hides_fields() => hidden.0 = u16::MAX,
                Some(field) if code.hides_field() => hidden.0 |= 1 << field.index(),
                _ => {}
            }
        }
        hidden
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn of(fields: impl Iterator<Item = Field>) -> Self {
        Self(fields.fold(0, |hidden, field| hidden | 1 << field.index()))
    }

    pub fn contains(self, field: Field) -> bool {
        self.0 & (1 << field.index()) != 0
    }

    pub fn all(self) -> bool {
        self.0 == u16::MAX
    }
}

impl Values<'_> {
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        &self.0[field.index()]
    }

    /// Tells `found` all that is wrong with the row by itself. The email's key is written over
    /// `key`; empty where there is no valid email.
    pub(super) fn check(
        &self,
        rules: &Rules,
        hidden: Hidden,
        key: &mut String,
        mut found: impl FnMut(Field, Code),
    ) {
        key.clear();
        for field in Field::ALL {
            if hidden.contains(field) {
                continue;
            }
            let text = self.get(field);
            let wrong = match field {
                Field::Name => look(fields::name(text)),
                Field::Nickname => look(fields::nickname(text)),
                Field::Email => self.email(key).err(),
                Field::Password => self.password(rules),
                Field::SsoId => look(fields::sso_id(text)),
                Field::Description => look(fields::description(text)),
                Field::Enabled | Field::StandardLicense | Field::MobileLicense => {
                    fields::boolean(field, text).err()
                }
                Field::Group if rules.group_chosen => None,
                Field::Group => match fields::group(text) {
                    Ok(None) => Some(Code::GroupRequired),
                    other => other.err(),
                },
            };
            if let Some(code) = wrong {
                found(field, code);
            }
        }
    }

    fn email(&self, key: &mut String) -> Result<(), Code> {
        email::examine(self.get(Field::Email), key).map_err(|fault| {
            key.clear();
            fault.code()
        })
    }

    fn password(&self, rules: &Rules) -> Option<Code> {
        if self.get(Field::Password).is_empty() {
            return (!rules.default_password_set).then_some(Code::PasswordNone);
        }
        self.weakness(rules).map(|_| Code::PasswordTooWeak)
    }

    pub(super) fn weakness(&self, rules: &Rules) -> Option<password::Weakness> {
        let context = Context {
            name: self.get(Field::Name),
            email: self.get(Field::Email),
            organization: &rules.organization,
        };
        password::check(self.get(Field::Password), rules.strength, &context).err()
    }

    /// As `check`, in sentences.
    pub(super) fn problems(&self, rules: &Rules, hidden: Hidden) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check(rules, hidden, &mut String::new(), |field, code| {
            problems.push(message::of_field(field, code, self, rules));
        });
        problems
    }

    /// What the store takes, or all errors.
    pub(crate) fn person(&self, rules: &Rules) -> Result<Person, Vec<Problem>> {
        let values = self.cleaned();
        let mut problems = values.problems(rules, Hidden::default());
        problems.retain(Problem::is_error);
        if !problems.is_empty() {
            return Err(problems);
        }
        values.build().map_err(|(field, code)| vec![message::of_field(field, code, &values, rules)])
    }

    /// Trimmed and in normal form, the password apart: as a sheet hands its values out.
    pub(super) fn cleaned(&self) -> Values<'_> {
        let mut field = Field::ALL.into_iter();
        Values(self.0.each_ref().map(|text| match field.next() {
            Some(Field::Password) => Cow::Borrowed(text.as_ref()),
            _ => text::clean(text),
        }))
    }

    pub(super) fn build(&self) -> Result<Person, (Field, Code)> {
        let of = |field: Field| move |code: Code| (field, code);
        let take = |field: Field, cleaned: Result<fields::Cleaned<'_>, Code>| {
            cleaned.map(|cleaned| cleaned.value.into_owned()).map_err(of(field))
        };
        let yes = |field: Field| fields::boolean(field, self.get(field)).map_err(of(field));
        let name = take(Field::Name, fields::name(self.get(Field::Name)))?;
        let nickname = take(Field::Nickname, fields::nickname(self.get(Field::Nickname)))?;
        let sso_id = take(Field::SsoId, fields::sso_id(self.get(Field::SsoId)))?;
        Ok(Person {
            nickname: if nickname.is_empty() { name.clone() } else { nickname },
            name,
            email: Email::parse(self.get(Field::Email)).map_err(of(Field::Email))?,
            sso_id: (!sso_id.is_empty()).then_some(sso_id),
            description: take(
                Field::Description,
                fields::description(self.get(Field::Description)),
            )?,
            enabled: yes(Field::Enabled)?,
            standard_license: yes(Field::StandardLicense)?,
            mobile_license: yes(Field::MobileLicense)?,
        })
    }
}

/// The error, or the warning that something was taken out.
fn look(result: Result<fields::Cleaned<'_>, Code>) -> Option<Code> {
    match result {
        Ok(cleaned) => cleaned.removed.then_some(Code::NameControlCharacters),
        Err(code) => Some(code),
    }
}
