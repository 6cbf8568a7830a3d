//! Mends: what can be done about a problem in all the rows that have it. What becomes of a text is
//! in `slip` and `text`; that a mend is taken, undone and checked is `review`'s business.

mod slip;
mod text;

use serde::{Deserialize, Serialize};

use super::check::{Finding, Place, hidden};
use super::header::{Role, Source};
use super::sheet::Sheet;
use super::sheet::edit::Step;
use super::{Format, Rules, formula};
use crate::email;
use crate::fields::{self, Field};
use crate::id::GroupId;
use crate::problem::Code;

pub use slip::Slip;
pub(super) use slip::mend as mended_email;
pub(super) use text::group_number;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Addresses with this typing error become what was meant.
    Email(Slip),
    /// Who has no name gets one from the email: `anna.bauer@` is Anna Bauer.
    NameFromEmail,
    /// A text that is too long ends after a word.
    Cut(Field),
    /// What can't be seen is taken out of names.
    RemoveInvisible(Field),
    /// The rows with this problem are not imported; of duplicates the repeats.
    LeaveOut(Code),
    /// Who repeats a single sign-on ID has none.
    EmptySsoId,
    /// A password that is too weak gives way to the organization's default.
    EmptyPassword,
    /// This value means yes, or no.
    Boolean { field: Field, value: String, yes: bool },
    /// Of a group's ID the digits alone: `ID 1001`.
    GroupDigits,
    /// Rows with this value, which may be empty, are for this group.
    Group { value: String, to: GroupId },
    /// Text after a closing quote belongs to the cell.
    TakeStrayQuotes,
    /// The surplus cells belong to the description, the last column.
    JoinSurplus,
}

/// What becomes of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Texts as they are to be understood, by column.
    Cells(Vec<(usize, String)>),
    LeaveOut,
    TakeStrayQuotes,
    JoinSurplus(String),
}

impl Mend {
    /// Whether it is for problems of this kind.
    pub(super) fn is_for(&self, code: Code, place: Place) -> bool {
        match self {
            Self::Email(_) => code == Code::EmailInvalid,
            Self::NameFromEmail => code == Code::NameRequired,
            Self::Cut(Field::Name) => code == Code::NameTooLong,
            Self::Cut(Field::Nickname) => code == Code::NicknameTooLong,
            Self::Cut(Field::Description) => code == Code::DescriptionTooLong,
            Self::Cut(_) => false,
            Self::RemoveInvisible(field) => {
                code == Code::NameControlCharacters && place == Place::Field(*field)
            }
            Self::LeaveOut(of) => *of == code,
            Self::EmptySsoId => code == Code::SsoIdDuplicateInFile,
            Self::EmptyPassword => code == Code::PasswordTooWeak,
            Self::Boolean { field, .. } => {
                place == Place::Field(*field)
                    && matches!(
                        code,
                        Code::EnabledNotABoolean
                            | Code::StandardLicenseNotABoolean
                            | Code::MobileLicenseNotABoolean
                    )
            }
            Self::GroupDigits => code == Code::GroupNotANumber,
            Self::Group { .. } => matches!(
                code,
                Code::GroupRequired
                    | Code::GroupNotANumber
                    | Code::GroupUnknown
                    | Code::GroupOtherPath
                    | Code::GroupNotAllowed
            ),
            Self::TakeStrayQuotes => code == Code::RowStrayQuote,
            Self::JoinSurplus => code == Code::RowTooManyCells,
        }
    }

    /// What becomes of the row, which has a problem that the mend is for; `None` where it doesn't
    /// help.
    pub(super) fn remedy(&self, sheet: &Sheet, rules: &Rules, row: usize) -> Option<Remedy> {
        let cell = |field: Field, text: String| match sheet.heading.sources[field.index()] {
            Source::Column(column) => Some(Remedy::Cells(vec![(column, text)])),
            Source::Nowhere | Source::Joined { .. } => None,
        };
        let value = |field: Field| sheet.value(row, field);
        match self {
            Self::Email(slip) => {
                let (of, mended) = mended_email(&value(Field::Email))?;
                if of == *slip { cell(Field::Email, mended) } else { None }
            }
            Self::NameFromEmail => name_from_email(sheet, row),
            Self::Cut(field) => cell(*field, text::cut(&value(*field), field.max_chars())),
            Self::RemoveInvisible(field) => remove_invisible(sheet, row, *field),
            Self::LeaveOut(_) => Some(Remedy::LeaveOut),
            Self::EmptySsoId => cell(Field::SsoId, String::new()),
            Self::EmptyPassword if rules.default_password_set => {
                cell(Field::Password, String::new())
            }
            Self::EmptyPassword => None,
            Self::Boolean { field, value: of, yes } => {
                let word = if *yes { "yes" } else { "no" };
                if value(*field) == *of { cell(*field, word.to_owned()) } else { None }
            }
            Self::GroupDigits => {
                cell(Field::Group, group_number(&value(Field::Group))?.to_string())
            }
            Self::Group { value: of, to } => {
                let is_group = to.0 > 0 && value(Field::Group) == *of;
                if is_group { cell(Field::Group, to.to_string()) } else { None }
            }
            Self::TakeStrayQuotes => Some(Remedy::TakeStrayQuotes),
            Self::JoinSurplus => joined(sheet, row).map(Remedy::JoinSurplus),
        }
    }

