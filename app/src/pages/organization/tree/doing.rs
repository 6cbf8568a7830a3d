//! Does what the menu, a drop or a dialog asks for: sends it, says what became of it, shows the tree
//! as it is then. What can be taken back is taken back from what was said.

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::id::GroupId;
use roster::many::{Change, Outcome, Step};

use super::super::place::Place;
use super::acts::Target;
use super::functions::{ChangePlaces, CopyGroup, Done, TakeBack, Undo};
use super::state::TreeState;
use crate::ask::ask;
use crate::error::AppError;
use crate::pages::organization::group::functions::ChangeTechnicians;
use crate::text::counted;

/// With what something is done.
pub struct Lines {
    pub places: Vec<Place>,
    /// Where it is one alone.
    pub name: Option<String>,
}

impl From<&[Target]> for Lines {
    fn from(targets: &[Target]) -> Self {
        let name = match targets {
            [one] => Some(one.name.clone()),
            _ => None,
        };
        Self { places: targets.iter().map(|target| target.place).collect(), name }
    }
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        let left = outcome.left.into_iter().map(|left| (left.name, left.reason)).collect();
        let undo = Undo { steps: outcome.undo, groups: Vec::new() };
        Self { technicians: outcome.changed, groups: 0, left, undo }
    }
}

impl TreeState {
    /// Does one thing with these lines; `done` says it in a word, as "moved to “Lab”". Then does
    /// `then` with what came of it.
    pub fn change(
        self,
        lines: Lines,
        change: Change,
        done: String,
        then: impl FnOnce(Result<(), AppError>) + 'static,
    ) {
        let Lines { places, name } = lines;
        spawn_local(async move {
            match ask(ChangePlaces { places, change }).await {
                Ok(result) => {
                    self.tell(name.as_deref(), result, &done);
                    if !self.is_left() {
                        self.marks.clear();
                        self.refresh_after_change();
                        then(Ok(()));
                    }
                }
                Err(error) if self.is_left() => self.announcer.announce(error.to_string()),
                Err(error) => then(Err(error)),
            }
        });
    }

    /// The same where nobody waits for it: what went wrong is said like the rest.
    pub fn change_at_once(self, lines: Lines, change: Change, done: String) {
        self.change(lines, change, done, move |result| {
            if let Err(error) = result {
                self.announcer.announce(error.to_string());
            }
        });
    }

    /// Does one thing with technicians of a group, where `done` says it in a word.
    pub fn change_group(
        self,
        step: Step,
        done: &'static str,
        then: impl FnOnce(Result<(), AppError>) + 'static,
    ) {
        spawn_local(async move {
            match ask(ChangeTechnicians { step }).await {
                Ok(outcome) => {
                    self.tell(None, outcome.into(), done);
                    if !self.is_left() {
                        self.refresh_after_change();
                        then(Ok(()));
                    }
                }
                Err(error) if self.is_left() => self.announcer.announce(error.to_string()),
                Err(error) => then(Err(error)),
            }
        });
    }

    pub fn copy(self, id: GroupId, then: impl FnOnce(Place) + 'static) {
        spawn_local(async move {
            match ask(CopyGroup { id }).await {
                Ok(copy) => {
                    self.announcer.announce("The group is copied, without the people in it.");
                    if !self.is_left() {
                        then(Place::Group(copy));
                    }
                }
                Err(error) => self.announcer.announce(error.to_string()),
            }
        });
    }

    fn tell(self, name: Option<&str>, result: Done, done: &str) {
        let said = in_words(name, &result, done);
        if result.undo.is_empty() {
            return self.announcer.announce(said);
        }
        let undo = result.undo;
        let undo = Callback::new(move |()| self.take_back(undo.clone()));
        self.announcer.announce_with_undo(said, undo);
    }

    fn take_back(self, undo: Undo) {
        spawn_local(async move {
            match ask(TakeBack { undo }).await {
                Ok(result) => {
                    let said = ["It is as before.".to_owned(), left_in_words(&result)].concat();
                    self.announcer.announce(said);
                    self.refresh_after_change();
                }
                Err(error) => self.announcer.announce(error.to_string()),
            }
        });
    }
}

/// "Ada is disabled.", "2 groups and 1 technician are moved to “Lab”. Bob stays as is: …"
fn in_words(name: Option<&str>, result: &Done, done: &str) -> String {
    let groups = || counted(result.groups.into(), "group", "groups");
    let people = || counted(result.technicians.into(), "technician", "technicians");
    let who = match (name, result.groups, result.technicians) {
        (_, 0, 0) => return ["Nothing is changed.", &left_in_words(result)].concat(),
        (Some(name), ..) => name.to_owned(),
        (_, 0, _) => people(),
        (_, _, 0) => groups(),
        _ => [&groups(), " and ", &people()].concat(),
    };
    let are = if result.groups + result.technicians == 1 { " is " } else { " are " };
    [&who, are, done, ".", &left_in_words(result)].concat()
}

fn left_in_words(result: &Done) -> String {
    let Some((name, why)) = result.left.first() else { return String::new() };
    let named = if name.is_empty() { String::new() } else { [name, ": "].concat() };
    match result.left.len() {
        1 => [" One stays as before. ", &named, why].concat(),
        several => [" ", &several.to_string(), " stay as before. ", &named, why].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said() {
        let result = |groups, technicians, left: &[(&str, &str)]| Done {
            groups,
            technicians,
            left: left.iter().map(|(who, why)| ((*who).to_owned(), (*why).to_owned())).collect(),
            undo: Undo::default(),
        };
        let check = |name, result, expected: &str| {
            assert_eq!(in_words(name, &result, "disabled"), expected);
        };
        check(Some("Ada"), result(0, 1, &[]), "Ada is disabled.");
        check(None, result(0, 2, &[]), "2 technicians are disabled.");
        check(None, result(1, 1, &[]), "1 group and 1 technician are disabled.");
        let left = [("Bob", "It is so.")];
        let said = "1 technician is disabled. One stays as before. Bob: It is so.";
        check(None, result(0, 1, &left), said);
        let left = [("", "It is so."), ("Bob", "It is so.")];
        check(None, result(0, 0, &left), "Nothing is changed. 2 stay as before. It is so.");
    }
}
