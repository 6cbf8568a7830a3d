//! One permission.

use leptos::html;
use leptos::prelude::*;
use roster::id::GroupId;
use roster::permission::{GroupPermissions, Permission, PermissionLine, Refusal, Seen};

use super::functions::Choice;
use super::state::State;
use crate::components::{Chip, Tone};
use crate::pages::organization::place::Place;

pub fn row(state: State, page: &GroupPermissions, line: &PermissionLine) -> impl IntoView + use<> {
    let permission = line.permission();
    let fixed = page.fixed(line);
    let id = ["permissions-", permission.id()].concat();
    let why_id = [&id, "-why"].concat();
    let here = page.group.id;
    let (shown, came) = (StoredValue::new(page.clone()), StoredValue::new(line.clone()));
    let holds = Memo::new(move |_| {
        let rule = state.rule(permission);
        shown.with_value(|page| came.with_value(|line| page.holds(line, rule)))
    });
    let value = move || {
        if holds.with(|holds| holds.allowed) {
            view! { <Chip tone=Tone::Good text="Allowed"/> }
        } else {
            view! { <Chip text="Denied"/> }
        }
    };
    let origin = {
        let why_id = why_id.clone();
        move || {
            let holds = holds.get();
            let lock = holds.locked_by.map(|group| {
                view! { <span class="dim" id=why_id.clone()>" · locked "{told(group, here, "by ")}</span> }
            });
            view! { {told(holds.from, here, "")} {lock} }
        }
    };
    let choices: &[Choice] = if page.at_root() {
        &[Choice::Allow, Choice::Deny]
    } else {
        &[Choice::Inherit, Choice::Allow, Choice::Deny]
    };
    let changeable = page.editable && fixed.is_none();
    let described_by = fixed.is_some().then_some(why_id);
    view! {
        <tr>
            <td>
                <label for=id.clone()>{permission.label()}</label>
            </td>
            <td>
                <Setting state=state permission=permission id=id choices=choices changeable=changeable described_by=described_by/>
            </td>
            <td>{value}</td>
            <td>{origin}</td>
            <td>{lock(state, permission, page, fixed)}</td>
        </tr>
    }
}

/// "this group", a link to one above, or "a group above yours".
fn told(group: Seen, here: GroupId, by: &'static str) -> AnyView {
    match group {
        Seen::Group(step) if step.id == here && by.is_empty() => "this group".into_any(),
        Seen::Group(step) if step.id == here => "here".into_any(),
        Seen::Group(step) => {
            let href = [&Place::Group(step.id).href(), "?view=permissions"].concat();
            view! { {by} <a href=href>{step.name}</a> }.into_any()
        }
        Seen::Above => [by, Seen::Above.name()].concat().into_any(),
    }
}

#[component]
fn Setting(
    state: State,
    permission: Permission,
    id: String,
    choices: &'static [Choice],
    changeable: bool,
    described_by: Option<String>,
) -> impl IntoView {
    let select = NodeRef::<html::Select>::new();
    let chosen = move || Choice::of(state.rule(permission).setting);
    let first = untrack(chosen);
    // Another's change, taken over.
    Effect::new(move |before: Option<Choice>| {
        let chosen = chosen();
        if before.is_some_and(|before| before != chosen)
            && let Some(select) = select.get_untracked()
        {
            select.set_value(chosen.value());
        }
        chosen
    });
    let choose = move |event| {
        let value = event_target_value(&event);
        if let Some(choice) = choices.iter().find(|choice| choice.value() == value) {
            state.set(permission, |rule| rule.setting = choice.setting());
        }
    };
    view! {
        <select
            id=id
            name=["form[setting][", permission.id(), "]"].concat()
            node_ref=select
            disabled=!changeable
            aria-describedby=described_by
            on:change=choose
        >
            {choices
                .iter()
                .map(|choice| {
                    view! {
                        <option value=choice.value() selected=*choice == first>{choice.label()}</option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// A check box for who may lock; else whether it is locked.
fn lock(
    state: State,
    permission: Permission,
    page: &GroupPermissions,
    fixed: Option<Refusal>,
) -> AnyView {
    if fixed.is_some() {
        return view! { <Chip text="Locked"/> }.into_any();
    }
    if !page.may_lock {
        return ().into_any();
    }
    view! {
        <input
            type="checkbox"
            name=["form[lock][", permission.id(), "]"].concat()
            value="true"
            aria-label=["Lock: ", permission.label()].concat()
            prop:checked=move || state.rule(permission).locked
            checked=untrack(|| state.rule(permission).locked)
            on:change=move |event| {
                let locked = event_target_checked(&event);
                state.set(permission, |rule| rule.locked = locked);
            }
        />
    }
    .into_any()
}
