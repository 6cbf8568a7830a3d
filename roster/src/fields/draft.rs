//! A technician as a form or a row describes one, and as the store takes one.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Field;
use crate::email::Email;
use crate::import::{Rules, Values};
use crate::password::Strength;
use crate::problem::Problem;

/// What a person typed into a form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub name: String,
    pub nickname: String,
    pub email: String,
    /// `None` or empty: no password is set or changed.
    pub password: Option<String>,
    pub sso_id: String,
    pub description: String,
    pub enabled: bool,
    pub standard_license: bool,
    pub mobile_license: bool,
}

impl Default for Draft {
    fn default() -> Self {
        let yes = |field: Field| field.default() == Some(true);
        Self {
            name: String::new(),
            nickname: String::new(),
            email: String::new(),
            password: None,
            sso_id: String::new(),
            description: String::new(),
            enabled: yes(Field::Enabled),
            standard_license: yes(Field::StandardLicense),
            mobile_license: yes(Field::MobileLicense),
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("name", &self.name)
            .field("email", &self.email)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .finish_non_exhaustive()
    }
}

/// The cleaned values of a technician: what the store takes. Its password goes apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    /// Never empty: the name, where none was given.
    pub nickname: String,
    pub email: Email,
    pub sso_id: Option<String>,
    pub description: String,
    pub enabled: bool,
    pub standard_license: bool,
    pub mobile_license: bool,
}

/// The form's values, cleaned; or all that is wrong with them. By the same rules as the import;
/// what is only a warning there is taken silently here.
pub fn check_draft(
    draft: &Draft,
    strength: Strength,
    organization: &str,
) -> Result<Person, Vec<Problem>> {
    let text = |yes: bool| Cow::Borrowed(if yes { "true" } else { "false" });
    let values = Values([
        Cow::Borrowed(&draft.name),
        Cow::Borrowed(&draft.nickname),
        Cow::Borrowed(&draft.email),
        Cow::Borrowed(draft.password.as_deref().unwrap_or_default()),
        Cow::Borrowed(&draft.sso_id),
        Cow::Borrowed(&draft.description),
        text(draft.enabled),
        text(draft.standard_license),
        text(draft.mobile_license),
        Cow::Borrowed(""),
    ]);
    let rules = Rules {
        group_chosen: true,
        strength,
        organization: organization.to_owned(),
        default_password_set: true,
    };
    values.person(&rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    fn anna() -> Draft {
        Draft { name: " Anna ".into(), email: "Anna@Example.com".into(), ..Draft::default() }
    }

    #[test]
    fn a_form_becomes_a_person() {
        let person = check_draft(&anna(), Strength::Good, "Muster AG").unwrap();
        assert_eq!((person.name.as_str(), person.nickname.as_str()), ("Anna", "Anna"));
        assert_eq!(person.email.key, "anna@example.com");
        assert_eq!(person.sso_id, None);
        assert!(person.enabled && person.standard_license && !person.mobile_license);
    }

    #[test]
    fn a_form_shows_all_that_is_wrong() {
        let draft = Draft {
            name: String::new(),
            email: "anna".into(),
            password: Some("short".into()),
            ..anna()
        };
        let problems = check_draft(&draft, Strength::Good, "").unwrap_err();
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::NameRequired, Code::EmailInvalid, Code::PasswordTooWeak]);
        assert!(!format!("{draft:?} {problems:?}").contains("short\""));
    }
}
