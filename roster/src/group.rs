//! Technician Groups and the shape of their tree. A technician is in exactly one group, never at
//! the root; groups nest; a move that makes a cycle is refused.

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::id::GroupId;
use crate::text;

/// Levels below the root.
pub const MAX_DEPTH: usize = 32;
/// Characters of a group's name.
pub const MAX_NAME: usize = 128;
/// Between the names of a path, and so never in a name.
pub const PATH_SEPARATOR: char = '/';

/// Why a name can't be a group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("A Technician Group needs a name.")]
    Empty,
    #[error("The name is longer than 128 characters.")]
    TooLong,
    #[error("A name can't have “/” in it: it stands between the groups of a path.")]
    Separator,
    #[error("The name has control characters in it.")]
    Control,
}

/// The name as it is kept: trimmed, in NFC, without invisible characters.
pub fn name(text: &str) -> Result<String, NameFault> {
    if text.trim().chars().any(char::is_control) {
        return Err(NameFault::Control);
    }
    let name = seen_name(text);
    match name.chars().count() {
        0 => Err(NameFault::Empty),
        1..=MAX_NAME if name.contains(PATH_SEPARATOR) => Err(NameFault::Separator),
        1..=MAX_NAME => Ok(name),
        _ => Err(NameFault::TooLong),
    }
}

/// The name without what can't be seen in it, by the rule for the names of people.
#[must_use]
pub fn seen_name(name: &str) -> String {
    text::without_invisible(name).unwrap_or_else(|| text::clean(name).into_owned())
}

/// What the copy of a group is called, and where that is taken, the next copy: “Tier 1 (copy)”,
/// “Tier 1 (copy 2)”. Cut so that it fits.
#[must_use]
pub fn copy_name(name: &str, copy: usize) -> String {
    let end = if copy < 2 { " (copy)".to_owned() } else { format!(" (copy {copy})") };
    let room = MAX_NAME - end.len();
    let kept: String = name.chars().take(room).collect();
    kept.trim_end().to_owned() + &end
}

/// What is in a group: the groups directly in it, and the technicians there and below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub groups: u64,
    pub technicians: u64,
}

impl Content {
    /// Why the group of this name can't be deleted; `None`: it is empty.
    #[must_use]
    pub fn refusal(self, name: &str) -> Option<String> {
        let Self { groups, technicians } = self;
        let counted = |count, what| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        (groups > 0 || technicians > 0).then(|| {
            let [groups, people] = [counted(groups, "group"), counted(technicians, "technician")];
            format!(
                "“{name}” isn’t empty: it has {groups} and {people}. Move or delete them first."
            )
        })
    }
}

/// The form in which siblings' names are compared: without regard to case.
#[must_use]
pub fn name_key(name: &str) -> String {
    let name = name.trim();
    // Nearly every text is composed already, and that is quickly told.
    if is_nfc_quick(name.chars()) == IsNormalized::Yes {
        return name.to_lowercase();
    }
    name.nfc().collect::<String>().to_lowercase()
}

/// The names of a path, "Support/Tier 1": each a valid name. A leading "Technicians" is the root
/// itself and may be left out.
pub fn parse_path(path: &str) -> Result<Vec<String>, NameFault> {
    let mut names = path
        .trim_matches(PATH_SEPARATOR)
        .split(PATH_SEPARATOR)
        .map(name)
        .collect::<Result<Vec<_>, _>>()?;
    if names.len() > 1 && name_key(&names[0]) == name_key(ROOT_NAME) {
        names.remove(0);
    }
    Ok(names)
}

/// The name of the root.
pub const ROOT_NAME: &str = "Technicians";

/// One group on the way from the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    pub id: GroupId,
    pub name: String,
}

/// From the root (first) to a group (last); never empty. Who may not see the root is shown the way
/// from the first group that is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupPath(pub Vec<PathStep>);

impl GroupPath {
    /// The groups' ids, root first: what `authority` decides by.
    #[must_use]
    pub fn lineage(&self) -> Vec<GroupId> {
        self.0.iter().map(|step| step.id).collect()
    }

    /// "Europe / Tier 2": without the root, unless it is the root.
    #[must_use]
    pub fn label(&self) -> String {
        let steps = match self.0.as_slice() {
            [root, below @ ..] if root.id == GroupId::ROOT && !below.is_empty() => below,
            all => all,
        };
        steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join(" / ")
    }

