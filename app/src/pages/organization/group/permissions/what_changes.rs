//! What changes for whom, told as one chooses.

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::permission::{Change, Permission, Rules};

use super::functions::PreviewGroupPermissions;
use super::state::State;
use crate::ask::look;
use crate::components::Typing;
use crate::error::AppError;
use crate::text::counted;

#[component]
pub fn WhatChanges(state: State) -> impl IntoView {
    let lines = RwSignal::new(Vec::<String>::new());
    let typing = Typing::new();
    Effect::new(move || {
        let wish = state.changed();
        let chosen = typing.typed();
        if wish.is_empty() {
            lines.set(Vec::new());
            return;
        }
        chosen.then(move || {
            let id = state.page.with_untracked(|page| page.group.id);
            spawn_local(async move {
                let answer = look(PreviewGroupPermissions { id, wish: wish.clone() }).await;
                if chosen.is_last() {
                    lines.set(told(&wish, answer));
                }
            });
        });
    });
    let heading = move || {
        lines.with(|lines| match lines.len() {
            0 => "Nothing is changed yet.".to_owned(),
            _ => "Once it is saved:".to_owned(),
        })
    };
    view! {
        <div class="what-changes" role="status">
            <p>{heading}</p>
            <ul>
                {move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
        </div>
    }
}

fn told(wish: &Rules, answer: Result<Vec<Change>, AppError>) -> Vec<String> {
    match answer {
        Ok(changes) => wish
            .keys()
            .map(|&permission| {
                let change = changes.iter().find(|change| change.permission == permission);
                sentence(permission, change)
            })
            .collect(),
        Err(fault) => vec![fault.to_string()],
    }
}

/// "Reboot the customer's computer: denied for 38 technicians in 4 groups".
fn sentence(permission: Permission, change: Option<&Change>) -> String {
    let Some(change) = change else {
        return [permission.label(), ": the value stays as it is for everybody"].concat();
    };
    let word = if change.allowed { ": allowed " } else { ": denied " };
    if change.technicians == 0 {
        return [permission.label(), word, "here and below, where nobody is yet"].concat();
    }
    let technicians = counted(change.technicians, "technician", "technicians");
    let groups = counted(change.groups, "group", "groups");
    [permission.label(), word, "for ", &technicians, " in ", &groups].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_a_sentence() {
        let check = |change: Option<(bool, u64, u64)>, expected: &str| {
            let permission = Permission::Reboot;
            let change = change.map(|(allowed, technicians, groups)| Change {
                permission,
                allowed,
                technicians,
                groups,
            });
            let expected = ["Reboot the customer's computer: ", expected].concat();
            assert_eq!(sentence(permission, change.as_ref()), expected);
        };
        check(Some((false, 38, 4)), "denied for 38 technicians in 4 groups");
        check(Some((true, 1, 1)), "allowed for 1 technician in 1 group");
        check(Some((true, 0, 0)), "allowed here and below, where nobody is yet");
        check(None, "the value stays as it is for everybody");
    }
}
