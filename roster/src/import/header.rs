//! The heading: which column holds which field. Names that are known are taken; a close miss is
//! offered; what matches nothing is shown and ignored.

mod claims;

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::alias::{self, Claim, Meaning};
use super::file_error::{ColumnOffer, FileCode, FileError};
use super::values::Hidden;
use crate::fields::Field;
use crate::text::shown;

/// The heading of an export's column of groups' paths, in normal form.
const GROUP_PATH: &str = "techniciangrouppath";

/// What is done with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Field(Field),
    /// Makes the name, together with the last name.
    FirstName,
    LastName,
    /// The path of the group whose ID is in the row: what an export writes beside it.
    GroupPath,
    /// Matches nothing: shown and ignored.
    Unknown,
    /// Begins with `_`, as our own results' columns do: ignored silently.
    Hidden,
}

/// One column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// As it stands in the file, trimmed.
    pub text: String,
    pub role: Role,
    /// The field that it nearly names, where nothing else holds that field.
    pub offer: Option<Field>,
}

impl Header {
    fn is_secret(&self) -> bool {
        match self.role {
            Role::Field(field) => field == Field::Password,
            Role::FirstName | Role::LastName | Role::GroupPath => false,
            Role::Unknown | Role::Hidden => may_hold_passwords(&self.text),
        }
    }
}

/// Where a field's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Nowhere,
    Column(usize),
    /// First and last name, and whether the last comes first, as in Japanese.
    Joined {
        first: usize,
        last: usize,
        last_first: bool,
    },
}

/// The heading, understood.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub headers: Vec<Header>,
    pub sources: [Source; Field::COUNT],
    /// The column that tells which group was meant by its ID.
    pub group_path: Option<usize>,
    /// The columns that hold passwords, or may. Found once: each is looked for among all aliases.
    pub secrets: Vec<usize>,
    /// The line that the headers are on; `None`: the file has none, or is JSON.
    pub line: Option<u32>,
    /// Required fields that no column is for.
    pub absent: Hidden,
    /// Two columns for one field: the first holds it.
    twice: Vec<(Field, usize, usize)>,
}

/// How many different fields the texts name, and whether the email is one of them: signs of the
/// right delimiter, and of the line that holds the headers.
pub(super) fn known<'a>(texts: impl Iterator<Item = &'a str>) -> (usize, bool) {
    let mut seen = [false; Field::COUNT];
    for text in texts {
        for (meaning, _) in meanings(text) {
            seen[match meaning {
                Meaning::Field(field) => field.index(),
                Meaning::FirstName | Meaning::LastName => Field::Name.index(),
            }] = true;
        }
    }
    (seen.into_iter().filter(|seen| *seen).count(), seen[Field::Email.index()])
}

/// What a column of this heading would mean by itself, where the rest of the file is not at hand.
pub(super) fn likeliest_field(text: &str) -> Option<Field> {
    meanings(text).into_iter().find_map(|(meaning, _)| match meaning {
        Meaning::Field(field) => Some(field),
        Meaning::FirstName | Meaning::LastName => None,
    })
}

/// Whether the column is the one that an export writes beside a group's ID.
pub(super) fn is_group_path(text: &str) -> bool {
    alias::normalize(text) == GROUP_PATH
}

/// Whether passwords may stand in a column that nobody recognized as theirs.
pub(super) fn may_hold_passwords(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "passw",
        "passcode",
        "pwd",
        "kennwort",
        "motdepasse",
        "contrase",
        "senha",
        "clave",
        "secret",
        "wachtwoord",
        "parola",
        "パスワード",
        "密码",
    ];
    let normalized = alias::normalize(text);
    WORDS.iter().any(|word| normalized.contains(word))
        || near(&normalized).is_some_and(|(field, _)| field == Field::Password)
}

fn meanings(text: &str) -> Vec<(Meaning, Claim)> {
    let found: Vec<_> = alias::meanings(&alias::normalize(text)).collect();
    if !found.is_empty() {
        return found;
    }
    let found: Vec<_> = alias::meanings(&alias::without_remarks(text)).collect();
    if !found.is_empty() {
        return found;
    }
    // The email alone: `Block sign in [accountEnabled]` says no where the field says yes.
    let named = alias::in_brackets(text).unwrap_or_default();
    let email = |(meaning, _): &(Meaning, Claim)| *meaning == Meaning::Field(Field::Email);
    alias::meanings(&named).filter(email).collect()
}

