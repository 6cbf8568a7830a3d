//! Causes and mends in words.

use super::Part;
use crate::fields::Field;
use crate::import::check::Place;
use crate::import::mend::{Mend, Slip};
use crate::problem::Code;
use crate::text::shown;

/// `1,000 rows`
fn counted(count: u32, one: &str, many: &str) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if count == 1 { one } else { many })
}

/// Stays the same while the cause does.
pub(super) fn kind(code: Code, place: Place, part: &Part) -> String {
    let place = match place {
        Place::Row => String::new(),
        Place::Field(field) => format!(":{}", field.key()),
        Place::Column(column) => format!(":{column}"),
    };
    match part {
        Part::Whole => format!("{code}{place}"),
        Part::Slip(slip) => format!("{code}{place}:{slip:?}").to_lowercase(),
        Part::Number => format!("{code}{place}:number"),
        Part::Value(value) => format!("{code}{place}={value}"),
        Part::Rest => format!("{code}{place}:rest"),
    }
}

pub(super) fn title(code: Code, place: Place, part: &Part, rows: u32) -> String {
    let field = match place {
        Place::Field(field) => field.header(),
        Place::Row | Place::Column(_) => "cell",
    };
    let say = |one: &str, many: &str, rest: &str, rests: &str| {
        let rest = if rows == 1 { rest } else { rests };
        format!("{} {rest}", counted(rows, one, many))
    };
    let row = |rest: &str, rests: &str| say("row", "rows", rest, rests);
    let email = |rest: &str, rests: &str| say("email", "emails", rest, rests);
    match (code, part) {
        (Code::RowTooManyCells, _) => {
            row("has more cells than the heading", "have more cells than the heading")
        }
        (Code::RowTooFewCells, _) => {
            row("has fewer cells than the heading", "have fewer cells than the heading")
        }
        (Code::RowStrayQuote, _) => {
            row("has text after a closing quote", "have text after a closing quote")
        }
        (Code::RowNotAnObject, _) => row("is no object", "are no objects"),
        (Code::RowDuplicateKey, _) => row("has a key twice", "have a key twice"),
        (Code::CellTooLarge, _) => {
            say("cell", "cells", "holds more than 32 KiB", "hold more than 32 KiB")
        }
        (Code::CellWrongType, _) => {
            say("value", "values", "is a list or an object", "are lists or objects")
        }
        (Code::NameRequired, _) => row("has no name", "have no name"),
        (
            Code::NameTooLong
            | Code::NicknameTooLong
            | Code::SsoIdTooLong
            | Code::DescriptionTooLong
            | Code::EmailTooLong,
            _,
        ) => row(
            &format!("has too long a text in {field}"),
            &format!("have too long a text in {field}"),
        ),
        (Code::NameControlCharacters, _) => row(
            &format!("has characters that can’t be seen in {field}"),
            &format!("have characters that can’t be seen in {field}"),
        ),
        (Code::EmailRequired, _) => row("has no email", "have no email"),
        (Code::EmailInvalid, Part::Slip(slip)) => {
            let rest = slip_of(*slip);
            email(&format!("has {rest}"), &format!("have {rest}"))
        }
        (Code::EmailInvalid, _) => email("is no address", "are no addresses"),
        (Code::EmailDuplicateInFile, _) => {
            row("repeats an email from above", "repeat an email from above")
        }
        (Code::EmailLookalike, _) => email("looks like another one", "look like another one"),
        (Code::EmailInUse, _) => email("is in use", "are in use"),
        (Code::PasswordTooWeak, _) => say("password", "passwords", "is too weak", "are too weak"),
        (Code::PasswordNone, _) => row("has no password", "have no password"),
        (Code::SsoIdDuplicateInFile, _) => {
            row("repeats a Single Sign-On ID from above", "repeat a Single Sign-On ID from above")
        }
        (Code::SsoIdInUse, _) => {
            say("Single Sign-On ID", "Single Sign-On IDs", "is in use", "are in use")
        }
        (
            Code::EnabledNotABoolean
            | Code::StandardLicenseNotABoolean
            | Code::MobileLicenseNotABoolean,
            part,
        ) => {
            let value = value_of(part);
            let rest = format!("{value} in {field}, neither yes nor no");
            row(&format!("has {rest}"), &format!("have {rest}"))
        }
        (Code::GroupRequired, _) => row("names no Technician Group", "name no Technician Group"),
        (Code::GroupNotANumber, Part::Number) => row(
            "has a group ID with something beside the number",
            "have a group ID with something beside the number",
        ),
        (Code::GroupNotANumber, part) => {
            let rest = format!("{} where a group’s number belongs", value_of(part));
            row(&format!("has {rest}"), &format!("have {rest}"))
        }
        (Code::GroupIgnored, _) => {
            "The file names groups; the one chosen for the whole file holds".to_owned()
        }
        (Code::GroupUnknown | Code::GroupOtherPath | Code::GroupNotAllowed, part) => {
            let why = match code {
                Code::GroupUnknown => "which doesn’t exist",
                Code::GroupOtherPath => "which is another one here",
                _ => "where you may add nobody",
            };
            let rest = format!("the group {}, {why}", value_of(part));
            row(&format!("names {rest}"), &format!("name {rest}"))
        }
        (Code::AccountChanged, _) => {
            say("account", "accounts", "was changed meanwhile", "were changed meanwhile")
        }
        (Code::SeatsNoneLeft, _) => row("finds no seat left", "find no seat left"),
    }
}

