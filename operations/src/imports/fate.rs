//! What becomes of a row, seen from those who are there already: one decision, which the dry run
//! tells and the commit carries out.

use roster::authority::{Act, Caller, decide};
use roster::fields::{Field, Person};
use roster::id::{AccountId, GroupId};
use roster::import::{CompareRow, Existing, There};
use roster::problem::{Code, Problem};
use store::StoredPerson;

use roster::account::Role;

use super::groups::Groups;

/// What a row is decided by, the same for all rows.
pub(super) struct Judge<'a> {
    pub caller: &'a Caller,
    pub existing: Existing,
    /// The group for the whole file.
    pub chosen: Option<GroupId>,
    pub groups: &'a Groups,
}

pub(super) enum Fate {
    Create,
    /// The account gets these fields of the row.
    Update(Vec<Field>),
    Unchanged,
    /// The email is a technician's, and those are left alone.
    Skip,
    Conflict(Problem),
}

impl Judge<'_> {
    /// `email` is the row's as people read it; `there` who has it; `sso_owner` who has the row's
    /// Single Sign-On ID.
    pub fn fate(
        &self,
        row: &CompareRow,
        email: &str,
        there: Option<&StoredPerson>,
        sso_owner: Option<AccountId>,
    ) -> Fate {
        match self.chosen.or(row.group) {
            Some(group) => {
                let told = row.group_path.as_deref().filter(|_| self.chosen.is_none());
                if let Some(problem) = self.groups.refusal(group, told) {
                    return Fate::Conflict(problem);
                }
            }
            None if there.is_none() => return Fate::Conflict(group_required()),
            None => {}
        }
        let sso_in_use = |owner: Option<AccountId>| {
            let other = sso_owner.is_some_and(|other| owner != Some(other));
            other.then(|| sso_id_in_use(row.sso_id.as_deref().unwrap_or_default()))
        };
        let Some(kept) = there else {
            return sso_in_use(None).map_or(Fate::Create, Fate::Conflict);
        };
        if !self.may_change(kept) {
            return Fate::Conflict(email_in_use(email));
        }
        if self.existing == Existing::Skip {
            return Fate::Skip;
        }
        if let Some(problem) = sso_in_use(Some(kept.id)) {
            return Fate::Conflict(problem);
        }
        let there = There { person: &kept.person, group: kept.group };
        match row.differs(there, self.chosen) {
            fields if fields.is_empty() => Fate::Unchanged,
            fields => Fate::Update(fields),
        }
    }

    /// An import changes technicians alone, of the caller's own area. So nobody disables themself:
    /// no technician imports.
    fn may_change(&self, kept: &StoredPerson) -> bool {
        let lineage = self.groups.lineage(kept.group);
        let act = Act::EditTechnician { lineage, subject: kept.id, role: kept.role };
        kept.role == Role::Technician && decide(self.caller, &act).is_ok()
    }
}

/// A field as people read it.
pub(super) fn shown(
    field: Field,
    person: &Person,
    group: Option<GroupId>,
    groups: &Groups,
) -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    match field {
        Field::Name => person.name.clone(),
        Field::Nickname => person.nickname.clone(),
        Field::Email => person.email.as_typed.clone(),
        Field::Password => String::new(),
        Field::SsoId => person.sso_id.clone().unwrap_or_default(),
        Field::Description => person.description.clone(),
        Field::Enabled => yes(person.enabled),
        Field::StandardLicense => yes(person.standard_license),
        Field::MobileLicense => yes(person.mobile_license),
        Field::Group => groups.label(group),
    }
}

pub(super) fn email_in_use(email: &str) -> Problem {
    let message = format!("“{email}” belongs to an account already.");
    Problem::on(Field::Email, Code::EmailInUse, message)
}

pub(super) fn sso_id_in_use(sso_id: &str) -> Problem {
    let message = format!(
        "The Single Sign-On ID “{sso_id}” belongs to another account already. Leave it empty or \
         give another."
    );
    Problem::on(Field::SsoId, Code::SsoIdInUse, message)
}

fn group_required() -> Problem {
    let message = "The row names no Technician Group. Put the group’s number into “Technician \
                   Group ID”, or choose a group for the whole file.";
    Problem::on(Field::Group, Code::GroupRequired, message)
}
