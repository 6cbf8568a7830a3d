//! The fields of a technician: one table from which the import, the forms, the examples and the
//! documents are made. The rules for one field's text are in `rules`, a form's check in `draft`.

mod draft;
mod rules;

use serde::{Deserialize, Serialize};

pub use draft::{Draft, Person, check_draft};
pub use rules::{Cleaned, boolean, description, group, name, nickname, sso_id};

/// One column of an import file; in the order of the example files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Nickname,
    Email,
    Password,
    SsoId,
    Description,
    Enabled,
    StandardLicense,
    MobileLicense,
    Group,
}

/// What the table says of a field.
struct Definition {
    header: &'static str,
    key: &'static str,
    rule: &'static str,
    max_chars: usize,
    examples: [&'static str; 2],
}

const fn definition(field: Field) -> Definition {
    match field {
        Field::Name => Definition {
            header: "Name",
            key: "name",
            rule: "Required, 1 to 128 characters.",
            max_chars: 128,
            examples: ["Anna Muster", "山本 良平"],
        },
        Field::Nickname => Definition {
            header: "Nickname",
            key: "nickname",
            rule: "Up to 128 characters; empty: the name.",
            max_chars: 128,
            examples: ["Anna", ""],
        },
        Field::Email => Definition {
            header: "Email",
            key: "email",
            rule: "Required, unique; up to 254 bytes, 64 of them before the @. International \
                   addresses are valid.",
            max_chars: 254,
            examples: ["anna.muster@example.com", "ryohei.yamamoto@example.com"],
        },
        Field::Password => Definition {
            header: "Password",
            key: "password",
            rule: "Must satisfy the password policy; empty: the organization’s default password, or \
                   a starting password where none works.",
            max_chars: crate::password::MAX_CHARS,
            examples: ["Vq7!mReXb2", "Kt4?wZuLp9"],
        },
        Field::SsoId => Definition {
            header: "Single Sign-On ID",
            key: "singleSignOnId",
            rule: "Up to 128 characters, unique.",
            max_chars: 128,
            examples: ["a.muster", ""],
        },
        Field::Description => Definition {
            header: "Description",
            key: "description",
            rule: "Up to 1,024 characters; line breaks are kept.",
            max_chars: 1024,
            examples: ["Second shift, Berlin", ""],
        },
        Field::Enabled => Definition {
            header: "Enabled",
            key: "enabled",
            rule: "Yes or no (true, false, 1, 0, on, off, active, inactive …); empty: yes.",
            max_chars: 16,
            examples: ["true", "true"],
        },
        Field::StandardLicense => Definition {
            header: "Standard License",
            key: "standardLicense",
            rule: "Yes or no; empty: yes.",
            max_chars: 16,
            examples: ["true", "true"],
        },
        Field::MobileLicense => Definition {
            header: "Mobile License",
            key: "mobileLicense",
            rule: "Yes or no; empty: no.",
            max_chars: 16,
            examples: ["false", "true"],
        },
        Field::Group => Definition {
            header: "Technician Group ID",
            key: "technicianGroupId",
            rule: "The number of a Technician Group; needed where no group is chosen for the \
                   whole file, ignored where one is.",
            max_chars: 20,
            examples: ["", ""],
        },
    }
}

impl Field {
    pub const COUNT: usize = 10;
    pub const ALL: [Self; Self::COUNT] = [
        Self::Name,
        Self::Nickname,
        Self::Email,
        Self::Password,
        Self::SsoId,
        Self::Description,
        Self::Enabled,
        Self::StandardLicense,
        Self::MobileLicense,
        Self::Group,
    ];

    /// The CSV header, and what people call the field.
    #[must_use]
    pub const fn header(self) -> &'static str {
        definition(self).header
    }

    /// The JSON key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        definition(self).key
    }

    /// The column must be in every file, and no cell of it may be empty.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(self, Self::Name | Self::Email)
    }

    /// The rule in words.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        definition(self).rule
    }

    #[must_use]
    pub const fn max_chars(self) -> usize {
        definition(self).max_chars
    }

    /// What a field of yes or no means when it is empty; `None` for the other fields.
    #[must_use]
    pub const fn default(self) -> Option<bool> {
        match self {
            Self::Enabled | Self::StandardLicense => Some(true),
            Self::MobileLicense => Some(false),
            _ => None,
        }
    }

    /// Its cells in the example files, one for each row.
    #[must_use]
    pub const fn examples(self) -> [&'static str; 2] {
        definition(self).examples
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), index);
            assert_eq!(Field::from_key(field.key()), Some(field));
            assert!(field.examples().iter().all(|text| text.chars().count() <= field.max_chars()));
        }
        assert_eq!(Field::from_key("Name"), None);
    }
}