fn value_of(part: &Part) -> String {
    match part {
        Part::Value(value) => format!("“{}”", shown(value)),
        _ => "other values".to_owned(),
    }
}

fn slip_of(slip: Slip) -> &'static str {
    match slip {
        Slip::FullWidth => "full-width letters",
        Slip::Invisible => "characters that can’t be seen",
        Slip::Wrapped => "a name or “mailto:” around the address",
        Slip::SpelledAt => "“(at)” written out",
        Slip::Blank => "a blank inside",
        Slip::Doubled => "a doubled @ or dot",
        Slip::Punctuation => "punctuation around the address",
        Slip::Comma => "a comma where a dot belongs",
    }
}

/// What the button says.
pub(super) fn label(mend: &Mend) -> String {
    match mend {
        Mend::Email(_) | Mend::TakeStrayQuotes => "Mend all",
        Mend::NameFromEmail => "Take the names from the emails",
        Mend::Cut(_) => "Cut after a word",
        Mend::RemoveInvisible(_) => "Remove them",
        Mend::LeaveOut(Code::EmailDuplicateInFile | Code::SsoIdDuplicateInFile) => {
            "Leave the repeats out"
        }
        Mend::LeaveOut(_) => "Leave them out",
        Mend::EmptySsoId => "Empty the repeated IDs",
        Mend::EmptyPassword => "Give them the default password",
        Mend::Boolean { yes: true, .. } => "Take it as yes",
        Mend::Boolean { yes: false, .. } => "Take it as no",
        Mend::GroupDigits => "Take the number",
        Mend::Group { .. } => "Choose a group",
        Mend::JoinSurplus => "Join the surplus into the description",
    }
    .to_owned()
}

/// What was done, for the one who may undo it.
pub(in crate::import) fn done(mend: &Mend, rows: u32) -> String {
    let rows = |what: &str| format!("{what} in {}", counted(rows, "row", "rows"));
    match mend {
        Mend::Email(_) => rows("Emails mended"),
        Mend::NameFromEmail => rows("Names taken from the emails"),
        Mend::Cut(field) => rows(&format!("{} cut", field.header())),
        Mend::RemoveInvisible(field) => {
            rows(&format!("Characters that can’t be seen removed from {}", field.header()))
        }
        Mend::LeaveOut(_) => rows("Left out").replace("Left out in", "Left out:"),
        Mend::EmptySsoId => rows("Repeated Single Sign-On IDs emptied"),
        Mend::EmptyPassword => rows("Default password given"),
        Mend::Boolean { field, value, yes } => {
            let word = if *yes { "yes" } else { "no" };
            rows(&format!("“{}” taken as {word} for {}", shown(value), field.header()))
        }
        Mend::GroupDigits => rows(&format!("{} mended", Field::Group.header())),
        Mend::Group { to, .. } => rows(&format!("Group {to} put")),
        Mend::TakeStrayQuotes => rows("Text after quotes taken as it stands"),
        Mend::JoinSurplus => rows("Surplus cells joined into the description"),
    }
}