impl Heading {
    /// Finds each column's role. What somebody chose holds, and the others give way.
    pub fn new<'a>(
        texts: impl Iterator<Item = &'a str>,
        line: Option<u32>,
        chosen: &[(u16, Role)],
    ) -> Self {
        let headers: Vec<Header> = texts
            .map(|text| Header {
                text: crate::text::clean(text).into_owned(),
                role: if text.trim_start().starts_with('_') { Role::Hidden } else { Role::Unknown },
                offer: None,
            })
            .collect();
        let claims = claims::of(&headers, chosen);
        let mut heading = Self {
            headers,
            sources: [Source::Nowhere; Field::COUNT],
            group_path: None,
            secrets: Vec::new(),
            line,
            absent: Hidden::default(),
            twice: Vec::new(),
        };
        heading.settle(&claims);
        heading.absent = Hidden::of(heading.lacking());
        for (column, role) in chosen {
            let is_part = matches!(role, Role::FirstName | Role::LastName);
            if let Some(header) = heading.headers.get_mut(usize::from(*column)).filter(|_| is_part)
            {
                header.role = *role;
            }
        }
        heading.find_group_path(chosen);
        let is_chosen = |column: usize| chosen.iter().any(|(of, _)| usize::from(*of) == column);
        let secret = heading.headers.iter().enumerate().filter(|(column, header)| {
            // Who takes a column of passwords for another field still doesn't want to show them.
            header.is_secret() || is_chosen(*column) && may_hold_passwords(&header.text)
        });
        heading.secrets = secret.map(|(column, _)| column).collect();
        heading.offer(is_chosen);
        heading
    }

    /// The same columns with other choices.
    pub fn with_roles(&self, chosen: &[(u16, Role)]) -> Self {
        Self::new(self.headers.iter().map(|header| header.text.as_str()), self.line, chosen)
    }

    fn settle(&mut self, claims: &[Vec<(Meaning, Claim)>]) {
        let Self { headers, sources, twice, .. } = self;
        let claiming = |meaning: Meaning, claim: Claim| {
            let claims = claims.iter().enumerate();
            claims.filter(move |(_, of)| of.contains(&(meaning, claim))).map(|(column, _)| column)
        };
        for field in Field::ALL {
            let mut strong = claiming(Meaning::Field(field), Claim::Strong);
            let Some(first) = strong.next() else { continue };
            sources[field.index()] = Source::Column(first);
            twice.extend(strong.next().map(|other| (field, first, other)));
        }
        let name = &mut sources[Field::Name.index()];
        let parts = (
            claiming(Meaning::FirstName, Claim::Strong).next(),
            claiming(Meaning::LastName, Claim::Strong).next(),
        );
        if let (Source::Nowhere, (Some(first), Some(last))) = (*name, parts)
            && first != last
        {
            // A name as it is displayed is whole; `Nom` beside `Prénom` is a part.
            let whole = claiming(Meaning::Field(Field::Name), Claim::Weak)
                .find(|column| *column != first && *column != last);
            *name = if let Some(column) = whole {
                Source::Column(column)
            } else {
                headers[first].role = Role::FirstName;
                headers[last].role = Role::LastName;
                let last_first = headers[last].text.contains(['姓', '苗', '字']);
                Source::Joined { first, last, last_first }
            };
        }
        for field in Field::ALL {
            let source = &mut sources[field.index()];
            let weak = claiming(Meaning::Field(field), Claim::Weak).next();
            if let (Source::Nowhere, Some(column)) = (*source, weak) {
                *source = Source::Column(column);
            }
            if let Source::Column(column) = *source {
                headers[column].role = Role::Field(field);
            }
        }
    }

    /// By its name, unless it was taken for something else, or another for it.
    fn find_group_path(&mut self, chosen: &[(u16, Role)]) {
        let of = |column: usize| chosen.iter().rev().find(|(of, _)| usize::from(*of) == column);
        let is_it = |column: usize, header: &Header| match of(column) {
            Some((_, role)) => *role == Role::GroupPath,
            None => header.role == Role::Unknown && is_group_path(&header.text),
        };
        let found = self.headers.iter().enumerate().find(|(column, it)| is_it(*column, it));
        self.group_path = found.map(|(column, _)| column);
        if let Some(column) = self.group_path {
            self.headers[column].role = Role::GroupPath;
        }
    }

    fn offer(&mut self, is_chosen: impl Fn(usize) -> bool) {
        let Self { headers, sources, twice, .. } = self;
        let unknown = headers.iter_mut().enumerate();
        for (column, header) in unknown.filter(|(_, header)| header.role == Role::Unknown) {
            let second = twice.iter().find(|(.., other)| *other == column);
            header.offer = match second {
                Some((field, ..)) => Some(*field),
                None if is_chosen(column) => None,
                None => near(&alias::normalize(&header.text))
                    .map(|(field, _)| field)
                    .filter(|field| sources[field.index()] == Source::Nowhere),
            };
        }
    }

    /// Required fields that no column is for.
    fn lacking(&self) -> impl Iterator<Item = Field> {
        let nowhere = |field: &Field| self.sources[field.index()] == Source::Nowhere;
        Field::ALL.into_iter().filter(|field| field.required()).filter(nowhere)
    }

    /// Why the columns won't do: two for one field, or none for a required one.
    pub fn complaints(&self) -> Vec<FileError> {
        let twice = self
            .twice
            .iter()
            .map(|(field, one, other)| duplicate(&self.headers, *field, *one, *other, self.line));
        twice.chain(self.missing()).collect()
    }

    /// Names all required fields that have no column.
    fn missing(&self) -> Option<FileError> {
        let missing: Vec<Field> = self.lacking().collect();
        if missing.is_empty() {
            return None;
        }
        let offers = self.headers.iter().filter_map(|header| {
            let field = header.offer.filter(|field| missing.contains(field))?;
            Some(ColumnOffer { header: header.text.clone(), field })
        });
        let offers: Vec<ColumnOffer> = offers.collect();
        let mut message = self.missing_sentence(&missing);
        for ColumnOffer { header, field } in &offers {
            let _ = write!(
                message,
                " “{}” may be meant for it: rename it to “{}”.",
                shown(header),
                field.header()
            );
        }
        if offers.is_empty() {
            message.push_str(" The first line names the columns; the example file shows how.");
        }
        let line = self.line;
        Some(FileError { line, offers, ..FileError::new(FileCode::MissingColumn, message) })
    }

    fn missing_sentence(&self, missing: &[Field]) -> String {
        let names: Vec<_> = missing.iter().map(|field| format!("“{}”", field.header())).collect();
        let there: Vec<_> = self
            .headers
            .iter()
            .filter(|header| !header.text.is_empty())
            .map(|header| format!("“{}”", shown(&header.text)))
            .take(12)
            .collect();
        let columns = if missing.len() == 1 { "column" } else { "columns" };
        format!(
            "The file has no {columns} {}. It has {}.",
            names.join(" and "),
            if there.is_empty() { "no named ones".to_owned() } else { there.join(", ") }
        )
    }

    /// The column in which a field's problems are shown.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        match self.sources[field.index()] {
            Source::Nowhere => None,
            Source::Column(column) | Source::Joined { first: column, .. } => Some(column),
        }
    }

    /// The field whose text the column holds or is part of.
    pub fn field_of(&self, column: usize) -> Option<Field> {
        match self.headers.get(column)?.role {
            Role::Field(field) => Some(field),
            Role::FirstName | Role::LastName => Some(Field::Name),
            Role::GroupPath | Role::Unknown | Role::Hidden => None,
        }
    }
}

