//! What `muster check --json` prints and the page downloads: a contract, see docs/import.md.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::Rules;
use super::check::{Checked, RowStatus};
use super::decode::Encoding;
use super::delimiter::Delimiter;
use super::file_error::FileError;
use super::sheet::{Format, Sheet};
use super::submit::SubmittedValues;
use crate::fields::{self, Field};
use crate::problem::Problem;

/// `{"line":2,"status":"ok","values":{…},"problems":[…]}`
#[derive(Clone, Debug, serde::Serialize)]
pub struct CheckedRow {
    pub line: u32,
    pub status: RowStatus,
    pub values: Understood,
    pub problems: Vec<Problem>,
}

/// The values as they were understood, by JSON key in the order of fields. What is empty and isn't
/// a yes or no is left out; of a password only that it is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood(pub Vec<(Field, Value)>);

impl Serialize for Understood {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(field.key(), value)?;
        }
        map.end()
    }
}

impl SubmittedValues {
    #[must_use]
    pub fn understood(&self, rules: &Rules) -> Understood {
        let value = |field: Field| {
            let text = self.get(field).unwrap_or_default();
            let plain = |text: &str| (!text.is_empty()).then(|| Value::from(text));
            let cleaned = |cleaned: Result<fields::Cleaned<'_>, _>| {
                plain(cleaned.as_ref().map_or(text, |cleaned| cleaned.value.as_ref()))
            };
            match field {
                Field::Name => cleaned(fields::name(text)),
                Field::Nickname => cleaned(fields::nickname(text)),
                Field::SsoId => cleaned(fields::sso_id(text)),
                Field::Description => cleaned(fields::description(text)),
                Field::Email => plain(text),
                Field::Password => plain(text).map(|_| Value::from("set")),
                Field::Enabled | Field::StandardLicense | Field::MobileLicense => {
                    fields::boolean(field, text)
                        .map_or_else(|_| plain(text), |yes| Some(yes.into()))
                }
                Field::Group if rules.group_chosen => None,
                Field::Group => match fields::group(text) {
                    Ok(group) => group.map(|group| Value::from(group.0)),
                    Err(_) => plain(text),
                },
            }
        };
        Understood(
            Field::ALL.into_iter().filter_map(|field| Some((field, value(field)?))).collect(),
        )
    }
}

#[must_use]
pub fn checked_row(sheet: &Sheet, checked: &Checked, row: usize) -> CheckedRow {
    let submitted = sheet.submitted(row, checked);
    CheckedRow {
        line: submitted.line,
        status: checked.status(row),
        values: submitted.values.understood(checked.rules()),
        problems: checked.problems_of(sheet, row),
    }
}

/// `{"summary":{"rows":…,"ok":…,"warnings":…,"errors":…,"encoding":…,"delimiter":…,"format":…}}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub rows: u32,
    pub ok: u32,
    pub warnings: u32,
    pub errors: u32,
    pub encoding: Encoding,
    /// `None` for JSON.
    pub delimiter: Option<Delimiter>,
    pub format: Format,
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Parts {
            rows: u32,
            ok: u32,
            warnings: u32,
            errors: u32,
            encoding: Encoding,
            delimiter: Option<Delimiter>,
            format: Format,
        }
        let Self { rows, ok, warnings, errors, encoding, delimiter, format } = *self;
        let parts = Parts { rows, ok, warnings, errors, encoding, delimiter, format };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("summary", &parts)?;
        map.end()
    }
}

#[must_use]
pub fn summary(sheet: &Sheet, checked: &Checked) -> Summary {
    let counts = checked.counts();
    Summary {
        rows: counts.rows,
        ok: counts.ok,
        warnings: counts.warnings,
        errors: counts.errors,
        encoding: sheet.encoding(),
        delimiter: sheet.delimiter(),
        format: sheet.format(),
    }
}

/// `{"file_error":{"code":…,"message":…,"line":…}}`
#[derive(Clone, Debug, serde::Serialize)]
pub struct FileErrorLine {
    pub file_error: FileError,
}