    /// Of all rows of its cause there is none that it doesn't help, so that nobody need try.
    pub(super) fn helps_always(&self) -> bool {
        matches!(
            self,
            Self::Email(_)
                | Self::EmptySsoId
                | Self::EmptyPassword
                | Self::Boolean { .. }
                | Self::GroupDigits
                | Self::TakeStrayQuotes
        )
    }

    /// Whether the person has to say which group.
    #[must_use]
    pub fn needs_group(&self) -> bool {
        matches!(self, Self::Group { .. })
    }
}

impl Remedy {
    pub fn take(&self, sheet: &mut Sheet, row: usize, step: &mut Step) {
        match self {
            Self::Cells(cells) => {
                for (column, text) in cells {
                    // As it would have to stand in a file.
                    let is_guarded = sheet.format == Format::Csv
                        && sheet.heading.field_of(*column) != Some(Field::Password);
                    let text = if is_guarded { formula::guard(text) } else { text.into() };
                    sheet.write(row, *column, &text, step);
                }
            }
            Self::LeaveOut => sheet.toggle(row, step),
            Self::TakeStrayQuotes => sheet.take_stray_quotes(row, step),
            Self::JoinSurplus(text) => sheet.join_surplus(row, text, step),
        }
    }
}

fn name_from_email(sheet: &Sheet, row: usize) -> Option<Remedy> {
    let address = sheet.value(row, Field::Email);
    if hidden(sheet, row).contains(Field::Email)
        || email::examine(&address, &mut String::new()).is_err()
    {
        return None;
    }
    let name = text::name_of(&address)?;
    match sheet.heading.sources[Field::Name.index()] {
        Source::Nowhere => None,
        Source::Column(column) => Some(Remedy::Cells(vec![(column, name)])),
        Source::Joined { first, last, .. } => {
            let (given, family) = name.rsplit_once(' ').unwrap_or(("", &name));
            Some(Remedy::Cells(vec![(first, given.to_owned()), (last, family.to_owned())]))
        }
    }
}

fn remove_invisible(sheet: &Sheet, row: usize, field: Field) -> Option<Remedy> {
    let columns = match sheet.heading.sources[field.index()] {
        Source::Nowhere => Vec::new(),
        Source::Column(column) => vec![column],
        Source::Joined { first, last, .. } => vec![first, last],
    };
    let mended = columns.into_iter().filter_map(|column| {
        let seen = crate::text::without_invisible(&sheet.understood(row, column))?;
        Some((column, seen))
    });
    let mended: Vec<_> = mended.collect();
    (!mended.is_empty()).then_some(Remedy::Cells(mended))
}

/// The description with the cells after it, where the cells before it are in their places.
fn joined(sheet: &Sheet, row: usize) -> Option<String> {
    let last = sheet.headers().len().checked_sub(1)?;
    let is_description = sheet.headers()[last].role == Role::Field(Field::Description);
    let surplus = last..sheet.width(row);
    if !is_description || surplus.clone().any(|column| sheet.is_secret(row, column)) {
        return None;
    }
    let value = |field: Field| sheet.value(row, field);
    let in_place = email::examine(&value(Field::Email), &mut String::new()).is_ok()
        && [Field::Enabled, Field::StandardLicense, Field::MobileLicense]
            .into_iter()
            .all(|field| fields::boolean(field, &value(field)).is_ok())
        && fields::group(&value(Field::Group)).is_ok();
    let delimiter = sheet.delimiter().map_or(',', super::Delimiter::char).to_string();
    let cells: Vec<&str> = surplus.map(|column| sheet.cell(row, column)).collect();
    in_place.then(|| cells.join(&delimiter))
}

/// The rows' findings that the mend is for, each row once.
pub(super) fn rows_of(mend: &Mend, findings: &[Finding]) -> Vec<u32> {
    let own = findings.iter().filter(|finding| mend.is_for(finding.code, finding.place));
    let mut rows: Vec<u32> = own.map(|finding| finding.row).collect();
    rows.dedup();
    rows
}
