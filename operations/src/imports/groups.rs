//! The groups that rows name and people are in: which there are, which the caller may use, and how
//! people read them.

use std::collections::HashMap;

use roster::authority::{Act, Caller, Denied, decide};
use roster::fields::Field;
use roster::group::{name_key, parse_path};
use roster::id::GroupId;
use roster::problem::{Code, Problem};
use roster::text::shown;
use store::Reader;

use crate::Result;

pub(super) struct Groups(HashMap<GroupId, Known>);

struct Known {
    lineage: Vec<GroupId>,
    label: String,
    path: String,
    /// The caller may not put technicians there.
    denied: Option<Denied>,
}

/// What is wrong where the two paths are of different groups.
fn other_path(group: GroupId, told: &str, path: &str) -> Option<String> {
    let keys = |path: &str| {
        let names = parse_path(path).ok()?;
        Some(names.iter().map(|name| name_key(name)).collect::<Vec<_>>())
    };
    (keys(told) != keys(path)).then(|| {
        format!(
            "The ID {group} is of another group here than “{}”, which the file names. Put the \
             number of the right one, or, if {group} is right, leave the path empty.",
            shown(told)
        )
    })
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
            (id, Known { label: path.label(), path: path.path(), lineage, denied })
        });
        Ok(Self(known.collect()))
    }

    /// Why nobody can be put there, if that is so. `told` is the path that the file has beside the
    /// number.
    pub fn refusal(&self, group: GroupId, told: Option<&str>) -> Option<Problem> {
        let (code, message) = match self.0.get(&group) {
            None => (
                Code::GroupUnknown,
                format!(
                    "There is no Technician Group with the ID {group}. The page of a group shows \
                     its ID."
                ),
            ),
            Some(Known { denied: Some(denied), .. }) => {
                (Code::GroupNotAllowed, format!("Group {group}: {denied}"))
            }
            Some(known) => (Code::GroupOtherPath, other_path(group, told?, &known.path)?),
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
