//! A file's problems, summed up: each cause once, with how many rows it has and what can be done
//! about all of them. Never holds a password.

mod words;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Rules;
use super::arena::wide;
use super::check::{Checked, Place};
use super::mend::{Mend, Remedy, Slip, group_number, mended_email};
use super::sheet::Sheet;
use crate::fields::Field;
use crate::id::GroupId;
use crate::problem::{Code, Severity};

pub(super) use words::done;

/// So many values of one kind have a cause of their own; the others share one.
const VALUES: usize = 100;
const SAMPLES: usize = 3;
/// Characters of a value or sample.
const LONGEST: usize = 80;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    pub code: Code,
    pub column: Option<u16>,
    /// What stands in all the cells, where that is what is wrong.
    pub value: Option<String>,
    /// Tells this cause from all others, now and after the next change.
    pub kind: String,
    /// For people: `368 emails have a comma where a dot belongs`.
    pub title: String,
    pub rows: u32,
    pub first_row: u32,
    pub severity: Severity,
    pub mends: Vec<Offer>,
}

/// A mend, and what it would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub mend: Mend,
    pub label: String,
    /// Cells before and after.
    pub samples: Vec<(String, String)>,
    /// How many rows it mends.
    pub rows: u32,
    /// The group that the mend names is to be chosen first.
    pub needs_group: bool,
}

/// What tells one cause of a code from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Part {
    Whole,
    Slip(Slip),
    /// A group's number with something beside it.
    Number,
    Value(String),
    /// What has no cause of its own.
    Rest,
}

struct Entry {
    code: Code,
    place: Place,
    part: Part,
    rows: u32,
    first_row: u32,
    offers: Vec<Offer>,
}

/// `conflicts` are the server's.
pub(super) fn of(sheet: &Sheet, checked: &Checked, conflicts: &[(u32, Code, Place)]) -> Vec<Cause> {
    let mut causes =
        Causes { sheet, rules: checked.rules(), entries: Vec::new(), values: FxHashMap::default() };
    for finding in checked.findings() {
        causes.add(finding.row, finding.code, finding.place);
    }
    for (row, code, place) in conflicts {
        causes.add(*row, *code, *place);
    }
    let mut found: Vec<Cause> =
        causes.entries.into_iter().map(|entry| cause(sheet, entry)).collect();
    // What the server knows comes later: it takes nothing from below the pointer.
    found.sort_by_key(|cause| {
        let is_warning = cause.severity == Severity::Warning;
        let of_server = cause.code.needs_server();
        (is_warning, of_server, std::cmp::Reverse(cause.rows), cause.first_row)
    });
    found
}

struct Causes<'a> {
    sheet: &'a Sheet,
    rules: &'a Rules,
    entries: Vec<Entry>,
    /// The entries of values.
    values: FxHashMap<(Code, String), usize>,
}

impl Causes<'_> {
    fn add(&mut self, row: u32, code: Code, place: Place) {
        // What is done about quotes is done in every column.
        let place = if code == Code::RowStrayQuote { Place::Row } else { place };
        let at = self.entry(row, code, place);
        let Self { sheet, rules, entries, .. } = self;
        let entry = &mut entries[at];
        entry.rows += 1;
        entry.first_row = entry.first_row.min(row);
        for offer in &mut entry.offers {
            count(sheet, rules, wide(row), offer);
        }
    }

    fn entry(&mut self, row: u32, code: Code, place: Place) -> usize {
        let part = match code {
            Code::EmailInvalid => match mended_email(&self.sheet.value(wide(row), Field::Email)) {
                Some((slip, _)) => Part::Slip(slip),
                None => Part::Rest,
            },
            Code::EnabledNotABoolean
            | Code::StandardLicenseNotABoolean
            | Code::MobileLicenseNotABoolean
            | Code::GroupNotANumber
            | Code::GroupUnknown
            | Code::GroupOtherPath
            | Code::GroupNotAllowed => match place {
                Place::Field(field) => return self.entry_of_value(row, code, field),
                Place::Row | Place::Column(_) => Part::Whole,
            },
            _ => Part::Whole,
        };
        self.find(code, place, part)
    }

    fn entry_of_value(&mut self, row: u32, code: Code, field: Field) -> usize {
        let place = Place::Field(field);
        let secret =
            self.sheet.column_of(field).is_none_or(|at| self.sheet.is_secret(wide(row), at));
        if secret {
            return self.find(code, place, Part::Rest);
        }
        let value = self.sheet.value(wide(row), field);
        if code == Code::GroupNotANumber && group_number(&value).is_some() {
            return self.find(code, place, Part::Number);
        }
        let key = (code, value.into_owned());
        if let Some(at) = self.values.get(&key) {
            return *at;
        }
        if self.values.keys().filter(|(of, _)| *of == code).count() >= VALUES {
            return self.find(code, place, Part::Rest);
        }
        let at = self.find(code, place, Part::Value(key.1.clone()));
        self.values.insert(key, at);
        at
    }

    /// There are few, but for values, which have been looked for.
    fn find(&mut self, code: Code, place: Place, part: Part) -> usize {
        let known = self
            .entries
            .iter()
            .position(|of| of.code == code && of.place == place && of.part == part);
        known.unwrap_or_else(|| {
            let offers = mends(self.sheet, self.rules, code, place, &part);
            self.entries.push(Entry { code, place, part, rows: 0, first_row: u32::MAX, offers });
            self.entries.len() - 1
        })
    }
}

