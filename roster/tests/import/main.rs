//! The import as a whole: files in, rows and problems out.

#[cfg(test)]
mod choices;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod every_code;
#[cfg(test)]
mod failed_rows;
#[cfg(test)]
mod file_codes;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod libreoffice;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod review;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod spectrum;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod verdicts;

use roster::fields::Field;
use roster::import::{Checked, Choices, FileError, Rules, Sheet, check, read};
use roster::password::Strength;

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read_found(bytes: &[u8]) -> Result<Sheet, FileError> {
    read(bytes, &Choices::default(), &mut |_| ())
}

/// A group is chosen for the file, and there is a default password.
fn easy() -> Rules {
    Rules {
        group_chosen: true,
        strength: Strength::Good,
        organization: "Northwind".to_owned(),
        default_password_set: true,
    }
}

/// Each row needs a group and a password of its own.
fn strict() -> Rules {
    Rules { group_chosen: false, default_password_set: false, ..easy() }
}

fn checked(sheet: &Sheet, rules: &Rules) -> Checked {
    check(sheet, rules, &mut |_| ())
}

fn values(sheet: &Sheet, row: usize) -> Vec<String> {
    Field::ALL.map(|field| sheet.value(row, field).into_owned()).to_vec()
}
