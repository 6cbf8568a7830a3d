//! What can be wrong with a row: the codes, which are a contract (docs/import.md), and a problem as
//! people and scripts see it. The sentences are written in `import::message`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fields::Field;

/// Whether a row can be imported all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Warning,
    Error,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// A row's problem by its code; in the order in which a row's problems are listed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

codes! {
    RowTooManyCells = "row.too_many_cells", Error;
    /// By itself a warning: where a missing cell is required, that field's own code is the error.
    RowTooFewCells = "row.too_few_cells", Warning;
    RowStrayQuote = "row.stray_quote", Error;
    RowNotAnObject = "row.not_an_object", Error;
    RowDuplicateKey = "row.duplicate_key", Error;
    CellTooLarge = "cell.too_large", Error;
    CellWrongType = "cell.wrong_type", Error;
    NameRequired = "name.required", Error;
    NameTooLong = "name.too_long", Error;
    /// Said of a nickname, too.
    NameControlCharacters = "name.control_characters", Warning;
    NicknameTooLong = "nickname.too_long", Error;
    EmailRequired = "email.required", Error;
    EmailInvalid = "email.invalid", Error;
    EmailTooLong = "email.too_long", Error;
    EmailDuplicateInFile = "email.duplicate_in_file", Error;
    EmailLookalike = "email.lookalike", Warning;
    /// Known only to the server.
    EmailInUse = "email.in_use", Error;
    PasswordTooWeak = "password.too_weak", Error;
    PasswordNone = "password.none", Warning;
    SsoIdTooLong = "sso_id.too_long", Error;
    SsoIdDuplicateInFile = "sso_id.duplicate_in_file", Error;
    /// Known only to the server.
    SsoIdInUse = "sso_id.in_use", Error;
    DescriptionTooLong = "description.too_long", Error;
    EnabledNotABoolean = "enabled.not_a_boolean", Error;
    StandardLicenseNotABoolean = "standard_license.not_a_boolean", Error;
    MobileLicenseNotABoolean = "mobile_license.not_a_boolean", Error;
    GroupRequired = "group.required", Error;
    GroupNotANumber = "group.not_a_number", Error;
    /// Once for the file: on the first row that names a group.
    GroupIgnored = "group.ignored", Warning;
    /// Known only to the server.
    GroupUnknown = "group.unknown", Error;
    /// The file names another group beside the number: known only to the server.
    GroupOtherPath = "group.other_path", Error;
    /// Known only to the server.
    GroupNotAllowed = "group.not_allowed", Error;
    /// Somebody changed the account, or created it, since the dry run: known only to the server.
    AccountChanged = "account.changed", Error;
    /// Known only to the server.
    SeatsNoneLeft = "seats.none_left", Error;
}

impl Code {
    /// Found only by looking at the whole file. Such problems travel with a submitted row; all
    /// others are found anew wherever the row is checked.
    #[must_use]
    pub fn needs_whole_file(self) -> bool {
        matches!(
            self,
            Self::RowTooManyCells
                | Self::RowTooFewCells
                | Self::RowStrayQuote
                | Self::RowNotAnObject
                | Self::RowDuplicateKey
                | Self::CellTooLarge
                | Self::CellWrongType
                | Self::EmailDuplicateInFile
                | Self::EmailLookalike
                | Self::SsoIdDuplicateInFile
                | Self::GroupIgnored
        )
    }

    /// Found only by looking at the accounts and groups that exist.
    #[must_use]
    pub fn needs_server(self) -> bool {
        matches!(
            self,
            Self::EmailInUse
                | Self::SsoIdInUse
                | Self::GroupUnknown
                | Self::GroupOtherPath
                | Self::GroupNotAllowed
                | Self::AccountChanged
                | Self::SeatsNoneLeft
        )
    }

    /// The cells may stand in the wrong columns, or aren't there: what the fields say is noise.
    pub(crate) fn hides_fields(self) -> bool {
        matches!(self, Self::RowTooManyCells | Self::RowNotAnObject)
    }

    /// The cell can't be understood: the field's own rule has nothing to look at.
    pub(crate) fn hides_field(self) -> bool {
        matches!(self, Self::CellTooLarge | Self::CellWrongType)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no code “{0}”")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(word: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == word)
            .ok_or_else(|| UnknownCode(word.to_owned()))
    }
}

/// What is wrong with a row or one of its fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Problem {
    /// The field's JSON key, `singleSignOnId`; `None`: the whole row.
    pub column: Option<String>,
    pub code: Code,
    /// For people: names the value, says what is wrong and what would be right. Never holds a
    /// password.
    pub message: String,
}

impl Problem {
    #[must_use]
    pub fn on(field: Field, code: Code, message: impl Into<String>) -> Self {
        Self { column: Some(field.key().to_owned()), code, message: message.into() }
    }

    #[must_use]
    pub fn of_row(code: Code, message: impl Into<String>) -> Self {
        Self { column: None, code, message: message.into() }
    }

    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    #[must_use]
    pub fn field(&self) -> Option<Field> {
        self.column.as_deref().and_then(Field::from_key)
    }

    /// The row first, then the fields in their order, then the codes in theirs.
    pub(crate) fn place(&self) -> (Option<usize>, Code) {
        (self.field().map(Field::index), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_word() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
        assert_eq!("email.wrong".parse::<Code>(), Err(UnknownCode("email.wrong".to_owned())));
    }

    #[test]
    fn a_problem_as_scripts_see_it() {
        let problem = Problem::on(Field::SsoId, Code::SsoIdTooLong, "…");
        assert_eq!(
            serde_json::to_string(&problem).unwrap(),
            r#"{"column":"singleSignOnId","code":"sso_id.too_long","message":"…"}"#
        );
        assert_eq!(problem.field(), Some(Field::SsoId));
    }
}