fn count(sheet: &Sheet, rules: &Rules, row: usize, offer: &mut Offer) {
    let before = |column: usize| shown(sheet, row, column, sheet.cell(row, column));
    // Which group is not known yet, and who is left out stays as it is.
    let without_samples = offer.needs_group || matches!(offer.mend, Mend::LeaveOut(_));
    if without_samples || offer.samples.len() == SAMPLES && offer.mend.helps_always() {
        offer.rows += 1;
        return;
    }
    let Some(remedy) = offer.mend.remedy(sheet, rules, row) else { return };
    offer.rows += 1;
    if offer.samples.len() == SAMPLES {
        return;
    }
    let (column, after) = match &remedy {
        Remedy::Cells(cells) => match cells.first() {
            Some((column, text)) => (*column, text.as_str()),
            None => return,
        },
        Remedy::JoinSurplus(text) => (sheet.headers().len().saturating_sub(1), text.as_str()),
        Remedy::LeaveOut | Remedy::TakeStrayQuotes => return,
    };
    if let (Some(before), Some(after)) = (before(column), shown(sheet, row, column, after)) {
        offer.samples.push((before, after));
    }
}

/// `None`: it is, or may be, a password.
fn shown(sheet: &Sheet, row: usize, column: usize, text: &str) -> Option<String> {
    if sheet.is_secret(row, column) {
        return None;
    }
    Some(cut(text))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn cause(sheet: &Sheet, entry: Entry) -> Cause {
    let Entry { code, place, part, rows, first_row, mut offers } = entry;
    offers.retain(|offer| offer.rows > 0);
    let column = match place {
        Place::Row => None,
        Place::Field(field) => sheet.column_of(field),
        Place::Column(column) => Some(usize::from(column)),
    };
    Cause {
        code,
        column: column.and_then(|column| u16::try_from(column).ok()),
        kind: words::kind(code, place, &part),
        title: words::title(code, place, &part, rows),
        value: match part {
            Part::Value(value) => Some(cut(&value)),
            _ => None,
        },
        rows,
        first_row,
        severity: code.severity(),
        mends: offers,
    }
}

fn mends(sheet: &Sheet, rules: &Rules, code: Code, place: Place, part: &Part) -> Vec<Offer> {
    let group = |value: &str| Mend::Group { value: value.to_owned(), to: GroupId(0) };
    let mends = match (code, place, part) {
        (Code::EmailInvalid, _, Part::Slip(slip)) => vec![Mend::Email(*slip)],
        (Code::NameRequired, ..) => vec![Mend::NameFromEmail],
        (Code::NameTooLong, ..) => vec![Mend::Cut(Field::Name)],
        (Code::NicknameTooLong, ..) => vec![Mend::Cut(Field::Nickname)],
        (Code::DescriptionTooLong, ..) => vec![Mend::Cut(Field::Description)],
        (Code::NameControlCharacters, Place::Field(field), _) => vec![Mend::RemoveInvisible(field)],
        (Code::SsoIdDuplicateInFile, ..) => vec![Mend::EmptySsoId, Mend::LeaveOut(code)],
        (Code::PasswordTooWeak, ..) if rules.default_password_set => vec![Mend::EmptyPassword],
        (_, Place::Field(field), Part::Value(value)) if field.default().is_some() => {
            [true, false].map(|yes| Mend::Boolean { field, value: value.clone(), yes }).to_vec()
        }
        (Code::GroupNotANumber, _, Part::Number) => vec![Mend::GroupDigits],
        (
            Code::GroupNotANumber
            | Code::GroupUnknown
            | Code::GroupOtherPath
            | Code::GroupNotAllowed,
            _,
            Part::Value(value),
        ) => vec![group(value)],
        (Code::GroupRequired, ..) if sheet.column_of(Field::Group).is_some() => vec![group("")],
        (Code::RowStrayQuote, ..) => vec![Mend::TakeStrayQuotes],
        (Code::RowTooManyCells, ..) => vec![Mend::JoinSurplus, Mend::LeaveOut(code)],
        (
            Code::RowTooFewCells
            | Code::EmailDuplicateInFile
            | Code::EmailInUse
            | Code::SsoIdInUse
            | Code::RowNotAnObject,
            ..,
        ) => vec![Mend::LeaveOut(code)],
        _ => Vec::new(),
    };
    let offer = |mend: Mend| Offer {
        label: words::label(&mend),
        samples: Vec::new(),
        rows: 0,
        needs_group: mend.needs_group(),
        mend,
    };
    mends.into_iter().map(offer).collect()
}
