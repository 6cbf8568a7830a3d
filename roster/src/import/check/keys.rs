//! What the check remembers of each row to compare it with others: hashes of its keys. Enough to
//! find out, when a row is changed, which others it concerns.

use rustc_hash::FxHashSet;

use super::{Finding, Place, email_key, hidden, lookalikes};
use crate::email;
use crate::fields::{self, Field};
use crate::import::Rules;
use crate::import::arena::{narrow, wide};
use crate::import::first_seen::{NONE, duplicates, short_hash};
use crate::import::sheet::Sheet;
use crate::problem::Code;

#[derive(Clone, Debug)]
pub(in crate::import) struct Keys {
    /// By row.
    pub(super) emails: Vec<u32>,
    pub(super) sso_ids: Vec<u32>,
    /// The rows whose address is not ASCII, in their order.
    pub(super) international: Vec<u32>,
    /// Hashes of what their addresses look like.
    pub(super) skeletons: FxHashSet<u64>,
    /// The first row that names a group.
    pub(super) group_row: Option<u32>,
    /// Room for one key.
    key: String,
}

/// Which of the two kinds of keys; both are found twice in the same way.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) enum Kind {
    Email,
    SsoId,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Email, Self::SsoId];

    pub fn code(self) -> Code {
        match self {
            Self::Email => Code::EmailDuplicateInFile,
            Self::SsoId => Code::SsoIdDuplicateInFile,
        }
    }

    pub fn finding(self, row: usize, first: usize) -> Finding {
        let field = match self {
            Self::Email => Field::Email,
            Self::SsoId => Field::SsoId,
        };
        Finding::new(row, self.code(), Place::Field(field), first)
    }

    /// Whether two rows, both with a key, have the same.
    pub fn same(self, sheet: &Sheet) -> impl FnMut(usize, usize) -> bool {
        let (mut one_key, mut other_key) = (String::new(), String::new());
        move |one, other| match self {
            Self::Email => {
                email_key(sheet, one, &mut one_key);
                email_key(sheet, other, &mut other_key);
                one_key == other_key
            }
            Self::SsoId => {
                let ids = [one, other].map(|row| sheet.value(row, Field::SsoId));
                let [one, other] = ids.each_ref().map(|id| fields::sso_id(id).map(|id| id.value));
                one == other
            }
        }
    }
}

impl Keys {
    pub fn new(rows: usize) -> Self {
        Self {
            emails: vec![NONE; rows],
            sso_ids: vec![NONE; rows],
            international: Vec::new(),
            skeletons: FxHashSet::default(),
            group_row: None,
            key: String::new(),
        }
    }

    pub fn of(&self, kind: Kind) -> &[u32] {
        match kind {
            Kind::Email => &self.emails,
            Kind::SsoId => &self.sso_ids,
        }
    }

    /// Checks the row by itself and takes its keys. Whether it names a group.
    pub fn check_row(
        &mut self,
        sheet: &Sheet,
        row: usize,
        rules: &Rules,
        findings: &mut Vec<Finding>,
    ) -> bool {
        (self.emails[row], self.sso_ids[row]) = (NONE, NONE);
        if sheet.is_left_out(row) {
            return false;
        }
        let start = findings.len();
        if !sheet.findings.is_empty() {
            findings.extend(sheet.findings_of(row).iter().filter(|of| is_of_use(sheet, of)));
        }
        let hidden = hidden(sheet, row);
        if hidden.all() {
            return false;
        }
        let values = sheet.values(row);
        values.check(rules, hidden, &mut self.key, |field, code| {
            findings.push(Finding::new(row, code, Place::Field(field), 0));
        });
        findings[start..].sort_unstable();
        if !self.key.is_empty() {
            if email::is_international(&self.key) {
                self.international.push(narrow(row));
            }
            self.emails[row] = short_hash(&self.key);
        }
        let id = values.get(Field::SsoId);
        if !id.is_empty()
            && !hidden.contains(Field::SsoId)
            && let Ok(id) = fields::sso_id(id)
            && !id.value.is_empty()
        {
            self.sso_ids[row] = short_hash(&id.value);
        }
        !values.get(Field::Group).is_empty()
    }

    pub fn find_duplicates(&self, sheet: &Sheet, findings: &mut Vec<Finding>) {
        for kind in Kind::ALL {
            self.find_duplicates_of(kind, sheet, findings);
        }
    }

    pub fn find_duplicates_of(&self, kind: Kind, sheet: &Sheet, findings: &mut Vec<Finding>) {
        duplicates(self.of(kind), kind.same(sheet), |row, first| {
            findings.push(kind.finding(row, first));
        });
    }

    pub fn find_lookalikes(&mut self, sheet: &Sheet, findings: &mut Vec<Finding>) {
        self.skeletons = lookalikes::find(sheet, &self.international, findings);
    }

    /// Whether the row's address is, or looks like, one that is not ASCII.
    pub fn may_look_alike(&self, sheet: &Sheet, row: u32) -> bool {
        let mut key = String::new();
        email_key(sheet, wide(row), &mut key);
        let international = email::is_international(&key);
        international
            || !self.skeletons.is_empty()
                && !key.is_empty()
                && self.skeletons.contains(&lookalikes::hash_of(&key))
    }

    /// Said once.
    pub fn group_ignored(&self, rules: &Rules) -> Option<Finding> {
        let row = self.group_row.filter(|_| rules.group_chosen)?;
        Some(Finding::new(wide(row), Code::GroupIgnored, Place::Field(Field::Group), 0))
    }
}

/// What is said of a cell that nobody reads is of no use.
fn is_of_use(sheet: &Sheet, finding: &Finding) -> bool {
    match finding.place {
        Place::Column(column) if finding.code.hides_field() => {
            sheet.heading.field_of(usize::from(column)).is_some()
        }
        _ => true,
    }
}

/// Whether the row names a group, where it can be understood.
pub(super) fn names_group(sheet: &Sheet, row: usize) -> bool {
    !sheet.is_left_out(row)
        && !hidden(sheet, row).all()
        && !sheet.value(row, Field::Group).is_empty()
}
