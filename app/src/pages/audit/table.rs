//! Entries as a table: when, who, what, about whom, and each field as it was and is.

use leptos::prelude::*;
use roster::audit::{Cursor, Difference, Line, Through, differences, what};

use super::AUDIT;
use crate::components::Moment;
use crate::pages::organization::Place;

/// Fields of an entry that are shown in the table.
const SHOWN: usize = 4;

#[component]
pub fn Entries(
    lines: Vec<Line>,
    /// Says to whom or what it was done, too.
    about: bool,
) -> impl IntoView {
    view! {
        <section class="table trail" aria-label="Table of entries" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        {about.then(|| view! { <th scope="col">"About"</th> })}
                        <th scope="col">"Before → after"</th>
                        <th scope="col">"From where"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| row(line, about)).collect_view()}</tbody>
            </table>
        </section>
    }
}

fn row(line: Line, about: bool) -> impl IntoView {
    let id = line.id.to_string();
    let href = if line.is_part() {
        [AUDIT, "/", &id, "?of=", &line.subject_id].concat()
    } else {
        [AUDIT, "/", &id].concat()
    };
    let what = what(&line);
    let through = line.through.as_ref().map(through);
    view! {
        <tr>
            <td><a href=href><Moment at=line.at/></a></td>
            <td>{line.actor.clone()}</td>
            <td>
                {what}
                {through.map(|through| view! { <p class="dim">{through}</p> })}
            </td>
            {about.then(|| view! { <td>{subject(&line)}</td> })}
            <td>{changes(differences(&line.before, &line.after), SHOWN)}</td>
            <td class="dim">{line.address}</td>
        </tr>
    }
}

/// To whom or what it was done; a link where there is a page.
pub fn subject(line: &Line) -> AnyView {
    let place = match line.subject_kind.as_str() {
        "account" => line.subject_id.parse().ok().map(Place::Technician),
        "group" => line.subject_id.parse().ok().map(Place::Group),
        _ => None,
    };
    let name = line.subject_name.clone();
    match place {
        Some(place) => view! { <a href=place.href()>{name}</a> }.into_any(),
        None => name.into_any(),
    }
}

/// By which import or run of a directory it was done; a link where whoever reads may see it.
pub fn through(through: &Through) -> AnyView {
    match through {
        Through::Import { id, file } => {
            let href = ["/account/imports/", &id.to_string()].concat();
            view! { <a href=href>{["Import of “", file, "”"].concat()}</a> }.into_any()
        }
        Through::Run { id } => {
            let href = ["/settings/directory/runs/", &id.to_string()].concat();
            view! { <a href=href>"Directory run"</a> }.into_any()
        }
        Through::RunGone { id: Some(id) } => {
            ["Directory run ", &id.to_string(), ", no longer kept"].concat().into_any()
        }
        Through::RunGone { id: None } => "Directory run, no longer kept".into_any(),
        Through::ImportUnseen => "Import".into_any(),
        Through::RunUnseen => "Directory run".into_any(),
    }
}

/// Each field as it was and is; of many the first.
pub fn changes(all: Vec<Difference>, most: usize) -> AnyView {
    let more = all.len().saturating_sub(most);
    if all.is_empty() {
        return ().into_any();
    }
    view! {
        <ul class="changes">
            {all.into_iter().take(most).map(change).collect_view()}
            {(more > 0).then(|| view! { <li class="dim">{["and ", &more.to_string(), " more"].concat()}</li> })}
        </ul>
    }
    .into_any()
}

fn change(Difference { field, before, after }: Difference) -> impl IntoView {
    view! {
        <li>
            <span class="dim">{field + ": "}</span>
            {before.map(|before| view! { <del><span class="unseen">"was "</span>{before}</del> " → " })}
            {after.map(|after| view! { <ins>{after}</ins> })}
        </li>
    }
}

/// On to older entries, and back to the newest.
#[component]
pub fn Older(
    older: Option<Cursor>,
    /// Where older ones are: the cursor follows.
    href: String,
    /// Where the newest are, unless they are shown.
    newest: Option<String>,
) -> impl IntoView {
    (older.is_some() || newest.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {newest.map(|newest| view! { <a class="button" href=newest>"Newest entries"</a> })}
                {older
                    .map(|older| {
                        view! { <a class="button" href=href + &older.to_string()>"Older entries"</a> }
                    })}
            </nav>
        }
    })
}
