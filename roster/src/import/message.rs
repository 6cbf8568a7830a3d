//! The sentences. Each names the value, says what is wrong and what would be right; none ever
//! holds a password.

use super::Rules;
use super::check::{Finding, Place};
use super::sheet::Sheet;
use super::values::Values;
use crate::email;
use crate::fields::{self, Field};
use crate::problem::{Code, Problem};
use crate::text::{chars, shown};

/// Of what is wrong with a row by itself.
pub(super) fn of_field(field: Field, code: Code, values: &Values<'_>, rules: &Rules) -> Problem {
    let text = values.get(field);
    let label = field.header();
    let message = match code {
        Code::NameRequired | Code::EmailRequired => {
            format!("The {label} is empty; it is required.")
        }
        Code::NameTooLong
        | Code::NicknameTooLong
        | Code::SsoIdTooLong
        | Code::DescriptionTooLong => format!(
            "The {label} “{}” has {} characters; {} is the most.",
            shown(text),
            chars(text),
            field.max_chars()
        ),
        Code::NameControlCharacters => {
            let removed = match field {
                Field::Nickname => fields::nickname(text),
                _ => fields::name(text),
            };
            let removed = removed.map(|cleaned| cleaned.value.into_owned()).unwrap_or_default();
            format!(
                "The {label} “{}” has characters that can’t be seen; without them it is “{}”, and \
                 that is imported.",
                shown_all(text),
                shown(&removed)
            )
        }
        Code::EmailInvalid | Code::EmailTooLong => {
            let fault = email::examine(text, &mut String::new()).err();
            let fault = fault.map_or_else(String::new, |fault| fault.to_string());
            format!("“{}” is not an email address: it {fault}.", shown(text))
        }
        Code::PasswordTooWeak => {
            values.weakness(rules).map_or_else(String::new, |weakness| weakness.to_string())
        }
        Code::PasswordNone => "The row has no password, and the organization has no default \
                               password: the technician gets a starting password of their own, to \
                               be downloaded after the import."
            .to_owned(),
        Code::EnabledNotABoolean
        | Code::StandardLicenseNotABoolean
        | Code::MobileLicenseNotABoolean => {
            let default = if field.default() == Some(true) { "yes" } else { "no" };
            format!(
                "“{}” in {label} means neither yes nor no. Write true or false; empty means \
                 {default}.",
                shown(text)
            )
        }
        Code::GroupRequired => "The row names no Technician Group. Put the group’s number into \
                                “Technician Group ID”, or choose a group for the whole file."
            .to_owned(),
        Code::GroupNotANumber => format!(
            "“{}” is no Technician Group ID. It is a number, like 12; the group’s page shows it.",
            shown(text)
        ),
        _ => String::new(),
    };
    Problem::on(field, code, message)
}

/// Of any finding in a file.
pub(super) fn of_finding(
    finding: &Finding,
    sheet: &Sheet,
    values: &Values<'_>,
    rules: &Rules,
) -> Problem {
    let other = usize::try_from(finding.other).unwrap_or_default();
    let columns = sheet.headers().len();
    let message = match (finding.code, finding.place) {
        (code, Place::Field(field)) if !code.needs_whole_file() => {
            return of_field(field, code, values, rules);
        }
        (Code::RowTooManyCells, _) => format!(
            "The row has {other} cells, the heading {columns}. If a text holds the {}, put the \
             text in quotes (\").",
            sheet.delimiter().map_or("delimiter", super::Delimiter::as_str)
        ),
        (Code::RowTooFewCells, _) => format!(
            "The row has {other} {}, the heading {columns}; those that are missing are taken as \
             empty.",
            if other == 1 { "cell" } else { "cells" }
        ),
        (Code::RowStrayQuote, place) => format!(
            "There is text after the closing quote{}. Write a quote that belongs to the text \
             twice (\"\").",
            in_column(sheet, place)
        ),
        (Code::RowNotAnObject, _) => {
            "This is not an object. A row looks like {\"name\": \"…\", \"email\": \"…\"}."
                .to_owned()
        }
        (Code::RowDuplicateKey, place) => {
            format!("The object has a key twice{}. Keep one of them.", in_column(sheet, place))
        }
        (Code::CellTooLarge, place) => format!(
            "The cell{} holds more than 32 KiB. A quote that isn’t closed may be the reason.",
            in_column(sheet, place)
        ),
        (Code::CellWrongType, place) => format!(
            "The value{} is a list or an object. Write a text, a number, true, false or null.",
            in_column(sheet, place)
        ),
        (Code::EmailDuplicateInFile, _) => format!(
            "The email “{}” stands on line {} already. One email is one person.",
            shown(values.get(Field::Email)),
            sheet.line(other)
        ),
        (Code::SsoIdDuplicateInFile, _) => format!(
            "The Single Sign-On ID “{}” stands on line {} already. It must be unique.",
            shown(values.get(Field::SsoId)),
            sheet.line(other)
        ),
        (Code::EmailLookalike, _) => format!(
            "“{}” looks like “{}” on line {}, but has other letters. Make sure that both are \
             meant.",
            shown(values.get(Field::Email)),
            shown(&sheet.value(other, Field::Email)),
            sheet.line(other)
        ),
        (Code::GroupIgnored, _) => format!(
            "The file names groups, here “{}”. A group was chosen for the whole file: those in the \
             file are ignored.",
            shown(values.get(Field::Group))
        ),
        _ => String::new(),
    };
    match finding.place {
        Place::Row => Problem::of_row(finding.code, message),
        Place::Field(field) => Problem::on(field, finding.code, message),
        Place::Column(column) => match sheet.heading.field_of(usize::from(column)) {
            Some(field) => Problem::on(field, finding.code, message),
            None => Problem::of_row(finding.code, message),
        },
    }
}

fn in_column(sheet: &Sheet, place: Place) -> String {
    let Place::Column(column) = place else { return String::new() };
    let header = sheet.headers().get(usize::from(column));
    header.map_or_else(String::new, |header| format!(" in “{}”", shown(&header.text)))
}

/// Not cut: what can't be seen may stand at the end.
fn shown_all(text: &str) -> String {
    let mut all = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(60).map_or(rest.len(), |(end, _)| end);
        all.push_str(&shown(&rest[..end]));
        rest = &rest[end..];
    }
    all
}
