//! One page of the table. A column's heading sorts by it; the first column selects.

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use roster::account::{Password, PasswordState, TechnicianLine};
use roster::listing::{Key, State};
use roster::page::{PAGE_SIZE, Page};

use super::Picked;
use super::columns::{Column, Columns};
use super::wish::Wish;
use crate::components::{Chip, Moment, Pager, Tone};
use crate::pages::organization::place::Place;
use crate::text::counted;

#[component]
pub fn Table(
    page: Page<TechnicianLine>,
    path: String,
    wish: Wish,
    picked: Picked,
    columns: Columns,
) -> impl IntoView {
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    let ids: Vec<_> = page.items.iter().map(|line| line.id).collect();
    let (mine, others) = (ids.clone(), ids.clone());
    let every = move || mine.iter().all(|id| picked.has(*id));
    let some = move || {
        let count = others.iter().filter(|id| picked.has(**id)).count();
        0 < count && count < others.len()
    };
    let pick_page = move |event| {
        let wanted = event_target_checked(&event);
        for id in &ids {
            picked.set(*id, wanted);
        }
    };
    let (head_path, head_wish) = (path.clone(), wish.clone());
    let heading = move |key: Key, label: &'static str| sorting(&head_wish, &head_path, key, label);
    let name = heading(Key::Name, "Name");
    let head = move || {
        let one = |column: Column| match column {
            Column::Email => heading(Key::Email, column.label()),
            Column::LastSignIn => heading(Key::LastSignIn, column.label()),
            _ => view! { <th scope="col">{column.label()}</th> }.into_any(),
        };
        columns.get().into_iter().map(one).collect_view()
    };
    view! {
        <section class="table" aria-label="Table of technicians" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="pick">
                            <input
                                type="checkbox"
                                aria-label="Select all on this page"
                                prop:checked=every
                                prop:indeterminate=some
                                on:change=pick_page
                            />
                        </th>
                        {name}
                        {head}
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(|one| line(one, picked, columns)).collect_view()}</tbody>
            </table>
        </section>
        <Pager
            offset=offset
            shown=shown
            total=total
            size=u64::from(PAGE_SIZE)
            href=move |from| wish.with_from(from).href(&path)
        />
    }
}

fn sorting(wish: &Wish, path: &str, key: Key, label: &'static str) -> AnyView {
    let here = wish.listing.order.key == key;
    let (state, mark) = match wish.listing.order.descending {
        _ if !here => (None, ""),
        false => (Some("ascending"), " ↑"),
        true => (Some("descending"), " ↓"),
    };
    view! {
        <th scope="col" {..custom_attribute("aria-sort", state)}>
            <a href=wish.sorted(key).href(path) data-noscroll="true">
                {label}
                <span aria-hidden="true">{mark}</span>
            </a>
        </th>
    }
    .into_any()
}

fn line(technician: TechnicianLine, picked: Picked, columns: Columns) -> impl IntoView {
    let id = technician.id;
    let label = ["Select ", &technician.name].concat();
    let name = technician.name.clone();
    let cells =
        move || columns.get().into_iter().map(|column| cell(&technician, column)).collect_view();
    view! {
        <tr class:picked=move || picked.has(id)>
            <td class="pick">
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || picked.has(id)
                    on:change=move |event| picked.set(id, event_target_checked(&event))
                />
            </td>
            <td>
                <a href=Place::Technician(id).href()>{name}</a>
            </td>
            {cells}
        </tr>
    }
}

fn cell(technician: &TechnicianLine, column: Column) -> AnyView {
    match column {
        Column::Id => view! { <td class="dim">{technician.id.to_string()}</td> }.into_any(),
        Column::Nickname => view! { <td>{technician.nickname.clone()}</td> }.into_any(),
        Column::Email => view! { <td>{technician.email.clone()}</td> }.into_any(),
        Column::Status => {
            let (tone, state) = state(technician);
            let until = locked(technician).or_else(|| starting(technician));
            view! { <td><Chip tone=tone text=state/>" "{until}</td> }.into_any()
        }
        Column::Licences => {
            let words = licences(technician.standard_license, technician.mobile_license);
            view! { <td>{words}</td> }.into_any()
        }
        Column::Source => view! { <td class="dim">{technician.source.label()}</td> }.into_any(),
        Column::LastSignIn => {
            let when = match technician.last_sign_in_at {
                Some(at) => view! { <Moment at=at/> }.into_any(),
                None => "never".into_any(),
            };
            view! { <td class="dim">{when}</td> }.into_any()
        }
    }
}

fn state(technician: &TechnicianLine) -> (Tone, &'static str) {
    match technician {
        TechnicianLine { enabled: false, .. } => (Tone::Plain, State::Disabled.label()),
        TechnicianLine { locked: Some(_), .. } => (Tone::Bad, State::Locked.label()),
        TechnicianLine { password_ended: true, password, .. } => match password.state {
            PasswordState::Starting if password.ends_at == Some(Password::NEVER_OPENS) => {
                (Tone::Bad, "Starting password used")
            }
            PasswordState::Starting => (Tone::Bad, "Starting password expired"),
            _ => (Tone::Bad, "Password expired"),
        },
        TechnicianLine { password_due: true, .. } => (Tone::Warning, State::PasswordDue.label()),
        _ => (Tone::Good, State::Enabled.label()),
    }
}

/// Until when sign-in is locked, and why.
fn locked(technician: &TechnicianLine) -> Option<AnyView> {
    let lock = technician.locked.filter(|_| technician.enabled)?;
    let failures = counted(u64::from(lock.failures), "failed sign-in", "failed sign-ins");
    let until = view! {
        <span class="dim">
            "until " <Moment at=lock.until/> <span class="unseen">", after " {failures}</span>
        </span>
    };
    Some(until.into_any())
}

/// Until when a starting password can be used.
fn starting(technician: &TechnicianLine) -> Option<AnyView> {
    let TechnicianLine { enabled, password, password_ended, .. } = technician;
    let waits = *enabled && password.state == PasswordState::Starting && !password_ended;
    let end = password.ends_at.filter(|_| waits)?;
    let until = view! { <span class="dim">"starting password, until " <Moment at=end/></span> };
    Some(until.into_any())
}

fn licences(standard: bool, mobile: bool) -> &'static str {
    match (standard, mobile) {
        (true, true) => "Standard · Mobile",
        (true, false) => "Standard",
        (false, true) => "Mobile",
        (false, false) => "none",
    }
}