    /// "Europe/Tier 2": as the command line takes it.
    #[must_use]
    pub fn path(&self) -> String {
        self.label().replace(" / ", "/")
    }
}

/// A group as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    pub id: GroupId,
    pub name: String,
    pub path: GroupPath,
    pub version: i64,
    /// Technicians in this group itself.
    pub technicians: u64,
    /// Technicians in this group and all below it.
    pub technicians_below: u64,
    /// Groups directly below.
    pub groups: u64,
    /// Who looks may rename it and make groups and technicians in it.
    pub editable: bool,
}

/// A group as a line of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupNode {
    pub id: GroupId,
    pub name: String,
    /// Groups directly below.
    pub groups: u64,
    /// Technicians in this group itself.
    pub technicians: u64,
    /// Technicians in this group and all below it.
    pub technicians_below: u64,
}

/// Groups that are copied at once, at most.
pub const MAX_COPIED: usize = 1000;

/// A group that lies somewhere else now, and where it was: what undoing needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMove {
    pub group: GroupId,
    pub from: GroupId,
}

/// Moving `moved` below the group with this lineage would make a cycle.
#[must_use]
pub fn makes_cycle(moved: GroupId, target_lineage: &[GroupId]) -> bool {
    target_lineage.contains(&moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |text: &str, expected: Result<&str, NameFault>| {
            assert_eq!(name(text), expected.map(str::to_owned), "{text:?}");
        };
        check("  Tier 2 ", Ok("Tier 2"));
        check("Cafe\u{301}", Ok("Café"));
        check("", Err(NameFault::Empty));
        check(" \u{a0} ", Err(NameFault::Empty));
        check("a/b", Err(NameFault::Separator));
        check("a\u{7}b", Err(NameFault::Control));
        for turned in ["gnp\u{202e}.exe", "\u{2066}gnp.exe\u{2069}", "\u{200f}gnp.exe\u{200e}"] {
            check(turned, Ok("gnp.exe"));
        }
        check("\u{202e}", Err(NameFault::Empty));
        check(&["x\u{202e}"; 128].concat(), Ok(&"x".repeat(128)));
        // A joiner that belongs to the spelling stays.
        check("\u{645}\u{6cc}\u{200c}\u{62e}", Ok("\u{645}\u{6cc}\u{200c}\u{62e}"));
        check(&"é".repeat(128), Ok(&"é".repeat(128)));
        check(&"é".repeat(129), Err(NameFault::TooLong));
    }

    #[test]
    fn paths() {
        let check = |text: &str, expected: Result<&[&str], NameFault>| {
            let expected = expected.map(|names| names.iter().map(|&n| n.to_owned()).collect());
            assert_eq!(parse_path(text), expected, "{text:?}");
        };
        check("Support/Tier 1", Ok(&["Support", "Tier 1"]));
        check("/Support/ Tier 1 /", Ok(&["Support", "Tier 1"]));
        check("technicians/Support", Ok(&["Support"]));
        check("Technicians", Ok(&["Technicians"]));
        check("Support//Tier 1", Err(NameFault::Empty));
        check("Support/\u{202e}Tier 1", Ok(&["Support", "Tier 1"]));
    }

    #[test]
    fn copies() {
        let check = |text: &str, copy, expected: &str| {
            assert_eq!(copy_name(text, copy), expected);
            assert_eq!(name(expected).as_deref(), Ok(expected));
        };
        check("Tier 1", 1, "Tier 1 (copy)");
        check("Tier 1", 2, "Tier 1 (copy 2)");
        check(&"é".repeat(128), 1, &("é".repeat(121) + " (copy)"));
    }

    #[test]
    fn siblings_are_compared_without_case() {
        assert_eq!(name_key("Größe "), name_key("GRÖßE"));
        // Composed or not.
        assert_eq!(name_key("Gro\u{308}ße"), name_key("Größe"));
        assert_ne!(name_key("Tier 1"), name_key("Tier 2"));
    }

    #[test]
    fn cycles() {
        let lineage = [GroupId::ROOT, GroupId(2), GroupId(3)];
        assert!(makes_cycle(GroupId(2), &lineage));
        assert!(makes_cycle(GroupId(3), &lineage));
        assert!(!makes_cycle(GroupId(4), &lineage));
    }
}
