//! Two versions of the same account: one that somebody types, one that somebody else saved
//! meanwhile.

use leptos::web_sys::HtmlFormElement;

use super::Fields;
use crate::browser::form_value;
use crate::components::Difference;

/// A field by its label: how it reads, and how it is taken from another version.
type Column = (&'static str, fn(&Fields) -> String, fn(&mut Fields, &Fields));

const COLUMNS: [Column; 8] = [
    ("Name", |it| it.name.clone(), |it, from| it.name.clone_from(&from.name)),
    ("Nickname", |it| it.nickname.clone(), |it, from| it.nickname.clone_from(&from.nickname)),
    ("Email", |it| it.email.clone(), |it, from| it.email.clone_from(&from.email)),
    ("Single Sign-On ID", |it| it.sso_id.clone(), |it, from| it.sso_id.clone_from(&from.sso_id)),
    (
        "Description",
        |it| it.description.clone(),
        |it, from| it.description.clone_from(&from.description),
    ),
    ("Enabled", |it| yes(it.enabled), |it, from| it.enabled = from.enabled),
    (
        "Standard License",
        |it| yes(it.standard_license),
        |it, from| it.standard_license = from.standard_license,
    ),
    (
        "Mobile License",
        |it| yes(it.mobile_license),
        |it, from| it.mobile_license = from.mobile_license,
    ),
];

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

/// A field that both changed, each to something else.
#[derive(Clone)]
pub struct Clash {
    column: Column,
    mine: Fields,
    theirs: Fields,
}

impl Clash {
    pub fn difference(&self) -> Difference {
        let (label, read, _) = self.column;
        let (mine, theirs) = (read(&self.mine), read(&self.theirs));
        Difference { label, mine, theirs, keeps_mine: true }
    }

    pub fn decide(&self, fields: &mut Fields, keep_mine: bool) {
        let (.., take) = self.column;
        take(fields, if keep_mine { &self.mine } else { &self.theirs });
    }
}

impl Fields {
    /// What is typed in the form now.
    pub fn typed(form: &HtmlFormElement) -> Self {
        let text = |key: &str| form_value(form, &["form[", key, "]"].concat()).unwrap_or_default();
        let checked = |key: &str| form_value(form, &["form[", key, "]"].concat()).is_some();
        Self {
            name: text("name"),
            nickname: text("nickname"),
            email: text("email"),
            sso_id: text("singleSignOnId"),
            description: text("description"),
            enabled: checked("enabled"),
            standard_license: checked("standardLicense"),
            mobile_license: checked("mobileLicense"),
        }
    }

    /// This version and theirs, both made of `before`, as one: each field as it was changed. Where
    /// both changed it, this one's is kept and told.
    pub fn meet(&self, before: &Self, theirs: &Self) -> (Self, Vec<Clash>) {
        let mut merged = theirs.clone();
        let mut clashes = Vec::new();
        for column in COLUMNS {
            let (_, read, take) = column;
            let (was, mine, now) = (read(before), read(self), read(theirs));
            if mine == was || mine == now {
                continue;
            }
            take(&mut merged, self);
            if now != was {
                clashes.push(Clash { column, mine: self.clone(), theirs: theirs.clone() });
            }
        }
        (merged, clashes)
    }
}

#[cfg(test)]
mod tests {
    use roster::fields::Draft;

    use super::*;

    #[test]
    fn what_one_changed_is_kept_and_what_both_changed_is_told() {
        let fields = |name: &str, nickname: &str, enabled| {
            Fields::from(Draft {
                name: name.to_owned(),
                nickname: nickname.to_owned(),
                enabled,
                ..Draft::default()
            })
        };
        let check = |mine: Fields, theirs: Fields, merged: Fields, clashes: &[&str]| {
            let (found, told) = mine.meet(&fields("Ada", "A", true), &theirs);
            assert!(found == merged);
            let told: Vec<&str> = told.iter().map(|clash| clash.difference().label).collect();
            assert_eq!(told, clashes);
        };
        let mine = || fields("Ada", "Mine", true);
        check(mine(), fields("Ada", "A", false), fields("Ada", "Mine", false), &[]);
        check(mine(), fields("Bea", "Theirs", true), fields("Bea", "Mine", true), &["Nickname"]);
        check(mine(), fields("Ada", "Mine", true), mine(), &[]);
    }
}