fn duplicate(
    headers: &[Header],
    field: Field,
    one: usize,
    other: usize,
    line: Option<u32>,
) -> FileError {
    let message = format!(
        "Columns {} (“{}”) and {} (“{}”) both hold the {}. Take one of them out, or put “_” before \
         its name, so that it is ignored.",
        one + 1,
        shown(&headers[one].text),
        other + 1,
        shown(&headers[other].text),
        field.header(),
    );
    FileError { line, ..FileError::new(FileCode::DuplicateColumn, message) }
}

/// The field that the normalized heading nearly names, and by how many typing errors.
fn near(normalized: &str) -> Option<(Field, usize)> {
    let heading: Vec<char> = normalized.chars().collect();
    let allowed = match heading.len() {
        0..=3 => return None,
        4..=6 => 1,
        _ => 2,
    };
    let names = alias::TABLE.iter().filter_map(|(meaning, claim, names)| match (meaning, claim) {
        (Meaning::Field(field), Claim::Strong) => Some((*field, *names)),
        _ => None,
    });
    names
        .flat_map(|(field, names)| names.split_whitespace().map(move |name| (field, name)))
        .filter(|(_, name)| {
            let len = name.chars().count();
            len > 3 && len.abs_diff(heading.len()) <= allowed
        })
        .map(|(field, name)| (field, distance(&heading, name)))
        .filter(|(_, distance)| (1..=allowed).contains(distance))
        .min_by_key(|(_, distance)| *distance)
}

/// Letters added, left out, mistaken or exchanged with their neighbour.
fn distance(one: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests;
