//! The groups that rows name and people are in: which there are, which the caller may use, and how
//! people read them.

use std::collections::HashMap;

use roster::authority::{Act, Caller, Denied, decide};
use roster::fields::Field;
use roster::id::GroupId;
use roster::problem::{Code, Problem};
use store::Reader;

use crate::Result;

pub(super) struct Groups(HashMap<GroupId, Known>);

struct Known {
    lineage: Vec<GroupId>,
    label: String,
    /// The caller may not put technicians there.
    denied: Option<Denied>,
}

impl Groups {
    pub async fn look(
        reader: &mut Reader,
        caller: &Caller,
        wanted: impl IntoIterator<Item = GroupId>,
    ) -> Result<Self> {
        let mut wanted: Vec<GroupId> = wanted.into_iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let paths = reader.group_paths(&wanted).await?;
        let known = paths.into_iter().map(|(id, path)| {
            let lineage = path.lineage();
            let denied = decide(caller, &Act::CreateTechnician { lineage: &lineage }).err();
            (id, Known { label: path.label(), lineage, denied })
        });
        Ok(Self(known.collect()))
    }

    /// Why nobody can be put there, if that is so.
    pub fn refusal(&self, group: GroupId) -> Option<Problem> {
        let (code, message) = match self.0.get(&group) {
            None => (
                Code::GroupUnknown,
                format!(
                    "There is no Technician Group with the ID {group}. The page of a group shows \
                     its ID."
                ),
            ),
            Some(known) => (Code::GroupNotAllowed, format!("Group {group}: {}", known.denied?)),
        };
        Some(Problem::on(Field::Group, code, message))
    }

    pub fn lineage(&self, group: Option<GroupId>) -> &[GroupId] {
        group.and_then(|group| self.0.get(&group)).map_or(&[], |known| &known.lineage)
    }

    /// "Europe / Tier 2"
    pub fn label(&self, group: Option<GroupId>) -> String {
        let known = group.and_then(|group| self.0.get(&group));
        known.map_or_else(String::new, |known| known.label.clone())
    }
}
